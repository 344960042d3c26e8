using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Configuration;

/// <summary>A configuration file or an override is wrong; the message holds one line for each problem.</summary>
/// <remarks>A line is <c>file:line: key: what is wrong and what is allowed</c>; an override stands in the place of
/// <c>file:line</c>.</remarks>
public sealed class ConfigException : InputException
{
    /// <summary>Makes the exception from at least one problem.</summary>
    /// <param name="problems">One line each, in the order in which the user should read them.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public ConfigException(IReadOnlyList<string> problems, Exception? inner = null)
        : base(string.Join('\n', problems ?? throw new ArgumentNullException(nameof(problems))), inner) => Problems = [.. problems];

    /// <summary>Makes the exception from one problem.</summary>
    /// <param name="problem">One line.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public ConfigException(string problem, Exception? inner = null)
        : this([problem], inner)
    {
    }

    /// <summary>The lines of the message.</summary>
    public IReadOnlyList<string> Problems { get; }
}
