namespace SanityChecks.Saliency.Similarity;

/// <summary>The average ranks of a map's values, doubled and centered, so that they are integers with sum 0.</summary>
/// <remarks>
/// The value of average rank r (1 for the smallest, ties share their mean rank) out of n is kept as 2r - (n + 1). A Spearman
/// correlation of two maps is then a quotient of integer sums, without rounding up to about 300 000 pixels.
/// The arrays are the pool's, and go back to it with <see cref="Dispose"/>.
/// </remarks>
public sealed class CenteredRanks : IDisposable
{
    // Three digits of 11 bits cover the 32 bits of a float; 2048 counters of each fit the first-level cache.
    private const int DigitBits = 11;
    private const int Buckets = 1 << DigitBits;
    private const int Digits = 3;

    // Below this many products of two ranks of at most 2^26 pixels a sum of Int64 cannot overflow.
    private const int ExactRun = 1024;

    private const uint NotNegative = 0x8000_0000;

    private readonly int count;
    private int[] ranks;
    private ulong[]? order;

    /// <param name="sorted">Keys and indices, as <see cref="Sort"/> gives them.</param>
    /// <param name="order">The rented array that holds them, if the magnitudes may be asked for.</param>
    private CenteredRanks(ReadOnlySpan<ulong> sorted, ulong[]? order)
    {
        count = sorted.Length;
        ranks = MapArrays.Ranks.Rent(count);
        AverageTies(sorted, ranks);
        this.order = order;
        SumOfSquares = Dot(this);
    }

    /// <summary>One rank a pixel, in the map's order: 2r - (n + 1).</summary>
    public ReadOnlySpan<int> Values => ranks.AsSpan(0, count);

    /// <summary>The sum of the squared ranks; 0 exactly when all values of the map are equal.</summary>
    public double SumOfSquares { get; }

    /// <summary>The ranks of finite values; -0 ties with +0.</summary>
    /// <param name="values">Finite values, at most 2^26 of them.</param>
    /// <returns>As many ranks, in the order of the values.</returns>
    /// <exception cref="ArgumentException">There are more values.</exception>
    public static CenteredRanks Of(ReadOnlySpan<float> values)
    {
        RequireRankable(values.Length);
        ulong[] sorted = Sort(values);
        return new CenteredRanks(sorted.AsSpan(0, values.Length), sorted);
    }

    /// <summary>The ranks of finite values in double precision, which are never rounded to single; -0 ties with +0.</summary>
    /// <param name="values">Finite values, at most 2^26 of them.</param>
    /// <returns>As many ranks, in the order of the values; <see cref="OfMagnitudes"/> is not to be asked of them.</returns>
    /// <exception cref="ArgumentException">There are more values.</exception>
    public static CenteredRanks Of(ReadOnlySpan<double> values)
    {
        RequireRankable(values.Length);
        double[] sorted = values.ToArray();
        int[] places = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, places);

        // Equal values get one key, so that what follows is that of single precision. A comparison takes -0 for +0, and a sort may put
        // either first.
        var keys = new ulong[sorted.Length];
        uint key = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            key += i > 0 && sorted[i] > sorted[i - 1] ? 1u : 0;
            keys[i] = ((ulong)key << 32) | (uint)places[i];
        }

        return new CenteredRanks(keys, null);
    }

    /// <summary>The ranks of the values' magnitudes; to be asked for once, since the order that they are made from is then given
    /// up.</summary>
    /// <exception cref="InvalidOperationException">They were asked for before, or these are such ranks themselves.</exception>
    public CenteredRanks OfMagnitudes()
    {
        ulong[] signed = order ?? throw new InvalidOperationException("The magnitudes of these values were ranked before.");
        order = null;
        ulong[] merged = MapArrays.Keys.Rent(count);
        MergeMagnitudes(signed.AsSpan(0, count), merged.AsSpan(0, count));
        MapArrays.Keys.Return(signed);
        var magnitudes = new CenteredRanks(merged.AsSpan(0, count), null);
        MapArrays.Keys.Return(merged);
        return magnitudes;
    }

    /// <summary>Gives the arrays back; the ranks must not be used any more.</summary>
    public void Dispose()
    {
        MapArrays.Ranks.Return(ranks);
        ranks = [];
        if (order is not null)
        {
            MapArrays.Keys.Return(order);
            order = null;
        }
    }

    /// <summary>The sum of products with the ranks of another map of the same size.</summary>
    internal double Dot(CenteredRanks other)
    {
        ReadOnlySpan<int> a = Values, b = other.Values[..a.Length];
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

    private static void RequireRankable(int count)
    {
        if (count > 1 << 26)
        {
            throw new ArgumentException($"At most {1 << 26} values can be ranked exactly; given: {count}.");
        }
    }

    /// <summary>Bits that order as unsigned integers the way the floats order as numbers.</summary>
    private static uint SortKey(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return bits <= NotNegative ? bits | NotNegative : ~bits; // -0 has the bits of NotNegative
    }

    /// <summary>Keys in the upper and indices in the lower 32 bits, in ascending order, in an array of the pool's.</summary>
    private static ulong[] Sort(ReadOnlySpan<float> values)
    {
        ulong[] source = MapArrays.Keys.Rent(values.Length), target = MapArrays.Keys.Rent(values.Length);
        bool inSource = SortInto(values, source.AsSpan(0, values.Length), target.AsSpan(0, values.Length));
        MapArrays.Keys.Return(inSource ? target : source);
        return inSource ? source : target;
    }

    /// <summary>A radix sort; gives whether the result is in <paramref name="source"/>.</summary>
    private static bool SortInto(ReadOnlySpan<float> values, Span<ulong> source, Span<ulong> target)
    {
        Span<int> counts = stackalloc int[Digits * Buckets];
        counts.Clear();
        Span<int> low = counts[..Buckets];
        Span<int> middle = counts.Slice(Buckets, Buckets);
        Span<int> high = counts.Slice(2 * Buckets, Buckets);
        for (int i = 0; i < values.Length; i++)
        {
            uint key = SortKey(values[i]);
            source[i] = ((ulong)key << 32) | (uint)i;
            low[(int)key & (Buckets - 1)]++;
            middle[(int)(key >> DigitBits) & (Buckets - 1)]++;
            high[(int)(key >> (2 * DigitBits))]++;
        }

        bool inSource = true;
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
            inSource = !inSource;
        }

        return inSource;
    }

    /// <summary>From the order of the values that of their magnitudes: the negative ones backwards, merged with the others.</summary>
    private static void MergeMagnitudes(ReadOnlySpan<ulong> signed, Span<ulong> merged)
    {
        // Without its sign, a negative value's key is its complement.
        const ulong Sign = (ulong)NotNegative << 32, Key = 0xFFFF_FFFF_0000_0000;
        int negative = 0;
        while (negative < signed.Length && signed[negative] < Sign)
        {
            negative++;
        }

        int below = negative - 1, above = negative, to = 0;
        while (below >= 0 && above < signed.Length)
        {
            // A branch here would be guessed wrong every other time; steps of 0 or 1 need none.
            ulong left = signed[below] ^ Key, right = signed[above];
            bool takeLeft = left < right;
            merged[to++] = takeLeft ? left : right;
            int step = takeLeft ? 1 : 0;
            below -= step;
            above += 1 - step;
        }

        for (; below >= 0; below--)
        {
            merged[to++] = signed[below] ^ Key;
        }

        signed[above..].CopyTo(merged[to..]);
    }

    private static void AverageTies(ReadOnlySpan<ulong> sorted, int[] ranks)
    {
        int n = sorted.Length;
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
    }
}
