using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The edges of the image by Sobel's filters: a control that no network changes, and that Guided Backprop is often taken
/// for.</summary>
/// <remarks>
/// The root of the two squared derivatives of the mean over the normalized input's channels, the border mirrored with its pixels repeated
/// (scikit-image and SciPy: <c>reflect</c>). Not negative, [H, W].
/// </remarks>
public sealed class SobelEdges : AttributionMethod
{
    private SobelEdges()
        : base("sobel", "Sobel edges (control)", "control", MethodFamily.Controls,
            "the image's own edges, a control that no network changes", signed: false, showsClass: false)
    {
    }

    /// <summary>The method.</summary>
    public static SobelEdges Instance { get; } = new();

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        Tensor image = explanation.Activation(explanation.Input);
        int batch = image.Shape[0], channels = image.Shape[1], height = image.Shape[2], width = image.Shape[3], plane = height * width;
        float[] values = new float[image.Shape.Count], edges = new float[batch * plane];
        explanation.Engine.Download(image, values);
        Parallel.For(0, batch, n =>
        {
            double[] gray = new double[plane];
            for (int i = 0; i < channels * plane; i++)
            {
                gray[i % plane] += values[(n * channels * plane) + i] / (double)channels;
            }

            for (int y = 0; y < height; y++)
            {
                int above = Math.Max(y - 1, 0) * width, here = y * width, below = Math.Min(y + 1, height - 1) * width;
                for (int x = 0; x < width; x++)
                {
                    int left = Math.Max(x - 1, 0), right = Math.Min(x + 1, width - 1);
                    double down = gray[below + left] + (2 * gray[below + x]) + gray[below + right]
                        - gray[above + left] - (2 * gray[above + x]) - gray[above + right];
                    double across = gray[above + right] + (2 * gray[here + right]) + gray[below + right]
                        - gray[above + left] - (2 * gray[here + left]) - gray[below + left];
                    edges[(n * plane) + here + x] = (float)Math.Sqrt((down * down) + (across * across));
                }
            }
        });
        return explanation.Keep(explanation.Engine.Upload(new Shape(batch, 1, height, width), edges));
    }
}
