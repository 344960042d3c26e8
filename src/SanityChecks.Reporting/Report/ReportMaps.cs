using System.Globalization;
using SanityChecks.Images;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Report;

/// <summary>The maps that the page shows: those of the run folder, smaller where all of them together would make the page too
/// large.</summary>
/// <remarks>A map of 224 x 224 with a value at every pixel takes some 50 KB. A page of 30 MB opens at once in a browser and can be mailed;
/// fifty images, thirty-three networks and two such methods would be 160 MB.</remarks>
internal sealed class ReportMaps
{
    // Characters of all maps and pictures together. With tables and scores the page stays below 30 MB.
    private const long Budget = 22_000_000;

    // Smaller than that a map of pixels shows nothing; class activation maps are hardly larger.
    private const int SmallestSide = 14;

    private ReportMaps(IReadOnlyList<ReportImage> images, int factor) => (Images, Factor) = (images, factor);

    /// <summary>The images with maps, in the run's order.</summary>
    public IReadOnlyList<ReportImage> Images { get; }

    /// <summary>So many rows and columns of a large map became one; 1 where maps are shown as they are.</summary>
    public int Factor { get; }

    /// <summary>Reads the maps of a run folder.</summary>
    /// <param name="run">The folder.</param>
    /// <param name="order">The run's images.</param>
    /// <param name="budget">Characters of all maps.</param>
    /// <exception cref="RunFileException">A file of maps is not what it should be.</exception>
    public static ReportMaps Of(RunFolder run, IReadOnlyList<string> order, long budget = Budget)
    {
        List<string> places = [.. order];
        ReportImage[] images = [.. run.CompactMaps.Select(file => Read(run, file)).OrderBy(image => places.IndexOf(image.Name))];
        int factor = 1;
        IReadOnlyList<ReportImage> shown = images;
        while (shown.Sum(image => image.Size) > budget && shown.Any(image => image.LongestSide > SmallestSide))
        {
            // Never less than the numbers of characters ask for: half the sides are a quarter of the values.
            double over = (double)shown.Sum(image => image.Size) / budget;
            factor = Math.Max(factor + 1, (int)Math.Ceiling(factor * Math.Sqrt(over) * 0.95));
            shown = [.. images.AsParallel().AsOrdered().Select(image => image.Reduced(factor, SmallestSide))];
        }

        return new ReportMaps(shown, factor);
    }

    private static ReportImage Read(RunFolder run, string file)
    {
        (string image, IReadOnlyList<CompactMap> maps) = MapsFile.Read(file);
        string folder = Path.GetDirectoryName(file)!, name = Path.GetFileName(folder), picture = Path.Combine(folder, "image.png");
        RgbImage? fitted = File.Exists(picture) ? ImageFile.Load(picture) : null;
        string grid = Path.Combine(run.MapsPath, name + ".png");
        return new ReportImage(
            image,
            fitted is null ? null : "data:image/jpeg;base64," + Convert.ToBase64String(JpegFile.Encode(fitted)),
            fitted?.Height ?? maps.Max(map => map.Height), fitted?.Width ?? maps.Max(map => map.Width),
            File.Exists(grid) ? $"maps/{Uri.EscapeDataString(name)}.png" : null,
            [.. maps.Select(map => new ReportMap(map.Method, map.Step, map.Signed, map.Height, map.Width, map.Scale, 1, map.Values))]);
    }
}

/// <summary>An image and its maps.</summary>
/// <param name="Name">The image's id.</param>
/// <param name="Picture">What the network saw, as an address that holds it; null where the file is gone.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its pixels a row.</param>
/// <param name="Grid">The grid of all maps, beside the page; null where there is none.</param>
/// <param name="Maps">The maps.</param>
internal sealed record ReportImage(string Name, string? Picture, int Height, int Width, string? Grid, IReadOnlyList<ReportMap> Maps)
{
    /// <summary>Characters of it in the page.</summary>
    public long Size => (Picture?.Length ?? 0) + Maps.Sum(map => (long)map.Values.Length);

    /// <summary>Of its largest map.</summary>
    public int LongestSide => Maps.Count == 0 ? 0 : Maps.Max(map => Math.Max(map.Height, map.Width));

    /// <summary>The image with smaller maps.</summary>
    public ReportImage Reduced(int factor, int smallest) => this with { Maps = [.. Maps.Select(map => map.Reduced(factor, smallest))] };
}

/// <summary>A map as the page reads it.</summary>
/// <param name="Method">What the column <c>method</c> says.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Signed">Whether values below 0 mean something.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Values a row.</param>
/// <param name="Scale">What 127 stands for.</param>
/// <param name="Factor">So many rows and columns of the map became one.</param>
/// <param name="Values">As of <see cref="CompactMap"/>.</param>
internal sealed record ReportMap(string Method, int Step, bool Signed, int Height, int Width, float Scale, int Factor, string Values)
{
    /// <summary>The map with one value for each square of values: the one of the largest magnitude, since a mean would cancel the two signs
    /// along every edge.</summary>
    /// <param name="factor">The square's side.</param>
    /// <param name="smallest">A side that is no longer stays, and so does a map of which both are.</param>
    public ReportMap Reduced(int factor, int smallest)
    {
        int by = Math.Min(factor, Math.Max(Height, Width) / smallest);
        if (by <= 1)
        {
            return this;
        }

        sbyte[] from = new CompactMap(Method, Step, Signed, Height, Width, Scale, Values).Unpack();
        int height = (Height + by - 1) / by, width = (Width + by - 1) / by;
        sbyte[] to = new sbyte[height * width];
        for (int i = 0; i < from.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, Width);
            ref sbyte largest = ref to[(y / by * width) + (x / by)];
            largest = Math.Abs((int)from[i]) > Math.Abs((int)largest) ? from[i] : largest;
        }

        return this with { Height = height, Width = width, Factor = by, Values = CompactMap.Pack(to) };
    }

    /// <summary>The sides, for people.</summary>
    public string Sides => string.Create(CultureInfo.InvariantCulture, $"{Height} × {Width}");
}
