using SanityChecks.Saliency.Models;

namespace SanityChecks.Saliency.Randomization;

/// <summary>One configuration of an experiment: a network some of whose layers are re-initialised.</summary>
/// <param name="Number">From 1; 0 is the untouched network.</param>
/// <param name="Layer">The layer or block that this step adds (cascade) or replaces alone (independent).</param>
/// <param name="Weights">Shares every untouched tensor with the trained weights.</param>
public sealed record RandomizationStep(int Number, string Layer, Weights Weights);

/// <summary>The two orders of the model parameter randomization test (Adebayo et al. 2018, section 3.1 and 3.2).</summary>
public static class RandomizationOrders
{
    /// <summary>Step n has the first n groups re-initialised.</summary>
    /// <param name="groups">In the order of the steps.</param>
    /// <param name="randomizer">Gives the weights.</param>
    /// <param name="draw">Which independent randomization, from 0.</param>
    public static IReadOnlyList<RandomizationStep> Cascade(IReadOnlyList<LayerGroup> groups, Randomizer randomizer, int draw) =>
        [.. groups.Select((group, i) => new RandomizationStep(i + 1, group.Name, randomizer.Randomize(groups.Take(i + 1).SelectMany(g => g.Layers), draw)))];

    /// <summary>Step n has the n-th group alone re-initialised, with the values that it has in the cascade.</summary>
    /// <param name="groups">In the order of the steps.</param>
    /// <param name="randomizer">Gives the weights.</param>
    /// <param name="draw">Which independent randomization, from 0.</param>
    public static IReadOnlyList<RandomizationStep> Independent(IReadOnlyList<LayerGroup> groups, Randomizer randomizer, int draw) =>
        [.. groups.Select((group, i) => new RandomizationStep(i + 1, group.Name, randomizer.Randomize(group.Layers, draw)))];
}
