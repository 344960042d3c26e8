namespace SanityChecks.Saliency.Similarity;

/// <summary>Equal weights.</summary>
/// <param name="Size">How many pixels it is wide, and in two dimensions high; odd.</param>
/// <param name="Dimensions">2 for rows and columns, 1 for a row alone.</param>
public sealed record UniformWindow(int Size, int Dimensions) : MovingWindow(Size, Dimensions)
{
    /// <inheritdoc/>
    protected override void FoldRows(ReadOnlySpan<double> rows, Span<double> row) => Mean(rows, row.Length, row);

    /// <inheritdoc/>
    protected override void FoldColumns(ReadOnlySpan<double> row, Span<double> filtered) => Mean(row, 1, filtered);

    /// <summary>Means of values that lie <paramref name="step"/> apart, added in their order.</summary>
    private void Mean(ReadOnlySpan<double> values, int step, Span<double> means)
    {
        values[..means.Length].CopyTo(means);
        for (int tap = 1; tap < Size; tap++)
        {
            ReadOnlySpan<double> shifted = values.Slice(tap * step, means.Length);
            for (int i = 0; i < means.Length; i++)
            {
                means[i] += shifted[i];
            }
        }

        foreach (ref double mean in means)
        {
            mean /= Size;
        }
    }
}
