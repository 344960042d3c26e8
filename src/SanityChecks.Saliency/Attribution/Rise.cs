using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>RISE: the mean of random masks, weighted by the target's probability for the image under each (Petsiuk, Das and Saenko 2018,
/// equation 6).</summary>
/// <remarks>
/// A mask is a grid of 0s and 1s, enlarged bilinearly to one cell more than the image and cut at a random place (section 3.2 there). It
/// multiplies the normalized image, as in the authors' code, so that 0 is what the normalization makes 0. The masks are the same at every
/// randomization step. Values are at least 0: sum of p M divided by the number of masks and the share of 1s; [H, W].
/// </remarks>
public sealed class Rise : AttributionMethod
{
    private const string Masks = "masks", Grid = "grid", Share = "p";

    private Rise()
        : base("rise", "RISE", "Petsiuk et al. 2018", MethodFamily.Perturbation,
            "random masks, weighted by the target's probability under each; needs no gradient", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static Rise Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(Masks, 4000, 1, 1_000_000, "random masks, one pass each"),
        new IntegerParameter(Grid, 7, 1, 224, "cells of a mask in a row and in a column"),
        new NumberParameter(Share, 0.5, 0.01, 1, "the probability that a cell is open"),
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        (int height, int width) = explanation.InputSize;
        int batch = image.Shape[0], plane = height * width, masks = configured.Values.Integer(Masks);
        double[] sums = new double[batch * plane];
        for (int mask = 0; mask < masks; mask++)
        {
            float[] open = MasksOf(mask, explanation, configured);
            using Tensor cover = engine.Upload(new Shape(batch, 1, height, width), open);
            using Tensor covered = engine.MultiplyByMap(image, cover);
            using Explanation there = explanation.Of(covered);
            double[] probabilities = there.TargetProbabilities();
            Parallel.For(0, sums.Length, i => sums[i] += probabilities[i / plane] * open[i]);
        }

        double scale = 1 / (masks * configured.Values.Number(Share));
        return explanation.Keep(engine.Upload(new Shape(batch, 1, height, width), [.. sums.Select(sum => (float)(sum * scale))]));
    }

    /// <summary>The mask of that number for each image: [N, H, W].</summary>
    private static float[] MasksOf(int mask, Explanation explanation, ConfiguredMethod configured)
    {
        (int height, int width) = explanation.InputSize;
        int batch = explanation.Targets.Count, grid = configured.Values.Integer(Grid), cells = grid * grid;
        int cellHeight = (height + grid - 1) / grid;
        int cellWidth = (width + grid - 1) / grid;
        int tall = (grid + 1) * cellHeight;
        int wide = (grid + 1) * cellWidth;
        float[] small = new float[batch * cells];
        long first = (long)mask * (cells + 2);
        for (int n = 0; n < batch; n++)
        {
            RandomStream stream = explanation.Space.Stream(n, configured);
            for (int cell = 0; cell < cells; cell++)
            {
                small[(n * cells) + cell] = stream.Uniform(first + cell) < configured.Values.Number(Share) ? 1 : 0;
            }
        }

        using Tensor grids = explanation.Engine.Upload(new Shape(batch, 1, grid, grid), small);
        using Tensor enlarged = explanation.Engine.ResizeBilinear(grids, tall, wide);
        float[] large = new float[enlarged.Shape.Count];
        explanation.Engine.Download(enlarged, large);
        float[] cut = new float[batch * height * width];
        for (int n = 0; n < batch; n++)
        {
            RandomStream stream = explanation.Space.Stream(n, configured);
            int top = (int)stream.Below(first + cells, cellHeight), left = (int)stream.Below(first + cells + 1, cellWidth);
            for (int y = 0; y < height; y++)
            {
                large.AsSpan((((n * tall) + top + y) * wide) + left, width).CopyTo(cut.AsSpan(((n * height) + y) * width));
            }
        }

        return cut;
    }
}
