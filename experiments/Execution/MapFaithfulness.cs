using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>How faithful the maps of a batch are to the trained network, whichever network they are of.</summary>
/// <param name="plan">Says which measures, and at which steps.</param>
/// <param name="batch">The images.</param>
/// <param name="trained">The trained network's pass.</param>
internal sealed class MapFaithfulness(Plan plan, ImageBatch batch, ForwardPass trained)
{
    /// <summary>Measures the maps of one network.</summary>
    /// <param name="maps">A map for each method and image.</param>
    /// <param name="targets">The class that each image's maps explain.</param>
    /// <param name="step">Which network's they are; 0 for the trained one.</param>
    /// <param name="shown">Told what is being measured, after each pass.</param>
    /// <param name="measured">Told after each method and measure.</param>
    /// <param name="cancel">Stops between two passes.</param>
    /// <returns>[image, method, measure].</returns>
    public SimilarityScore[,,] Of(
        SaliencyMap[][] maps, int[] targets, int step, Action<string> shown, Action<string> measured, CancellationToken cancel)
    {
        var scores = new SimilarityScore[targets.Length, plan.Methods.Count, plan.Config.Faithfulness.Count];
        using Explanation explanation = batch.Explain(trained, targets);
        for (int method = 0; method < plan.Methods.Count; method++)
        {
            for (int measure = 0; measure < plan.Config.Faithfulness.Count; measure++)
            {
                ConfiguredFaithfulness configured = plan.Config.Faithfulness[measure];
                string what = $"{configured} of {plan.Methods[method]}";
                SimilarityScore[] all = FaithfulnessScores.Of(
                    explanation, maps[method], configured, targets.Length, randomized: step > 0,
                    part => shown(FormattableString.Invariant($"{what}, {100 * part:0} %")), cancel);
                for (int image = 0; image < all.Length; image++)
                {
                    scores[image, method, measure] = all[image];
                }

                measured(what);
            }
        }

        return scores;
    }
}
