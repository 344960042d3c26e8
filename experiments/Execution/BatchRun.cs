using System.Runtime.ExceptionServices;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
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
    private readonly List<ScoreRow>[] rows = [.. images.Select(_ => new List<ScoreRow>())];

    // What the maps are compared with, [image, method, reference].
    private readonly MapFeatures?[,,] references = new MapFeatures?[images.Count, plan.Methods.Count, plan.References.Count];

    private float[][] originalLogits = [];
    private Task scoring = Task.CompletedTask;

    /// <summary>Runs every step.</summary>
    /// <param name="explained">Called after each network with a description of it.</param>
    /// <param name="cancel">Stops between two networks; the batch is then lost.</param>
    /// <returns>All rows of each image, image after image.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<ScoreRow> Run(Action<string> explained, CancellationToken cancel)
    {
        foreach (PreparedImage image in images)
        {
            image.Maps?.WriteImage(image.Fitted);
        }

        using var batch = new ImageBatch(plan, engine, [.. images.Select(image => (image.Item, image.Fitted))]);
        using ForwardPass trained = batch.Pass(plan.Trained.Weights);
        originalLogits = batch.Logits(trained);
        Explain(batch, trained, 0, "");
        explained("the trained network");
        ForwardPass? previous = null;
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
                Explain(batch, pass, step, plan.Steps[step - 1].Name);
                explained(plan.Steps[step - 1].Name);
            }
        }
        finally
        {
            previous?.Dispose();
            scoring.GetAwaiter().GetResult();
            foreach (MapFeatures? reference in references)
            {
                reference?.Dispose();
            }
        }

        return rows.SelectMany(image => image);
    }

    private void Explain(ImageBatch batch, ForwardPass pass, int step, string layer)
    {
        float[][] logits = step == 0 ? originalLogits : batch.Logits(pass);
        int[] targets = batch.Targets(originalLogits, logits);
        using Explanation explanation = batch.Explain(pass, targets);
        SaliencyMap[][] maps = [.. plan.Methods.Select(explanation.Download)];
        scoring.GetAwaiter().GetResult();
        scoring = Task.Run(() => Score(maps, logits, targets, step, layer));
    }

    private void Score(SaliencyMap[][] maps, float[][] logits, int[] targets, int step, string layer)
    {
        var scores = new SimilarityScore[images.Count, plan.Methods.Count, plan.References.Count, plan.Metrics.Count];
        try
        {
            Parallel.For(0, images.Count * plan.Methods.Count, ScoreMap);
        }
        catch (AggregateException error)
        {
            // A full disk is said as such, whichever thread met it first.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        // The untouched network is the same in every draw: the first has its rows.
        for (int image = 0; image < images.Count && (step > 0 || draw.Number == 1); image++)
        {
            AddRows(image, targets[image], step, layer, scores);
            foreach (NetworkMeasure measure in plan.Experiment.Measures)
            {
                SimilarityScore score = measure.Compare(originalLogits[image], logits[image]);
                AddRow(image, targets[image], step, layer, ScoreRow.Network, measure.Name, ScoreRow.Output, ScoreRow.Original, score);
            }
        }

        void ScoreMap(int pair)
        {
            (int method, int image) = Math.DivRem(pair, images.Count);
            SaliencyMap map = maps[method][image].SumChannels();
            var features = new MapFeatures(map);
            for (int reference = 0; reference < plan.References.Count; reference++)
            {
                MapFeatures other = step == 0
                    ? references[image, method, reference] = Reference(
                        plan.References[reference], image, plan.Methods[method], map, features)
                    : references[image, method, reference]!;
                for (int metric = 0; metric < plan.Metrics.Count; metric++)
                {
                    scores[image, method, reference, metric] = plan.Metrics[metric].Score(other, features);
                }
            }

            if (step > 0)
            {
                features.Dispose();
            }

            images[image].Maps?.Write(plan.Methods[method], step, maps[method][image], images[image].Fitted);
        }
    }

    /// <summary>What the maps of an image and method are compared with; where that is the trained network's map itself, what is known of it
    /// is not computed again.</summary>
    private MapFeatures Reference(MapReference reference, int image, ConfiguredMethod method, SaliencyMap map, MapFeatures features)
    {
        SaliencyMap made = reference.Of(
            map, new RandomStream(plan.Config.Seed, 0, $"reference/{reference.Name}/{method.Id}/{images[image].Item.Id}"));
        return ReferenceEquals(made, map) ? features : new MapFeatures(made);
    }

    private void AddRows(int image, int target, int step, string layer, SimilarityScore[,,,] scores)
    {
        for (int method = 0; method < plan.Methods.Count; method++)
        {
            for (int reference = 0; reference < plan.References.Count; reference++)
            {
                for (int metric = 0; metric < plan.Metrics.Count; metric++)
                {
                    AddRow(
                        image, target, step, layer, plan.Methods[method].Id, plan.Metrics[metric].Name, "input",
                        plan.References[reference].Name, scores[image, method, reference, metric]);
                }
            }
        }
    }

    private void AddRow(
        int image, int target, int step, string layer, string method, string metric, string resolution, string reference,
        SimilarityScore score) =>
        rows[image].Add(new ScoreRow(
            images[image].Item.Id, images[image].Item.Label, target, plan.Experiment.Randomization, step, layer,
            step == 0 ? 0 : draw.Number, method, metric, resolution, reference, score.Value, score.Status));
}
