namespace SanityChecks.Images.GrabCut;

/// <summary>What is known of a pixel before the cut; the numbers are OpenCV's.</summary>
public enum PixelSeed : byte
{
    /// <summary>It stays background.</summary>
    Background = 0,

    /// <summary>It stays foreground.</summary>
    Foreground = 1,

    /// <summary>It is background at first.</summary>
    ProbableBackground = 2,

    /// <summary>It is foreground at first.</summary>
    ProbableForeground = 3,
}
