using System.Numerics;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Planes under a Gaussian that is cut after 4 deviations, with 0 beyond the border (SciPy's <c>gaussian_filter</c> in the mode
/// <c>constant</c>), in double precision.</summary>
/// <remarks>
/// Each axis is a band matrix. Of a wide Gaussian its products are most of what Blur IG costs, so that as many columns as the processor has
/// lanes for are summed side by side; every element is a sum from the first row to the last, whatever the lanes.
/// </remarks>
internal static class GaussianBlur
{
    private const double SigmasOfWindow = 4;

    /// <summary>Blurs planes.</summary>
    /// <param name="planes">[planes, H, W].</param>
    /// <param name="size">H and W.</param>
    /// <param name="sigma">The standard deviation in pixels, at least 0; below an eighth nothing changes.</param>
    /// <returns>The same shape.</returns>
    public static double[] Of(float[] planes, (int Height, int Width) size, double sigma)
    {
        double[] window = Window(sigma), blurred = new double[planes.Length];
        int count = size.Height * size.Width;
        Parallel.For(0, planes.Length / count, plane =>
        {
            double[] values = Array.ConvertAll(planes[(plane * count)..((plane + 1) * count)], value => (double)value);
            double[] columns = Transposed(Smooth(values, size.Width, window), size.Width);
            Transposed(Smooth(columns, size.Height, window), size.Height).CopyTo(blurred, plane * count);
        });
        return blurred;
    }

    /// <summary>The weights from the middle on, of which both sides add up to 1.</summary>
    private static double[] Window(double sigma)
    {
        int radius = (int)((SigmasOfWindow * sigma) + 0.5);
        double[] window = [1, .. Enumerable.Range(1, radius).Select(x => Math.Exp(-0.5 * x * x / (sigma * sigma)))];
        double total = 1 + (2 * window.Skip(1).Sum());
        return Array.ConvertAll(window, weight => weight / total);
    }

    /// <summary>Weighted sums of the rows around each row.</summary>
    private static double[] Smooth(double[] values, int width, double[] window)
    {
        double[] sums = new double[values.Length];
        int height = values.Length / width, lanes = Vector<double>.Count;
        for (int y = 0; y < height; y++)
        {
            int first = Math.Max(y - window.Length + 1, 0), end = Math.Min(y + window.Length, height), x = 0;
            for (; x + (4 * lanes) <= width; x += 4 * lanes)
            {
                Vector<double> a = default, b = default, c = default, d = default;
                for (int row = first; row < end; row++)
                {
                    Vector<double> weight = new(window[Math.Abs(row - y)]);
                    ReadOnlySpan<double> four = values.AsSpan((row * width) + x, 4 * lanes);
                    a += weight * new Vector<double>(four);
                    b += weight * new Vector<double>(four[lanes..]);
                    c += weight * new Vector<double>(four[(2 * lanes)..]);
                    d += weight * new Vector<double>(four[(3 * lanes)..]);
                }

                int at = (y * width) + x;
                a.CopyTo(sums, at);
                b.CopyTo(sums, at + lanes);
                c.CopyTo(sums, at + (2 * lanes));
                d.CopyTo(sums, at + (3 * lanes));
            }

            for (; x < width; x++)
            {
                for (int row = first; row < end; row++)
                {
                    sums[(y * width) + x] += window[Math.Abs(row - y)] * values[(row * width) + x];
                }
            }
        }

        return sums;
    }

    private static double[] Transposed(double[] values, int width)
    {
        double[] transposed = new double[values.Length];
        int height = values.Length / width;
        for (int i = 0; i < values.Length; i++)
        {
            transposed[(i % width * height) + (i / width)] = values[i];
        }

        return transposed;
    }
}
