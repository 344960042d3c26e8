using MathNet.Numerics.LinearAlgebra;
using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>KernelSHAP: Shapley values of the cells of a grid, by least squares over images of which some cells are covered (Lundberg and
/// Lee 2017, theorem 2).</summary>
/// <remarks>
/// <para>
/// A coalition is a set of cells that are seen, while the others show the baseline; its value is the target's logit. The Shapley values of
/// M cells are the weights of the additive model that fits the coalitions' values best, each counted (M - 1) / (C(M, k) k (M - k)) with k
/// the cells that are seen, and that is exact for none and all of them: a map's cells add up to y(x) - y(baseline).
/// </para>
/// <para>
/// Where there are no more coalitions than samples, each is asked once and the values are exact. Otherwise sizes are drawn with odds of
/// 1 / (k (M - k)), the cells of a size uniformly, and all count alike; every second coalition is the complement of the one before (Covert
/// and Lee 2021), which takes noise away. They are each image's own, the same at every randomization step. Where the samples are too few
/// for one solution, the one nearest to equal shares is taken, which has the least norm.
/// </para>
/// <para>
/// Pixel (y, x) belongs to the cell in row floor(y grid / H), column floor(x grid / W), and shows its cell's value, as with captum's
/// <c>feature_mask</c>. Signed, unscaled, [H, W]; sums and solution in double precision.
/// </para>
/// </remarks>
public sealed class KernelShap : AttributionMethod
{
    private const string Grid = "grid", Samples = "samples";

    private KernelShap()
        : base("kernel_shap", "KernelSHAP", "Lundberg and Lee 2017", MethodFamily.Perturbation,
            "Shapley values of the cells of a grid, fitted to the logits of images with some cells covered; needs no gradient")
    {
    }

    /// <summary>The method.</summary>
    public static KernelShap Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(Grid, 7, 1, 32, "cells in a row and in a column"),
        new IntegerParameter(Samples, 1000, 1, 1_000_000, "images with some cells covered, one pass each"), Baseline.Parameter,
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        (int height, int width) = explanation.InputSize;
        int batch = image.Shape[0], size = (int)image.Shape.Count / batch, grid = configured.Values.Integer(Grid), cells = grid * grid;
        float[] pixels = new float[image.Shape.Count], cover = new float[pixels.Length];
        engine.Download(image, pixels);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        engine.Download(baseline, cover);
        float[] all = explanation.TargetLogits(), none = LogitsOf(baseline);
        Fit[] fits = [.. Enumerable.Range(0, batch).Select(n => new Fit(cells, none[n], all[n]))];
        int samples = configured.Values.Integer(Samples);
        bool isExact = cells < 31 && (1L << cells) - 2 <= samples;
        for (int sample = 0; sample < (isExact ? (1 << cells) - 2 : samples); sample++)
        {
            bool[][] seen =
                [.. Enumerable.Range(0, batch).Select(
                    n => isExact ? Coalition(sample + 1, cells) : Coalition(sample, cells, explanation.Space.Stream(n, configured)))];
            float[] covered = new float[pixels.Length];
            Parallel.For(0, covered.Length, i => covered[i] = seen[i / size][CellOf(i)] ? pixels[i] : cover[i]);
            using Tensor inputs = engine.Upload(image.Shape, covered);
            float[] logits = LogitsOf(inputs);
            Parallel.For(0, batch, n => fits[n].Add(seen[n], logits[n], isExact ? ShapleyWeight(seen[n]) : 1));
        }

        double[][] values = [.. fits.Select(fit => fit.Solve())];
        float[] map = [.. Enumerable.Range(0, batch * height * width).Select(i => (float)values[i / (height * width)][CellOf(i)])];
        return explanation.Keep(engine.Upload(new Shape(batch, 1, height, width), map));

        int CellOf(int element) => (element / width % height * grid / height * grid) + (element % width * grid / width);

        float[] LogitsOf(Tensor inputs)
        {
            using Explanation there = explanation.Of(inputs);
            return there.TargetLogits();
        }
    }

    /// <summary>The coalition of a number: the cells whose bits are set.</summary>
    private static bool[] Coalition(int bits, int cells) =>
        [.. Enumerable.Range(0, cells).Select(cell => ((bits >> cell) & 1) != 0)];

    /// <summary>A random coalition, or for an odd number the complement of the one before.</summary>
    private static bool[] Coalition(int sample, int cells, RandomStream stream)
    {
        long first = (long)(sample / 2) * cells;
        double odds = stream.Uniform(first) * Enumerable.Range(1, cells - 1).Sum(Odds), passed = Odds(1);
        int size = 1;
        while (passed < odds && size < cells - 1)
        {
            passed += Odds(++size);
        }

        int[] order = [.. Enumerable.Range(0, cells)];
        bool[] seen = new bool[cells];
        Array.Fill(seen, sample % 2 != 0);
        for (int i = 0; i < size; i++)
        {
            int other = i + (int)stream.Below(first + 1 + i, cells - i);
            (order[i], order[other]) = (order[other], order[i]);
            seen[order[i]] = sample % 2 == 0;
        }

        return seen;

        double Odds(int k) => 1.0 / (k * (cells - k));
    }

    /// <summary>The Shapley kernel, (M - 1) / (C(M, k) k (M - k)).</summary>
    private static double ShapleyWeight(bool[] seen)
    {
        int cells = seen.Length, size = seen.Count(one => one);
        double sets = 1;
        for (int i = 1; i <= size; i++)
        {
            sets = sets * (cells - size + i) / i;
        }

        return (cells - 1) / (sets * size * (cells - size));
    }

    /// <summary>The weighted least squares of one image.</summary>
    /// <remarks>
    /// With D = y(x) - y(baseline) the values are D / M and a part u that adds up to 0. The coalition z of k cells then says (z - k / M) u
    /// = y - y(baseline) - D k / M, and of all u that fit best the shortest adds up to 0 by itself.
    /// </remarks>
    private sealed class Fit(int cells, double none, double all)
    {
        // Of the largest eigenvalue; those of directions of which the coalitions say nothing are some 1e-16 of it.
        private const double Negligible = 1e-10;

        private readonly Matrix<double> normal = Matrix<double>.Build.Dense(cells, cells);
        private readonly double[] right = new double[cells];

        public void Add(bool[] seen, double value, double weight)
        {
            double share = seen.Count(one => one) / (double)cells, rest = value - none - ((all - none) * share);
            double[] row = Array.ConvertAll(seen, one => (one ? 1 : 0) - share);
            for (int i = 0; i < cells; i++)
            {
                right[i] += weight * row[i] * rest;
                for (int j = 0; j < cells; j++)
                {
                    normal[i, j] += weight * row[i] * row[j];
                }
            }
        }

        public double[] Solve()
        {
            var eigen = normal.Evd(Symmetricity.Symmetric);
            double least = Negligible * eigen.EigenValues[cells - 1].Real;
            double[] values = new double[cells];
            Array.Fill(values, (all - none) / cells);
            for (int k = 0; k < cells; k++)
            {
                if (eigen.EigenValues[k].Real > least)
                {
                    double[] direction = eigen.EigenVectors.Column(k).ToArray();
                    double length = direction.Zip(right, (a, b) => a * b).Sum() / eigen.EigenValues[k].Real;
                    for (int i = 0; i < cells; i++)
                    {
                        values[i] += length * direction[i];
                    }
                }
            }

            return values;
        }
    }
}
