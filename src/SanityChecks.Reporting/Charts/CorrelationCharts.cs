using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The correlation plots of a run: similarity to the original maps against the layers randomized, a line per method.</summary>
/// <remarks>
/// After figure 4 of Adebayo et al. 2018, "Sanity Checks for Saliency Maps". Everything comes from the run folder:
/// numbers from <c>summary.csv</c>, words from <c>manifest.json</c>. So charts can be drawn again elsewhere; the same files give the same
/// bytes.
/// </remarks>
public static class CorrelationCharts
{
    // A PNG has so many pixels for each CSS pixel of the SVG: sharp on the screens of today, and in print.
    internal const int PixelScale = 2;

    // What a picture of pixels can take.
    private const double LargestSize = 4000;

    /// <summary>Draws every metric of a run folder into its <c>charts</c> folder, which is made if need be.</summary>
    /// <param name="runFolder">The run folder, with <c>summary.csv</c> and <c>manifest.json</c>.</param>
    /// <param name="options">The looks; null for the defaults.</param>
    /// <returns>
    /// Paths of the SVG files in the order of the summary: <c>charts/METRIC.svg</c>, or <c>METRIC.RESOLUTION.svg</c> where a
    /// metric has several resolutions; with more than ten methods <c>METRIC.FAMILY.svg</c> for each family. Beside each lies the same
    /// picture as PNG, with two pixels for each CSS pixel. Files of these names are replaced, each as a whole.
    /// </returns>
    /// <exception cref="RunFileException">The summary or the manifest is missing or malformed; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size in the options is not positive, or above 4000.</exception>
    /// <exception cref="IOException">A chart cannot be written.</exception>
    public static IReadOnlyList<string> Write(string runFolder, ChartOptions? options = null)
    {
        options ??= new ChartOptions();
        RequireSize(options.PlotHeight, nameof(options.PlotHeight));
        RequireSize(options.LayerSpacing, nameof(options.LayerSpacing));
        var run = new RunFolder(runFolder);
        return Write(run.ChartsPath, CorrelationChart.Of(run), options);
    }

    /// <summary>Draws charts into a folder.</summary>
    internal static IReadOnlyList<string> Write(string folder, IEnumerable<CorrelationChart> all, ChartOptions options)
    {
        CorrelationChart[] charts = [.. all];
        List<string> paths = Paths(folder, charts);
        WholeFile.MakeFolderIn(Path.GetDirectoryName(Path.GetFullPath(folder))!, folder);
        foreach ((CorrelationChart chart, string path) in charts.Zip(paths))
        {
            var plot = new ChartPlot(chart, options);

            // The SVG comes last: where it is, the PNG is too.
            WholeFile.Write(Path.ChangeExtension(path, ".png"), plot.Png(PixelScale));
            WholeFile.Write(path, plot.Svg("chart-" + Path.GetFileNameWithoutExtension(path)));
        }

        return paths;
    }

    /// <summary>Whether every chart that <see cref="Write(string, ChartOptions?)"/> would draw lies in the folder, as SVG and as
    /// PNG.</summary>
    /// <param name="runFolder">The run folder.</param>
    /// <returns>False too where summary and manifest do not tell which charts there should be.</returns>
    public static bool AreThere(string runFolder)
    {
        var run = new RunFolder(runFolder);
        try
        {
            return Paths(run.ChartsPath, [.. CorrelationChart.Of(run)])
                .TrueForAll(svg => File.Exists(svg) && File.Exists(Path.ChangeExtension(svg, ".png")));
        }
        catch (RunFileException)
        {
            return false;
        }
    }

    /// <summary>The SVG file of each chart; numbered where two names would be one.</summary>
    private static List<string> Paths(string folder, CorrelationChart[] charts)
    {
        var paths = new List<string>();
        foreach (CorrelationChart chart in charts)
        {
            string stem = Stem(chart, charts);
            string path = Path.Combine(folder, stem + ".svg");
            for (int n = 2; paths.Contains(path); n++)
            {
                path = Path.Combine(folder, FormattableString.Invariant($"{stem}-{n}.svg"));
            }

            paths.Add(path);
        }

        return paths;
    }

    private static void RequireSize(double size, string name)
    {
        if (!(size > 0 && size <= LargestSize))
        {
            throw new ArgumentOutOfRangeException(name, size, $"A size must be positive and at most {LargestSize}.");
        }
    }

    private static string Stem(CorrelationChart chart, CorrelationChart[] all)
    {
        CorrelationChart[] same = [.. all.Where(other => other.Metric.Name == chart.Metric.Name)];
        string stem = chart.Metric.Name;
        stem += chart.Family is { } family ? "." + family.Name : "";
        stem += same.Select(other => other.Resolution).Distinct().Count() > 1 ? "." + chart.Resolution : "";
        return FileName(stem);
    }

    /// <summary>The name with everything but ASCII letters, digits and . - _ replaced, since metrics may be named by users.</summary>
    internal static string FileName(string name)
    {
        var safe = new StringBuilder(name);
        for (int i = 0; i < safe.Length; i++)
        {
            safe[i] = char.IsAsciiLetterOrDigit(safe[i]) || ".-_".Contains(safe[i], StringComparison.Ordinal) ? safe[i] : '_';
        }

        return safe.ToString();
    }
}
