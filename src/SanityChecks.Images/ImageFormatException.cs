namespace SanityChecks.Images;

/// <summary>An image file cannot be decoded: damaged, truncated, of a kind that is not read, or larger than the limit.</summary>
/// <remarks>The only exception that decoding throws for bad bytes, whatever they are.</remarks>
/// <param name="reason">What is wrong, in one line, without a final full stop.</param>
public sealed class ImageFormatException(string reason) : Exception(reason);
