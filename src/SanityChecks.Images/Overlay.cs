namespace SanityChecks.Images;

/// <summary>Puts a saliency map onto the image that it explains.</summary>
public static class Overlay
{
    /// <summary>A mixture of image and colored map, channel by channel.</summary>
    /// <param name="image">Shows through with the share <c>1 - opacity</c>.</param>
    /// <param name="map">The colored map, of the same size.</param>
    /// <param name="opacity">The map's share, 0 to 1.</param>
    /// <returns>A new image of <c>floor(image + opacity (map - image) + 1/2)</c>: exact halves go up.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not within 0 to 1.</exception>
    public static RgbImage Blend(RgbImage image, RgbImage map, double opacity = 0.5)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(map);
        if (!(opacity is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "An opacity lies within 0 to 1.");
        }

        if (image.Width != map.Width || image.Height != map.Height)
        {
            throw new ArgumentException(
                $"The map has {map.Width} x {map.Height} pixels, the image {image.Width} x {image.Height}.", nameof(map));
        }

        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(image.Pixels[i] + (opacity * (map.Pixels[i] - image.Pixels[i])) + 0.5);
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    /// <summary>The image darkened where the map is low: bright where the evidence is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="unitValues">One value a pixel, columns fastest; clamped to 0 to 1, and NaN counts as 0.</param>
    /// <returns>A new image of <c>floor(image * value + 1/2)</c>: exact halves go up.</returns>
    /// <exception cref="ArgumentException">There is not one value a pixel.</exception>
    public static RgbImage Multiply(RgbImage image, ReadOnlySpan<float> unitValues)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (3L * unitValues.Length != image.Pixels.Length)
        {
            throw new ArgumentException(
                $"The map has {unitValues.Length} values, the image {image.Width} x {image.Height} pixels.", nameof(unitValues));
        }

        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = unitValues[i / 3];
            double share = float.IsNaN(value) ? 0 : Math.Clamp(value, 0f, 1f);
            pixels[i] = (byte)((image.Pixels[i] * share) + 0.5);
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }
}
