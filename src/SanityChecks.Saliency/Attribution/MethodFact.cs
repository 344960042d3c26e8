namespace SanityChecks.Saliency.Attribution;

/// <summary>Something that a method can say of how far its map is to be trusted.</summary>
/// <param name="Method">Whose it is.</param>
/// <param name="Name">What it is, as in <c>completeness_error</c>.</param>
/// <param name="Values">A value for each image of the batch.</param>
public sealed record MethodFact(ConfiguredMethod Method, string Name, IReadOnlyList<double> Values);
