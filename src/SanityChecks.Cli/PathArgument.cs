using System.CommandLine;

namespace SanityChecks.Cli;

/// <summary>Arguments that are any number of paths.</summary>
internal static class PathArgument
{
    /// <summary>Takes nothing that begins with two hyphens: a mistyped option would be a file that does not exist.</summary>
    public static void RefuseOptions(this Argument<string[]> paths) => paths.Validators.Add(result =>
    {
        foreach (string option in result.Tokens.Select(token => token.Value).Where(value => value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"Unrecognized option '{option}'.");
        }
    });
}
