namespace SanityChecks.RunFiles.Statistics;

/// <summary>Everything that follows from a run's scores.</summary>
/// <param name="Summary">Means and intervals.</param>
/// <param name="Contrasts">The similarities beside the nulls.</param>
/// <param name="Curves">Areas and collapses.</param>
/// <param name="Health">The state of the networks.</param>
/// <param name="Responses">How maps follow what the experiment measures of its networks; empty where it measures nothing.</param>
/// <param name="Verdict">What the run says.</param>
public sealed record RunStatistics(
    IReadOnlyList<SummaryRow> Summary, IReadOnlyList<ContrastRow> Contrasts, IReadOnlyList<CurveRow> Curves,
    IReadOnlyList<HealthRow> Health, IReadOnlyList<ResponseRow> Responses, VerdictRecord Verdict)
{
    /// <summary>Computes them.</summary>
    /// <param name="rows">The rows of <c>scores.csv</c>.</param>
    /// <param name="experiment">The experiment in its own words.</param>
    /// <param name="titles">The methods' titles by their names.</param>
    /// <param name="measures">What the experiment measures of its networks, by name.</param>
    public static RunStatistics Of(
        IReadOnlyList<ScoreRow> rows, ExperimentRecord experiment, IReadOnlyDictionary<string, string> titles,
        IReadOnlyList<string> measures)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var table = new ScoreTable(rows);
        IReadOnlyList<SummaryRow> summary = Statistics.Summary.Of(table);
        IReadOnlyList<ContrastRow> contrasts = Statistics.Contrasts.Of(table);
        IReadOnlyList<CurveRow> curves = Statistics.Curves.Of(table, experiment.Connected);
        return new RunStatistics(
            summary, contrasts, curves, Statistics.Health.Of(rows), Statistics.Responses.Of(table, measures),
            Verdicts.Of(summary, contrasts, curves, experiment, titles));
    }

    /// <summary>Writes their files into a run folder, each whole.</summary>
    public void Write(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        WholeFile.Write(folder.SummaryPath, SummaryFile.Text(Summary));
        WholeFile.Write(folder.ContrastsPath, CsvFile.Text(ContrastRow.Columns, Contrasts.Select(row => row.Cells)));
        WholeFile.Write(folder.CurvesPath, CsvFile.Text(CurveRow.Columns, Curves.Select(row => row.Cells)));
        WholeFile.Write(folder.HealthPath, CsvFile.Text(HealthRow.Columns, Health.Select(row => row.Cells)));
        if (Responses.Count > 0)
        {
            WholeFile.Write(folder.ResponsesPath, CsvFile.Text(ResponseRow.Columns, Responses.Select(row => row.Cells)));
        }

        Verdict.Write(folder.Path);
    }
}
