namespace SanityChecks.Images;

/// <summary>What black and white are before the mean is taken off.</summary>
public enum PixelRange
{
    /// <summary>0 and 1: bytes over 255.</summary>
    ToOne,

    /// <summary>0 and 255: the bytes.</summary>
    ToByte,

    /// <summary>0 and 1 for the smallest and largest byte of the image at hand, over all its channels.</summary>
    OfImage,
}
