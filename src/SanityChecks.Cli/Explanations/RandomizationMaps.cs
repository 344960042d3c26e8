using System.Globalization;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Cli.Explanations;

/// <summary>The maps of an image at every step of an experiment, in one grid for each class.</summary>
/// <param name="plan">Says the experiment, its steps, the seed and the methods.</param>
/// <param name="style">How maps are colored.</param>
/// <param name="common">Whether all maps of a method share one scale; otherwise each has its own, and its size is told as a factor.</param>
/// <param name="pixels">Pixels for each unit of the grid's layout.</param>
internal sealed class RandomizationMaps(Plan plan, MapStyle style, bool common, int pixels)
{
    // Keeps the random weights for the next image.
    private readonly Randomizer randomizer = plan.Randomizer();

    /// <summary>What the names of its files have in common: <c>randomized-cascading</c>.</summary>
    public string FileName => $"randomized-{plan.Experiment.Randomization}";

    /// <summary>Computes the maps of every step.</summary>
    /// <param name="batch">The image.</param>
    /// <param name="trained">The trained network's pass.</param>
    /// <param name="targets">The classes.</param>
    /// <param name="originals">The trained network's maps, [class][method].</param>
    /// <param name="cancel">Stops between two networks.</param>
    /// <returns>[class][method][step]; step 0 is the trained network.</returns>
    public StepMap[][][] Compute(
        ImageBatch batch, ForwardPass trained, IReadOnlyList<ExplainedTarget> targets, SaliencyMap[][] originals, CancellationToken cancel)
    {
        MapFeatures[][] compared = [.. originals.Select(one => one.Select(Features).ToArray())];
        StepMap[][][] maps = [.. originals.Select(one => one.Select(map =>
            (StepMap[])[new StepMap(map.SumChannels(), null), .. new StepMap[plan.Steps.Count]]).ToArray())];
        ForwardPass? previous = null;
        try
        {
            foreach ((int i, RandomizationStep step) in plan.Steps.Index())
            {
                cancel.ThrowIfCancellationRequested();
                Terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"  randomized {step.Name}, {i + 1} of {plan.Steps.Count}"));
                Weights weights = step.Weights(randomizer, 0);
                previous?.ReleaseAllBut(weights);
                ForwardPass pass = previous is null ? batch.Pass(weights, trained) : batch.Pass(weights, trained, previous);
                previous?.Dispose();
                previous = pass;
                float[] now = batch.Logits(pass)[0];
                foreach ((int n, ExplainedTarget target) in targets.Index())
                {
                    int chosen = target.Rule is TargetRule.Repredicted ? TargetRule.LargestLogit(now) ?? target.Class : target.Class;
                    using Explanation explanation = batch.Explain(pass, [chosen]);
                    foreach ((int m, ConfiguredMethod method) in plan.Methods.Index())
                    {
                        SaliencyMap map = explanation.Download(method)[0];
                        using MapFeatures features = Features(map);
                        maps[n][m][i + 1] = new StepMap(map.SumChannels(), plan.Metrics[0].Score(compared[n][m], features).Value);
                    }
                }
            }

            return maps;
        }
        finally
        {
            previous?.Dispose();
        }
    }

    /// <summary>Draws the grid of one class.</summary>
    /// <param name="subject">The image and what it is explained as, in a line.</param>
    /// <param name="fitted">The image as the network sees it.</param>
    /// <param name="maps">[method][step].</param>
    public RgbImage Draw(string subject, RgbImage fitted, StepMap[][] maps)
    {
        float[][] ends = [.. maps.Select((steps, m) => steps.Select(one => MapPicture.EndOfScale(plan.Methods[m], one.Map)).ToArray())];
        string below = $"Below each map: its {plan.Metrics[0].Id} to the original";
        return new StepGrid(plan, plan.Experiment.Words, style)
        {
            Subject = subject,
            Reading = common
                ? $"{below}. All maps of a row share one scale."
                : $"{below}, and how large its values are beside the original's. Each map has its own scale.",
            Picture = fitted,
            Pixels = pixels,
        }.Draw(
            (method, step) => MapPicture.Render(
                plan.Methods[method], maps[method][step].Map, fitted, style, common ? ends[method].Max() : ends[method][step]),
            (method, step) => StepGrid.Caption(maps[method][step].Score)
                + (common || ends[method][0] == 0 ? "" : Factor(ends[method][step] / (double)ends[method][0])));
    }

    private static string Factor(double factor) => factor == 0
        ? ", × 0"
        : string.Create(CultureInfo.InvariantCulture, $", × {factor:G2}");

    private MapFeatures Features(SaliencyMap map) => new(plan.Config.Maps.Reduction.Of(map));
}

/// <summary>A method's map of the network of a step.</summary>
/// <param name="Map">[H, W], channels added.</param>
/// <param name="Score">Its similarity to the trained network's map; null where that is undefined, and at step 0.</param>
internal sealed record StepMap(SaliencyMap Map, double? Score);
