namespace SanityChecks.Images;

/// <summary>The channels of a network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One, the luminance.</summary>
    Gray,
}
