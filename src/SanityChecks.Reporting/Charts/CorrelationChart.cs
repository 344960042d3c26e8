using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Reporting.Charts;

/// <summary>The numbers of one chart: a metric at one resolution, a series per method over the steps.</summary>
internal sealed class CorrelationChart
{
    // More lines than these cannot be told apart; then each family of methods has a chart of its own, with the controls in each.
    private const int MostTogether = 10;

    private const int MostNullBands = 4;

    private CorrelationChart(
        SummaryRow[] all, SummaryRow[] nulls, ExperimentRecord experiment, MeasureRecord? measure,
        IReadOnlyDictionary<string, MethodRecord> methods)
    {
        Experiment = experiment;
        IsOfTruth = all[0].Reference == ScoreRow.Truth;
        IsOfNetworks = measure is not null && !IsOfTruth;
        Chance = IsOfTruth ? all.FirstOrDefault(row => row.Method == ScoreRow.Chance && row.Mean is not null) : null;
        SummaryRow[] rows = [.. all.Where(row => !IsOfTruth || row.Method != ScoreRow.Chance)];
        Metric = measure is null ? MetricWords.Of(rows[0].Metric) : MetricWords.Of(measure);
        Resolution = rows[0].Resolution;
        Steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct().OrderBy(step => step.Step)];
        Series = [.. rows.GroupBy(row => row.Method).Select((group, index) => new ChartSeries(
            methods.GetValueOrDefault(group.Key)?.Title ?? group.Key.Replace('_', ' '), SeriesStyle.Of(index),
            [.. Steps.Select(step => group.FirstOrDefault(row => row.Step == step.Step))])
        {
            Nulls = nulls.Length == 0
                ? []
                : [.. Steps.Select(step => nulls.FirstOrDefault(row => row.Method == group.Key && row.Step == step.Step))],
        })];
        Null = nulls.FirstOrDefault()?.Reference;
    }

    /// <summary>The experiment in its own words.</summary>
    public ExperimentRecord Experiment { get; }

    /// <summary>Whether it shows a measure of networks instead of a similarity of maps.</summary>
    public bool IsOfNetworks { get; }

    /// <summary>Whether it shows how well maps find the object instead of a similarity.</summary>
    public bool IsOfTruth { get; }

    /// <summary>What a map has that shows nothing, where maps are held against the truth; null elsewhere.</summary>
    public SummaryRow? Chance { get; }

    /// <summary>What stands beside the names of steps: what was measured of their networks.</summary>
    public IReadOnlyDictionary<int, string> Notes { get; private init; } = new Dictionary<int, string>();

    /// <summary>The family of methods that it shows, for file names and for people; null where it shows all.</summary>
    public (string Name, string Title)? Family { get; private init; }

    /// <summary>What the null is that is drawn; null where the run has none.</summary>
    public string? Null { get; }

    /// <summary>Whether the null is drawn with its interval; of many methods the bands would cover each other.</summary>
    public bool HasNullBands => Null is not null && Series.Count <= MostNullBands;

    /// <summary>What the run says of its methods by this metric, in a sentence; null where nothing is known.</summary>
    public string? Verdict { get; private init; }

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
        IReadOnlyDictionary<string, MethodRecord> methods = run.ReadMethods();
        IReadOnlyList<MeasureRecord> measures = run.ReadMeasures();
        SummaryRow? foreign = rows.FirstOrDefault(row => row.Randomization != experiment.Randomization);
        if (foreign is not null)
        {
            throw new RunFileException(
                run.SummaryPath, null,
                $"has rows of the randomization '{foreign.Randomization}', where the run's manifest says '{experiment.Randomization}'");
        }

        Dictionary<int, string> notes = NotesOf(rows, measures);
        string? nullName = Nulls.Among(rows.Select(row => row.Reference).Distinct());
        var nulls = rows.Where(row => row.Reference == nullName).ToLookup(row => (row.Metric, row.Resolution));
        var verdict = VerdictRecord.Read(run.Path);
        return rows.Where(
            row => row.Reference == ScoreRow.Original ? row.Method != ScoreRow.Network || MeasureOf(row, measures) is not null
                : row.Reference == ScoreRow.Truth)
            .GroupBy(row => (row.Metric, row.Resolution, row.Reference)).SelectMany(group =>
        {
            (string, string) metric = (group.Key.Metric, group.Key.Resolution);
            MeasureRecord? measure = MeasureOf(group.First(), measures);
            return Families([.. group], methods).Select(family =>
                new CorrelationChart(family.Rows, measure is null ? [.. nulls[metric]] : [], experiment, measure, methods)
                {
                    Verdict = ChartVerdict.Of(verdict, metric, [.. family.Rows.Select(row => row.Method).Distinct()]),
                    Notes = measure is null || group.Key.Reference == ScoreRow.Truth ? notes : [],
                    Family = family.Family,
                });
        });
    }

    /// <summary>A chart of rows that come from no single run: each method is a series of its own name.</summary>
    /// <param name="words">What it is about.</param>
    /// <param name="rows">Of one metric and resolution, at least one.</param>
    public static CorrelationChart Of(ExperimentRecord words, SummaryRow[] rows) =>
        new(rows, [], words, null,
            rows.Select(row => row.Method).Distinct().ToDictionary(name => name, name => new MethodRecord(name, name)));

    /// <summary>All rows together, or those of each family where there are too many methods for one chart.</summary>
    private static IEnumerable<(SummaryRow[] Rows, (string Name, string Title)? Family)> Families(
        SummaryRow[] rows, IReadOnlyDictionary<string, MethodRecord> methods)
    {
        string[] ids = [.. rows.Select(row => row.Method).Where(id => id != ScoreRow.Chance).Distinct()];
        MethodRecord[] known =
            [.. ids.Select(id => methods.GetValueOrDefault(id)).OfType<MethodRecord>().Where(one => one.Family is not null)];
        MethodRecord[] heads = [.. known.Where(method => !method.IsControl).DistinctBy(method => method.Family)];
        return ids.Length <= MostTogether || known.Length < ids.Length || heads.Length < 2
            ? [(rows, null)]
            : heads.Select(head => (
                rows.Where(row => row.Method == ScoreRow.Chance || methods[row.Method].IsControl
                    || methods[row.Method].Family == head.Family).ToArray(),
                ((string, string)?)(head.Family!, head.FamilyTitle ?? head.Family!)));
    }

    private static MeasureRecord? MeasureOf(SummaryRow row, IReadOnlyList<MeasureRecord> measures) =>
        row.Method == ScoreRow.Network || row.Reference == ScoreRow.Truth
            ? measures.FirstOrDefault(measure => measure.Name == row.Metric)
            : null;

    private static Dictionary<int, string> NotesOf(IReadOnlyList<SummaryRow> rows, IReadOnlyList<MeasureRecord> measures) => rows
        .Where(row => row.Step > 0 && row.Mean is not null && row.Method == ScoreRow.Network)
        .Select(row => (row.Step, Note: MeasureOf(row, measures)?.NoteOf(row.Mean!.Value)))
        .Where(one => one.Note is not null)
        .GroupBy(one => one.Step, one => one.Note)
        .ToDictionary(step => step.Key, step => string.Join(", ", step));
}
