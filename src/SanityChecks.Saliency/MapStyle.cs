using SanityChecks.Images;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency;

/// <summary>How a map and the image that it explains become one picture.</summary>
/// <param name="Opacity">The colored map's share, 0 to 1; the image has the rest.</param>
/// <param name="Multiplies">Whether the image is darkened where the map is low instead; the opacity then has no meaning.</param>
public readonly record struct MapBlend(double Opacity, bool Multiplies = false)
{
    /// <summary>The image is darkened where the map is low: each pixel times the value, or the magnitude of a signed one.</summary>
    public static MapBlend Multiply { get; } = new(1, Multiplies: true);
}

/// <summary>The colors of maps, and how they lie over the image.</summary>
public sealed record MapStyle
{
    /// <summary>As the literature shows maps: half of a map without sign in jet, half the image; signed maps alone, in blue, white and
    /// red.</summary>
    public static MapStyle Default { get; } = new();

    /// <summary>The colors of maps without a sign, from 0 to the largest value; <see cref="ColorMap.Diverging"/> is symmetric about
    /// 0.</summary>
    public ColorMap Positive { get; init; } = ColorMap.Jet;

    /// <summary>The colors of signed maps, symmetric about 0.</summary>
    public ColorMap Signed { get; init; } = ColorMap.Diverging;

    /// <summary>How maps lie over the image; null: those without a sign by half, signed ones alone.</summary>
    public MapBlend? Blend { get; init; }

    /// <summary>The colors of a method's maps.</summary>
    public ColorMap ColorsOf(ConfiguredMethod method) => IsSigned(method) ? Signed : Positive;

    /// <summary>Whether the scale of a method's maps is symmetric about 0.</summary>
    public bool IsSymmetric(ConfiguredMethod method) => IsSigned(method) || Positive == ColorMap.Diverging;

    /// <summary>How a method's maps lie over the image.</summary>
    public MapBlend BlendOf(ConfiguredMethod method) => Blend ?? new MapBlend(IsSigned(method) ? 1 : 0.5);

    private static bool IsSigned(ConfiguredMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Signed;
    }
}
