using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments;

/// <summary>A kind of run: a question, and the sequence of networks that answers it.</summary>
/// <param name="Name">What configurations call it: <c>cascading_randomization</c>.</param>
/// <param name="Randomization">What the column <c>randomization</c> says: <c>cascading</c>.</param>
/// <param name="Question">What it asks, in one sentence.</param>
/// <param name="Steps">The networks of one draw, in the order of the steps.</param>
public sealed record Experiment(
    string Name, string Randomization, string Question, Func<IReadOnlyList<LayerGroup>, Randomizer, int, IReadOnlyList<RandomizationStep>> Steps);
