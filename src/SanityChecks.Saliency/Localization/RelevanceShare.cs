using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>Measures of how much of a map lies on the object.</summary>
public static class RelevanceShare
{
    private const string Values = "values", Positive = "positive", MinMax = "min_max";
    private const string Pooling = "pooling", MaxNorm = "max_norm", SquaredNorm = "l2_norm_squared", PositiveSum = "positive_sum";
    private const string ByChance = "a map that knows nothing of the object has the object's share of the picture";
    private const string ClevrXai = "Arras, Osman and Samek 2022 (CLEVR-XAI)";

    private static readonly Parameter PoolingParameter = new ChoiceParameter(
        Pooling, [MaxNorm, SquaredNorm, PositiveSum], "what becomes of a pixel's channels: largest magnitude, sum of squares, or the positive part of their sum");

    /// <summary><c>energy_pointing_game</c>.</summary>
    /// <remarks>Of values of both signs the sum may be 0 and a part of it anything, so that they are made positive first.</remarks>
    public static LocalizationMeasure Energy { get; } = new(
        "energy_pointing_game", "energy-based pointing game", "Wang et al. 2020 (Score-CAM), section 4.3",
        "the part of the map's sum that lies on the object", ByChance,
        [TruthPixels.Parameter, new ChoiceParameter(Values, [Positive, MinMax], "positive: what is below 0 counts as 0; min_max: the smallest value counts as 0")],
        (values, map, truth) => Mass(Energies(map.Sum, values[Values] == MinMax), map.Sum, values, truth), TruthPixels.Share);

    /// <summary><c>relevance_mass</c>.</summary>
    public static LocalizationMeasure MassAccuracy { get; } = new(
        "relevance_mass", "relevance mass accuracy", ClevrXai, "the part of the map's magnitudes that lies on the object", ByChance,
        [TruthPixels.Parameter, PoolingParameter],
        (values, map, truth) => Mass(Pooled(map, values[Pooling]), map.Sum, values, truth), TruthPixels.Share);

    /// <summary><c>relevance_rank</c>.</summary>
    /// <remarks>Equal values at the end of the ranks are taken at random; the score is the mean over all ways of doing so.</remarks>
    public static LocalizationMeasure RankAccuracy { get; } = new(
        "relevance_rank", "relevance rank accuracy", ClevrXai,
        "the part of the K largest magnitudes that lie on the object, of K pixels", ByChance, [TruthPixels.Parameter, PoolingParameter],
        (values, map, truth) => Rank(Pooled(map, values[Pooling]), map.Sum, values, truth), TruthPixels.Share);

    private static SimilarityScore Mass(double[] relevance, SaliencyMap map, ParameterValues values, TruthRegion truth)
    {
        IReadOnlyList<bool> inside = TruthPixels.Of(values, truth);
        double all = 0, on = 0;
        for (int i = 0; i < relevance.Length; i++)
        {
            all += relevance[i];
            on += inside[i] ? relevance[i] : 0;
        }

        return IsConstant(relevance) ? Undefined(map) : new SimilarityScore(on / all, ScoreStatus.Ok);
    }

    private static SimilarityScore Rank(double[] relevance, SaliencyMap map, ParameterValues values, TruthRegion truth)
    {
        if (IsConstant(relevance))
        {
            return Undefined(map);
        }

        IReadOnlyList<bool> inside = TruthPixels.Of(values, truth);
        int size = inside.Count(one => one);
        TopShare top = TopShare.Find(relevance, size);
        double sum = 0;
        for (int i = 0; i < relevance.Length; i++)
        {
            sum += inside[i] ? top.Of(relevance[i]) : 0;
        }

        return new SimilarityScore(sum / size, ScoreStatus.Ok);
    }

    // What has one value after it was made positive had it before, or had none above 0.
    private static SimilarityScore Undefined(SaliencyMap map) =>
        MapStatus.IsConstant(map) || MapRegion.Largest(map) > 0 ? MapStatus.Constant : MapStatus.NotPositive;

    private static bool IsConstant(double[] values) => !values.AsSpan().ContainsAnyExcept(values[0]);

    private static double[] Energies(SaliencyMap map, bool fromSmallest)
    {
        double least = 0;
        if (fromSmallest)
        {
            least = double.PositiveInfinity;
            foreach (float value in map.Values)
            {
                least = Math.Min(least, value);
            }
        }

        return Array.ConvertAll(map.Values.ToArray(), value => Math.Max(0, value - least));
    }

    private static double[] Pooled(LocalizedMap map, string pooling)
    {
        if (pooling == PositiveSum)
        {
            return Energies(map.Sum, fromSmallest: false);
        }

        double[] pooled = new double[map.Sum.Values.Length];
        for (int i = 0; i < map.Map.Values.Length; i++)
        {
            double value = map.Map.Values[i];
            ref double pixel = ref pooled[i % pooled.Length];
            pixel = pooling == MaxNorm ? Math.Max(pixel, Math.Abs(value)) : pixel + (value * value);
        }

        return pooled;
    }
}
