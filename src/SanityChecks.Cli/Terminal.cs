using System.Globalization;
using System.Text;

namespace SanityChecks.Cli;

/// <summary>Lines for people. Names of files and classes come from anywhere, and one with control characters could clear a screen or look
/// like a line of the program's own.</summary>
internal static class Terminal
{
    /// <summary>Writes a line to standard output.</summary>
    /// <param name="text">The line; control characters in it, line ends too, are written as <c>\u001b</c>.</param>
    public static void Line(string text) => Console.WriteLine(Visible(text));

    /// <summary>Writes a line to standard error.</summary>
    /// <inheritdoc cref="Line(string)"/>
    public static void ErrorLine(string text) => Console.Error.WriteLine(Visible(text));

    /// <summary>Writes a message of several lines to standard error: each problem of a configuration, each way to an engine.</summary>
    /// <param name="text">Its line ends are the program's own; other control characters are written as <c>\u001b</c>.</param>
    public static void ErrorLines(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            ErrorLine(line.TrimEnd('\r'));
        }
    }

    /// <summary>Says on standard error what is being done, where somebody may be waiting for it.</summary>
    /// <inheritdoc cref="Line(string)"/>
    public static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            ErrorLine(text);
        }
    }

    private static string Visible(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var visible = new StringBuilder();
        foreach (char c in text)
        {
            _ = char.IsControl(c) ? visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : visible.Append(c);
        }

        return visible.ToString();
    }
}
