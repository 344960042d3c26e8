using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A method that combines the channels of one layer, and mostly their gradients, into a map of the layer's size.</summary>
/// <remarks>The layer is the one that Grad-CAM reads. A method that reads no gradient shows no class, and changes only with the layers at
/// and below its own.</remarks>
public abstract class ClassActivationMethod : AttributionMethod
{
    private readonly bool readsGradient;

    /// <summary>Says what lists show; see <see cref="AttributionMethod"/>.</summary>
    /// <param name="name">The name in configurations.</param>
    /// <param name="title">The name as the literature writes it.</param>
    /// <param name="source">The paper that defines it.</param>
    /// <param name="description">What its map is.</param>
    /// <param name="readsGradient">Whether it reads the layer's gradient.</param>
    protected ClassActivationMethod(string name, string title, string source, string description, bool readsGradient = true)
        : base(name, title, source, MethodFamily.ClassActivation, description, signed: false, showsClass: readsGradient) =>
        this.readsGradient = readsGradient;

    /// <inheritdoc/>
    public override bool IsEnlarged => true;

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        readsGradient ? [(BackwardRule.Derivative, camLayer)] : [];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        return ChannelMaps.Combined(
            explanation, explanation.CamLayer, readsGradient, (_, layer, map) => Combine(layer, configured, map));
    }

    /// <summary>Makes one image's map, of which the positive part is shown.</summary>
    /// <param name="layer">The layer's channels for the image.</param>
    /// <param name="configured">This method with the values of its parameters.</param>
    /// <param name="map">Zeros, one for each position; gets the map.</param>
    protected abstract void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map);
}
