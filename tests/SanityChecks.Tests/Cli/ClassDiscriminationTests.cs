using System.Globalization;
using SanityChecks.Images;
using SanityChecks.Saliency;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Cli;

/// <summary>What the README says of two objects in one picture, by the commands that it gives.</summary>
public sealed class ClassDiscriminationTests : IDisposable
{
    private const int Size = 224;

    private const string Image = "images/gear-ring/00001.png";

    private static readonly string[] Classes = ["gear", "ring"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Grad_CAM_shows_each_object_to_its_class_and_Guided_Backprop_the_same_picture_to_both()
    {
        string pairs = folder.Of("pairs"), maps = folder.Of("maps");
        Assert.Equal(0, ProgramCall.Run("shapes", "--pairs", "--count", "12", "--out", pairs).Code);
        (int code, _, string error) = ProgramCall.Run(
            "explain", Path.Combine(pairs, Image), "--weights", "shapes", "--preprocessing", "squash", "--target",
            string.Join(',', Classes), "--methods", "grad_cam,guided_grad_cam,guided_backprop", "--sheet-pixels", "1", "--raw", "--out", maps);
        Assert.Equal((0, ""), (code, error));
        string stem = Path.GetFileNameWithoutExtension(Image);
        float[][] cams = [.. Classes.Select(name => Read(name, "grad_cam"))];
        float[][] guided = [.. Classes.Select(name => Read(name, "guided_backprop"))];
        foreach ((int n, string name) in Classes.Index())
        {
            int[] box = [.. File.ReadLines(Path.Combine(pairs, "objects.csv"))
                .Single(line => line.StartsWith(Image, StringComparison.Ordinal) && line.Contains($",{name},", StringComparison.Ordinal))
                .Split(',')[3..].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
            (int y, int x) = Math.DivRem(Array.IndexOf(cams[n], cams[n].Max()), Size);
            Assert.InRange(x, box[0], box[0] + box[2] - 1);
            Assert.InRange(y, box[1], box[1] + box[3] - 1);
        }

        double same = Pearson(guided[0], guided[1]), apart = Pearson(cams[0], cams[1]);
        Assert.True(same > 0.9, $"Guided Backprop's maps of the two classes correlate by {same}");
        Assert.True(apart < 0.2, $"Grad-CAM's maps of the two classes correlate by {apart}");

        // The committed picture is of these maps.
        RgbImage sheet = ImageFile.Load(Path.Combine(maps, $"{stem}.contact-sheet.png"));
        string committed = Path.Combine(SharedFolder.RepositoryRoot, "results", "reference", "pair.png");
        RgbImage shown = ImageFile.Load(committed);
        Assert.Equal((shown.Width, shown.Height), (sheet.Width, sheet.Height));
        Assert.InRange(shown.Pixels.Zip(sheet.Pixels, (one, other) => (double)Math.Abs(one - other)).Average(), 0, 0.5);
        Assert.InRange(new FileInfo(committed).Length, 1, 300_000);

        float[] Read(string name, string method)
        {
            string file = Directory.EnumerateFiles(maps, $"{stem}.*-{name}.{method}.npy").Single();
            (SanityChecks.Compute.Shape shape, float[] values) = NpyFile.Read(file);
            return new SaliencyMap(shape, values).SumChannels().Values.ToArray();
        }
    }

    private static double Pearson(float[] a, float[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        double sum = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return sum / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
