namespace SanityChecks.Images;

/// <summary>The two usual ways to color a saliency map, and the limits of their scales, which several maps can share.</summary>
public static class MapRendering
{
    /// <summary>Share of the magnitudes that a signed scale covers; guided backpropagation has a few values far beyond the rest.</summary>
    public const double RobustPercentile = 99.5;

    /// <summary>Largest finite value, the top of a positive map's scale; 0 when no value is above 0.</summary>
    public static float LargestPositive(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            if (value > largest && float.IsFinite(value))
            {
                largest = value;
            }
        }

        return largest;
    }

    /// <summary>The magnitude below which a share of the finite values lies, the end of a signed map's scale.</summary>
    /// <param name="values">Any values; those that are not finite do not count.</param>
    /// <param name="percentile">0 to 100, interpolated linearly between the sorted magnitudes as NumPy does.</param>
    /// <returns>The largest magnitude where the percentile is 0 (a map with few values that are not 0); 0 when all values are.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentile is not within 0 to 100.</exception>
    public static float RobustMagnitude(ReadOnlySpan<float> values, double percentile = RobustPercentile)
    {
        if (!(percentile is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile lies within 0 to 100.");
        }

        List<float> magnitudes = new(values.Length);
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                magnitudes.Add(Math.Abs(value));
            }
        }

        if (magnitudes.Count == 0)
        {
            return 0;
        }

        magnitudes.Sort();
        double rank = percentile / 100 * (magnitudes.Count - 1);
        int low = (int)rank;
        int high = Math.Min(low + 1, magnitudes.Count - 1);
        float at = (float)(magnitudes[low] + ((rank - low) * ((double)magnitudes[high] - magnitudes[low])));
        return at > 0 ? at : magnitudes[^1];
    }

    /// <summary>A map of values from 0 up, like Grad-CAM, colored from 0 to its largest value.</summary>
    /// <inheritdoc cref="Positive(ReadOnlySpan{float}, int, int, ColorMap, float)"/>
    public static RgbImage Positive(ReadOnlySpan<float> values, int width, int height, ColorMap colors) =>
        Positive(values, width, height, colors, LargestPositive(values));

    /// <summary>A map of values from 0 up, like Grad-CAM, colored from 0 to a given value.</summary>
    /// <param name="values">Columns fastest; what is below 0 is colored as 0, NaN as <see cref="ColorMap.Undefined"/>.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colors">The scale.</param>
    /// <param name="largest">The value of the last color; when it is 0, a constant map of 0, all values take the first color.</param>
    /// <exception cref="ArgumentException">The number of values is not <c>width * height</c>, or a side is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The largest value is negative or not finite.</exception>
    public static RgbImage Positive(ReadOnlySpan<float> values, int width, int height, ColorMap colors, float largest) =>
        Render(values, width, height, colors, largest, signed: false);

    /// <summary>A signed map, like guided backpropagation, colored symmetrically about 0 up to its 99.5th percentile.</summary>
    /// <inheritdoc cref="Signed(ReadOnlySpan{float}, int, int, ColorMap, float)"/>
    public static RgbImage Signed(ReadOnlySpan<float> values, int width, int height, ColorMap colors) =>
        Signed(values, width, height, colors, RobustMagnitude(values));

    /// <summary>A signed map, like guided backpropagation, colored symmetrically about 0 up to a given magnitude.</summary>
    /// <param name="values">Columns fastest; 0 takes the middle color, NaN <see cref="ColorMap.Undefined"/>.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colors">The scale, usually <see cref="ColorMap.Diverging"/>.</param>
    /// <param name="largest">The magnitude of both ends; when it is 0, a constant map of 0, all values take the middle color.</param>
    /// <exception cref="ArgumentException">The number of values is not <c>width * height</c>, or a side is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative or not finite.</exception>
    public static RgbImage Signed(ReadOnlySpan<float> values, int width, int height, ColorMap colors, float largest) =>
        Render(values, width, height, colors, largest, signed: true);

    /// <summary>A map's values as shares of its scale, as they are colored.</summary>
    /// <param name="values">Any values.</param>
    /// <param name="largest">The value of the last color, and of a signed scale the magnitude of both ends.</param>
    /// <param name="signed">Whether 0 is the middle of the scale, 0.5, and not its beginning.</param>
    /// <returns>0 to 1 for values within the scale; NaN for NaN. Of an empty scale, where the largest value is 0, all finite values are in
    /// the middle or at the beginning.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The largest value is negative or not finite.</exception>
    public static float[] Shares(ReadOnlySpan<float> values, float largest, bool signed)
    {
        if (!float.IsFinite(largest) || largest < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(largest), largest, "The end of the scale is a finite number, at least 0.");
        }

        float[] unit = new float[values.Length];
        for (int i = 0; i < unit.Length; i++)
        {
            // With an empty scale only NaN and the infinities, which are beyond any scale, keep a place of their own.
            double share = largest > 0 ? (double)values[i] / largest : float.IsFinite(values[i]) ? 0 : values[i];
            unit[i] = (float)(signed ? 0.5 + (0.5 * share) : share);
        }

        return unit;
    }

    private static RgbImage Render(ReadOnlySpan<float> values, int width, int height, ColorMap colors, float largest, bool signed)
    {
        ArgumentNullException.ThrowIfNull(colors);
        return colors.Apply(Shares(values, largest, signed), width, height);
    }
}
