using System.Buffers;

namespace SanityChecks.Saliency.Similarity;

/// <summary>The average ranks of a map's values, doubled and centred, so that they are integers with sum 0.</summary>
/// <remarks>
/// The value of average rank r (1 for the smallest, ties share their mean rank) out of n is kept as 2r - (n + 1). A Spearman
/// correlation of two maps is then a quotient of integer sums, without rounding up to about 300 000 pixels.
/// </remarks>
public sealed class CenteredRanks
{
    // Three digits of 11 bits cover the 32 bits of a float; 2048 counters of each fit the first-level cache.
    private const int DigitBits = 11;
    private const int Buckets = 1 << DigitBits;
    private const int Digits = 3;

    // Below this many products of two ranks of at most 2^26 pixels a sum of Int64 cannot overflow.
    private const int ExactRun = 1024;

    private readonly int[] ranks;

    private CenteredRanks(int[] ranks)
    {
        this.ranks = ranks;
        SumOfSquares = Dot(this);
    }

    /// <summary>One rank a pixel, in the map's order: 2r - (n + 1).</summary>
    public ReadOnlySpan<int> Values => ranks;

    /// <summary>The sum of the squared ranks; 0 exactly when all values of the map are equal.</summary>
    public double SumOfSquares { get; }

    /// <summary>The ranks of finite values; -0 ties with +0.</summary>
    /// <param name="values">Finite values, at most 2^26 of them.</param>
    /// <param name="absolute">Rank the magnitudes instead.</param>
    /// <returns>As many ranks, in the order of the values.</returns>
    /// <exception cref="ArgumentException">There are more values.</exception>
    public static CenteredRanks Of(ReadOnlySpan<float> values, bool absolute)
    {
        if (values.Length > 1 << 26)
        {
            throw new ArgumentException($"At most {1 << 26} values can be ranked exactly; given: {values.Length}.", nameof(values));
        }

        ulong[] keys = ArrayPool<ulong>.Shared.Rent(values.Length);
        ulong[] spare = ArrayPool<ulong>.Shared.Rent(values.Length);
        try
        {
            ReadOnlySpan<ulong> sorted = Sort(values, absolute, keys.AsSpan(0, values.Length), spare.AsSpan(0, values.Length));
            return new CenteredRanks(AverageTies(sorted));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(keys);
            ArrayPool<ulong>.Shared.Return(spare);
        }
    }

    /// <summary>The sum of products with the ranks of another map of the same size.</summary>
    internal double Dot(CenteredRanks other)
    {
        ReadOnlySpan<int> a = ranks;
        ReadOnlySpan<int> b = other.ranks.AsSpan(0, a.Length);
        double sum = 0;
        while (!a.IsEmpty)
        {
            int run = Math.Min(a.Length, ExactRun);
            long partial = 0;
            for (int i = 0; i < run; i++)
            {
                partial += (long)a[i] * b[i];
            }

            sum += partial;
            a = a[run..];
            b = b[run..];
        }

        return sum;
    }

    /// <summary>Bits that order as unsigned integers the way the floats order as numbers.</summary>
    private static uint SortKey(float value, bool absolute)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (absolute || bits == 0x8000_0000)
        {
            bits &= 0x7FFF_FFFF;
        }

        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>Keys in the upper and indices in the lower 32 bits, in ascending order; in whichever buffer holds the result.</summary>
    private static ReadOnlySpan<ulong> Sort(ReadOnlySpan<float> values, bool absolute, Span<ulong> source, Span<ulong> target)
    {
        Span<int> counts = stackalloc int[Digits * Buckets];
        counts.Clear();
        Span<int> low = counts[..Buckets];
        Span<int> middle = counts.Slice(Buckets, Buckets);
        Span<int> high = counts.Slice(2 * Buckets, Buckets);
        for (int i = 0; i < values.Length; i++)
        {
            uint key = SortKey(values[i], absolute);
            source[i] = ((ulong)key << 32) | (uint)i;
            low[(int)key & (Buckets - 1)]++;
            middle[(int)(key >> DigitBits) & (Buckets - 1)]++;
            high[(int)(key >> (2 * DigitBits))]++;
        }

        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> next = counts.Slice(digit * Buckets, Buckets);
            if (next.Contains(values.Length))
            {
                continue; // one bucket holds all: the pass would copy
            }

            int start = 0;
            foreach (ref int bucket in next)
            {
                (bucket, start) = (start, start + bucket);
            }

            int shift = 32 + (digit * DigitBits);
            foreach (ulong key in source)
            {
                target[next[(int)(key >> shift) & (Buckets - 1)]++] = key;
            }

            Span<ulong> swap = source;
            source = target;
            target = swap;
        }

        return source;
    }

    private static int[] AverageTies(ReadOnlySpan<ulong> sorted)
    {
        int n = sorted.Length;
        var ranks = new int[n];
        for (int first = 0; first < n;)
        {
            uint value = (uint)(sorted[first] >> 32);
            int last = first + 1;
            while (last < n && (uint)(sorted[last] >> 32) == value)
            {
                last++;
            }

            // Positions first .. last-1 hold the ranks first+1 .. last: twice their mean is first + last + 1.
            int rank = first + last - n;
            for (int i = first; i < last; i++)
            {
                ranks[(uint)sorted[i]] = rank;
            }

            first = last;
        }

        return ranks;
    }
}
