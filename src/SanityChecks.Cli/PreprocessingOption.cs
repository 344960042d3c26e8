using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;

namespace SanityChecks.Cli;

/// <summary>The option <c>--preprocessing</c>: the name of a preset, or a configuration's section in braces.</summary>
internal static class PreprocessingOption
{
    public const string Name = "--preprocessing", Key = "preprocessing";

    /// <summary>What may stand there, for help.</summary>
    public static string Allowed { get; } = string.Join(", ", Preprocessing.All.Select(preset => preset.Name))
        + ", or a section as in a configuration: \"{name: squash, size: 32, mean: 0.5, deviation: 0.25}\"";

    /// <summary>The key with the option's value.</summary>
    public static GivenValue Given(string text) => text.Contains('{', StringComparison.Ordinal)
        ? GivenValue.Yaml(Key, text, $"{Name} {text}")
        : GivenValue.Text(Key, text, Name);
}
