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

    /// <summary>Writes the differences between a row's samples and their predictions, modulo 256.</summary>
    /// <param name="filter">As for <see cref="Undo"/>.</param>
    /// <param name="row">The samples.</param>
    /// <param name="above">Samples of the row above, as long; zeros for the first row.</param>
    /// <param name="stride">Distance to the left neighbour in bytes.</param>
    /// <param name="filtered">Receives the differences; as long as the row.</param>
    /// <returns>Sum of the differences' absolute values, taken as signed bytes: the usual estimate of how well they compress.</returns>
    public static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int stride, Span<byte> filtered)
    {
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i < stride ? (byte)0 : row[i - stride];
            byte corner = i < stride ? (byte)0 : above[i - stride];
            byte predicted = filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], corner),
                _ => 0,
            };
            filtered[i] = (byte)(row[i] - predicted);
            sum += Math.Abs((int)(sbyte)filtered[i]);
        }

        return sum;
    }

    private static byte Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c);
        int toB = Math.Abs(a - c);
        int toC = Math.Abs(a + b - c - c);
        return (byte)(toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
}
