using SanityChecks.Images;

namespace SanityChecks.Saliency.Localization;

/// <summary>Where a map says that the object is: the largest connected part of what lies above a threshold, and the box around it
/// (Selvaraju et al. 2017, section 4.1, after Zhou et al. 2016).</summary>
/// <param name="Mask">For each pixel, rows from the top, whether it belongs to the region.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Box">The smallest box around the region.</param>
public sealed record MapRegion(IReadOnlyList<bool> Mask, int Width, PixelBox Box)
{
    /// <summary>The part of the largest value that a pixel must exceed, where no other is asked for.</summary>
    public const double Threshold = 0.15;

    /// <summary>The region of a map.</summary>
    /// <param name="map">[H, W], or [C, H, W] whose signed sum over channels is taken; finite.</param>
    /// <param name="threshold">From 0 to below 1: pixels with a value above this part of the largest one are taken.</param>
    /// <returns>Null where no value is above 0: nothing in the map speaks for the class.</returns>
    public static MapRegion? Of(SaliencyMap map, double threshold = Threshold)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(threshold, 1);
        SaliencyMap flat = map.SumChannels();
        float largest = Largest(flat), least = (float)(threshold * largest);
        if (!(largest > 0))
        {
            return null;
        }

        bool[] above = new bool[flat.Values.Length];
        for (int i = 0; i < above.Length; i++)
        {
            above[i] = flat.Values[i] > least;
        }

        return LargestPart(above, flat.Width);
    }

    /// <summary>The connected part of a mask with the most pixels.</summary>
    /// <remarks>Pixels that touch by a corner are connected. Of parts of the same size the one that a reader meets first, row by row from
    /// the top left, is taken.</remarks>
    /// <param name="mask">Rows from the top.</param>
    /// <param name="width">Pixels a row.</param>
    /// <returns>Null where the mask is empty.</returns>
    public static MapRegion? LargestPart(IReadOnlyList<bool> mask, int width)
    {
        ArgumentNullException.ThrowIfNull(mask);
        int height = mask.Count / width;
        int[] part = new int[mask.Count];
        var open = new Stack<int>();
        int parts = 0, largest = 0, most = 0;
        for (int first = 0; first < part.Length; first++)
        {
            if (!mask[first] || part[first] > 0)
            {
                continue;
            }

            int size = 0;
            Take(first, ++parts);
            while (open.TryPop(out int pixel))
            {
                size++;
                (int y, int x) = Math.DivRem(pixel, width);
                for (int row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
                {
                    for (int column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                    {
                        Take((row * width) + column, parts);
                    }
                }
            }

            (largest, most) = size > most ? (parts, size) : (largest, most);
        }

        bool[] region = Array.ConvertAll(part, number => number > 0 && number == largest);
        return PixelBox.Around(region, width) is { } box ? new MapRegion(region, width, box) : null;

        void Take(int pixel, int number)
        {
            if (mask[pixel] && part[pixel] == 0)
            {
                part[pixel] = number;
                open.Push(pixel);
            }
        }
    }

    /// <summary>The largest value of a map [H, W].</summary>
    internal static float Largest(SaliencyMap map)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in map.Values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }
}
