using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments.Execution;

/// <summary>Scores the units of a plan that are not finished yet: draw after draw, so many images at a time as the engine's memory
/// takes.</summary>
/// <remarks>The random weights of one draw stay in memory for all its batches. How many images go together changes no row and no
/// order.</remarks>
/// <param name="plan">What to compute.</param>
/// <param name="engine">Computes it.</param>
/// <param name="maps">The folder for maps.</param>
internal sealed class UnitScoring(Plan plan, IEngine engine, string maps)
{
    private readonly Dictionary<string, int> places =
        plan.Selection.Images.Select((image, place) => (image.Id, place)).ToDictionary(one => one.Id, one => one.place);

    private readonly ImageIntake intake = new(plan.Preprocessing, plan.Config.Strict);
    private readonly Lazy<HashSet<string>> withMaps = new(() => WithMaps(plan));
    private int most = plan.BatchOn(engine);

    /// <summary>Units scored so far.</summary>
    public int Scored { get; private set; }

    /// <summary>Images that could not be read so far.</summary>
    public IReadOnlyList<SkippedImage> Skipped => intake.Skipped;

    /// <summary>Scores them.</summary>
    /// <param name="finished">Units that need nothing.</param>
    /// <param name="append">Takes the rows of each batch of units.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; the batch is then lost.</param>
    /// <param name="afterBatch">Stops between two batches; nothing is lost.</param>
    public void Run(
        IReadOnlyCollection<Unit> finished, Action<IReadOnlyList<ScoreRow>> append, IProgress<RunProgress> progress,
        CancellationToken cancel, CancellationToken afterBatch = default)
    {
        var done = finished.ToHashSet();
        ILookup<int, ImageItem> missing = plan.Units.Where(one => !done.Contains(one.Unit))
            .ToLookup(one => one.Unit.Draw, one => one.Image);
        var tally = new RunTally(
            missing.Sum(draw => draw.Count()), missing.Sum(draw => (long)draw.Count() * plan.RoundsOf(draw.Key)), progress);
        foreach (IGrouping<int, ImageItem> draw in missing)
        {
            Randomizer randomizer = plan.Randomizer();
            foreach (ImageItem[] batch in draw.Chunk(most))
            {
                afterBatch.ThrowIfCancellationRequested();
                IReadOnlyList<(ImageItem Item, RgbImage Fitted)> read = intake.Read(batch, cancel);
                PreparedImage[] images = [.. read.Select(image => new PreparedImage(
                    image.Item, image.Fitted, draw.Key == 1 ? MapsOf(image.Item) : null, OtherThan(image.Item, read, cancel))
                {
                    Truth = plan.Config.Localization.Count > 0 ? plan.Preprocessing.Fit(image.Item.Truth()) : null,
                })];
                tally.Skip(batch.Length - images.Length, plan.RoundsOf(draw.Key));
                Score(images, new Draw(draw.Key, randomizer), append, tally, cancel);
            }
        }
    }

    /// <summary>The next image of the run that can be read, the first behind the last; null where no reference asks for it, or there is
    /// none.</summary>
    private (ImageItem Item, RgbImage Fitted)? OtherThan(
        ImageItem item, IReadOnlyList<(ImageItem Item, RgbImage Fitted)> read, CancellationToken cancel)
    {
        IReadOnlyList<ImageItem> all = plan.Selection.Images;
        int place = places[item.Id];
        for (int after = 1; after < all.Count && plan.References.Any(reference => reference.OfOtherImage); after++)
        {
            ImageItem other = all[(place + after) % all.Count];
            foreach ((ImageItem Item, RgbImage Fitted) one in read.Where(one => one.Item.Id == other.Id))
            {
                return one;
            }

            if (intake.Read([other], cancel) is [var found])
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The first images that can be read, of the whole run: a shard asks those before its own, too.</summary>
    private static HashSet<string> WithMaps(Plan plan)
    {
        var any = new ImageIntake(plan.Preprocessing, strict: false);
        return
        [
            .. plan.Selection.Images.Where(image => any.Read([image], default).Count > 0).Take(plan.ImagesWithMaps)
                .Select(image => image.Id),
        ];
    }

    /// <summary>Where the maps of an image go; null where none are written.</summary>
    private MapFolder? MapsOf(ImageItem item) =>
        plan.ImagesWithMaps > 0 && withMaps.Value.Contains(item.Id) ? new MapFolder(plan, maps, item.Id) : null;

    /// <summary>Scores images, half as many at a time whenever they do not fit into the engine's memory.</summary>
    private void Score(PreparedImage[] images, Draw draw, Action<IReadOnlyList<ScoreRow>> append, RunTally tally, CancellationToken cancel)
    {
        for (int at = 0; at < images.Length;)
        {
            PreparedImage[] together = images[at..Math.Min(at + most, images.Length)];
            tally.Begin(together.Length, plan.RoundsOf(draw.Number));
            try
            {
                append([.. new BatchRun(plan, engine, together, draw).Run(tally.Explained, tally.Show, cancel)]);
                Scored += together.Length;
                at += together.Length;
            }
            catch (EngineMemoryException full) when (together.Length > 1)
            {
                most = (together.Length + 1) / 2;
                tally.GiveUp(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{full.Message}; going on with {most} instead of {together.Length} images at a time (images.batch={most} starts so)."));
            }
            catch (EngineMemoryException full)
            {
                throw new EngineMemoryException(
                    $"{full.Message}, and one image at a time is the least; --engine cpu computes in this machine's own memory", full);
            }
        }
    }
}
