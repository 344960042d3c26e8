using System.Globalization;
using System.Text.Json.Serialization;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli.Explanations;

/// <summary>One of the five classes with the largest logits.</summary>
internal sealed record RankedClass(
    int Index, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] float? Logit);

/// <summary>What was found out about the maps of one class.</summary>
/// <param name="Index">The class.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Logit">Its logit; null where it is no number.</param>
/// <param name="Probability">Its softmax among all classes; null where that is no number.</param>
internal sealed record ExplainedClass(
    int Index, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] float? Logit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Probability)
{
    /// <summary>What methods say of their maps, by method and name; null where none says anything.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Facts { get; init; }

    /// <summary>Measures of faithfulness, by method and name, null where undefined; null where none was asked for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>? Faithfulness { get; init; }

    /// <summary>The name with the probability: <c>tabby, 42.1 %</c>.</summary>
    [JsonIgnore]
    public string Titled => $"{Name}, {Percent}";

    /// <summary>The probability, with a blank that does not break.</summary>
    [JsonIgnore]
    public string Percent => Probability is { } share
        ? share is > 0 and < 0.001 ? "<\u00a00.1\u00a0%" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0}\u00a0%")
        : "no\u00a0probability";
}

/// <summary>What became of an image: maps, or the reason why there are none. With one target, what was found out about its maps stands
/// beside it; with several, in <see cref="Targets"/>.</summary>
internal sealed record Explained(
    string Image, IReadOnlyList<RankedClass>? Top5, int? Target, IReadOnlyList<string>? Files, string? Error = null)
{
    /// <summary>The classes, in the order in which they were asked for; null where one was.</summary>
    public IReadOnlyList<ExplainedClass>? Targets { get; init; }

    /// <inheritdoc cref="ExplainedClass.Facts"/>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Facts { get; init; }

    /// <inheritdoc cref="ExplainedClass.Faithfulness"/>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>? Faithfulness { get; init; }

    /// <summary>Why there are no maps, as a sentence without its point.</summary>
    [JsonIgnore]
    public string Unreadable => $"The image {Image} cannot be read: {Error}";

    /// <summary>Writes it as lines for people.</summary>
    /// <param name="classes">The network's.</param>
    public void Print(ClassNames classes)
    {
        if (Target is not { } target || Top5 is null || Files is null)
        {
            Terminal.ErrorLine(Unreadable + ".");
            return;
        }

        Terminal.Line(Targets is null
            ? $"{Image}: target {target}, {classes[target]}"
            : $"{Image}: {(Targets.Count == 1 ? "target" : "targets")} {string.Join("; ", Targets.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Index}, {one.Titled}")))}");
        foreach (RankedClass ranked in Top5)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {ranked.Index,4}  {ranked.Logit,10:0.0000}  {ranked.Name}"));
        }

        Print("", Facts, Faithfulness);
        foreach (ExplainedClass one in Targets ?? [])
        {
            Print(one.Name + ", ", one.Facts, one.Faithfulness);
        }

        foreach (string file in Files)
        {
            Terminal.Line($"  {file}");
        }
    }

    private static void Print(
        string of, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? facts,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>? faithfulness)
    {
        foreach ((string method, IReadOnlyDictionary<string, double> said) in facts
            ?? new Dictionary<string, IReadOnlyDictionary<string, double>>())
        {
            Terminal.Line($"  {of}{method}: {string.Join(", ", said.Select(fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Key.Replace('_', ' ')} {fact.Value:0.######}")))}");
        }

        foreach ((string method, IReadOnlyDictionary<string, double?> scores) in faithfulness
            ?? new Dictionary<string, IReadOnlyDictionary<string, double?>>())
        {
            Terminal.Line($"  {of}{method}: {string.Join(", ", scores.Select(score => score.Value is { } value ? string.Create(CultureInfo.InvariantCulture, $"{score.Key} {value:0.####}") : $"{score.Key} undefined"))}");
        }
    }
}
