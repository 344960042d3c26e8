using SanityChecks.Networks;

namespace SanityChecks.Saliency.Randomization;

/// <summary>One network of an experiment after the trained one.</summary>
/// <param name="Name">What it changes, as results show it: the layer or block that it adds (cascade) or replaces alone (independent), the
/// scale of noise.</param>
/// <param name="Weights">Its weights in a draw, from 0. They share every untouched tensor with the trained weights.</param>
public sealed record RandomizationStep(string Name, Func<Randomizer, int, Weights> Weights);
