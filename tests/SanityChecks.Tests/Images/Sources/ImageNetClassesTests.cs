using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Images.Sources;

public class ImageNetClassesTests
{
    [Theory]
    [InlineData("tabby", 281)]
    [InlineData("Tabby Cat", 281)]
    [InlineData("tiger_cat", 282)]
    [InlineData("boxer", 242)]
    [InlineData("n02123045", 281)]
    [InlineData("N02123045", 281)]
    [InlineData("281", 281)]
    [InlineData(" 0 ", 0)]
    [InlineData("999", 999)]
    [InlineData("Carcharodon  carcharias", 2)]
    [InlineData("accordion", 401)]
    [InlineData("scuba diver", 983)]
    public void A_class_is_found_by_index_name_synonym_and_WordNet_id(string text, int index) =>
        Assert.Equal(index, ImageNetClasses.Find(text).Index);

    [Fact]
    public void The_table_has_1000_rows_in_the_order_of_their_ids()
    {
        Assert.Equal(Enumerable.Range(0, 1000), ImageNetClasses.All.Select(one => one.Index));
        Assert.Equal(
            ImageNetClasses.All.Select(one => one.Wnid).Order(StringComparer.Ordinal).Distinct(),
            ImageNetClasses.All.Select(one => one.Wnid));
        Assert.All(ImageNetClasses.All, one => Assert.NotEqual("", one.Name.Trim()));
    }

    [Fact]
    public void Every_unambiguous_name_finds_its_own_class()
    {
        foreach (ImageNetClass one in ImageNetClasses.All)
        {
            Assert.Same(one, ImageNetClasses.Find(one.Wnid));
            try
            {
                Assert.Same(one, ImageNetClasses.Find(one.Name));
            }
            catch (InputException error)
            {
                Assert.Contains(one.ToString(), error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("crane", "crane bird (134, n02012849), crane (517, n03126707)")]
    [InlineData("maillot", "maillot (638, n03710637), maillot tank suit (639, n03710721)")]
    [InlineData("Cardigan", "(264, n02113186), cardigan (474, n02963159)")]
    public void A_name_of_two_classes_lists_both(string text, string part)
    {
        string message = Assert.Throws<InputException>(() => ImageNetClasses.Find(text)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains("give the index or the WordNet id", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tabbi", "'tabby'")]
    [InlineData("acordion", "'accordion'")]
    [InlineData("scuba", "'scuba diver'")]
    [InlineData("diver", "'scuba diver'")]
    [InlineData("1000", "outside 0 to 999")]
    [InlineData("-1", "outside 0 to 999")]
    [InlineData("n00000000", "none of the 1000")]
    [InlineData("", "no ImageNet class is named ''")]
    public void An_unknown_name_is_answered_with_the_nearest(string text, string part) =>
        Assert.Contains(part, Assert.Throws<InputException>(() => ImageNetClasses.Find(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("val/n02123045/ILSVRC2012_val_00000001.JPEG", 281)]
    [InlineData("C:\\val\\n02123045\\x.JPEG", 281)]
    [InlineData("train/n02123045_123.JPEG", 281)]
    [InlineData("n02123045.jpg", 281)]
    [InlineData("n02123045/n02108089_1.JPEG", 281)]
    [InlineData("images/tiger_cat/1.png", 282)]
    [InlineData("boxer/n02123045_1.JPEG", 281)]
    [InlineData("crane/1.jpg", null)]
    [InlineData("tabby.jpg", null)]
    [InlineData("n021230451.jpg", null)]
    [InlineData("n00000000/1.jpg", null)]
    public void A_path_tells_its_class(string path, int? index) => Assert.Equal(index, ImageNetClasses.FromPath(path)?.Index);
}
