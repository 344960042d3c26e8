using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Copies of a batch's images with Gaussian noise, the same at every randomization step.</summary>
/// <remarks>The noise's deviation is a part of the range of the image's own values, largest less smallest over all channels.</remarks>
internal sealed class NoisyCopies
{
    /// <summary>How many copies there are.</summary>
    public const string Samples = "samples";

    private const string Noise = "noise";

    private readonly Explanation explanation;
    private readonly string owner;
    private readonly Shape shape;
    private readonly float[] values;
    private readonly double[] deviations;

    /// <summary>Reads the images.</summary>
    /// <param name="explanation">Has the images, and the random numbers that belong to each.</param>
    /// <param name="owner">Whose random numbers are taken.</param>
    /// <param name="chosen">Values for <see cref="Parameters"/>.</param>
    public NoisyCopies(Explanation explanation, string owner, ParameterValues chosen)
        : this(explanation, owner, chosen.Number(Noise))
    {
    }

    /// <summary>Reads the images.</summary>
    /// <param name="explanation">Has the images, and the random numbers that belong to each.</param>
    /// <param name="owner">Whose random numbers are taken.</param>
    /// <param name="noise">The noise's deviation as a part of the range of the image's values.</param>
    public NoisyCopies(Explanation explanation, string owner, double noise)
    {
        this.explanation = explanation;
        this.owner = owner;
        Tensor image = explanation.Activation(explanation.Input);
        shape = image.Shape;
        values = new float[shape.Count];
        explanation.Engine.Download(image, values);
        deviations = [.. values.Chunk(values.Length / shape[0]).Select(one => noise * (one.Max() - (double)one.Min()))];
    }

    /// <summary>What a method of noisy copies can be told.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } = ParametersFor(50);

    /// <summary>The same with another number of copies where none is given.</summary>
    public static IReadOnlyList<Parameter> ParametersFor(int samples) =>
    [
        new IntegerParameter(Samples, samples, 1, 10_000, "noisy copies, one pass each"),
        new NumberParameter(Noise, 0.15, 0, 10, "the noise's standard deviation as a part of the range of the image's values"),
    ];

    /// <summary>A copy of each image. The caller disposes it.</summary>
    /// <param name="sample">Which, from 0.</param>
    public Tensor Copy(int sample)
    {
        int size = values.Length / deviations.Length;
        float[] noisy = new float[values.Length];
        for (int n = 0; n < deviations.Length; n++)
        {
            RandomStream stream = explanation.Space.Stream(n, owner);
            int first = n * size;
            double deviation = deviations[n];
            Parallel.For(
                0, size, i => noisy[first + i] =
                    (float)(values[first + i] + (deviation * NormalQuantile.At(stream.Uniform(((long)sample * size) + i)))));
        }

        return explanation.Engine.Upload(shape, noisy);
    }
}
