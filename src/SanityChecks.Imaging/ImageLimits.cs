namespace SanityChecks.Imaging;

/// <summary>What a file may ask for before it is refused.</summary>
internal static class ImageLimits
{
    /// <summary>Largest width times height that is decoded; 600 MB of RGB.</summary>
    public const long MaximumPixels = 200_000_000;
}
