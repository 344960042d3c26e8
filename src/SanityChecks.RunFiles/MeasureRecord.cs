using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>What is recorded beside the similarity of maps, in words for charts and tables: a metric whose rows have the method
/// <see cref="ScoreRow.Network"/>, or the reference <see cref="ScoreRow.Truth"/>.</summary>
public sealed record MeasureRecord
{
    /// <summary>What the column <c>metric</c> says.</summary>
    public required string Name { get; init; }

    /// <summary>What is on the y axis of its chart, in words.</summary>
    public required string Title { get; init; }

    /// <summary>The same, short.</summary>
    public required string Axis { get; init; }

    /// <summary>What a value of 0 means.</summary>
    public required string Zero { get; init; }

    /// <summary>What a value of 1 means; null where it means nothing by itself.</summary>
    public string? One { get; init; }

    /// <summary>How to read its chart, in a sentence.</summary>
    public required string Reading { get; init; }

    /// <summary>What stands beside a step's name in charts of maps; <c>{value}</c> stands for the mean. Null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary><see cref="Note"/> for one step.</summary>
    /// <param name="mean">The mean over images and draws.</param>
    public string? NoteOf(double mean) =>
        Note?.Replace("{value}", mean.ToString("0.00", CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
