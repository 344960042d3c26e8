using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A way of making saliency maps from a network's activations and gradients, and from its answers to changed inputs.</summary>
public abstract class AttributionMethod
{
    /// <summary>Says what lists show.</summary>
    /// <param name="name">The name in configurations: <c>grad_cam</c>.</param>
    /// <param name="title">The name as the literature writes it: <c>Grad-CAM</c>.</param>
    /// <param name="source">The paper that defines it: <c>Selvaraju et al. 2017</c>.</param>
    /// <param name="family">What it has in common with others.</param>
    /// <param name="description">What its map is, as the end of a sentence that begins with the title.</param>
    /// <param name="signed">Whether its maps have a sign that matters; a CAM is never negative.</param>
    /// <param name="showsClass">Whether its maps depend on the class that is explained, at all.</param>
    protected AttributionMethod(
        string name, string title, string source, MethodFamily family, string description, bool signed = true, bool showsClass = true)
    {
        Name = name;
        Title = title;
        Source = source;
        Family = family;
        Description = description;
        Signed = signed;
        ShowsClass = showsClass;
    }

    /// <summary>The name in configurations: <c>grad_cam</c>.</summary>
    public string Name { get; }

    /// <summary>The name as the literature writes it: <c>Grad-CAM</c>.</summary>
    public string Title { get; }

    /// <summary>What its map is, as the end of a sentence that begins with the title.</summary>
    public string Description { get; }

    /// <summary>The paper that defines it, for lists and help.</summary>
    public string Source { get; }

    /// <summary>What it has in common with others.</summary>
    public MethodFamily Family { get; }

    /// <summary>Whether its maps have a sign that matters; a CAM is never negative.</summary>
    public bool Signed { get; }

    /// <summary>Whether its maps depend on the class that is explained, at all.</summary>
    public bool ShowsClass { get; }

    /// <summary>What it can be told.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Whether its maps are made at the size of a layer, and enlarged to the input's.</summary>
    public virtual bool IsEnlarged => false;

    /// <summary>The gradients at the unchanged images that it reads, so that one pass back can serve several methods.</summary>
    /// <param name="network">The network to explain.</param>
    /// <param name="camLayer">The layer that Grad-CAM reads.</param>
    public virtual IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) => [];

    /// <summary>Why the method cannot explain a network, or null where it can.</summary>
    /// <param name="network">The network to explain.</param>
    public virtual string? Obstacle(Network network) => null;

    /// <summary>The obstacle of a method that is the gradient but for what it does at ReLUs.</summary>
    /// <param name="network">The network to explain.</param>
    protected string? ObstacleWithoutRelu(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.HasRelu ? null : $"{network.Architecture} has no ReLU: {Title} would be the gradient under another name";
    }

    /// <summary>The maps of a batch: [N, 1, H, W], or [N, 3, H, W] in input space, at the input's size; at a layer's where they are to be
    /// enlarged (<see cref="IsEnlarged"/>).</summary>
    /// <param name="explanation">Activations, gradients, passes of changed inputs, and the maps of other methods.</param>
    /// <param name="configured">This method with the values of its parameters.</param>
    /// <returns>A tensor that belongs to the explanation.</returns>
    public abstract Tensor Compute(Explanation explanation, ConfiguredMethod configured);
}
