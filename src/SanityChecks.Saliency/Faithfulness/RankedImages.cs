using SanityChecks.Compute;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>A batch of images with the pixels of each in the order of a map.</summary>
internal sealed class RankedImages
{
    private readonly float[] pixels;
    private readonly int[][] orders;

    /// <summary>Ranks the pixels.</summary>
    /// <param name="explanation">Has the images.</param>
    /// <param name="maps">A map [H, W] for each; null where there is none to go by.</param>
    public RankedImages(Explanation explanation, IReadOnlyList<SaliencyMap?> maps)
    {
        Explanation = explanation;
        Tensor inputs = explanation.Activation(explanation.Input);
        Shape = inputs.Shape;
        pixels = new float[Shape.Count];
        explanation.Engine.Download(inputs, pixels);
        orders = new int[maps.Count][];
        Parallel.For(0, maps.Count, n => orders[n] = maps[n] is { } map
            ? Order(map.Values.ToArray(), explanation.Space.Stream(n, "faithfulness/ties"))
            : []);
    }

    /// <summary>The network, and what its inputs mean.</summary>
    public Explanation Explanation { get; }

    /// <summary>[N, C, H, W].</summary>
    public Shape Shape { get; }

    /// <summary>Height times width.</summary>
    public int Plane => Shape[2] * Shape[3];

    /// <summary>The values of an image, [C, H, W].</summary>
    public ReadOnlySpan<float> Pixels(int image) => Of(pixels, image);

    /// <summary>The part of an image in values of the batch's shape.</summary>
    public ReadOnlySpan<float> Of(float[] values, int image) => values.AsSpan(image * Shape[1] * Plane, Shape[1] * Plane);

    /// <summary>An image's pixels, the most salient first, as indices into [H, W].</summary>
    public ReadOnlySpan<int> Order(int image) => orders[image];

    /// <summary>The places of values from the largest to the smallest; places of equal values in the random order of the stream.</summary>
    internal static int[] Order(float[] values, RandomStream ties)
    {
        int[] places = [.. Enumerable.Range(0, values.Length)];
        ties.Shuffle<int>(places);
        return [.. places.OrderByDescending(place => values[place])];
    }
}
