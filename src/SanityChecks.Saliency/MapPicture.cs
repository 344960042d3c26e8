using SanityChecks.Images;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency;

/// <summary>A map as a picture.</summary>
public static class MapPicture
{
    /// <summary>Colors a map by a scale of its own: what is compared is where, not how much.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="map">The map; its channels are added.</param>
    /// <param name="image">The image that it explains, of the map's size.</param>
    /// <param name="style">Colors and blend; null for <see cref="MapStyle.Default"/>.</param>
    public static RgbImage Render(ConfiguredMethod method, SaliencyMap map, RgbImage image, MapStyle? style = null) =>
        Render(method, map, image, style ?? MapStyle.Default, EndOfScale(method, map));

    /// <summary>Colors a map by a given scale.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="map">The map; its channels are added.</param>
    /// <param name="image">The image that it explains, of the map's size.</param>
    /// <param name="style">Colors and blend.</param>
    /// <param name="largest">The end of the scale, as <see cref="EndOfScale"/> gives it for one of the maps that share it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The end of the scale is negative or not finite.</exception>
    public static RgbImage Render(ConfiguredMethod method, SaliencyMap map, RgbImage image, MapStyle style, float largest)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(style);
        SaliencyMap flat = map.SumChannels();
        MapBlend blend = style.BlendOf(method);
        if (blend.Multiplies)
        {
            float[] magnitudes = MapRendering.Shares(flat.Values, largest, signed: false);
            return Overlay.Multiply(image, method.Signed ? Array.ConvertAll(magnitudes, Math.Abs) : magnitudes);
        }

        RgbImage colored = style.IsSymmetric(method)
            ? MapRendering.Signed(flat.Values, flat.Width, flat.Height, style.ColorsOf(method), largest)
            : MapRendering.Positive(flat.Values, flat.Width, flat.Height, style.ColorsOf(method), largest);
        return blend.Opacity == 1 ? colored : Overlay.Blend(image, colored, blend.Opacity);
    }

    /// <summary>Where the scale of a map ends.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="map">The map; its channels are added.</param>
    /// <returns>The largest value, or the 99.5th percentile of the magnitudes of a signed map; 0 of a map of zeros.</returns>
    public static float EndOfScale(ConfiguredMethod method, SaliencyMap map)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(map);
        ReadOnlySpan<float> values = map.SumChannels().Values;
        return method.Signed ? MapRendering.RobustMagnitude(values) : MapRendering.LargestPositive(values);
    }
}
