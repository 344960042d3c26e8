using System.Globalization;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Something that a method can be told in a configuration.</summary>
/// <param name="Name">The key, as in <c>steps</c>.</param>
/// <param name="Help">What it does, in a line.</param>
public abstract record MethodParameter(string Name, string Help)
{
    /// <summary>The value where none is given, as a configuration spells it.</summary>
    public abstract string Default { get; }

    /// <summary>What is allowed, after "must be": <c>a number from 0 to 1</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>The value that a text stands for, spelled in the one way that resolved configurations have; null where it is not allowed.</summary>
    /// <param name="text">What was written.</param>
    public abstract string? Spelled(string text);
}

/// <summary>A whole number.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Help">What it does.</param>
public sealed record IntegerParameter(string Name, int Standard, int Least, int Most, string Help) : MethodParameter(Name, Help)
{
    /// <inheritdoc/>
    public override string Default => Standard.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"an integer from {Least} to {Most}");

    /// <inheritdoc/>
    public override string? Spelled(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= Least && value <= Most
        ? value.ToString(CultureInfo.InvariantCulture)
        : null;
}

/// <summary>A number.</summary>
/// <param name="Name">The key.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Help">What it does.</param>
public sealed record NumberParameter(string Name, double Standard, double Least, double Most, string Help) : MethodParameter(Name, Help)
{
    /// <inheritdoc/>
    public override string Default => Standard.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}");

    /// <inheritdoc/>
    public override string? Spelled(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= Least && value <= Most
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : null;
}

/// <summary>One of several words.</summary>
/// <param name="Name">The key.</param>
/// <param name="Choices">The words; the first is the value where none is given.</param>
/// <param name="Help">What it does.</param>
public sealed record ChoiceParameter(string Name, IReadOnlyList<string> Choices, string Help) : MethodParameter(Name, Help)
{
    /// <inheritdoc/>
    public override string Default => Choices[0];

    /// <inheritdoc/>
    public override string Allowed => $"one of {string.Join(", ", Choices)}";

    /// <inheritdoc/>
    public override string? Spelled(string text) => Choices.Contains(text) ? text : null;
}
