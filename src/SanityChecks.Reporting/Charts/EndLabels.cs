namespace SanityChecks.Reporting.Charts;

/// <summary>Places labels beside the ends of lines so that none covers another.</summary>
internal static class EndLabels
{
    /// <summary>Positions as near as possible to the wanted ones, in the same order and at least a gap apart.</summary>
    /// <param name="wanted">Wanted positions; equal ones keep their order.</param>
    /// <param name="gap">The smallest distance of two labels.</param>
    /// <param name="low">The smallest position, unless there are too many labels for the range.</param>
    /// <param name="high">The largest position.</param>
    /// <returns>One position a label, in the order given.</returns>
    /// <remarks>Pools neighbours that collide and centers each pool on its members' wishes: the least sum of squared shifts.</remarks>
    public static double[] Place(IReadOnlyList<double> wanted, double gap, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        var pools = new List<(double Start, int Count)>();
        foreach (int label in order)
        {
            var pool = (Start: wanted[label], Count: 1);
            while (pools.Count > 0 && pools[^1].Start + (pools[^1].Count * gap) > pool.Start)
            {
                (double start, int count) = pools[^1];
                pools.RemoveAt(pools.Count - 1);
                double joint = ((start * count) + ((pool.Start - (count * gap)) * pool.Count)) / (count + pool.Count);
                pool = (joint, count + pool.Count);
            }

            pools.Add(pool);
        }

        var sorted = new List<double>();
        foreach ((double start, int count) in pools)
        {
            sorted.AddRange(Enumerable.Range(0, count).Select(i => start + (i * gap)));
        }

        for (int i = sorted.Count - 1; i >= 0; i--)
        {
            sorted[i] = Math.Min(sorted[i], i == sorted.Count - 1 ? high : sorted[i + 1] - gap);
        }

        for (int i = 0; i < sorted.Count; i++)
        {
            sorted[i] = Math.Max(sorted[i], i == 0 ? low : sorted[i - 1] + gap);
        }

        var placed = new double[wanted.Count];
        for (int i = 0; i < order.Length; i++)
        {
            placed[order[i]] = sorted[i];
        }

        return placed;
    }
}
