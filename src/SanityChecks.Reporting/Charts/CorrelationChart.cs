using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The numbers of one chart: a metric at one resolution, a series per method over the steps.</summary>
internal sealed class CorrelationChart
{
    private CorrelationChart(SummaryRow[] rows, ExperimentRecord experiment, IReadOnlyDictionary<string, string> titles)
    {
        Experiment = experiment;
        Metric = MetricWords.Of(rows[0].Metric);
        Resolution = rows[0].Resolution;
        Steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct().OrderBy(step => step.Step)];
        Series = [.. rows.GroupBy(row => row.Method).Select((group, index) => new ChartSeries(
            titles.GetValueOrDefault(group.Key) ?? group.Key.Replace('_', ' '), SeriesStyle.Of(index), [.. Steps.Select(step => group.FirstOrDefault(row => row.Step == step.Step))]))];
    }

    /// <summary>The experiment in its own words.</summary>
    public ExperimentRecord Experiment { get; }

    public MetricWords Metric { get; }

    public string Resolution { get; }

    /// <summary>The x axis: every step that some method has, in order.</summary>
    public IReadOnlyList<(int Step, string Layer)> Steps { get; }

    /// <summary>The methods, in the order in which the file first names them.</summary>
    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Splits a run folder's summary into its charts, in the order in which the file first names them.</summary>
    /// <exception cref="RunFileException">The summary or the manifest is missing or malformed, or the summary has rows of another experiment.</exception>
    public static IEnumerable<CorrelationChart> Of(RunFolder run)
    {
        IReadOnlyList<SummaryRow> rows = SummaryFile.Read(run.SummaryPath);
        ExperimentRecord experiment = run.ReadExperiment();
        IReadOnlyDictionary<string, string> titles = run.ReadMethodTitles();
        SummaryRow? foreign = rows.FirstOrDefault(row => row.Randomization != experiment.Randomization);
        return foreign is null
            ? rows.Where(row => row.Reference == ScoreRow.Original).GroupBy(row => (row.Metric, row.Resolution)).Select(group => new CorrelationChart([.. group], experiment, titles))
            : throw new RunFileException(run.SummaryPath, null, $"has rows of the randomization '{foreign.Randomization}', where the run's manifest says '{experiment.Randomization}'");
    }
}
