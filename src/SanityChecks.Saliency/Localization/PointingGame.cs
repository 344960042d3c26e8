using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>The pointing game: whether the map's largest value lies on the object (Zhang et al. 2016; the tolerance as in TorchRay's
/// <c>PointingGame</c>).</summary>
/// <remarks>A hit is a point with a pixel of the object at most the tolerance away. Several largest values are one drawn at random: the
/// score is the part of them that hit. Papers average over the images of each class first, then over classes; means of a run are over
/// images.</remarks>
public static class PointingGame
{
    private const string Tolerance = "tolerance";

    /// <summary><c>pointing_game</c>.</summary>
    public static LocalizationMeasure Measure { get; } = new(
        "pointing_game", "pointing game", "Zhang et al. 2016",
        "whether the map's largest value lies on the object, or near it; a part where several places have it",
        "a random point hits as often as the object with the tolerance around it fills the picture",
        [TruthPixels.Parameter, new IntegerParameter(Tolerance, 15, 0, 10_000, "how far beside the object a point still hits, in pixels of the map")],
        (values, map, truth) => MapStatus.IsConstant(map.Sum)
            ? MapStatus.Constant
            : new SimilarityScore(Of(map.Sum, Near(values, truth)), ScoreStatus.Ok),
        (values, truth) => Near(values, truth).Count(near => near) / (double)truth.Mask.Count);

    private static double Of(SaliencyMap map, bool[] near)
    {
        float largest = MapRegion.Largest(map);
        int points = 0, hits = 0;
        for (int i = 0; i < near.Length; i++)
        {
            if (map.Values[i] == largest)
            {
                points++;
                hits += near[i] ? 1 : 0;
            }
        }

        return hits / (double)points;
    }

    /// <summary>The pixels that have one of the object at most the tolerance away: for each row above and below, those whose nearest one in
    /// that row is near enough.</summary>
    private static bool[] Near(ParameterValues values, TruthRegion truth)
    {
        IReadOnlyList<bool> inside = TruthPixels.Of(values, truth);
        long tolerance = values.Integer(Tolerance);
        int width = truth.Width, height = truth.Height;
        long[] across = Across(inside, width);
        bool[] near = new bool[inside.Count];
        for (int i = 0; i < near.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            int first = (int)Math.Max(0, y - tolerance), last = (int)Math.Min(height - 1, y + tolerance);
            for (int row = first; row <= last && !near[i]; row++)
            {
                long sideways = across[(row * width) + x], down = row - y;
                near[i] = sideways <= tolerance && (sideways * sideways) + (down * down) <= tolerance * tolerance;
            }
        }

        return near;
    }

    // How far the nearest pixel of the object in the same row is.
    private static long[] Across(IReadOnlyList<bool> inside, int width)
    {
        long[] across = new long[inside.Count];
        for (int row = 0; row < across.Length; row += width)
        {
            long far = int.MaxValue;
            for (int x = 0; x < width; x++)
            {
                across[row + x] = far = inside[row + x] ? 0 : far + 1;
            }

            far = int.MaxValue;
            for (int x = width - 1; x >= 0; x--)
            {
                far = inside[row + x] ? 0 : far + 1;
                across[row + x] = Math.Min(across[row + x], far);
            }
        }

        return across;
    }
}
