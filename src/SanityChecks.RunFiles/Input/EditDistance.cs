namespace SanityChecks.RunFiles;

/// <summary>How many typing errors lie between two texts.</summary>
public static class EditDistance
{
    /// <summary>Optimal string alignment distance: characters too many, missing, wrong, or swapped with a neighbour (Damerau 1964, each
    /// pair swapped at most once).</summary>
    /// <param name="a">A text.</param>
    /// <param name="b">Another.</param>
    public static int Between(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + cost);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        }

        return table[a.Length, b.Length];
    }
}
