using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>A weight file cannot be used: absent, damaged, of an unknown format, refused for safety, or not of the network.</summary>
/// <remarks>The only exception that reading weights throws for bad bytes, whatever they are.</remarks>
public sealed class WeightFileException : InputException
{
    /// <summary>Makes the exception; the message is the path, the reason and the offset.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">What is wrong, without a final full stop.</param>
    /// <param name="offset">Where in the file it was noticed, in bytes from its start; null when no place is to blame.</param>
    /// <param name="inner">The fault underneath, if another exception reported it.</param>
    public WeightFileException(string path, string reason, long? offset = null, Exception? inner = null)
        : base(offset is long at ? string.Create(CultureInfo.InvariantCulture, $"{path}: {reason} (at byte {at})") : $"{path}: {reason}",
            inner)
    {
        Path = path;
        Reason = reason;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }

    /// <summary>Where it was noticed, in bytes from the start of the file (for a zip entry: of the entry); null when no place is to
    /// blame.</summary>
    public long? Offset { get; }
}
