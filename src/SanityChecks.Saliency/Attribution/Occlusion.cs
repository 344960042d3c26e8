using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Occlusion: how far the target's logit falls when a square of the image is covered, averaged over the squares that cover a
/// pixel (Zeiler and Fergus 2014, as captum has it).</summary>
/// <remarks>
/// Squares of all channels stand a stride apart from the upper left corner, and the last of a row or column are cut at the image's border.
/// Where the squares leave a gap the map is 0. Signed, unscaled, [H, W].
/// </remarks>
public sealed class Occlusion : AttributionMethod
{
    private const string Window = "window", Stride = "stride";

    private Occlusion()
        : base("occlusion", "Occlusion", "Zeiler and Fergus 2014", MethodFamily.Perturbation,
            "how far the logit falls when a square of the image is covered")
    {
    }

    /// <summary>The method.</summary>
    public static Occlusion Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(Window, 32, 1, 10_000, "side of the square, in pixels of the network's input"),
        new IntegerParameter(Stride, 16, 1, 10_000, "distance of two squares, in the same; one pass for each square"), Baseline.Parameter,
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        (int height, int width) = explanation.InputSize;
        int batch = image.Shape[0], channels = image.Shape[1], plane = height * width;
        int window = configured.Values.Integer(Window), stride = configured.Values.Integer(Stride);
        float[] pixels = new float[image.Shape.Count], cover = new float[pixels.Length];
        engine.Download(image, pixels);
        engine.Download(Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation), cover);
        float[] whole = explanation.TargetLogits();
        double[] falls = new double[batch * plane];
        int[] squares = new int[plane];
        foreach (int top in Starts(height, window, stride))
        {
            foreach (int left in Starts(width, window, stride))
            {
                int rows = Math.Min(window, height - top), columns = Math.Min(window, width - left);
                float[] covered = [.. pixels];
                for (int row = 0; row < batch * channels * rows; row++)
                {
                    int at = (((row / rows * height) + top + (row % rows)) * width) + left;
                    cover.AsSpan(at, columns).CopyTo(covered.AsSpan(at));
                }

                using Tensor inputs = engine.Upload(image.Shape, covered);
                using Explanation there = explanation.Of(inputs);
                float[] logits = there.TargetLogits();
                for (int row = 0; row < rows; row++)
                {
                    int at = ((top + row) * width) + left;
                    foreach (ref int count in squares.AsSpan(at, columns))
                    {
                        count++;
                    }

                    for (int n = 0; n < batch; n++)
                    {
                        foreach (ref double fall in falls.AsSpan((n * plane) + at, columns))
                        {
                            fall += whole[n] - (double)logits[n];
                        }
                    }
                }
            }
        }

        float[] map = [.. falls.Select((fall, i) => (float)(fall / Math.Max(squares[i % plane], 1)))];
        return explanation.Keep(engine.Upload(new Shape(batch, 1, height, width), map));
    }

    /// <summary>Where squares begin on an axis: a stride apart until one reaches its end.</summary>
    private static IEnumerable<int> Starts(int length, int window, int stride) =>
        Enumerable.Range(0, 1 + ((Math.Max(length - window, 0) + stride - 1) / stride)).Select(i => i * stride)
            .Where(start => start < length);
}
