using SanityChecks.Networks;

namespace SanityChecks.Saliency.Randomization;

/// <summary>One configuration of an experiment: a network some of whose layers are re-initialised.</summary>
/// <param name="Number">From 1; 0 is the untouched network.</param>
/// <param name="Layer">The layer or block that this step adds (cascade) or replaces alone (independent).</param>
/// <param name="Weights">Shares every untouched tensor with the trained weights.</param>
public sealed record RandomizationStep(int Number, string Layer, Weights Weights);
