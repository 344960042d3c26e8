using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Whether a network's answer depends on the pixels that a map calls salient: a number for each map, from the network's answers to
/// images of which the most or the least salient pixels were changed.</summary>
/// <remarks>
/// Pixels are ranked by the map's signed value, summed over channels (<see cref="SaliencyMap.SumChannels"/>), and all channels of a pixel
/// are changed at once. Pixels of equal value are ranked at random, each image's in one order that is the same for every map and measure,
/// so that neither the position nor the method decides; exactly as many are changed as the measure says.
/// </remarks>
public abstract class FaithfulnessMeasure
{
    /// <summary>Says what lists show.</summary>
    /// <param name="name">The name in configurations: <c>deletion</c>.</param>
    /// <param name="title">The name as the literature writes it.</param>
    /// <param name="source">The paper that defines it.</param>
    /// <param name="description">What the number is, its range, and which end a faithful map has, as the end of a sentence that begins with
    /// the title.</param>
    protected FaithfulnessMeasure(string name, string title, string source, string description) =>
        (Name, Title, Source, Description) = (name, title, source, description);

    /// <summary>The name in configurations: <c>deletion</c>.</summary>
    public string Name { get; }

    /// <summary>The name as the literature writes it.</summary>
    public string Title { get; }

    /// <summary>The paper that defines it.</summary>
    public string Source { get; }

    /// <summary>What the number is, its range, and which end a faithful map has, as the end of a sentence that begins with the
    /// title.</summary>
    public string Description { get; }

    /// <summary>What it can be told.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>How many changed images it shows to the network for each map.</summary>
    /// <param name="values">Values of <see cref="Parameters"/>.</param>
    /// <param name="pixels">Height times width of an image.</param>
    public abstract int Passes(ParameterValues values, int pixels);

    /// <summary>The changes that it makes to a batch.</summary>
    /// <param name="configured">This measure with the values of its parameters.</param>
    /// <param name="batch">The images, with their pixels in order.</param>
    internal abstract Perturbation Of(ConfiguredFaithfulness configured, RankedImages batch);
}
