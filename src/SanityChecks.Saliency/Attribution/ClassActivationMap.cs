using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Attribution;

/// <summary>CAM: ReLU(sum_k w_k A_k) with the weights that the class itself has for the channels whose means over space are its logit (Zhou
/// et al. 2016, equation 2).</summary>
/// <remarks>
/// Only of networks that end in a mean over space and at most one linear layer behind it. The channels are those that the mean is taken
/// of, whatever layer Grad-CAM reads. On such a network Grad-CAM of that layer is this map divided by the number of places.
/// </remarks>
public sealed class ClassActivationMap : AttributionMethod
{
    private ClassActivationMap()
        : base("cam", "CAM", "Zhou et al. 2016", MethodFamily.ClassActivation,
            "the channels whose means the logit is a sum of, with the weights of that sum; of networks that end so", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static ClassActivationMap Instance { get; } = new();

    /// <inheritdoc/>
    public override bool IsEnlarged => true;

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => Head(network) is null
        ? $"CAM needs a network that ends in a mean over space and at most one linear layer, which {network.Architecture} does not"
        : null;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        (Layer averaged, Layer? linear) = Head(explanation.Network)!.Value;
        int channels = explanation.Activation(averaged).Shape[1];
        double[] weights = new double[explanation.Targets.Count * channels];
        for (int n = 0; n < explanation.Targets.Count; n++)
        {
            int target = explanation.Targets[n];
            for (int channel = 0; channel < channels; channel++)
            {
                weights[(n * channels) + channel] = linear is null
                    ? (channel == target ? 1 : 0)
                    : explanation.Weights[linear.Name + ".weight"].Values[(target * channels) + channel];
            }
        }

        return ChannelMaps.Weighted(explanation, averaged, weights);
    }

    /// <summary>The layer whose means over space are read, and the linear layer that reads them; null where they are the logits.</summary>
    private static (Layer Averaged, Layer? Linear)? Head(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Layer layer = BehindFlatten(network.Output);
        Layer? linear = layer.Operation is LinearOperation ? layer : null;
        layer = linear is null ? layer : BehindFlatten(layer.Inputs[0]);
        return layer.Operation is AdaptiveAveragePoolOperation { IsGlobal: true } ? (layer.Inputs[0], linear) : null;
    }

    private static Layer BehindFlatten(Layer layer) => layer.Operation is FlattenOperation ? layer.Inputs[0] : layer;
}
