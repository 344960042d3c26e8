using System.Text.RegularExpressions;

namespace SanityChecks.Experiments.Configuration;

/// <summary>Members of an enumeration as they are spelled in a configuration: <c>TopDown</c> is <c>top_down</c>.</summary>
internal static partial class Spelling
{
    public static string Of<T>(T value)
        where T : struct, Enum => WordStart().Replace(value.ToString(), "_").ToLowerInvariant();

    /// <summary>Every spelling, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        int index = All<T>().ToList().IndexOf(text);
        value = index < 0 ? default : Enum.GetValues<T>()[index];
        return index >= 0;
    }

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
