using System.Runtime.ExceptionServices;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>One of several independent randomizations.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Randomizer">Makes its weights, and keeps them for the next batch.</param>
public readonly record struct Draw(int Number, Randomizer Randomizer);

/// <summary>Explains one batch of images with the trained network and with each randomized one of a draw, and scores the maps.</summary>
/// <remarks>
/// The trained pass stays for the whole batch, and each step's pass until the next one has taken what it shares; scores of an
/// image depend on that image alone. While a network is run, the maps of the one before it are scored: at most two networks' maps are kept.
/// </remarks>
/// <param name="plan">What to compute.</param>
/// <param name="engine">Computes it.</param>
/// <param name="images">The batch.</param>
/// <param name="draw">The draw; the first has the rows and maps of the trained network too.</param>
public sealed class BatchRun(Plan plan, IEngine engine, IReadOnlyList<PreparedImage> images, Draw draw)
{
    private readonly IReadOnlyList<(ConfiguredMethod Method, string Resolution)> compared = plan.Compared;
    private readonly List<ScoreRow>[] rows = [.. images.Select(_ => new List<ScoreRow>())];
    private readonly MapLocalization localization = new(plan, images);
    private readonly BatchReferences references = new(plan, [.. images.Select(image => image.Item.Id)]);

    // The trained network's maps of other images, [compared map] by image.
    private readonly Dictionary<string, SaliencyMap[]> others = [];

    // Another trained network's maps, [compared map][image]; null where the run has no such network.
    private SaliencyMap[][]? otherTraining;

    private float[][] originalLogits = [];
    private ActivationScales? scales;
    private Task scoring = Task.CompletedTask;

    /// <summary>Runs every step.</summary>
    /// <param name="explained">Called after each network, and after each measure of faithfulness, with a description of it.</param>
    /// <param name="shown">Called in between with what takes long.</param>
    /// <param name="cancel">Stops between two networks, and while faithfulness is measured; the batch is then lost.</param>
    /// <returns>All rows of each image, image after image.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<ScoreRow> Run(Action<string> explained, Action<string> shown, CancellationToken cancel)
    {
        foreach (PreparedImage image in images)
        {
            image.Maps?.Begin(image.Fitted);
        }

        ExplainOthers();
        using var batch = new ImageBatch(plan, engine, [.. images.Select(image => (image.Item, image.Fitted))]);
        using ForwardPass trained = batch.Pass(plan.Trained.Weights);
        originalLogits = batch.Logits(trained);
        otherTraining = OtherTrainingMaps(batch.Targets(originalLogits, originalLogits));
        scales = images.Any(image => plan.HasScales(image.Item)) ? new ActivationScales(engine, trained) : null;
        var faithfulness = new MapFaithfulness(plan, batch, trained);
        Explain(batch, trained, 0, "", Faithful);
        explained("the trained network");
        ForwardPass? previous = null;
        bool whole = false;
        try
        {
            for (int step = 1; step <= plan.Steps.Count; step++)
            {
                cancel.ThrowIfCancellationRequested();
                Weights weights = plan.Steps[step - 1].Weights(draw.Randomizer, draw.Number - 1);
                previous?.ReleaseAllBut(weights);
                ForwardPass pass = previous is null ? batch.Pass(weights, trained) : batch.Pass(weights, trained, previous);
                previous?.Dispose();
                previous = pass;
                Explain(batch, pass, step, plan.Steps[step - 1].Name, Faithful);
                explained(plan.Steps[step - 1].Name);
            }

            scoring.GetAwaiter().GetResult();
            whole = true;
        }
        finally
        {
            previous?.Dispose();
            scoring.GetAwaiter().GetResult();
            references.Dispose();
            foreach (PreparedImage image in images)
            {
                image.Maps?.End(whole);
            }
        }

        return rows.SelectMany(image => image);

        SimilarityScore[,,]? Faithful(SaliencyMap[][] maps, int[] targets, int step) => plan.MeasuresFaithfulness(step, draw.Number)
            ? faithfulness.Of(maps, targets, step, shown, explained, cancel)
            : null;
    }

    /// <summary>The trained network's maps of the images that stand for others and are not of the batch.</summary>
    private void ExplainOthers()
    {
        (ImageItem Item, RgbImage Fitted)[] outside = [.. images.Select(image => image.Other).OfType<(ImageItem Item, RgbImage Fitted)>()
            .DistinctBy(other => other.Item.Id).ExceptBy(images.Select(image => image.Item.Id), other => other.Item.Id)];
        if (outside.Length == 0)
        {
            return;
        }

        using var batch = new ImageBatch(plan, engine, outside);
        using ForwardPass pass = batch.Pass(plan.Trained.Weights);
        float[][] logits = batch.Logits(pass);
        using Explanation explanation = batch.Explain(pass, batch.Targets(logits, logits));
        Remember([.. outside.Select(other => other.Item)], Maps(explanation));
    }

    /// <summary>The maps that another trained network gives of the batch, of the same classes.</summary>
    private SaliencyMap[][]? OtherTrainingMaps(int[] targets)
    {
        if (plan.OtherTraining is not { } other)
        {
            return null;
        }

        using var batch = new ImageBatch(other, engine, [.. images.Select(image => (image.Item, image.Fitted))]);
        using ForwardPass pass = batch.Pass(other.Trained.Weights);
        using Explanation explanation = batch.Explain(pass, targets);
        return Maps(explanation);
    }

    /// <summary>Keeps the trained network's maps, as they are compared, for images that they are another's.</summary>
    private void Remember(ImageItem[] items, SaliencyMap[][] maps)
    {
        var wanted = images.Where(image => image.Other is not null).Select(image => image.Other!.Value.Item.Id).ToHashSet();
        for (int n = 0; n < items.Length; n++)
        {
            if (wanted.Contains(items[n].Id))
            {
                others[items[n].Id] = [.. maps.Select(method => plan.Config.Maps.Reduction.Of(method[n]))];
            }
        }
    }

    private void Explain(
        ImageBatch batch, ForwardPass pass, int step, string layer, Func<SaliencyMap[][], int[], int, SimilarityScore[,,]?> faithful)
    {
        float[][] logits = step == 0 ? originalLogits : batch.Logits(pass);
        int[] targets = batch.Targets(originalLogits, logits);
        using Explanation explanation = batch.Explain(pass, targets);
        SaliencyMap[][] maps = Maps(explanation), native = Native(explanation, maps);
        SimilarityScore[,,]? faithfulness =
            faithful([.. maps.Where((_, i) => compared[i].Resolution == MapsConfig.Input)], targets, step);
        IReadOnlyList<(Layer Layer, SimilarityScore[] Images)> scale = scales?.Of(pass) ?? [];
        scoring.GetAwaiter().GetResult();
        scoring = Task.Run(() => Score(maps, native, new NetworkAnswers(step, layer, targets, logits, scale, faithfulness)));
    }

    private void Score(SaliencyMap[][] maps, SaliencyMap[][] native, NetworkAnswers answers)
    {
        int step = answers.Step;
        var scores = new SimilarityScore[images.Count, compared.Count, plan.References.Count, plan.Metrics.Count];
        var measures = new SimilarityScore[images.Count, compared.Count, MapMeasures.All.Count];
        var stored = new CompactMap?[images.Count, compared.Count];
        var located = new SimilarityScore[images.Count, compared.Count][];
        if (step == 0)
        {
            Remember([.. images.Select(image => image.Item)], maps);
        }

        try
        {
            Parallel.For(0, images.Count * compared.Count, ScoreMap);
        }
        catch (AggregateException error)
        {
            // A full disk is said as such, whichever thread met it first.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        for (int image = 0; image < images.Count; image++)
        {
            images[image].Maps?.Append(Enumerable.Range(0, compared.Count).Select(method => stored[image, method]).OfType<CompactMap>());
        }

        // The untouched network is the same in every draw: the first has its rows.
        for (int image = 0; image < images.Count && (step > 0 || draw.Number == 1); image++)
        {
            AddRows(image, answers, scores, measures, located);
        }

        void ScoreMap(int pair)
        {
            (int method, int image) = Math.DivRem(pair, images.Count);
            (ConfiguredMethod by, string resolution) = compared[method];
            SaliencyMap map = plan.Config.Maps.Reduction.Of(maps[method][image]);
            var features = new MapFeatures(map);
            if (step == 0)
            {
                SaliencyMap? other = images[image].Other is { } stranger ? others[stranger.Item.Id][method] : null;
                SaliencyMap? twin = otherTraining is null ? null : plan.Config.Maps.Reduction.Of(otherTraining[method][image]);
                references.Set(image, method, map, features, other, twin);
            }

            for (int reference = 0; reference < plan.References.Count; reference++)
            {
                for (int metric = 0; metric < plan.Metrics.Count; metric++)
                {
                    scores[image, method, reference, metric] =
                        references.Score(image, method, reference, plan.Metrics[metric], features);
                }
            }

            for (int measure = 0; measure < MapMeasures.All.Count; measure++)
            {
                measures[image, method, measure] = MapMeasures.Score(MapMeasures.All[measure], map, features, step == 0);
            }

            if (step > 0)
            {
                features.Dispose();
            }

            if (images[image].Maps is not null && native[method].Length > 0)
            {
                stored[image, method] = MapFolder.Store(by, step, native[method][image]);
            }

            if (resolution == MapsConfig.Input)
            {
                located[image, method] = localization.Of(image, maps[method][image], answers.Targets[image], step);
                images[image].Maps?.Write(by, step, maps[method][image], images[image].Fitted);
            }
        }
    }

    private void AddRows(
        int image, NetworkAnswers answers, SimilarityScore[,,,] scores, SimilarityScore[,,] measures, SimilarityScore[,][] located)
    {
        for (int method = 0; method < compared.Count; method++)
        {
            (ConfiguredMethod by, string resolution) = compared[method];
            for (int reference = 0; reference < plan.References.Count; reference++)
            {
                for (int metric = 0; metric < plan.Metrics.Count; metric++)
                {
                    Add(by.Id, plan.Metrics[metric].Id, resolution, plan.References[reference].Name,
                        scores[image, method, reference, metric]);
                }
            }

            for (int measure = 0; measure < MapMeasures.All.Count; measure++)
            {
                Add(by.Id, MapMeasures.All[measure].Name, resolution, ScoreRow.Itself, measures[image, method, measure]);
            }

            AddLocalization(by.Id, located[image, method] ?? []);
        }

        if (answers.Step == 0)
        {
            AddLocalization(ScoreRow.Chance, localization.ByChance(image, answers.Targets[image]));
        }

        for (int method = 0; answers.Faithfulness is not null && method < plan.Methods.Count; method++)
        {
            for (int measure = 0; measure < plan.Config.Faithfulness.Count; measure++)
            {
                Add(
                    plan.Methods[method].Id, plan.Config.Faithfulness[measure].Id, "input", ScoreRow.Network,
                    answers.Faithfulness[image, method, measure]);
            }
        }

        foreach (NetworkMeasure measure in plan.Measures)
        {
            SimilarityScore score = measure.Compare(originalLogits[image], answers.Logits[image]);
            Add(ScoreRow.Network, measure.Name, ScoreRow.Output, ScoreRow.Original, score);
        }

        foreach ((Layer layer, SimilarityScore[] scale) in plan.HasScales(images[image].Item) ? answers.Scales : [])
        {
            Add(ScoreRow.Network, NetworkHealth.ActivationScale, layer.PaperName, ScoreRow.Original, scale[image]);
        }

        void AddLocalization(string method, SimilarityScore[] scores)
        {
            foreach ((ConfiguredLocalization measure, SimilarityScore score) in plan.Config.Localization.Zip(scores))
            {
                Add(method, measure.Id, MapsConfig.Input, ScoreRow.Truth, score);
            }
        }

        void Add(string method, string metric, string resolution, string reference, SimilarityScore score)
        {
            int target = answers.Targets[image];
            rows[image].Add(new ScoreRow(
                images[image].Item.Id, images[image].Item.Label, target, answers.Logits[image][target], originalLogits[image][target],
                plan.Experiment.Randomization, answers.Step, answers.Layer, answers.Step == 0 ? 0 : draw.Number, method, metric, resolution,
                reference, reference == ScoreRow.Truth ? score.Value : ValueOf(score), score.Status));
        }
    }

    /// <summary>The maps that are compared, [compared map][image].</summary>
    private SaliencyMap[][] Maps(Explanation explanation) => [.. compared.Select(one => one.Resolution == MapsConfig.Native
        ? explanation.Download(explanation.NativeMap(one.Method))
        : explanation.Download(one.Method))];

    /// <summary>The maps at the size at which the methods make them, as they are stored for the report, [compared map][image]; none where
    /// no image's maps are written, and for a method's second resolution.</summary>
    private SaliencyMap[][] Native(Explanation explanation, SaliencyMap[][] maps) => [.. compared.Select((one, i) =>
        images.All(image => image.Maps is null) || compared.Take(i).Any(other => other.Method == one.Method) ? []
        : one.Method.Method.IsEnlarged && one.Resolution != MapsConfig.Native
            ? explanation.Download(explanation.NativeMap(one.Method))
        : maps[i])];

    private double? ValueOf(SimilarityScore score) =>
        plan.Config.Undefined == UndefinedScores.Zero && ScoreStatus.IsConstant(score.Status) ? 0 : score.Value;

    /// <summary>What a network said of the batch.</summary>
    private sealed record NetworkAnswers(
        int Step, string Layer, int[] Targets, float[][] Logits, IReadOnlyList<(Layer Layer, SimilarityScore[] Images)> Scales,
        SimilarityScore[,,]? Faithfulness);
}
