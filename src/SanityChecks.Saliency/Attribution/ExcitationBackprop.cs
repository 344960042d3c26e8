using SanityChecks.Networks;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Excitation Backprop: the probabilities of a walk that goes from the target down, from each unit to what excites it in
/// proportion (Zhang et al. 2016, equations 1 and 2), to the image as zennit has it.</summary>
/// <remarks>
/// This is the z+ rule, handed 1 instead of the logit: how sure the network is plays no part. At the image negative values with negative
/// weights excite too. The authors stop at a layer between and show that; a walk to the image keeps more detail.
/// </remarks>
public sealed class ExcitationBackprop : RelevanceMethod
{
    private ExcitationBackprop()
        : base(
            "excitation_backprop", "Excitation Backprop", "Zhang et al. 2016",
            "the probability that a winner, drawn from layer to layer among what excites it, is the pixel")
    {
    }

    /// <summary>The method.</summary>
    public static ExcitationBackprop Instance { get; } = new();

    /// <inheritdoc/>
    protected override bool HandsDownLogit => false;

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        Everywhere(new PositiveRule());
}
