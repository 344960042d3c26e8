using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Regression;

/// <summary>What a file of rows must be besides a file of rows, so that another can be compared with it.</summary>
internal static class BaselineRows
{
    /// <summary>Whether the header is a summary's rather than that of scores.</summary>
    /// <exception cref="InputException">There is no such file, or its header is neither.</exception>
    public static bool IsSummary(string path)
    {
        IReadOnlyList<string> header = CsvFile.Header(path, "; --update writes a baseline");
        return header.SequenceEqual(SummaryRow.Columns) || (header.SequenceEqual(ScoreRow.Columns)
            ? false
            : throw new RunFileException(path, 1, $"the header must be that of scores.csv ({string.Join(',', ScoreRow.Columns)}) or of summary.csv ({string.Join(',', SummaryRow.Columns)})."));
    }

    /// <exception cref="InputException">A row is not one of <c>scores.csv</c>, stands there twice, or there is none.</exception>
    public static IReadOnlyList<ScoreRow> ReadScores(string path)
    {
        var rows = new List<ScoreRow>();
        var lines = new Dictionary<RowPlace, int>();
        foreach ((ScoreRow row, int line) in ScoresFile.Rows(path))
        {
            RowPlace place = Comparison.PlaceOf(row);
            if (!lines.TryAdd(place, line))
            {
                throw new RunFileException(
                    path, line, string.Create(CultureInfo.InvariantCulture, $"this row stands in line {lines[place]} already"));
            }

            rows.Add(row);
        }

        return rows.Count > 0 ? rows : throw new RunFileException(path, 2, "there are no rows below the header");
    }
}
