namespace SanityChecks.Saliency.Attribution;

/// <summary>What methods have in common, for charts that would be full with all of them.</summary>
/// <param name="Name">As files are named: <c>class_activation</c>.</param>
/// <param name="Title">As charts are headed.</param>
public sealed record MethodFamily(string Name, string Title)
{
    /// <summary>The channels of one layer, weighted.</summary>
    public static MethodFamily ClassActivation { get; } = new("class_activation", "class activation maps");

    /// <summary>Gradients at the image, and what is made of them.</summary>
    public static MethodFamily Gradients { get; } = new("gradients", "gradients");

    /// <summary>Passes back by other rules than the gradient's.</summary>
    public static MethodFamily Rules { get; } = new("rules", "passes back by other rules");

    /// <summary>Answers to images of which parts are covered.</summary>
    public static MethodFamily Perturbation { get; } = new("perturbation", "covered images");

    /// <summary>Maps that no network has a part in; they stand in the charts of all families.</summary>
    public static MethodFamily Controls { get; } = new("controls", "controls");
}
