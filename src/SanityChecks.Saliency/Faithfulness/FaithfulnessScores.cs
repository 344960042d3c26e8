using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Measures how faithful maps are to a network.</summary>
public static class FaithfulnessScores
{
    /// <summary>Measures a map of each image of a batch.</summary>
    /// <remarks>A score depends on its image, map and target alone: neither on the batch nor on how many images go together.</remarks>
    /// <param name="explanation">The network that the maps are tried on, with the images, their meaning and the class of each.</param>
    /// <param name="maps">A map of each image, at the images' size.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="together">Changed images that go through the network together, at least 1.</param>
    /// <param name="randomized">Whether the maps are those of a randomized network, for the status.</param>
    /// <param name="shown">Told after each pass which part of the work is done.</param>
    /// <param name="cancel">Stops between two passes.</param>
    /// <returns>A score for each image; without a value where the map is constant or not finite, or an answer of the network is not
    /// finite.</returns>
    /// <exception cref="ArgumentException">A map has another size than its image.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SimilarityScore[] Of(
        Explanation explanation, IReadOnlyList<SaliencyMap> maps, ConfiguredFaithfulness measure, int together, bool randomized = false,
        Action<double>? shown = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentOutOfRangeException.ThrowIfLessThan(together, 1);
        if (maps.FirstOrDefault(map => (map.Height, map.Width) != explanation.InputSize) is { } other)
        {
            throw new ArgumentException($"A map is {other.Shape}, but its image is {explanation.InputSize}.", nameof(maps));
        }

        SaliencyMap[] sums = [.. maps.Select(map => map.SumChannels())];
        string[] statuses = [.. sums.Select(map => StatusOf(map, randomized))];
        var ranked = new RankedImages(explanation, [.. sums.Zip(statuses, (map, status) => status == ScoreStatus.Ok ? map : null)]);
        Perturbation perturbation = measure.Measure.Of(measure, ranked);
        double[][] answers = [.. sums.Select(_ => new double[perturbation.Count])];
        int[] images = [.. Enumerable.Range(0, sums.Length).Where(n => statuses[n] == ScoreStatus.Ok)];
        (int Image, int Number)[] changes =
            [.. Enumerable.Range(0, perturbation.Count).SelectMany(number => images.Select(image => (image, number)))];
        int done = 0;
        foreach ((int Image, int Number)[] chunk in changes.Chunk(together))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (((int image, int number), double answer) in chunk.Zip(Answers(ranked, perturbation, chunk)))
            {
                answers[image][number] = answer;
            }

            done += chunk.Length;
            shown?.Invoke((double)done / changes.Length);
        }

        return [.. statuses.Select((status, n) =>
            status != ScoreStatus.Ok ? new SimilarityScore(null, status)
            : !answers[n].All(double.IsFinite) ? new SimilarityScore(null, ScoreStatus.NonFinite(!randomized, randomized))
            : new SimilarityScore(perturbation.Score(answers[n]), status))];
    }

    /// <summary>The network's answer to each changed image.</summary>
    private static IEnumerable<double> Answers(RankedImages ranked, Perturbation perturbation, (int Image, int Number)[] changes)
    {
        Explanation explanation = ranked.Explanation;
        int size = ranked.Shape[1] * ranked.Plane;
        float[] inputs = new float[changes.Length * size];
        Parallel.For(
            0, changes.Length, i => perturbation.Change(changes[i].Image, changes[i].Number, inputs.AsSpan(i * size, size)));
        using Tensor changed = explanation.Engine.Upload(
            new Shape(changes.Length, ranked.Shape[1], ranked.Shape[2], ranked.Shape[3]), inputs);
        using ForwardPass pass = ForwardPass.Run(explanation.Engine, explanation.Network, explanation.Weights, changed);
        using var there = new Explanation(
            pass, [.. changes.Select(change => explanation.Targets[change.Image])], explanation.CamLayer, []);
        return perturbation.ReadsLogits ? Array.ConvertAll(there.TargetLogits(), logit => (double)logit) : there.TargetProbabilities();
    }

    private static string StatusOf(SaliencyMap map, bool randomized)
    {
        using var features = new MapFeatures(map);
        return !features.IsFinite ? ScoreStatus.NonFinite(!randomized, randomized)
            : features.IsConstant ? ScoreStatus.Constant(!randomized, randomized)
            : ScoreStatus.Ok;
    }
}
