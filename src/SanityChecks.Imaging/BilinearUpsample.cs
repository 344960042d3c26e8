namespace SanityChecks.Imaging;

/// <summary>Stretches a map of numbers for display: bilinear, half-pixel centres, edges held, no averaging.</summary>
/// <remarks>Equals PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c> to single precision, when shrinking too.</remarks>
public static class BilinearUpsample
{
    /// <summary>The map at another size.</summary>
    /// <param name="map">[height, width], columns fastest; any values, of which NaN spreads to its neighbours.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="newHeight">Rows of the result, at least 1.</param>
    /// <param name="newWidth">Columns of the result, at least 1.</param>
    /// <returns>[newHeight, newWidth], columns fastest; within the range of the map.</returns>
    /// <exception cref="ArgumentException">The map's length is not <c>height * width</c>, or a side is below 1.</exception>
    public static float[] Upsample(ReadOnlySpan<float> map, int height, int width, int newHeight, int newWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        if (map.Length != (long)height * width)
        {
            throw new ArgumentException($"A map of {height} x {width} has {(long)height * width} values, but {map.Length} were given.", nameof(map));
        }

        (int Low, int High, float Share)[] columns = Neighbours(width, newWidth);
        (int Low, int High, float Share)[] rows = Neighbours(height, newHeight);
        float[] result = new float[(long)newHeight * newWidth];
        for (int y = 0; y < newHeight; y++)
        {
            ReadOnlySpan<float> above = map.Slice(rows[y].Low * width, width);
            ReadOnlySpan<float> below = map.Slice(rows[y].High * width, width);
            for (int x = 0; x < newWidth; x++)
            {
                (int left, int right, float share) = columns[x];
                result[(y * newWidth) + x] = Mix(Mix(above[left], above[right], share), Mix(below[left], below[right], share), rows[y].Share);
            }
        }

        return result;
    }

    private static (int Low, int High, float Share)[] Neighbours(int length, int newLength)
    {
        float scale = (float)length / newLength;
        var neighbours = new (int Low, int High, float Share)[newLength];
        for (int i = 0; i < newLength; i++)
        {
            float position = Math.Max(0f, (scale * (i + 0.5f)) - 0.5f);
            int low = Math.Min((int)position, length - 1);
            neighbours[i] = (low, Math.Min(low + 1, length - 1), position - low);
        }

        return neighbours;
    }

    private static float Mix(float a, float b, float share) => (a * (1 - share)) + (b * share);
}
