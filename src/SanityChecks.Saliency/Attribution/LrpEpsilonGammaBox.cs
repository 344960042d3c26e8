using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the z^B rule at the first convolution, the gamma rule at the others, and the epsilon rule
/// at fully connected layers, zennit's EpsilonGammaBox (Montavon et al. 2019, section 10.3).</summary>
/// <remarks>A pixel's least and largest values are those of black and white, as the network's normalization makes them.</remarks>
public sealed class LrpEpsilonGammaBox : RelevanceMethod
{
    private const string Gamma = "gamma";

    private LrpEpsilonGammaBox()
        : base(
            "lrp_epsilon_gamma_box", "LRP epsilon gamma box", "Montavon et al. 2019",
            "the gamma rule at convolutions, the epsilon rule at fully connected layers, and a rule for pixels at the first")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonGammaBox Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new NumberParameter(Gamma, 0.25, 0, 1e6, "how much more than once what raises a sum counts")];

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured)
    {
        return new(
            new GammaRule((float)configured.Values.Number(Gamma)), new EpsilonRule(LinearRule.Stabilizer),
            (FirstConvolution(network), new BoxRule(Pixels(Baseline.Black), Pixels(Baseline.White))));

        Tensor Pixels(string color) => AtFirstConvolution(explanation, network, Baseline.Of(color, explanation));
    }
}
