using SanityChecks.Images;
using SanityChecks.Images.Shapes;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Cli;

public sealed class ShapesCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pictures_masks_and_boxes_lie_where_the_table_says()
    {
        string output = folder.Of("shapes");
        (int code, string text, string error) = ProgramProcess.Run(
            "shapes", "--count", "13", "--size", "48", "--seed", "5", "--out", output);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("13 scenes: ", text, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Path.Combine(output, "objects.csv"));
        Assert.Equal("image,mask,class,left,top,width,height", lines[0]);
        Assert.Equal(14, lines.Length);
        ShapeScene scene = ShapeScenes.Draw(5, "study", 7, 48);
        PixelBox box = scene.Objects[0].Box;
        Assert.Equal($"images/spiral/00007.png,masks/spiral/00007.png,spiral,{box.Left},{box.Top},{box.Width},{box.Height}", lines[8]);
        Assert.Equal(scene.Image.Pixels, ImageFile.Load(Path.Combine(output, "images", "spiral", "00007.png")).Pixels);
        byte[] mask = ImageFile.Load(Path.Combine(output, "masks", "spiral", "00007.png")).Pixels;
        Assert.Equal(
            scene.Objects[0].Mask.Select(inside => inside ? 255 : 0), mask.Where((_, i) => i % 3 == 0).Select(value => (int)value));
        RgbImage sheet = ImageFile.Load(Path.Combine(output, "sheet.png"));
        Assert.Equal((6 * 48, 3 * 48), (sheet.Width, sheet.Height));
        Assert.Contains("holds files already", ProgramProcess.Refused("shapes", "--out", output), StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_have_two_rows_each()
    {
        string output = folder.Of("pairs");
        Assert.Equal(0, ProgramCall.Run("shapes", "--count", "2", "--size", "32", "--pairs", "--out", output).Code);
        string[] lines = File.ReadAllLines(Path.Combine(output, "objects.csv"));
        Assert.Equal(
            ["images/star-gear/00000.png", "images/star-gear/00000.png", "images/gear-ring/00001.png", "images/gear-ring/00001.png"],
            lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.True(File.Exists(Path.Combine(output, "masks", "star-gear", "00000-gear.png")));
    }

    [Theory]
    [InlineData("--size 31", "--size: 31 lies outside 32 to 4096.")]
    [InlineData("--count 0", "--count: 0 lies outside 1 to 1000000.")]
    public void A_wrong_number_is_refused(string arguments, string message) =>
        Assert.Equal(message, ProgramProcess.Refused(["shapes", .. arguments.Split(' ')]));
}
