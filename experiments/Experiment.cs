using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments;

/// <summary>A kind of run: a question, and the sequence of networks that answers it.</summary>
/// <param name="Words">What it says about itself in run folders, charts and grids.</param>
/// <param name="Steps">The networks of one draw, in the order of the steps.</param>
public sealed record Experiment(ExperimentRecord Words, Func<IReadOnlyList<LayerGroup>, Randomizer, int, IReadOnlyList<RandomizationStep>> Steps)
{
    /// <summary>What configurations call it: <c>cascading_randomization</c>.</summary>
    public string Name => Words.Name;

    /// <summary>What the column <c>randomization</c> says: <c>cascading</c>.</summary>
    public string Randomization => Words.Randomization;

    /// <summary>What it asks, in one sentence.</summary>
    public string Question => Words.Question;
}
