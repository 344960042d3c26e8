using SanityChecks.Images;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency;

/// <summary>A map as a picture, the way the literature shows it.</summary>
public static class MapPicture
{
    /// <summary>The colors of maps without a sign.</summary>
    public static ColorMap PositiveColors => ColorMap.Jet;

    /// <summary>The colors of signed maps.</summary>
    public static ColorMap SignedColors => ColorMap.Diverging;

    /// <summary>Colors a map.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="map">The map.</param>
    /// <param name="image">The image that it explains, of the map's size.</param>
    /// <returns>
    /// For a CAM half map, half image, colored from 0 to its largest value. For a signed map its sum over channels, symmetric about 0, the
    /// 99.5th percentile of the magnitudes at the end of the scale. Each map has its own scale: what is compared is where, not how much.
    /// </returns>
    public static RgbImage Render(ConfiguredMethod method, SaliencyMap map, RgbImage image)
    {
        SaliencyMap flat = map.SumChannels();
        return method.Signed
            ? MapRendering.Signed(flat.Values, flat.Width, flat.Height, SignedColors)
            : Overlay.Blend(image, MapRendering.Positive(flat.Values, flat.Width, flat.Height, PositiveColors));
    }
}
