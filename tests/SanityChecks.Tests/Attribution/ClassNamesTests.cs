using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

public class ClassNamesTests
{
    private static readonly ClassNames Named = ClassNames.Of(3, new Dictionary<string, string> { ["classes"] = "star, gear,ring" });
    private static readonly ClassNames Numbered = ClassNames.Of(3, new Dictionary<string, string>());
    private static readonly ClassNames ImageNet = ClassNames.Of(1000, new Dictionary<string, string>());

    [Fact]
    public void A_weight_file_names_its_classes()
    {
        Assert.Equal(["star", "gear", "ring"], Enumerable.Range(0, 3).Select(i => Named[i]));
        Assert.Equal(1, Named.Find("Gear"));
        Assert.Equal(2, Named.Find("2"));
        Assert.Equal(2, Named.FromPath("data/ring/7.png"));
        Assert.Null(Named.FromPath("data/cube/7.png"));
        Assert.Null(Named.FromPath("ring"));
    }

    [Fact]
    public void A_thousand_classes_are_those_of_ImageNet()
    {
        Assert.True(ImageNet.AreImageNet);
        Assert.Equal("tabby", ImageNet[281]);
        Assert.Equal(281, ImageNet.Find("n02123045"));
        Assert.Equal(281, ImageNet.FromPath("val/n02123045/1.JPEG"));
    }

    [Fact]
    public void A_thousand_and_one_classes_are_those_of_ImageNet_behind_the_background()
    {
        ClassNames shifted = ClassNames.Of(1001, new Dictionary<string, string>());
        Assert.True(shifted.AreImageNet);
        Assert.Equal(["background", "tabby"], [shifted[0], shifted[282]]);
        Assert.Equal([0, 282, 282], [shifted.Find("background"), shifted.Find("n02123045"), shifted.Find("tabby")]);
        Assert.Equal(282, shifted.FromPath("val/n02123045/1.JPEG"));
    }

    [Fact]
    public void A_list_of_classes_names_them_and_may_hold_commas()
    {
        using var folder = new Networks.TemporaryFolder();
        string path = folder.Write("labels.txt", "\uFEFFstar\r\ngear, small\nring\n\n \n");
        Assert.Equal(["star", "gear, small", "ring"], ClassLabels.Read(path, 3));
        Assert.Equal($"{path}: names 3 classes, but the network has 4", Assert.Throws<InputException>(() => ClassLabels.Read(path, 4)).Message);
        Assert.Equal(
            $"{folder.Write("blank.txt", "star\n\nring")}:2: a blank line among the classes; one name on each line is expected",
            Assert.Throws<InputException>(() => ClassLabels.Read(folder.Of("blank.txt"), 3)).Message);
        Assert.StartsWith(
            $"{folder.Of("none.txt")}: the list of classes cannot be read: ",
            Assert.Throws<InputException>(() => ClassLabels.Read(folder.Of("none.txt"), 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nameless_classes_have_numbers()
    {
        Assert.Equal("class 2", Numbered[2]);
        Assert.Equal(2, Numbered.Find("2"));
        Assert.Equal(1, Numbered.FromPath("n01443537/7.png"));
    }

    [Fact]
    public void Folders_name_the_classes_of_a_network_that_has_as_many_and_no_names()
    {
        string[] folders = ["cat", "dog", "ship"];
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1", classes: 3);
        var trained = new TrainedNetwork(network, weights, "w.pth", "");
        ClassNames named = ClassNames.Of(trained, folders);
        Assert.Equal("dog", named[1]);
        Assert.Equal(2, named.FromPath("photos/ship/1.png"));
        Assert.Equal("class 1", ClassNames.Of(trained, ["cat", "dog"])[1]);
        var own = trained with { Metadata = new Dictionary<string, string> { ["classes"] = "star,gear,ring" } };
        Assert.Equal("gear", ClassNames.Of(own, folders)[1]);
    }

    [Fact]
    public void What_is_no_class_is_refused_with_what_is()
    {
        Assert.Equal(
            "no class of the network is named 'sta' (star, gear, ring); did you mean 'star'?",
            Assert.Throws<InputException>(() => Named.Find("sta")).Message);
        Assert.Equal("the network has 3 classes, 0 to 2, not 3", Assert.Throws<InputException>(() => Named.Find("3")).Message);
        Assert.Equal(
            "the network's 3 classes have no names: give one by index, 0 to 2, not 'star'",
            Assert.Throws<InputException>(() => Numbered.Find("star")).Message);
        Assert.Equal(
            "the weight file names 2 classes, but the network has 3",
            Assert.Throws<InputException>(() => ClassNames.Of(3, new Dictionary<string, string> { ["classes"] = "a,b" })).Message);
    }
}
