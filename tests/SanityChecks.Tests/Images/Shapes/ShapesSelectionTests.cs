using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Images.Shapes;

public class ShapesSelectionTests
{
    private static readonly ImageSourceOptions All = new() { Source = ImageSource.Shapes, Synset = ["all"], Count = 14 };

    [Fact]
    public void Scenes_are_named_by_class_and_number()
    {
        ImageSelection selection = ImageSources.Select(All, 1);
        Assert.Equal(14, selection.Images.Count);
        Assert.Equal(("star/00000", "gear/00001", "gear/00013"), (selection.Images[0].Id, selection.Images[1].Id, selection.Images[13].Id));
        Assert.Empty(selection.Synsets);
        Assert.Equal(224, selection.Images[0].Load().Width);
    }

    [Fact]
    public void A_larger_count_keeps_what_a_smaller_one_took() =>
        Assert.Equal(ImageSources.Select(All with { Count = 5 }, 1).Images, ImageSources.Select(All, 1).Images.Take(5));

    [Fact]
    public void Another_seed_draws_other_scenes()
    {
        string[] hashes = [.. new ulong[] { 1, 2, 1 }.Select(seed => ImageSources.Select(All with { Count = 1 }, seed).Images[0].Sha256())];
        Assert.Equal(hashes[0], hashes[2]);
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void One_class_alone_can_be_chosen()
    {
        ImageSelection hearts = ImageSources.Select(All with { Synset = ["heart"], Count = 2 }, 1);
        Assert.Equal(["heart/00006", "heart/00018"], hearts.Images.Select(image => image.Id));
        Assert.Equal(["heart"], hearts.Synsets);
        Assert.Single(ImageSources.Select(All with { Synset = ["random"] }, 1).Synsets);
    }

    [Fact]
    public void An_unknown_class_is_refused_with_the_nearest() =>
        Assert.Contains(
            "'hart' is no class of Shapes (star, gear,",
            Assert.Throws<InputException>(() => ImageSources.Select(All with { Synset = ["hart"] }, 1)).Message, StringComparison.Ordinal);
}
