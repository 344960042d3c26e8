using System.Runtime.ExceptionServices;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>A decoded image on its way through the networks.</summary>
/// <param name="Item">Where it comes from.</param>
/// <param name="Fitted">As the network sees it, before normalisation.</param>
/// <param name="Maps">Where its maps go; null for none.</param>
public sealed record PreparedImage(ImageItem Item, RgbImage Fitted, MapFolder? Maps);

/// <summary>Explains one batch of images with the trained network and with each randomized one, and scores the maps.</summary>
/// <remarks>
/// The trained pass stays for the whole batch, and each step's pass until the next one has taken what it shares; scores of an
/// image depend on that image alone. While a network is run, the maps of the one before it are scored: at most two networks' maps are kept.
/// </remarks>
public sealed class BatchRun(Plan plan, IEngine engine, IReadOnlyList<PreparedImage> images)
{
    private readonly List<ScoreRow>[] rows = [.. images.Select(_ => new List<ScoreRow>(plan.RowsPerImage))];
    private readonly MapFeatures?[,] originals = new MapFeatures?[images.Count, plan.Methods.Count];
    private readonly InputSpace space = new(
        plan.Config.Seed, [.. images.Select(image => image.Item.Id)], [.. images.Select(image => image.Fitted)], plan.Preprocessing.Normalization);

    private float[] originalLogits = [];
    private Task scoring = Task.CompletedTask;

    /// <summary>Runs every step.</summary>
    /// <param name="steps">The steps of a draw, from 1.</param>
    /// <param name="explained">Called after each network with a description of it.</param>
    /// <param name="cancel">Stops between two networks; the batch is then lost.</param>
    /// <returns>All rows of each image, image after image.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<ScoreRow> Run(Func<int, IReadOnlyList<RandomizationStep>> steps, Action<string> explained, CancellationToken cancel)
    {
        using Tensor input = plan.Preprocessing.ToTensor([.. images.Select(image => image.Fitted)], engine);
        using ForwardPass trained = Pass(plan.Trained.Weights, input);
        originalLogits = Logits(trained);
        Explain(trained, 0, "", 0);
        explained("the trained network");
        ForwardPass? previous = null;
        try
        {
            for (int draw = 1; draw <= plan.Config.Randomization.Draws; draw++)
            {
                foreach (RandomizationStep step in steps(draw))
                {
                    cancel.ThrowIfCancellationRequested();
                    previous?.ReleaseAllBut(step.Weights);
                    ForwardPass pass = previous is null ? Pass(step.Weights, input, trained) : Pass(step.Weights, input, trained, previous);
                    previous?.Dispose();
                    previous = pass;
                    Explain(pass, step.Number, step.Layer, draw);
                    explained(step.Layer);
                }
            }
        }
        finally
        {
            previous?.Dispose();
            scoring.GetAwaiter().GetResult();
            foreach (MapFeatures? original in originals)
            {
                original?.Dispose();
            }
        }

        return rows.SelectMany(image => image);
    }

    private ForwardPass Pass(Weights weights, Tensor input, params ReadOnlySpan<ForwardPass> earlier) =>
        ForwardPass.Run(engine, plan.Trained.Network, weights, input, plan.CamLayer, earlier);

    private void Explain(ForwardPass pass, int step, string layer, int draw)
    {
        int[] targets = Targets(Logits(pass));
        using var explanation = new Explanation(pass, targets, plan.CamLayer, plan.Methods, space);
        SaliencyMap[][] maps = [.. plan.Methods.Select(explanation.Download)];
        scoring.GetAwaiter().GetResult();
        scoring = Task.Run(() => Score(maps, targets, step, layer, draw));
    }

    private void Score(SaliencyMap[][] maps, int[] targets, int step, string layer, int draw)
    {
        var scores = new SimilarityScore[images.Count, plan.Methods.Count, plan.Metrics.Count];
        try
        {
            Parallel.For(0, images.Count * plan.Methods.Count, ScoreMap);
        }
        catch (AggregateException error)
        {
            // A full disk is said as such, whichever thread met it first.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        for (int image = 0; image < images.Count; image++)
        {
            AddRows(image, targets[image], step, layer, draw, scores);
        }

        void ScoreMap(int pair)
        {
            (int method, int image) = Math.DivRem(pair, images.Count);
            var features = new MapFeatures(maps[method][image].SumChannels());
            MapFeatures original = step == 0 ? originals[image, method] = features : originals[image, method]!;
            for (int metric = 0; metric < plan.Metrics.Count; metric++)
            {
                scores[image, method, metric] = plan.Metrics[metric].Score(original, features);
            }

            if (step > 0)
            {
                features.Dispose();
            }

            if (draw <= 1)
            {
                images[image].Maps?.Write(plan.Methods[method], step, maps[method][image], images[image].Fitted);
            }
        }
    }

    private void AddRows(int image, int target, int step, string layer, int draw, SimilarityScore[,,] scores)
    {
        for (int method = 0; method < plan.Methods.Count; method++)
        {
            for (int metric = 0; metric < plan.Metrics.Count; metric++)
            {
                SimilarityScore score = scores[image, method, metric];
                rows[image].Add(new ScoreRow(
                    images[image].Item.Id, images[image].Item.Label, target, plan.Experiment.Randomization, step, layer, draw,
                    plan.Methods[method].Id, plan.Metrics[metric].Name, "input", ScoreRow.Original, score.Value, score.Status));
            }
        }
    }

    private int[] Targets(float[] logits)
    {
        int classes = logits.Length / images.Count;
        return [.. Enumerable.Range(0, images.Count).Select(n => plan.Target.Choose(
            originalLogits.AsSpan(n * classes, classes), logits.AsSpan(n * classes, classes), images[n].Item.Label, images[n].Item.Id))];
    }

    private float[] Logits(ForwardPass pass)
    {
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        return logits;
    }
}
