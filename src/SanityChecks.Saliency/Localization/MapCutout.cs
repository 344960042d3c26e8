using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.GrabCut;

namespace SanityChecks.Saliency.Localization;

/// <summary>The object that a map points at, cut out of its picture by <see cref="GrabCut"/>.</summary>
/// <remarks>With M the largest value: a pixel above <see cref="Certain"/> M is foreground, one above the threshold is so at first, one below
/// <see cref="Nothing"/> M is background, and what lies between is background at first.</remarks>
public static class MapCutout
{
    /// <summary>The part of the largest value above which a pixel is foreground for certain.</summary>
    public const double Certain = 0.5;

    /// <summary>The part of the largest value up to which a pixel is background for certain.</summary>
    public const double Nothing = 0.05;

    /// <summary>What a map tells of each pixel.</summary>
    /// <param name="map">As for <see cref="MapRegion.Of"/>.</param>
    /// <param name="threshold">As there; where it is above <see cref="Certain"/> or below <see cref="Nothing"/>, these move to it.</param>
    /// <returns>Null where no value is above 0.</returns>
    public static PixelSeed[]? Seeds(SaliencyMap map, double threshold = MapRegion.Threshold)
    {
        ArgumentNullException.ThrowIfNull(map);
        SaliencyMap flat = map.SumChannels();
        float largest = MapRegion.Largest(flat), certain = (float)(Math.Max(Certain, threshold) * largest),
            likely = (float)(threshold * largest), nothing = (float)(Math.Min(Nothing, threshold) * largest);
        return !(largest > 0) ? null : Array.ConvertAll(flat.Values.ToArray(), value =>
            value > certain ? PixelSeed.Foreground
            : value > likely ? PixelSeed.ProbableForeground
            : value > nothing ? PixelSeed.ProbableBackground
            : PixelSeed.Background);
    }

    /// <summary>The object's pixels.</summary>
    /// <param name="map">As for <see cref="Seeds"/>, of the picture's size.</param>
    /// <param name="image">The picture.</param>
    /// <param name="random">Begins the mixtures of colors.</param>
    /// <param name="threshold">As for <see cref="Seeds"/>.</param>
    /// <returns>Null where no value is above 0.</returns>
    public static bool[]? Of(SaliencyMap map, RgbImage image, RandomStream random, double threshold = MapRegion.Threshold) =>
        Seeds(map, threshold) is { } seeds ? GrabCut.Segment(image, seeds, random) : null;
}
