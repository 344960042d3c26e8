namespace SanityChecks.Images.Shapes;

/// <summary>Red, green and blue from 0 to 1, as they are stored in a picture.</summary>
internal readonly record struct Color(double Red, double Green, double Blue)
{
    /// <summary>How bright it looks: Rec. 601's weights.</summary>
    public double Luma => (0.299 * Red) + (0.587 * Green) + (0.114 * Blue);

    public static Color operator *(Color color, double factor) => new(color.Red * factor, color.Green * factor, color.Blue * factor);

    /// <summary>The first for a share of 0, the second for 1.</summary>
    public static Color Mix(Color first, Color second, double share) => new(
        first.Red + (share * (second.Red - first.Red)), first.Green + (share * (second.Green - first.Green)),
        first.Blue + (share * (second.Blue - first.Blue)));

    /// <summary>How far apart two look: the largest difference of a channel or of the luma, the latter counted twice.</summary>
    public double DistanceTo(Color other) => Math.Max(
        2 * Math.Abs(Luma - other.Luma),
        Math.Max(Math.Abs(Red - other.Red), Math.Max(Math.Abs(Green - other.Green), Math.Abs(Blue - other.Blue))));

    /// <summary>A color of any hue.</summary>
    /// <param name="random">The choices.</param>
    /// <param name="saturation">The range of its saturation, 0 (gray) to 1.</param>
    /// <param name="value">The range of its largest channel, 0 (black) to 1.</param>
    public static Color Draw(SceneRandom random, (double Low, double High) saturation, (double Low, double High) value)
    {
        double hue = 6 * random.Unit(), s = random.Between(saturation.Low, saturation.High), v = random.Between(value.Low, value.High);
        return new(Channel(5), Channel(3), Channel(1));

        double Channel(int offset)
        {
            double k = (offset + hue) % 6;
            return v * (1 - (s * Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
        }
    }

    /// <summary>A color that stands out from others; the furthest of forty where none is far enough.</summary>
    /// <param name="random">The choices.</param>
    /// <param name="others">What it must not be taken for.</param>
    /// <param name="distance">At least so far from each (<see cref="DistanceTo"/>).</param>
    public static Color DrawApart(SceneRandom random, IReadOnlyList<Color> others, double distance)
    {
        Color best = default;
        double bestDistance = -1;
        for (int attempt = 0; attempt < 40 && bestDistance < distance; attempt++)
        {
            Color color = Draw(random, (0.25, 0.95), (0.3, 1));
            double nearest = others.Min(color.DistanceTo);
            (best, bestDistance) = nearest > bestDistance ? (color, nearest) : (best, bestDistance);
        }

        return best;
    }
}
