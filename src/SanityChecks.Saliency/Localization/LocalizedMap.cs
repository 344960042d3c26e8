using SanityChecks.Compute;
using SanityChecks.Images;

namespace SanityChecks.Saliency.Localization;

/// <summary>A map that is held against the truth.</summary>
/// <param name="map">[H, W] or [C, H, W], finite.</param>
/// <param name="image">The picture that it explains, of its size.</param>
/// <param name="random">Belongs to the picture, so that what is random is the same for all its maps.</param>
public sealed class LocalizedMap(SaliencyMap map, RgbImage image, RandomStream random)
{
    private readonly Dictionary<double, MapRegion?> regions = [];

    /// <summary>As the method gave it.</summary>
    public SaliencyMap Map => map;

    /// <summary>Its signed sum over channels, [H, W].</summary>
    public SaliencyMap Sum { get; } = map.SumChannels();

    /// <summary>The picture.</summary>
    public RgbImage Image => image;

    /// <summary>Random numbers.</summary>
    public RandomStream Random => random;

    /// <summary>Its region (<see cref="MapRegion.Of"/>).</summary>
    public MapRegion? Region(double threshold)
    {
        if (!regions.TryGetValue(threshold, out MapRegion? region))
        {
            regions.Add(threshold, region = MapRegion.Of(Sum, threshold));
        }

        return region;
    }
}
