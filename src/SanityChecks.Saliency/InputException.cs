namespace SanityChecks.Saliency;

/// <summary>What the user gave is wrong: a file, a folder, a name or a value. The program maps it to exit code 2.</summary>
/// <remarks>The message is one line for the user's eyes: it carries the offending value and what is allowed instead.</remarks>
public class InputException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: what is wrong, the value, what is allowed.</param>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception for a fault that another exception reported.</summary>
    /// <param name="message">One line: what is wrong, the value, what is allowed.</param>
    /// <param name="inner">The fault underneath.</param>
    public InputException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
