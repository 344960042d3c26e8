using System.Numerics;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A histogram of oriented gradients: where and in which direction a map changes.</summary>
/// <remarks>
/// Dalal and Triggs 2005, with 9 unsigned orientations of 20 degrees, cells of 16x16 pixels, blocks of 3x3 cells that overlap
/// by two cells, and L2-Hys normalisation. Rows and columns beyond the last whole cell only serve as neighbours. Equals
/// scikit-image's <c>hog(orientations=9, pixels_per_cell=(16, 16), cells_per_block=(3, 3), block_norm="L2-Hys")</c>, down to
/// its sums of magnitudes in single precision. The array is the pool's, and goes back to it with <see cref="Dispose"/>.
/// </remarks>
public sealed class HogDescriptor : IDisposable
{
    /// <summary>Rows and columns of a block, in pixels: the smallest map that has a descriptor.</summary>
    public const int Block = Cell * CellsPerBlock;

    private const int Orientations = 9;
    private const int Cell = 16;
    private const int CellsPerBlock = 3;
    private const int BlockValues = CellsPerBlock * CellsPerBlock * Orientations;
    private const double Epsilon = 1e-5;
    private const double LargestShare = 0.2;
    private const double RadiansToDegrees = 180 / Math.PI;

    // A gradient closer to the horizontal than this may round to 180 degrees, and needs the angle itself.
    private const double NearlyHorizontal = 1e-13;

    // The bins' boundaries below 90 degrees as slopes; those above mirror them.
    private static readonly double Slope20 = Math.Tan(Math.PI / 9);
    private static readonly double Slope40 = Math.Tan(Math.PI * 2 / 9);
    private static readonly double Slope60 = Math.Tan(Math.PI * 3 / 9);
    private static readonly double Slope80 = Math.Tan(Math.PI * 4 / 9);

    private readonly int count;
    private readonly double mean;
    private double[] values;
    private CenteredRanks? ranks;

    /// <summary>Computes the descriptor.</summary>
    /// <param name="unit">The map scaled to [0, 1], [H, W].</param>
    /// <param name="height">H, at least <see cref="Block"/>.</param>
    /// <param name="width">W, at least <see cref="Block"/>.</param>
    /// <exception cref="ArgumentException">The map is smaller than a block.</exception>
    public HogDescriptor(ReadOnlySpan<double> unit, int height, int width)
    {
        if (height < Block || width < Block)
        {
            throw new ArgumentException($"A block is {Block}x{Block}; the map only [{height}, {width}].", nameof(unit));
        }

        (values, count) = NormalizeBlocks(CellHistograms(unit, height, width), height / Cell, width / Cell);
        IsConstant = !Values.ContainsAnyExcept(values[0]);
        double sum = 0;
        foreach (double value in Values)
        {
            sum += value;
        }

        mean = sum / count;
        SumOfSquares = Dot(this);
    }

    /// <summary>Block by block, cell by cell, the nine orientations from 0 degrees on.</summary>
    public ReadOnlySpan<double> Values => values.AsSpan(0, count);

    /// <summary>The ranks of <see cref="Values"/>, which are rounded to nine decimals first.</summary>
    public CenteredRanks Ranks => ranks ??= RanksOfRounded();

    /// <summary>Whether all entries are equal, as for a map without a gradient inside its whole cells.</summary>
    public bool IsConstant { get; }

    /// <summary>The sum of the squared entries, each less the mean of all.</summary>
    public double SumOfSquares { get; }

    /// <summary>Gives the array back; the descriptor must not be used any more.</summary>
    public void Dispose()
    {
        MapArrays.Values.Return(values);
        ranks?.Dispose();
        (values, ranks) = ([], null);
    }

    /// <summary>The sum of products with the descriptor of another map of the same size, each entry less the mean of its own.</summary>
    internal double Dot(HogDescriptor other)
    {
        ReadOnlySpan<double> a = Values, b = other.Values[..a.Length];
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - mean) * (b[i] - other.mean);
        }

        return sum;
    }

    private CenteredRanks RanksOfRounded()
    {
        // Blocks that show the same pattern have the same entries but for rounding, and would be ranked by the order of a sum.
        double[] rounded = Values.ToArray();
        foreach (ref double value in rounded.AsSpan())
        {
            value = Math.Round(value, 9);
        }

        return CenteredRanks.Of(rounded);
    }

    /// <summary>Sums of gradient magnitudes by orientation over each cell, divided by the cell's pixels.</summary>
    private static float[] CellHistograms(ReadOnlySpan<double> unit, int height, int width)
    {
        int cellRows = height / Cell;
        int cellColumns = width / Cell;
        var histograms = new float[cellRows * cellColumns * Orientations];
        double[] magnitudes = new double[width];
        long[] orientations = new long[width];
        for (int y = 0; y < cellRows * Cell; y++)
        {
            ReadOnlySpan<double> row = unit.Slice(y * width, width);
            bool edge = y == 0 || y == height - 1;
            ReadOnlySpan<double> above = edge ? row : unit.Slice((y - 1) * width, width);
            ReadOnlySpan<double> below = edge ? row : unit.Slice((y + 1) * width, width);
            Span<float> cells = histograms.AsSpan(y / Cell * cellColumns * Orientations, cellColumns * Orientations);
            Gradients(row, above, below, magnitudes, orientations);
            for (int x = 0; x < cellColumns * Cell; x++)
            {
                if (orientations[x] < Orientations)
                {
                    ref float sum = ref cells[(x / Cell * Orientations) + (int)orientations[x]];
                    sum = (float)(sum + magnitudes[x]);
                }
            }
        }

        return Array.ConvertAll(histograms, sum => sum / (Cell * Cell));
    }

    /// <summary>The gradients' lengths along a row and their <see cref="Orientation"/>; at its ends only the vertical difference
    /// counts.</summary>
    private static void Gradients(
        ReadOnlySpan<double> row, ReadOnlySpan<double> above, ReadOnlySpan<double> below, Span<double> magnitudes, Span<long> orientations)
    {
        int x = 1;
        for (; x + Vector<double>.Count < row.Length; x += Vector<double>.Count)
        {
            Vector<double> dx = new Vector<double>(row[(x + 1)..]) - new Vector<double>(row[(x - 1)..]);
            Vector<double> dy = new Vector<double>(below[x..]) - new Vector<double>(above[x..]);
            Vector.SquareRoot((dx * dx) + (dy * dy)).CopyTo(magnitudes[x..]);

            // As Orientation has it; a comparison gives -1 where it holds.
            Vector<double> across = Vector.Abs(dx), down = Vector.Abs(dy);
            Vector<long> flatter = Vector.GreaterThanOrEqual(down, across * Slope20) + Vector.GreaterThanOrEqual(down, across * Slope40)
                + Vector.GreaterThanOrEqual(down, across * Slope60) + Vector.GreaterThanOrEqual(down, across * Slope80);
            Vector<long> falls = Vector.GreaterThan(dx, Vector<double>.Zero) ^ Vector.GreaterThan(dy, Vector<double>.Zero);
            Vector<long> level = Vector.Equals(dy, Vector<double>.Zero);
            Vector.AndNot(Vector.ConditionalSelect(falls, new Vector<long>(Orientations - 1) + flatter, -flatter), level)
                .CopyTo(orientations[x..]);
            if (Vector.AndNot(Vector.LessThanOrEqual(down, across * NearlyHorizontal), level) != Vector<long>.Zero)
            {
                for (int lane = 0; lane < Vector<double>.Count; lane++)
                {
                    orientations[x + lane] = Orientation(dx[lane], dy[lane]);
                }
            }
        }

        for (; x < row.Length - 1; x++)
        {
            double dx = row[x + 1] - row[x - 1], dy = below[x] - above[x];
            magnitudes[x] = Math.Sqrt((dx * dx) + (dy * dy));
            orientations[x] = Orientation(dx, dy);
        }

        foreach (int end in (ReadOnlySpan<int>)[0, row.Length - 1])
        {
            double dy = below[end] - above[end];
            magnitudes[end] = Math.Abs(dy);
            orientations[end] = Orientation(0, dy);
        }
    }

    /// <summary>The 20-degree bin of a gradient's angle modulo 180; 9 where the angle rounds to 180 itself, which no bin takes.</summary>
    private static int Orientation(double dx, double dy)
    {
        if (dy == 0)
        {
            return 0;
        }

        double across = Math.Abs(dx);
        double down = Math.Abs(dy);
        if (down <= NearlyHorizontal * across)
        {
            double degrees = Math.Atan2(dy, dx) * RadiansToDegrees % 180;
            return (int)((degrees < 0 ? degrees + 180 : degrees) / 20);
        }

        int steeper = (down >= across * Slope20 ? 1 : 0) + (down >= across * Slope40 ? 1 : 0)
            + (down >= across * Slope60 ? 1 : 0) + (down >= across * Slope80 ? 1 : 0);
        return (dx > 0) == (dy > 0) ? steeper : Orientations - 1 - steeper;
    }

    private static (double[] Blocks, int Count) NormalizeBlocks(float[] histograms, int cellRows, int cellColumns)
    {
        int blockRows = cellRows - CellsPerBlock + 1;
        int blockColumns = cellColumns - CellsPerBlock + 1;
        int count = blockRows * blockColumns * BlockValues;
        double[] blocks = MapArrays.Values.Rent(count);
        for (int y = 0; y < blockRows; y++)
        {
            for (int x = 0; x < blockColumns; x++)
            {
                Span<double> block = blocks.AsSpan(((y * blockColumns) + x) * BlockValues, BlockValues);
                for (int i = 0; i < BlockValues; i++)
                {
                    int row = y + (i / (CellsPerBlock * Orientations));
                    block[i] = histograms[(((row * cellColumns) + x) * Orientations) + (i % (CellsPerBlock * Orientations))];
                }

                Normalize(block);
                foreach (ref double value in block)
                {
                    value = Math.Min(value, LargestShare);
                }

                Normalize(block);
            }
        }

        return (blocks, count);
    }

    private static void Normalize(Span<double> block)
    {
        double squares = 0;
        foreach (double value in block)
        {
            squares += value * value;
        }

        double norm = Math.Sqrt(squares + (Epsilon * Epsilon));
        foreach (ref double value in block)
        {
            value /= norm;
        }
    }
}
