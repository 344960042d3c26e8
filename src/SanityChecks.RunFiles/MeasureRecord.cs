namespace SanityChecks.RunFiles;

/// <summary>What is recorded of each network beside the similarity of maps, in words for charts: a metric whose rows have the method <see cref="ScoreRow.Network"/>.</summary>
/// <param name="Name">What the column <c>metric</c> says.</param>
/// <param name="Title">What is on the y axis, in words.</param>
/// <param name="Axis">The same, short.</param>
/// <param name="Reading">How to read a chart of it, in a sentence.</param>
public sealed record MeasureRecord(string Name, string Title, string Axis, string Reading);
