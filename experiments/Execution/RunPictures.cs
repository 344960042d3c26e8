using SanityChecks.Experiments.Configuration;
using SanityChecks.Images.Sources;
using SanityChecks.Reporting;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Execution;

/// <summary>The charts, the grids of maps and the report of a run, made from the files in its folder.</summary>
/// <param name="plan">Names the network, the images and the methods.</param>
/// <param name="folder">Holds scores, summary, manifest and maps.</param>
internal sealed class RunPictures(Plan plan, RunFolder folder)
{
    // Grids that are drawn at once: one of 111 steps and twelve methods has 45 million pixels.
    private const int GridsAtOnce = 4;

    /// <summary>Draws them, charts and grids beside each other.</summary>
    /// <param name="rows">The scores in the folder.</param>
    /// <returns>The files of each kind.</returns>
    /// <exception cref="IOException">A file cannot be read again, or not be written.</exception>
    public (IReadOnlyList<string> Charts, IReadOnlyList<string> Grids) Write(IReadOnlyList<ScoreRow> rows) => FromFiles(() =>
    {
        ExperimentRecord experiment = folder.ReadExperiment();
        (MapFolder Maps, ScoreRow[] Rows)[] images = [.. WithGrids(rows)];
        Task<IReadOnlyList<string>> charts =
            Task.Run(() => CorrelationCharts.Write(folder.Path, new ChartOptions { Context = Context(rows) }));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(GridsAtOnce, Environment.ProcessorCount) };
        Task grids = Parallel.ForEachAsync(images, options, (image, _) =>
        {
            image.Maps.WriteGrid(image.Rows, experiment);
            return ValueTask.CompletedTask;
        });
        Task.WhenAll(charts, grids).GetAwaiter().GetResult(); // What one of them throws comes out as it is, once nobody writes any more.
        return (charts.Result, (IReadOnlyList<string>)[.. images.Select(image => image.Maps.GridPath)]);
    });

    /// <summary>Writes the page of a run whose other files are all there.</summary>
    /// <returns>The page.</returns>
    /// <exception cref="IOException">A file cannot be read again, or not be written.</exception>
    public static string WriteReport(RunFolder folder) => FromFiles(() => RunReport.Write(folder.Path));

    private static T FromFiles<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (RunFileException error)
        {
            // The files were written a moment ago: the disk or another program is at fault, nothing that was given.
            throw new IOException(error.Message, error);
        }
    }

    private IEnumerable<(MapFolder Maps, ScoreRow[] Rows)> WithGrids(IReadOnlyList<ScoreRow> rows) =>
        plan.Config.Output.Maps is MapFiles.None or MapFiles.Npy
            ? []
            : rows.GroupBy(row => row.Image).Take(plan.Config.Output.MapsForImages)
                .Select(image => (new MapFolder(plan, folder.MapsPath, image.Key), image.ToArray()));

    private string Context(IReadOnlyList<ScoreRow> rows)
    {
        int images = rows.Select(row => row.Image).Distinct().Count();
        string of = plan.Selection.Synsets.Count switch
        {
            0 => "",
            1 => $" of {ImageNetClasses.FromWnid(plan.Selection.Synsets[0])?.Name ?? plan.Selection.Synsets[0]}",
            _ => $" of {plan.Selection.Synsets.Count} synsets",
        };
        return $"{plan.Trained.Network.Architecture}, {images} image{(images == 1 ? "" : "s")}{of}";
    }
}
