using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Images.Sources;

public sealed class ImageListTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ImageListTests()
    {
        foreach (string file in new[] { "in/b.jpg", "in/a.jpg", "in/one,two.jpg", "in/n02123045/1.JPEG" })
        {
            folder.Write(file, "");
        }
    }

    public void Dispose() => folder.Dispose();

    private ImageSelection Select(string list, int? count = null) =>
        ImageSources.Select(new() { Source = ImageSource.List, Root = folder.Write("list.txt", list), Count = count }, 1);

    private string Refused(string list) => Assert.Throws<InputException>(() => Select(list)).Message;

    [Fact]
    public void A_list_keeps_its_order_and_its_labels()
    {
        ImageSelection selection = Select(
            "# chosen by hand\r\nin/b.jpg, tiger cat\r\n\r\nin/a.jpg\r\nin/one,two.jpg\r\nin/n02123045/1.JPEG\r\n");
        Assert.Equal(["in/b.jpg", "in/a.jpg", "in/one,two.jpg", "in/n02123045/1.JPEG"], selection.Images.Select(image => image.Id));
        Assert.Equal([282, null, null, 281], selection.Images.Select(image => image.Label));
        Assert.All(selection.Images, image => Assert.True(File.Exists(image.Place)));
    }

    [Fact]
    public void A_label_wins_over_the_folder_and_may_follow_a_name_with_a_comma()
    {
        ImageSelection selection = Select("in/n02123045/1.JPEG,n02108089\nin/one,two.jpg,281");
        Assert.Equal([242, 281], selection.Images.Select(image => image.Label));
    }

    [Fact]
    public void A_count_keeps_the_order_of_the_list()
    {
        string[] all = ["in/b.jpg", "in/a.jpg", "in/one,two.jpg", "in/n02123045/1.JPEG"];
        string[] some = [.. Select(string.Join('\n', all), 3).Images.Select(image => image.Id)];
        Assert.Equal(all.Where(some.Contains), some);
        Assert.Equal(3, some.Length);
    }

    [Fact]
    public void Paths_given_in_place_are_relative_to_the_root()
    {
        ImageSourceOptions options = new()
        {
            Source = ImageSource.List,
            Root = folder.Of("in"),
            Paths = ["b.jpg,tabby", folder.Of("in", "a.jpg")],
        };
        ImageSelection selection = ImageSources.Select(options, 1);
        Assert.Equal("b.jpg", selection.Images[0].Id);
        Assert.Equal(281, selection.Images[0].Label);
        Assert.Equal(folder.Of("in", "a.jpg"), selection.Images[1].Place);
        Assert.Contains(
            "images.paths, entry 1",
            Assert.Throws<InputException>(() => ImageSources.Select(options with { Paths = ["c.jpg"] }, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_reported_with_their_line()
    {
        Assert.Contains(
            "list.txt, line 2: no ImageNet class is named 'tabbi'; did you mean 'tabby'", Refused("in/a.jpg\nin/b.jpg,tabbi"),
            StringComparison.Ordinal);
        Assert.Contains("line 3: 'in/../in/a.jpg' is given already", Refused("in/a.jpg\n\nin/../in/a.jpg"), StringComparison.Ordinal);
        File.CreateSymbolicLink(folder.Of("in", "link.jpg"), folder.Of("in", "a.jpg"));
        Assert.Contains("line 2: 'in/link.jpg' is given already", Refused("in/a.jpg\nin/link.jpg"), StringComparison.Ordinal);
        string latin = folder.Write("latin.txt", [.. "in/caf"u8, 0xE9, .. ".jpg\n"u8]);
        Assert.Equal(
            $"{latin}: is not UTF-8 text; save the list as UTF-8",
            Assert.Throws<InputException>(() => ImageSources.Select(new() { Source = ImageSource.List, Root = latin }, 1)).Message);
        Assert.Contains("names no images", Refused("# nothing\n"), StringComparison.Ordinal);
        string missing = Refused(string.Join('\n', Enumerable.Range(0, 10).Select(i => $"in/x{i}.jpg")));
        Assert.Contains("10 images do not exist", missing, StringComparison.Ordinal);
        Assert.Contains("line 8) and 2 more", missing, StringComparison.Ordinal);
        ImageSourceOptions absent = new() { Source = ImageSource.List, Root = folder.Of("none.txt") };
        Assert.Contains(
            "there is no list file", Assert.Throws<InputException>(() => ImageSources.Select(absent, 1)).Message, StringComparison.Ordinal);
    }
}
