using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Grad-CAM: ReLU(sum_k alpha_k A_k) with alpha_k = mean over space of dy/dA_k (Selvaraju et al. 2017, equations 1 and
/// 2).</summary>
/// <remarks>y is the target's logit, before any softmax; A_k are the channels of the chosen layer's output. Values are unscaled,
/// and at least 0 unless <c>relu</c> is false.</remarks>
public sealed class GradCam : AttributionMethod
{
    private const string Relu = "relu";

    private GradCam()
        : base("grad_cam", "Grad-CAM", "Selvaraju et al. 2017", MethodFamily.ClassActivation,
            "a layer's channels weighted by their mean gradient, the positive part", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static GradCam Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new SwitchParameter(Relu, true, "true for the positive part; false for the whole sum, as captum and Quantus show it")
        {
            IsTacit = true,
        },
    ];

    /// <inheritdoc/>
    public override bool IsEnlarged => true;

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [(BackwardRule.Derivative, camLayer)];

    /// <summary>A layer that Grad-CAM can read: one whose output has rows and columns.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">The layer's name, either spelling.</param>
    /// <exception cref="InputException">There is no such layer, or its output is not spatial; the message lists those that there
    /// are.</exception>
    public static Layer LayerOf(Network network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        Layer layer = network.Find(name);
        Layer[] spatial = [.. Spatial(network)];
        return spatial.Contains(layer) ? layer : throw new InputException(
            $"Grad-CAM needs a layer with rows and columns, which {layer} has not; the layers are {string.Join(", ", spatial.AsEnumerable())}.");
    }

    /// <summary>The layers that one looks at to see how Grad-CAM goes through a network, from the logits down: every activation function
    /// whose output has rows and columns, and the layer that is read by default. Some may have a single row and column: gates on
    /// channels.</summary>
    /// <param name="network">The network.</param>
    public static IReadOnlyList<Layer> ActivationLayers(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. Spatial(network).Where(layer => layer.Operation is ActivationOperation || layer == network.Explained).Reverse()];
    }

    private static IEnumerable<Layer> Spatial(Network network) =>
        network.Layers.Skip(1).TakeWhile(other => other.Operation is not FlattenOperation);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        using Tensor alpha = engine.AdaptiveAveragePool(explanation.Gradient(BackwardRule.Derivative, explanation.CamLayer), 1, 1);
        Tensor sum = engine.WeightedChannelSum(explanation.Activation(explanation.CamLayer), alpha);
        if (!configured.Values.Switch(Relu))
        {
            return explanation.Keep(sum);
        }

        using (sum)
        {
            return explanation.Keep(engine.Activate(sum, Activation.Relu));
        }
    }
}
