using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The numbers of one chart: a metric at one resolution, a series per method over the steps.</summary>
internal sealed class CorrelationChart
{
    private CorrelationChart(
        SummaryRow[] rows, ExperimentRecord experiment, MeasureRecord? measure, IReadOnlyDictionary<string, string> titles)
    {
        Experiment = experiment;
        IsOfNetworks = measure is not null;
        Metric = measure is null ? MetricWords.Of(rows[0].Metric) : MetricWords.Of(measure);
        Resolution = rows[0].Resolution;
        Steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct().OrderBy(step => step.Step)];
        Series = [.. rows.GroupBy(row => row.Method).Select((group, index) => new ChartSeries(
            titles.GetValueOrDefault(group.Key) ?? group.Key.Replace('_', ' '), SeriesStyle.Of(index),
            [.. Steps.Select(step => group.FirstOrDefault(row => row.Step == step.Step))]))];
    }

    /// <summary>The experiment in its own words.</summary>
    public ExperimentRecord Experiment { get; }

    /// <summary>Whether it shows a measure of networks instead of a similarity of maps.</summary>
    public bool IsOfNetworks { get; }

    /// <summary>What stands beside the names of steps: what was measured of their networks.</summary>
    public IReadOnlyDictionary<int, string> Notes { get; private init; } = new Dictionary<int, string>();

    public MetricWords Metric { get; }

    public string Resolution { get; }

    /// <summary>The x axis: every step that some method has, in order.</summary>
    public IReadOnlyList<(int Step, string Layer)> Steps { get; }

    /// <summary>The methods, in the order in which the file first names them.</summary>
    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Splits a run folder's summary into its charts, in the order in which the file first names them.</summary>
    /// <exception cref="RunFileException">The summary or the manifest is missing or malformed, or the summary has rows of another
    /// experiment.</exception>
    public static IEnumerable<CorrelationChart> Of(RunFolder run)
    {
        IReadOnlyList<SummaryRow> rows = SummaryFile.Read(run.SummaryPath);
        ExperimentRecord experiment = run.ReadExperiment();
        IReadOnlyDictionary<string, string> titles = run.ReadMethodTitles();
        IReadOnlyList<MeasureRecord> measures = run.ReadMeasures();
        SummaryRow? foreign = rows.FirstOrDefault(row => row.Randomization != experiment.Randomization);
        if (foreign is not null)
        {
            throw new RunFileException(
                run.SummaryPath, null,
                $"has rows of the randomization '{foreign.Randomization}', where the run's manifest says '{experiment.Randomization}'");
        }

        Dictionary<int, string> notes = NotesOf(rows, measures);
        return rows.Where(row => row.Reference == ScoreRow.Original).GroupBy(row => (row.Metric, row.Resolution)).Select(group =>
        {
            MeasureRecord? measure = MeasureOf(group.First(), measures);
            return new CorrelationChart([.. group], experiment, measure, titles) { Notes = measure is null ? notes : [] };
        });
    }

    private static MeasureRecord? MeasureOf(SummaryRow row, IReadOnlyList<MeasureRecord> measures) =>
        row.Method == ScoreRow.Network ? measures.FirstOrDefault(measure => measure.Name == row.Metric) : null;

    private static Dictionary<int, string> NotesOf(IReadOnlyList<SummaryRow> rows, IReadOnlyList<MeasureRecord> measures) => rows
        .Where(row => row.Step > 0 && row.Mean is not null)
        .Select(row => (row.Step, Note: MeasureOf(row, measures)?.NoteOf(row.Mean!.Value)))
        .Where(one => one.Note is not null)
        .GroupBy(one => one.Step, one => one.Note)
        .ToDictionary(step => step.Key, step => string.Join(", ", step));
}
