using System.Globalization;

namespace SanityChecks.Saliency.Parameters;

/// <summary>Something that a method, a metric or an experiment can be told in a configuration.</summary>
/// <param name="Name">The key, as in <c>steps</c>.</param>
/// <param name="Help">What it does, in a line.</param>
public abstract record Parameter(string Name, string Help)
{
    /// <summary>The value where none is given, as a configuration spells it; a list has one text for each entry.</summary>
    public abstract IReadOnlyList<string> Default { get; }

    /// <summary>What is allowed, after "must be": <c>a number from 0 to 1</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Whether resolved configurations leave it out where it has its default: it is younger than files that name its owner
    /// alone.</summary>
    public bool IsTacit { get; init; }

    /// <summary>Whether the value is a list.</summary>
    public virtual bool IsList => false;

    /// <summary>The value that one text stands for, spelled in the one way that resolved configurations have; null where it is not
    /// allowed.</summary>
    /// <param name="text">What was written, or one entry of it where the value is a list.</param>
    public abstract string? Spelled(string text);

    /// <summary>A value on one line: <c>0.5</c>, or <c>[0.5, 1]</c>.</summary>
    /// <param name="value">A value, as a configuration spells it.</param>
    public string Line(IReadOnlyList<string> value) => IsList ? $"[{string.Join(", ", value)}]" : value[0];
}

/// <summary>A whole number.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Help">What it does.</param>
public sealed record IntegerParameter(string Name, int Standard, int Least, int Most, string Help) : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [Standard.ToString(CultureInfo.InvariantCulture)];

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"an integer from {Least} to {Most}");

    /// <inheritdoc/>
    public override string? Spelled(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= Least && value <= Most
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;
}

/// <summary>A number.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Help">What it does.</param>
public sealed record NumberParameter(string Name, double Standard, double Least, double Most, string Help) : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [SpellingOf(Standard)];

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}");

    /// <inheritdoc/>
    public override string? Spelled(string text) => Spelled(text, Least, Most);

    internal static string? Spelled(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? SpellingOf(value)
            : null;

    internal static string SpellingOf(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A list of different numbers, at least one.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest number that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Help">What it does.</param>
public sealed record NumbersParameter(string Name, IReadOnlyList<double> Standard, double Least, double Most, string Help)
    : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [.. Standard.Select(NumberParameter.SpellingOf)];

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a list of different numbers from {Least} to {Most}");

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <inheritdoc/>
    public override string? Spelled(string text) => NumberParameter.Spelled(text, Least, Most);
}

/// <summary>One of several words.</summary>
/// <param name="Name">The key.</param>
/// <param name="Choices">The words; the first is the value where none is given.</param>
/// <param name="Help">What it does.</param>
public sealed record ChoiceParameter(string Name, IReadOnlyList<string> Choices, string Help) : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [Choices[0]];

    /// <inheritdoc/>
    public override string Allowed => $"one of {string.Join(", ", Choices)}";

    /// <inheritdoc/>
    public override string? Spelled(string text) => Choices.Contains(text) ? text : null;
}

/// <summary>Whether something is done.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Help">What it does.</param>
public sealed record SwitchParameter(string Name, bool Standard, string Help) : Parameter(Name, Help)
{
    private const string Yes = "true", No = "false";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [Standard ? Yes : No];

    /// <inheritdoc/>
    public override string Allowed => $"{Yes} or {No}";

    /// <inheritdoc/>
    public override string? Spelled(string text) => text is Yes or No ? text : null;
}

/// <summary>A number, or one word instead.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given, as it is spelled.</param>
/// <param name="Least">The smallest number that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Word">The word.</param>
/// <param name="Help">What it does.</param>
public sealed record NumberOrWordParameter(string Name, string Standard, double Least, double Most, string Word, string Help)
    : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [Standard];

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"{Word} or a number from {Least} to {Most}");

    /// <inheritdoc/>
    public override string? Spelled(string text) => text == Word ? Word : NumberParameter.Spelled(text, Least, Most);
}

/// <summary>How many of something: a whole number, or below 1 a part of all.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given, as it is spelled.</param>
/// <param name="Help">What it does.</param>
public sealed record CountOrPartParameter(string Name, string Standard, string Help) : Parameter(Name, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Default => [Standard];

    /// <inheritdoc/>
    public override string Allowed => "a whole number from 1, or a part between 0 and 1";

    /// <inheritdoc/>
    public override string? Spelled(string text) =>
        NumberParameter.Spelled(text, 0, 1 << 26) is { } spelled && double.Parse(spelled, CultureInfo.InvariantCulture) is var value
        && value > 0 && (value < 1 || value == Math.Floor(value)) ? spelled : null;
}
