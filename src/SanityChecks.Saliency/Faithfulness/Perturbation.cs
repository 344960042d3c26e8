namespace SanityChecks.Saliency.Faithfulness;

/// <summary>The changed images of a batch that a measure shows to the network, and what it makes of the answers.</summary>
internal abstract class Perturbation
{
    /// <summary>Changed images of each image.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the answer is the target's logit; otherwise its probability.</summary>
    public abstract bool ReadsLogits { get; }

    /// <summary>Makes a changed image; may be called by several threads at once.</summary>
    /// <param name="image">Its place in the batch, of one whose map ranks its pixels.</param>
    /// <param name="number">Which, from 0.</param>
    /// <param name="input">Gets the values, [C, H, W].</param>
    public abstract void Change(int image, int number, Span<float> input);

    /// <summary>The measure of a map.</summary>
    /// <param name="answers">The network's answer to each changed image, finite.</param>
    public abstract double Score(ReadOnlySpan<double> answers);
}
