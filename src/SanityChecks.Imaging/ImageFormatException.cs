namespace SanityChecks.Imaging;

/// <summary>An image file cannot be decoded: damaged, truncated, of an unsupported kind, or larger than the limit.</summary>
/// <remarks>The only exception that decoding throws for bad bytes, whatever they are.</remarks>
public sealed class ImageFormatException : Exception
{
    /// <summary>Makes the exception; the message ends with the offset.</summary>
    /// <param name="reason">What is wrong, without a final full stop.</param>
    /// <param name="offset">Position in the file, in bytes from its start, at which it was noticed.</param>
    public ImageFormatException(string reason, long offset)
        : base(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reason} (at byte {offset})")) => Offset = offset;

    /// <summary>Position in the file, in bytes from its start, at which the fault was noticed.</summary>
    public long Offset { get; }
}
