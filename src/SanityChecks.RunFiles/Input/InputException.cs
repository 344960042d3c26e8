namespace SanityChecks.RunFiles;

/// <summary>What the user gave (a file, a name, a value) is wrong; the message is one line that says what and what would be
/// right.</summary>
public class InputException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: what is wrong and what would be right.</param>
    /// <param name="inner">What was noticed first, if anything.</param>
    public InputException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
