using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

/// <summary>What is measured of one map, and of one network.</summary>
public class MeasureTests
{
    private static SimilarityScore Map(string name, int height, int width, params float[] values)
    {
        var map = new SaliencyMap(new Shape(height, width), values);
        using var features = new MapFeatures(map);
        return MapMeasures.Score(MapMeasures.All.Single(measure => measure.Name == name), map, features, isOriginal: false);
    }

    private static SimilarityScore Network(string name, params float[] logits) =>
        NetworkHealth.Measures.Single(measure => measure.Name == name).Compare([1, 3, 2], logits);

    [Fact]
    public void Zeros_are_counted_of_a_dead_map_too()
    {
        Assert.Equal(0.5, Map(MeasureNames.Zeros, 2, 2, 0, 1, -0f, -1).Value);
        Assert.Equal(1, Map(MeasureNames.Zeros, 2, 2, 0, 0, 0, 0).Value);
        Assert.Equal(0, Map(MeasureNames.Zeros, 2, 2, 3, 3, 3, 3).Value);
        Assert.Equal(new SimilarityScore(null, "non_finite_randomized"), Map(MeasureNames.Zeros, 1, 2, float.NaN, 0));
    }

    /// <summary>By hand: about the mean, a checkerboard's neighbors are each other's negatives, and two halves differ along their border
    /// alone.</summary>
    [Fact]
    public void Neighbors_correlate_as_a_hand_computes()
    {
        Assert.Equal(-1, Map(MeasureNames.Neighbors, 2, 2, 1, -1, -1, 1).Value!.Value, 1e-15);
        Assert.Equal(0, Map(MeasureNames.Neighbors, 2, 2, 1, -1, 1, -1).Value!.Value, 1e-15); // 2 of 4 pairs agree
        Assert.Equal((6 - 4.0) / 10, Map(MeasureNames.Neighbors, 4, 2, 5, 3, 5, 3, 5, 3, 5, 3).Value!.Value, 1e-15);
        Assert.Equal(new SimilarityScore(null, "constant_randomized"), Map(MeasureNames.Neighbors, 2, 2, 3, 3, 3, 3));
        Assert.Equal(new SimilarityScore(null, "constant_randomized"), Map(MeasureNames.Neighbors, 1, 1, 3));
    }

    [Fact]
    public void Noise_has_no_neighbors()
    {
        var stream = new RandomStream(1, 0, "noise");
        float[] noise = [.. Enumerable.Range(0, 224 * 224).Select(i => (float)stream.Uniform(i))];
        Assert.InRange(Map(MeasureNames.Neighbors, 224, 224, noise).Value!.Value, -0.02, 0.02); // its deviation is 1 / sqrt(100000) = 0.003
    }

    /// <summary>The entropy of the softmax, as <c>scipy.stats.entropy(scipy.special.softmax([0, ln 2, ln 5]))</c> has it.</summary>
    [Fact]
    public void The_entropy_is_that_of_the_class_probabilities()
    {
        Assert.Equal(0.9002560512685369, Network(MeasureNames.LogitEntropy, 0, MathF.Log(2), MathF.Log(5)).Value!.Value, 1e-7);
        Assert.Equal(Math.Log(3), Network(MeasureNames.LogitEntropy, 7, 7, 7).Value!.Value, 1e-15);
        Assert.Equal(0, Network(MeasureNames.LogitEntropy, 1e30f, 0, -1e30f).Value);
        Assert.Equal(new SimilarityScore(null, "non_finite_randomized"), Network(MeasureNames.LogitEntropy, float.NaN, 0, 0));
    }

    [Fact]
    public void The_prediction_agrees_or_not()
    {
        Assert.Equal(1, Network(NetworkHealth.Top1Agreement, 0, 5, 4).Value);
        Assert.Equal(0, Network(NetworkHealth.Top1Agreement, 6, 5, 4).Value);
    }

    [Fact]
    public void A_scale_is_relative_to_the_trained_networks()
    {
        Assert.Equal(new SimilarityScore(0.5, "ok"), NetworkHealth.Scale(4, 2));
        Assert.Equal(new SimilarityScore(0, "ok"), NetworkHealth.Scale(4, 0));
        Assert.Equal(new SimilarityScore(null, "constant_original"), NetworkHealth.Scale(0, 2));
        Assert.Equal(new SimilarityScore(null, "constant_both"), NetworkHealth.Scale(0, 0));
        Assert.Equal(new SimilarityScore(null, "non_finite_randomized"), NetworkHealth.Scale(1, double.PositiveInfinity));
    }
}
