using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>A file of a run or a baseline is missing or does not hold what its schema says; the message is one line with the file and
/// line.</summary>
public sealed class RunFileException : InputException
{
    /// <summary>Makes the exception; the message is <c>file:line: reason</c>, or <c>file: reason</c> without a line.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line in it, from 1; null where no line is to blame.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">What was noticed first, if anything.</param>
    public RunFileException(string file, int? line, string reason, Exception? inner = null)
        : base(file + (line is int number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "") + ": " + reason, inner)
    {
        File = file;
        Line = line;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Line in the file, from 1; null where no line is to blame.</summary>
    public int? Line { get; }
}
