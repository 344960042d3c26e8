using SanityChecks.Images;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>Measures of the region that a map marks: intersection over union with the object, as box and as mask.</summary>
/// <remarks>By chance, a map whose values are all about the same marks the whole picture, and so do uniform random numbers: with the usual
/// threshold 85 % of them are above it and connected.</remarks>
public static class RegionOverlap
{
    /// <summary>The parameter that says what belongs to the region.</summary>
    public const string Threshold = "threshold";

    private const string Least = "iou";
    private const string WholePicture = "a map that marks the whole picture has the object's share of it";
    private const string GradCam = "Selvaraju et al. 2017, section 4.1";

    private static readonly Parameter ThresholdParameter = new NumberParameter(
        Threshold, MapRegion.Threshold, 0, 0.999, "the part of the map's largest value that a pixel of the region exceeds");

    /// <summary><c>box_iou</c>.</summary>
    public static LocalizationMeasure Box { get; } = new(
        "box_iou", "box IoU", GradCam,
        "intersection over union of the box around the map's region, the largest connected part above the threshold, and the object's; of several objects the best",
        WholePicture, [ThresholdParameter],
        (values, map, truth) => Of(map, values, (region, _) => Best(region.Box, truth)),
        (_, truth) => Best(Whole(truth), truth));

    /// <summary><c>box_hit</c>.</summary>
    public static LocalizationMeasure Hit { get; } = new(
        "box_hit", "box hit", "ILSVRC (Russakovsky et al. 2015, section 4.2)",
        "whether that intersection over union is large enough: 1 less ILSVRC's localization error where the class is right",
        "a map that marks the whole picture hits what fills half of it",
        [ThresholdParameter, new NumberParameter(Least, 0.5, 0, 1, "the intersection over union of a hit, at least")],
        (values, map, truth) => Of(map, values, (region, _) => IsHit(values, Best(region.Box, truth))),
        (values, truth) => IsHit(values, Best(Whole(truth), truth)));

    /// <summary><c>mask_iou</c>.</summary>
    public static LocalizationMeasure Mask { get; } = new(
        "mask_iou", "mask IoU", GradCam, "intersection over union of the map's region itself and the objects' pixels",
        WholePicture, [ThresholdParameter],
        (values, map, truth) => Of(map, values, (region, _) => Overlap(region.Mask, truth.Mask)), ShareOf)
    {
        NeedsMasks = true,
    };

    /// <summary><c>grabcut_iou</c>.</summary>
    public static LocalizationMeasure GrabCut { get; } = new(
        "grabcut_iou", "GrabCut IoU", "Rother, Kolmogorov and Blake 2004",
        "intersection over union of what GrabCut cuts out by the map and the objects' pixels; half a second for each map of 224 x 224",
        WholePicture, [ThresholdParameter],
        (values, map, truth) => Of(map, values, (_, threshold) =>
            Overlap(MapCutout.Of(map.Sum, map.Image, map.Random, threshold)!, truth.Mask)),
        ShareOf)
    {
        NeedsMasks = true,
        IsSlow = true,
    };

    /// <summary>Intersection over union of two masks of one size; 0 where both are empty.</summary>
    internal static double Overlap(IReadOnlyList<bool> a, IReadOnlyList<bool> b)
    {
        int both = 0, either = 0;
        for (int i = 0; i < a.Count; i++)
        {
            both += a[i] && b[i] ? 1 : 0;
            either += a[i] || b[i] ? 1 : 0;
        }

        return either == 0 ? 0 : both / (double)either;
    }

    private static SimilarityScore Of(LocalizedMap map, ParameterValues values, Func<MapRegion, double, double> score)
    {
        double threshold = values.Number(Threshold);
        return MapStatus.IsConstant(map.Sum) ? MapStatus.Constant
            : map.Region(threshold) is { } region ? new SimilarityScore(score(region, threshold), ScoreStatus.Ok)
            : MapStatus.NotPositive;
    }

    private static double Best(PixelBox box, TruthRegion truth) => truth.Boxes.Max(box.IntersectionOverUnion);

    private static double IsHit(ParameterValues values, double iou) => iou >= values.Number(Least) ? 1 : 0;

    private static PixelBox Whole(TruthRegion truth) => new(0, 0, truth.Width, truth.Height);

    private static double ShareOf(ParameterValues values, TruthRegion truth) =>
        truth.Mask.Count(inside => inside) / (double)truth.Mask.Count;
}
