using System.Globalization;
using SanityChecks.Experiments.RunFolder;
using SanityChecks.Reporting;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Regression;

/// <summary>Reads rows that people may have edited or merged: each is checked, and a fault is named with its line.</summary>
internal static class BaselineRows
{
    /// <summary>Whether the header is a summary's rather than that of scores.</summary>
    /// <exception cref="InputException">There is no such file, or its header is neither.</exception>
    public static bool IsSummary(string path)
    {
        IReadOnlyList<string> header = CsvText.Records(Bytes(path, "; --update writes a baseline")).FirstOrDefault().Cells ?? [];
        return header.SequenceEqual(Summary.Columns) || (header.SequenceEqual(ScoreRow.Columns)
            ? false
            : throw new InputException($"{path}:1: the header must be that of scores.csv ({string.Join(',', ScoreRow.Columns)}) or of summary.csv ({string.Join(',', Summary.Columns)})."));
    }

    /// <exception cref="InputException">A row is not one of <c>scores.csv</c>, stands there twice, or there is none.</exception>
    public static IReadOnlyList<ScoreRow> ReadScores(string path)
    {
        byte[] bytes = Bytes(path);
        var rows = new List<ScoreRow>();
        var lines = new Dictionary<RowPlace, int>();
        int line = 1;
        long begin = 0;
        foreach ((IReadOnlyList<string> cells, long end) in CsvText.Records(bytes))
        {
            if (begin == 0)
            {
                Require(cells.SequenceEqual(ScoreRow.Columns), $"the header must be {string.Join(',', ScoreRow.Columns)}");
            }
            else
            {
                ScoreRow row = Parse(cells);
                RowPlace place = Comparison.PlaceOf(row);
                Require(lines.TryAdd(place, line), string.Create(CultureInfo.InvariantCulture, $"this row stands in line {lines[place]} already"));
                rows.Add(row);
            }

            line += bytes.AsSpan((int)begin, (int)(end - begin)).Count((byte)'\n');
            begin = end;
        }

        Require(begin == bytes.Length, "the last row has no end: the file is not whole");
        Require(rows.Count > 0, "there are no rows below the header");
        return rows;

        ScoreRow Parse(IReadOnlyList<string> cells)
        {
            try
            {
                ScoreRow row = ScoreRow.Parse(cells);
                Require(row.Value is null || double.IsFinite(row.Value.Value), $"value is '{cells[10]}'; it must be a finite number, or empty");
                Require(row.Value is not null == (row.Status == ScoreStatus.Ok), "there must be a value where the status is ok, and none elsewhere");
                return row;
            }
            catch (Exception error) when (error is FormatException or OverflowException)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {error.Message}"), error);
            }
        }

        void Require(bool condition, string reason)
        {
            if (!condition)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {reason}"));
            }
        }
    }

    /// <exception cref="InputException">A row is not one of <c>summary.csv</c>, stands there twice, or there is none.</exception>
    public static IReadOnlyList<Summary> ReadSummary(string path)
    {
        try
        {
            return [.. SummaryFile.ReadFile(path).Select(row => new Summary(
                row.Randomization, row.Step, row.Layer, row.Method, row.Metric, row.Resolution,
                row.N, row.Undefined, row.Mean, row.Sd, row.CiLow, row.CiHigh, row.Median))];
        }
        catch (RunFolderException error)
        {
            throw new InputException(error.Message, error);
        }
    }

    private static byte[] Bytes(string path, string hint = "")
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file{hint}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }
}
