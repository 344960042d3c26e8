using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Insertion: the mean probability of the target while the pixels of a blurred image come back, the most salient first (Petsiuk,
/// Das and Saenko 2018, section 4.2, and the authors' <c>evaluation.py</c>).</summary>
/// <remarks>
/// The blur is the authors': a kernel of 11 x 11 made by SciPy's <c>gaussian_filter</c> of sigma 5 within those 11 pixels, whose tails are
/// mirrored into it, and 0, the mean color, beyond the image's border.
/// </remarks>
public sealed class Insertion : PixelCurve
{
    private const int Kernel = 11, Center = Kernel / 2;
    private const double Sigma = 5;

    // SciPy's gaussian_filter cuts its window after four deviations.
    private const int Radius = (int)((4 * Sigma) + 0.5);

    private Insertion()
        : base("insertion", "Insertion", "Petsiuk et al. 2018",
            "the target's mean probability while a blurred image's pixels come back, the most salient first; 0 to 1, a faithful map's is high")
    {
    }

    /// <summary>The measure.</summary>
    public static Insertion Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [StepsParameter];

    private protected override bool BeginsUnchanged => true;

    private protected override (float[]? Before, float[]? After) Ends(ParameterValues values, RankedImages batch)
    {
        int height = batch.Shape[2], width = batch.Shape[3], size = batch.Shape[1] * batch.Plane;
        float[] blurred = new float[batch.Shape.Count];
        Parallel.For(0, batch.Shape[0], image =>
        {
            for (int channel = 0; channel < batch.Shape[1]; channel++)
            {
                Blurred(batch.Pixels(image).Slice(channel * batch.Plane, batch.Plane), height, width)
                    .CopyTo(blurred, (image * size) + (channel * batch.Plane));
            }
        });
        return (blurred, null);
    }

    /// <summary>A plane [H, W] under the kernel, summed in double precision, columns before rows.</summary>
    internal static float[] Blurred(ReadOnlySpan<float> plane, int height, int width)
    {
        double[] weights = Weights();
        double[] between = new double[plane.Length];
        float[] blurred = new float[plane.Length];
        for (int i = 0; i < plane.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            for (int k = Math.Max(-Center, -y); k <= Math.Min(Center, height - 1 - y); k++)
            {
                between[i] += weights[k + Center] * plane[((y + k) * width) + x];
            }
        }

        for (int i = 0; i < plane.Length; i++)
        {
            int x = i % width;
            double sum = 0;
            for (int k = Math.Max(-Center, -x); k <= Math.Min(Center, width - 1 - x); k++)
            {
                sum += weights[k + Center] * between[i + k];
            }

            blurred[i] = (float)sum;
        }

        return blurred;
    }

    /// <summary>What the filter makes of a 1 in the middle of so many pixels, mirrored at their ends as often as its window
    /// reaches.</summary>
    private static double[] Weights()
    {
        double[] weights = new double[Kernel];
        double total = 0;
        for (int offset = -Radius; offset <= Radius; offset++)
        {
            double weight = Math.Exp(-0.5 * offset * offset / (Sigma * Sigma));
            total += weight;
            for (int at = 0; at < Kernel; at++)
            {
                int within = (((at + offset) % (2 * Kernel)) + (2 * Kernel)) % (2 * Kernel);
                weights[at] += (within < Kernel ? within : (2 * Kernel) - 1 - within) == Center ? weight : 0;
            }
        }

        return Array.ConvertAll(weights, weight => weight / total);
    }
}
