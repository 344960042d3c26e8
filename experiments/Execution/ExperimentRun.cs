using System.Diagnostics;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments.Execution;

/// <summary>Runs a plan into a run folder, batch after batch, from where an earlier session stopped.</summary>
/// <param name="plan">What to compute.</param>
/// <param name="engine">Computes it.</param>
/// <param name="folder">Where to; claimed for the plan's configuration already.</param>
public sealed class ExperimentRun(Plan plan, IEngine engine, RunFolder folder)
{
    private readonly List<SkippedImage> skipped = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly DateTime started = DateTime.UtcNow;

    // Hashes of many images take as long as a network does: they are made beside the first batch, and are written before its scores.
    private readonly Task<Manifest> describing = Task.Run(() => Describe(plan, engine));
    private IReadOnlyList<SessionRecord> sessions = [];
    private IReadOnlyList<RandomizationStep>? onlyDraw;
    private int scored;

    private Manifest Described => describing.GetAwaiter().GetResult() with { Sessions = sessions };

    private Manifest WithThisSession =>
        Described with { Skipped = skipped, Sessions = [.. sessions, new SessionRecord(started, Math.Round(watch.Elapsed.TotalSeconds, 3), scored)] };

    /// <summary>Computes what is missing, then writes summary, charts and grids.</summary>
    /// <param name="begun">The manifest of the run that is in the folder, or null.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; finished batches stay.</param>
    /// <exception cref="InputException">Weights or images changed since the run was begun; an image cannot be read and the configuration is strict; or none can.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunResult Run(Manifest? begun, IProgress<RunProgress> progress, CancellationToken cancel)
    {
        sessions = begun?.Sessions ?? [];
        if (begun is not null)
        {
            folder.RequireSameInputs(begun, Described);
            if (begun.Complete && folder.HasResults(plan.Metrics.Count))
            {
                return new RunResult(folder.Path, true, 0, begun.Skipped, Summary.Of(ScoresFile.Read(folder.ScoresPath)), folder.Charts, folder.Grids);
            }
        }

        using (ScoresFile scores = ScoresFile.Open(folder.ScoresPath, plan.RowsPerImage))
        {
            try
            {
                Score(scores, progress, cancel);
            }
            catch
            {
                WithThisSession.Write(folder.Path);
                throw;
            }
        }

        IReadOnlyList<ScoreRow> rows = ScoresFile.Read(folder.ScoresPath);
        if (rows.Count == 0)
        {
            WithThisSession.Write(folder.Path);
            throw new InputException($"None of the {plan.Selection.Images.Count} images could be read; the first: {skipped[0].Name}: {skipped[0].Reason}");
        }

        IReadOnlyList<SummaryRow> summary = Summary.Of(rows);
        WholeFile.Write(folder.SummaryPath, SummaryFile.Text(summary));
        WithThisSession.Write(folder.Path); // Charts and grids take their words from it.
        (IReadOnlyList<string> charts, IReadOnlyList<string> grids) = WritePictures(rows);
        (WithThisSession with { Complete = true }).Write(folder.Path);
        return new RunResult(folder.Path, false, scored, skipped, summary, charts, grids);
    }

    private static Manifest Describe(Plan plan, IEngine engine) => Provenance.Of(
        engine, plan.Config.Seed, new FileRecord(Path.GetFileName(plan.Trained.Path), plan.Trained.Sha256), plan.Selection.Synsets,
        [.. plan.Selection.Images.Select(image => new FileRecord(image.Id, image.Sha256()))]) with
    {
        Experiment = plan.Experiment.Words,
        Methods = [.. plan.Methods.Select(method => new MethodRecord(method.Id, method.Title))],
    };

    private void Score(ScoresFile scores, IProgress<RunProgress> progress, CancellationToken cancel)
    {
        var finished = scores.FinishedImages.ToHashSet(StringComparer.Ordinal);
        ImageItem[] missing = [.. plan.Selection.Images.Where(image => !finished.Contains(image.Id))];
        var tally = new Tally(missing.Length, plan.Configurations, progress);
        int withMaps = finished.Count, most = plan.BatchOn(engine);
        foreach (ImageItem[] batch in missing.Chunk(most))
        {
            PreparedImage[] images = [.. batch.AsParallel().AsOrdered().WithCancellation(cancel).Select(Fit).ToArray()
                .Select(pair => Keep(pair.Item, pair.Fitted, pair.Fault)).OfType<PreparedImage>()
                .Select(image => withMaps++ < plan.Config.Output.MapsForImages ? WithMaps(image) : image)];
            tally.Skip(batch.Length - images.Length);
            for (int at = 0; at < images.Length;)
            {
                PreparedImage[] together = images[at..Math.Min(at + most, images.Length)];
                if (TryScore(together, scores, tally, cancel))
                {
                    at += together.Length;
                }
                else
                {
                    most = (together.Length + 1) / 2;
                }
            }
        }
    }

    /// <summary>Scores a batch; false where it does not fit into the engine's memory, and half of it may.</summary>
    private bool TryScore(PreparedImage[] images, ScoresFile scores, Tally tally, CancellationToken cancel)
    {
        tally.Begin(images.Length);
        try
        {
            IEnumerable<ScoreRow> rows = new BatchRun(plan, engine, images).Run(Steps, tally.Explained, cancel);
            if (scored == 0)
            {
                Described.Write(folder.Path);
            }

            scores.Append(rows);
            scored += images.Length;
            return true;
        }
        catch (EngineMemoryException full) when (images.Length > 1)
        {
            tally.GiveUp(string.Create(
                CultureInfo.InvariantCulture,
                $"{full.Message}; going on with {(images.Length + 1) / 2} instead of {images.Length} images at a time (images.batch={(images.Length + 1) / 2} starts so)."));
            return false;
        }
        catch (EngineMemoryException full)
        {
            throw new EngineMemoryException($"{full.Message}, and one image at a time is the least; --engine cpu computes in this machine's own memory", full);
        }
    }

    /// <summary>The steps of a draw. One draw's random weights stay for all batches; of several, one is kept at a time.</summary>
    private IReadOnlyList<RandomizationStep> Steps(int draw) => plan.Config.Randomization.Draws == 1 ? onlyDraw ??= plan.Steps(draw) : plan.Steps(draw);

    private (ImageItem Item, RgbImage? Fitted, string? Fault) Fit(ImageItem item)
    {
        try
        {
            return (item, plan.Preprocessing.Fit(item.Load()), null);
        }
        catch (Exception error) when (error is ImageFormatException or IOException)
        {
            return (item, null, error.Message);
        }
    }

    private PreparedImage? Keep(ImageItem item, RgbImage? fitted, string? fault)
    {
        if (fitted is not null)
        {
            return new PreparedImage(item, fitted, null);
        }

        if (plan.Config.Strict)
        {
            throw new InputException($"The image {item.Place} cannot be read: {fault}. (strict: true stops here; without it such images are skipped.)");
        }

        skipped.Add(new SkippedImage(item.Id, fault!));
        return null;
    }

    private PreparedImage WithMaps(PreparedImage image)
    {
        if (plan.Config.Output.Maps == Configuration.MapFiles.None)
        {
            return image;
        }

        var maps = new MapFolder(plan, folder.MapsPath, image.Item.Id);
        maps.WriteImage(image.Fitted);
        return image with { Maps = maps };
    }

    private (IReadOnlyList<string> Charts, IReadOnlyList<string> Grids) WritePictures(IReadOnlyList<ScoreRow> rows)
    {
        try
        {
            return (CorrelationCharts.Write(folder.Path, new ChartOptions { Context = Context(rows) }), WriteGrids(rows));
        }
        catch (RunFileException error)
        {
            // The files were written a moment ago: the disk or another program is at fault, nothing that was given.
            throw new IOException(error.Message, error);
        }
    }

    private string[] WriteGrids(IReadOnlyList<ScoreRow> rows)
    {
        if (plan.Config.Output.Maps is Configuration.MapFiles.None or Configuration.MapFiles.Npy)
        {
            return [];
        }

        ExperimentRecord experiment = folder.ReadExperiment();
        return [.. rows.GroupBy(row => row.Image).Take(plan.Config.Output.MapsForImages).Select(image =>
        {
            var maps = new MapFolder(plan, folder.MapsPath, image.Key);
            maps.WriteGrid([.. image], experiment);
            return maps.GridPath;
        })];
    }

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

    /// <summary>Counts what is done, and tells.</summary>
    private sealed class Tally(int images, int networks, IProgress<RunProgress> progress)
    {
        private int done;
        private int together;
        private int explained;

        public void Skip(int count) => done += count;

        public void Begin(int count) => (together, explained) = (count, 0);

        public void Explained(string network)
        {
            explained++;
            Tell(network, null);
            if (explained == networks)
            {
                (done, together, explained) = (done + together, 0, 0);
            }
        }

        public void GiveUp(string warning)
        {
            Begin(0);
            Tell("a smaller batch", warning);
        }

        private void Tell(string now, string? warning) => progress.Report(new RunProgress(
            explained == networks ? done + together : done, images, ((long)done * networks) + ((long)explained * together), (long)images * networks, now, warning));
    }
}
