namespace SanityChecks.RunFiles.Statistics;

/// <summary>What is taken of each score before it is averaged.</summary>
public enum Statistic
{
    /// <summary>The score as it is.</summary>
    Signed,

    /// <summary>Its magnitude: a picture whose sign is turned is still that picture.</summary>
    Absolute,

    /// <summary>The score times the sign of the product of the two networks' logits: what is left when a map is odd in the logit that it
    /// explains, and a random logit's sign is chance.</summary>
    Aligned,
}

/// <summary>The statistics as files spell them.</summary>
public static class StatisticWords
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Statistic> All { get; } = [Statistic.Signed, Statistic.Absolute, Statistic.Aligned];

    /// <summary>A statistic's word: <c>signed</c>.</summary>
    public static string Word(this Statistic statistic) => statistic.ToString().ToLowerInvariant();

    /// <summary>The statistic of a word.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Statistic Of(string word) => All.Where(statistic => statistic.Word() == word).Select(statistic => (Statistic?)statistic)
        .FirstOrDefault() ?? throw new FormatException($"statistic is '{word}'; it must be one of {string.Join(", ", All.Select(Word))}");
}

/// <summary>Scores of one step, method, metric, resolution and reference: a value for each draw and image, with gaps where a score is
/// undefined.</summary>
/// <param name="Values">[draw][image]; NaN where there is none. All rows have the run's images in its order.</param>
public sealed record ScoreCells(double[][] Values)
{
    /// <summary>Draws.</summary>
    public int Draws => Values.Length;

    /// <summary>Images.</summary>
    public int Images => Values[0].Length;

    /// <summary>The defined scores, draw after draw.</summary>
    public IEnumerable<double> Defined => Values.SelectMany(draw => draw).Where(value => !double.IsNaN(value));

    /// <summary>The cells less others, defined where both are.</summary>
    /// <param name="other">Of the same draws and images.</param>
    public ScoreCells Less(ScoreCells other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ScoreCells([.. Values.Zip(other.Values, (draw, less) => draw.Zip(less, (a, b) => a - b).ToArray())]);
    }
}
