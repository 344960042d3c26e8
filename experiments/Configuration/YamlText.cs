using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SanityChecks.Experiments.Configuration;

/// <summary>One key of a resolved configuration with its value in YAML: one entry, or several of a list.</summary>
/// <param name="Key">The full name, at most one section deep: <c>images.count</c>.</param>
/// <param name="Items">Each value as <see cref="YamlText.Scalar"/> writes it.</param>
/// <param name="IsList">Whether the values stand in brackets.</param>
internal readonly record struct Setting(string Key, IReadOnlyList<string> Items, bool IsList)
{
    public string Value => IsList ? $"[{string.Join(", ", Items)}]" : Items[0];
}

/// <summary>YAML text that readers of YAML 1.1 and 1.2 understand alike.</summary>
/// <remarks>A text of digits, such as a class index, stays without quotes: another program may well take it for the number that it
/// is.</remarks>
internal static partial class YamlText
{
    private const int LineLength = 120;

    /// <summary>A text as a plain value, or in double quotes where a reader could take it for something else.</summary>
    public static string Scalar(string text) => Plain().IsMatch(text) && !Special().IsMatch(text) ? text : Quoted(text);

    /// <summary>The settings as a document with line feeds; sections in the order of their first key, long lists broken between
    /// entries.</summary>
    public static string Document(IEnumerable<Setting> settings)
    {
        var document = new StringBuilder();
        string section = "";
        foreach (Setting setting in settings)
        {
            int dot = setting.Key.IndexOf('.');
            string own = dot < 0 ? "" : setting.Key[..dot];
            if (own != section && own.Length > 0)
            {
                document.Append(own).Append(":\n");
            }

            section = own;
            document.Append(dot < 0 ? "" : "  ").Append(setting.Key[(dot + 1)..]).Append(": ");
            document.Append(setting.IsList ? Brackets(setting.Items) : setting.Value).Append('\n');
        }

        return document.ToString();
    }

    private static string Brackets(IReadOnlyList<string> items)
    {
        var text = new StringBuilder("[");
        int lineStart = 0;
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                bool full = text.Length - lineStart + items[i].Length > LineLength;
                text.Append(full ? ",\n    " : ", ");
                lineStart = full ? text.Length : lineStart;
            }

            text.Append(items[i]);
        }

        return text.Append(']').ToString();
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            quoted.Append(rune switch
            {
                { Value: '"' } => "\\\"",
                { Value: '\\' } => "\\\\",
                { Value: >= 0x20 and < 0x7F } => rune.ToString(),
                _ when Rune.IsLetterOrDigit(rune) => rune.ToString(),
                _ => "\\U" + rune.Value.ToString("X8", CultureInfo.InvariantCulture),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./]([A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?\z")]
    private static partial Regex Plain();

    // What YAML 1.1 readers take for a boolean, for nothing or for the end of a document.
    [GeneratedRegex(@"\A(true|false|yes|no|on|off|y|n|null|\.\.\.)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Special();
}
