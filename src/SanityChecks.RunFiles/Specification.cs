namespace SanityChecks.RunFiles;

/// <summary>One way of running the test: what needs networks or maps of its own.</summary>
/// <param name="Order">The order of the layers.</param>
/// <param name="Initializer">The initializer.</param>
/// <param name="Target">What is explained.</param>
public sealed record Specification(string Order, string Initializer, string Target)
{
    /// <summary>The name of the folder of its run: <c>bottom_up-he_normal-predicted</c>.</summary>
    public string Name => $"{Order}-{Initializer}-{string.Concat(Target.Select(
        letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_'))}";
}

/// <summary>What one specification says of a method: a row of <c>specifications.csv</c>.</summary>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Maps">What became of the maps' values before they were compared.</param>
/// <param name="Networks">What needs networks or maps of its own.</param>
/// <param name="N">Images and draws with enough defined steps.</param>
/// <param name="Area">The mean height of the curve, as in <c>curves.csv</c>.</param>
/// <param name="NullArea">That of the null's curve; 0 where the run has no null.</param>
/// <param name="Part">How far the curve lies, on average over its steps, on the way from the null (0) to the originals (1); null where it
/// is undefined.</param>
/// <param name="Low">Lower end of its 95 % interval over draws and images; null where there is one of both.</param>
/// <param name="High">Its upper end.</param>
public sealed record SpecificationRow(
    string Method, string Metric, string Maps, Specification Networks, int N, double? Area, double? NullArea, double? Part, double? Low,
    double? High)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["method", .. Choices, "n", "area", "null_area", "part", "low", "high"];

    /// <summary>The choices that distinguish specifications, as columns.</summary>
    public static IReadOnlyList<string> Choices => ["metric", "maps", "order", "initializer", "target"];

    /// <summary>The specification: an option for each of <see cref="Choices"/>.</summary>
    public IReadOnlyList<string> Options => [Metric, Maps, Networks.Order, Networks.Initializer, Networks.Target];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Method, .. Options, CellText.Of(N), CellText.Of(Area), CellText.Of(NullArea), CellText.Of(Part), CellText.Of(Low),
        CellText.Of(High),
    ];

    /// <summary>A row from its cells.</summary>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static SpecificationRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        return new SpecificationRow(
            read.Named(), read.Named(), read.Named(), new Specification(read.Named(), read.Named(), read.Named()), read.Count(),
            read.Number(), read.Number(), read.Number(), read.Number(), read.Number());
    }
}

/// <summary>How much of the difference between specifications one choice makes: a row of <c>specification_shares.csv</c>.</summary>
/// <param name="Method">The attribution method.</param>
/// <param name="Choice">One of <see cref="SpecificationRow.Choices"/>; <c>together</c> for what no choice makes alone.</param>
/// <param name="Options">The options that it has; 0 for what no choice makes alone.</param>
/// <param name="N">Specifications with a value.</param>
/// <param name="Share">The share of the variance over all specifications that lies between its options, 0 to 1; null where the
/// specifications do not differ.</param>
public sealed record ChoiceShareRow(string Method, string Choice, int Options, int N, double? Share)
{
    /// <summary>What <see cref="Choice"/> says of the rest.</summary>
    public const string Together = "together";

    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["method", "choice", "options", "n", "share"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells => [Method, Choice, CellText.Of(Options), CellText.Of(N), CellText.Of(Share)];

    /// <summary>A row from its cells.</summary>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static ChoiceShareRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        return new ChoiceShareRow(read.Named(), read.Named(), read.Count(), read.Count(), read.Number());
    }
}
