namespace SanityChecks.RunFiles.Statistics;

/// <summary>What scores of a run have in common that are averaged together.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Reference">What the maps were compared with.</param>
public sealed record ScoreGroup(
    string Randomization, int Step, string Layer, string Method, string Metric, string Resolution, string Reference);

/// <summary>The scores of a run by group, draw and image.</summary>
public sealed class ScoreTable
{
    private readonly Dictionary<ScoreGroup, (ScoreRow?[][] Rows, int Undefined)> groups = [];
    private readonly Lazy<TwoLevelBootstrap> bootstrap;

    /// <summary>Sorts scores.</summary>
    /// <param name="rows">The rows of <c>scores.csv</c>.</param>
    public ScoreTable(IEnumerable<ScoreRow> rows)
    {
        ScoreRow[] all = [.. rows];
        var images = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ScoreRow row in all)
        {
            images.TryAdd(row.Image, images.Count);
        }

        Images = images.Count;
        foreach (IGrouping<ScoreGroup, ScoreRow> group in all.GroupBy(GroupOf))
        {
            // The draws of a run are numbered without gaps; the untouched network has one, called 0.
            int first = group.Min(row => row.Draw), draws = 1 + group.Max(row => row.Draw) - first;
            var cells = new ScoreRow?[draws][];
            for (int draw = 0; draw < draws; draw++)
            {
                cells[draw] = new ScoreRow?[Images];
            }

            foreach (ScoreRow row in group)
            {
                cells[row.Draw - first][images[row.Image]] = row;
            }

            groups.Add(group.Key, (cells, group.Count(row => row.Value is null)));
        }

        Groups = [.. groups.Keys.OrderBy(group => group.Step)];
        Draws = groups.Count == 0 ? 0 : groups.Values.Max(group => group.Rows.Length);
        bootstrap = new Lazy<TwoLevelBootstrap>(() => new TwoLevelBootstrap(Draws, Images));
    }

    /// <summary>Images.</summary>
    public int Images { get; }

    /// <summary>Draws of every step but the first.</summary>
    public int Draws { get; }

    /// <summary>The resamples of its draws and images, the same for every statistic.</summary>
    public TwoLevelBootstrap Bootstrap => bootstrap.Value;

    /// <summary>The groups by step, those of a step in the order in which they first occur.</summary>
    public IReadOnlyList<ScoreGroup> Groups { get; }

    /// <summary>Whether there are such scores.</summary>
    public bool Has(ScoreGroup group) => groups.ContainsKey(group);

    /// <summary>How many scores of a group have no value.</summary>
    public int Undefined(ScoreGroup group) => groups[group].Undefined;

    /// <summary>The scores of a group.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    /// <param name="statistic">What is taken of each.</param>
    public ScoreCells Cells(ScoreGroup group, Statistic statistic) =>
        new([.. groups[group].Rows.Select(draw => Array.ConvertAll(draw, row => Taken(row, statistic)))]);

    private static double Taken(ScoreRow? row, Statistic statistic) => row?.Value is not { } value ? double.NaN : statistic switch
    {
        Statistic.Absolute => Math.Abs(value),
        Statistic.Aligned => value * row.Sign,
        _ => value,
    };

    private static ScoreGroup GroupOf(ScoreRow row) =>
        new(row.Randomization, row.Step, row.Layer, row.Method, row.Metric, row.Resolution, row.Reference);
}
