namespace SanityChecks.Saliency.Similarity;

/// <summary>Weights that sum to 1 and lie over every place of a map where all of them are inside it.</summary>
/// <remarks>SSIM leaves out a border of the window's radius, so what lies beyond the map never counts, and how to extend it there is no
/// question.</remarks>
/// <param name="Size">How many pixels it is wide, and in two dimensions high; odd.</param>
/// <param name="Dimensions">2 for rows and columns, 1 for a row alone: the map as one vector, row after row.</param>
public abstract record MovingWindow(int Size, int Dimensions)
{
    /// <summary>How many pixels lie under it.</summary>
    public int Count => Dimensions == 2 ? Size * Size : Size;

    private int Rows => Dimensions == 2 ? Size : 1;

    /// <summary>How a map lies under the window: as it is, or as one row.</summary>
    public (int Height, int Width) Lay(int height, int width) => Dimensions == 2 ? (height, width) : (1, height * width);

    /// <summary>How many places the window has in a map that is laid under it.</summary>
    public int Places(int height, int width) => (height - Rows + 1) * (width - Size + 1);

    /// <summary>Weighted means at every place, [H - size + 1, W - size + 1], in an array of the pool's that may be longer.</summary>
    /// <param name="source">The map, [H, W].</param>
    /// <param name="height">H; 1 in one dimension.</param>
    /// <param name="width">W.</param>
    /// <exception cref="ArgumentException">The map is smaller than the window.</exception>
    public double[] Filter(ReadOnlySpan<double> source, int height, int width)
    {
        if (height < Rows || width < Size)
        {
            throw new ArgumentException($"The window is {Rows}x{Size}; the map only [{height}, {width}].", nameof(source));
        }

        int rows = height - Rows + 1, columns = width - Size + 1;
        double[] filtered = MapArrays.Values.Rent(rows * columns), row = Scratch(width);
        for (int top = 0; top < rows; top++)
        {
            FilterRow(source, width, top, row, filtered.AsSpan(top * columns, columns));
        }

        return filtered;
    }

    /// <summary>What <see cref="FilterRow"/> works in: a row of the map, or nothing in one dimension.</summary>
    /// <param name="width">W.</param>
    internal double[] Scratch(int width) => Rows > 1 ? new double[width] : [];

    /// <summary>Weighted means at the places of one row.</summary>
    /// <param name="source">The map, [H, W]; not smaller than the window.</param>
    /// <param name="width">W.</param>
    /// <param name="top">The first row of the map that lies under the window.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    /// <param name="filtered">Gets the means, W - size + 1.</param>
    internal void FilterRow(ReadOnlySpan<double> source, int width, int top, Span<double> scratch, Span<double> filtered)
    {
        if (Rows == 1)
        {
            FoldColumns(source.Slice(top * width, width), filtered);
            return;
        }

        // Columns first, into one row that stays in the first-level cache, then along that row.
        FoldRows(source.Slice(top * width, Rows * width), scratch);
        FoldColumns(scratch, filtered);
    }

    /// <summary>The weighted mean of each column.</summary>
    /// <param name="rows"><see cref="Size"/> rows, one after another.</param>
    /// <param name="row">Gets one row of means.</param>
    protected abstract void FoldRows(ReadOnlySpan<double> rows, Span<double> row);

    /// <summary>The weighted mean at each place of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="filtered">Gets the means; shorter than the row by the size less 1.</param>
    protected abstract void FoldColumns(ReadOnlySpan<double> row, Span<double> filtered);
}
