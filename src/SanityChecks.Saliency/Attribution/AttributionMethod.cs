using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A way of making saliency maps from a network's activations and gradients, and from its answers to changed inputs.</summary>
public abstract class AttributionMethod
{
    /// <summary>The name in configurations: <c>grad_cam</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name as the literature writes it: <c>Grad-CAM</c>.</summary>
    public abstract string Title { get; }

    /// <summary>One sentence for lists and help.</summary>
    public abstract string Description { get; }

    /// <summary>The paper that defines it, for lists and help.</summary>
    public abstract string Source { get; }

    /// <summary>What it has in common with others.</summary>
    public virtual MethodFamily Family => MethodFamily.Gradients;

    /// <summary>Whether its maps have a sign that matters; a CAM is never negative.</summary>
    public abstract bool Signed { get; }

    /// <summary>Whether its maps depend on the class that is explained, at all.</summary>
    public virtual bool ShowsClass => true;

    /// <summary>What it can be told.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The gradients at the unchanged images that it reads, so that one pass back can serve several methods.</summary>
    /// <param name="network">The network to explain.</param>
    /// <param name="camLayer">The layer that Grad-CAM reads.</param>
    public virtual IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) => [];

    /// <summary>Why the method cannot explain a network, or null where it can.</summary>
    /// <param name="network">The network to explain.</param>
    public virtual string? Obstacle(Network network) => null;

    /// <summary>The maps of a batch: [N, 1, H, W], or [N, 3, H, W] in input space, at the input's size.</summary>
    /// <param name="explanation">Activations, gradients, passes of changed inputs, and the maps of other methods.</param>
    /// <param name="configured">This method with the values of its parameters.</param>
    /// <returns>A tensor that belongs to the explanation.</returns>
    public abstract Tensor Compute(Explanation explanation, ConfiguredMethod configured);
}
