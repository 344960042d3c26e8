namespace SanityChecks.Experiments.Configuration;

/// <summary>A value of a configuration that is given on the command line, by <c>--set key=value</c> or by an option that stands for a
/// key.</summary>
/// <param name="Assignment"><c>key=value</c> with a full key (<c>images.count</c>) and any YAML value.</param>
/// <param name="Written">What the user wrote, as problems name it.</param>
public readonly record struct GivenValue(string Assignment, string Written)
{
    /// <summary>A value given by <c>--set</c>.</summary>
    public static implicit operator GivenValue(string assignment) => new(assignment, $"--set {Quoting.Shorten(assignment)}");

    /// <summary>A text given by an option.</summary>
    /// <param name="key">The key that the option stands for.</param>
    /// <param name="text">Taken as it is, whatever YAML would read in it.</param>
    /// <param name="option">The option's name.</param>
    public static GivenValue Text(string key, string text, string option) => Yaml(key, YamlText.Scalar(text), $"{option} {text}");

    /// <summary>Any value given by an option.</summary>
    /// <param name="key">The key that the option stands for.</param>
    /// <param name="yaml">Any YAML value.</param>
    /// <param name="written">What the user wrote.</param>
    public static GivenValue Yaml(string key, string yaml, string written) => new($"{key}={yaml}", Quoting.Shorten(written));
}
