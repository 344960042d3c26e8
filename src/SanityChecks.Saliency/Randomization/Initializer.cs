using SanityChecks.Compute;

namespace SanityChecks.Saliency.Randomization;

/// <summary>A rule for the new values of a randomized layer's weight and bias.</summary>
/// <param name="Name">The name in configurations: <c>pytorch_default</c>.</param>
/// <param name="Description">The distribution in a few words.</param>
/// <param name="Fill">Makes a tensor's values.</param>
public sealed record Initializer(string Name, string Description, Func<InitializedTensor, float[]> Fill);

/// <summary>A tensor about to be replaced.</summary>
/// <param name="Trained">The trained tensor.</param>
/// <param name="FanIn">Number of inputs that one output of the layer sums: C / groups * KH * KW, or F.</param>
/// <param name="IsBias">Whether it is the layer's bias.</param>
/// <param name="Stream">Its random numbers.</param>
public sealed record InitializedTensor(HostTensor Trained, int FanIn, bool IsBias, RandomStream Stream);
