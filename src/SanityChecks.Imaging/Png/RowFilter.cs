using System.Runtime.CompilerServices;

namespace SanityChecks.Imaging.Png;

/// <summary>The five predictions of a byte from its neighbours left (a), above (b) and above left (c); PNG specification, section 9.</summary>
internal static class RowFilter
{
    /// <summary>Number of filters; a row's first byte is below it.</summary>
    public const int Count = 5;

    /// <summary>Turns a filtered row into samples, in place.</summary>
    /// <param name="filter">0 none, 1 left, 2 above, 3 their mean, 4 Paeth.</param>
    /// <param name="row">The filtered bytes; on return the samples.</param>
    /// <param name="above">Samples of the row above, as long; zeros for the first row.</param>
    /// <param name="stride">Distance to the left neighbour in bytes.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int stride)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case 1:
                for (int i = stride; i < row.Length; i++)
                {
                    row[i] += row[i - stride];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < stride ? 0 : row[i - stride]) + above[i]) / 2);
                }

                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += i < stride ? above[i] : Paeth(row[i - stride], above[i], above[i - stride]);
                }

                break;
        }
    }

    /// <summary>Filters a row in all ways and tells which differences compress best.</summary>
    /// <param name="row">The samples.</param>
    /// <param name="above">Samples of the row above, as long; zeros for the first row.</param>
    /// <param name="stride">Distance to the left neighbour in bytes.</param>
    /// <param name="filtered">
    /// Receives, for each filter in turn, its number and the differences modulo 256: <c>Count * (1 + row.Length)</c> bytes.
    /// </param>
    /// <returns>The first filter with the smallest sum of absolute differences, taken as signed bytes: the usual estimate.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int stride, Span<byte> filtered)
    {
        int pitch = 1 + row.Length;
        for (int filter = 0; filter < Count; filter++)
        {
            filtered[filter * pitch] = (byte)filter;
        }

        Span<byte> none = filtered.Slice(1, row.Length);
        Span<byte> left = filtered.Slice(pitch + 1, row.Length);
        Span<byte> up = filtered.Slice((2 * pitch) + 1, row.Length);
        Span<byte> mean = filtered.Slice((3 * pitch) + 1, row.Length);
        Span<byte> paeth = filtered.Slice((4 * pitch) + 1, row.Length);
        Span<long> sums = [0, 0, 0, 0, 0];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < stride ? 0 : row[i - stride];
            int b = above[i];
            int c = i < stride ? 0 : above[i - stride];
            none[i] = row[i];
            left[i] = (byte)(row[i] - a);
            up[i] = (byte)(row[i] - b);
            mean[i] = (byte)(row[i] - ((a + b) / 2));
            paeth[i] = (byte)(row[i] - Paeth(a, b, c));
            sums[0] += Math.Abs((int)(sbyte)none[i]);
            sums[1] += Math.Abs((int)(sbyte)left[i]);
            sums[2] += Math.Abs((int)(sbyte)up[i]);
            sums[3] += Math.Abs((int)(sbyte)mean[i]);
            sums[4] += Math.Abs((int)(sbyte)paeth[i]);
        }

        int best = 0;
        for (int filter = 1; filter < Count; filter++)
        {
            best = sums[filter] < sums[best] ? filter : best;
        }

        return best;
    }

    private static byte Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c);
        int toB = Math.Abs(a - c);
        int toC = Math.Abs(a + b - c - c);
        return (byte)(toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
}
