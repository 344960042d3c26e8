namespace SanityChecks.RunFiles;

/// <summary>One record of comma-separated values, and where it stands.</summary>
/// <param name="Cells">The cells, apostrophes that keep a spreadsheet from computing them taken off.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="End">The offset of the byte after it.</param>
/// <param name="IsSound">Whether every quote stands where RFC 4180 allows one; elsewhere the cells are a guess.</param>
public sealed record CsvRecord(IReadOnlyList<string> Cells, int Line, long End, bool IsSound);
