using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A method that hands relevance down from the target's logit to the image, layer by layer.</summary>
/// <remarks>
/// Batch normalizations are merged into the convolutions before them first: relevance through a normalization depends on that, and only
/// merged is it what the papers mean. Signed, unscaled, [3, H, W].
/// </remarks>
public abstract class RelevanceMethod : AttributionMethod
{
    /// <summary>Says what lists show; see <see cref="AttributionMethod"/>.</summary>
    /// <param name="name">The name in configurations.</param>
    /// <param name="title">The name as the literature writes it.</param>
    /// <param name="source">The paper that defines it.</param>
    /// <param name="description">What its map is.</param>
    protected RelevanceMethod(string name, string title, string source, string description)
        : base(name, title, source, MethodFamily.Rules, description)
    {
    }

    /// <summary>What is handed down: the target's logit, or 1.</summary>
    protected virtual bool HandsDownLogit => true;

    /// <inheritdoc/>
    public override string? Obstacle(Network network) =>
        MergedNetwork.Of(network).Network.Layers.FirstOrDefault(layer => layer.Operation is BatchNormOperation) is { } layer
            ? $"{Title} needs a network whose batch normalizations can be merged into convolutions; {layer} of {network.Architecture} can not"
            : null;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Relevance(network => Rule(explanation, network, configured), HandsDownLogit);
    }

    /// <summary>How relevance passes each kind of layer.</summary>
    /// <param name="explanation">Has the images and what they mean.</param>
    /// <param name="network">The network without its batch normalizations.</param>
    /// <param name="configured">This method with the values of its parameters.</param>
    protected abstract CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured);

    /// <summary>One rule for convolutions and fully connected layers.</summary>
    protected static CompositeRule Everywhere(LinearRule rule) => new(rule, rule);

    /// <summary>What the first convolution reads of an image: it itself, or what padding and a fixed scale make of it.</summary>
    /// <param name="explanation">Computes it, and keeps what it gives.</param>
    /// <param name="network">The network without its batch normalizations.</param>
    /// <param name="image">[N, C, H, W]; stays the caller's.</param>
    protected static Tensor AtFirstConvolution(Explanation explanation, Network network, Tensor image)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(network);
        foreach (Layer layer in network.Layers.Skip(1).TakeWhile(layer => layer.Operation is not ConvolutionOperation))
        {
            Tensor[] parameters = [.. layer.TensorNames.Select(name => explanation.Weights[name])];
            image = explanation.Keep(layer.Operation!.Forward(explanation.Engine, [image], parameters, Activation.None));
        }

        return image;
    }

    /// <summary>The first convolution on the way from the image.</summary>
    protected static Operation FirstConvolution(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Layers.First(layer => layer.Operation is ConvolutionOperation).Operation!;
    }
}
