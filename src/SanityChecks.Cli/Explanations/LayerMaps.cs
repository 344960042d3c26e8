using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli.Explanations;

/// <summary>Class activation maps of one image and class at any layer.</summary>
/// <param name="plan">Says the network.</param>
/// <param name="batch">The image.</param>
/// <param name="trained">Its pass, whose activations are shared.</param>
/// <param name="target">The class.</param>
internal sealed class LayerMaps(Plan plan, ImageBatch batch, ForwardPass trained, int target)
{
    /// <summary>Every layer that <see cref="GradCam.ActivationLayers"/> lists.</summary>
    public const string All = "all";

    /// <summary>The size of a layer without rows and columns to speak of.</summary>
    public const string OnePlace = "1 x 1";

    private const string Option = "--layers";

    /// <summary>Whether a method's maps are of the layer that it is told; CAM's are of the last.</summary>
    public static bool Reads(ConfiguredMethod method) => method.Method.IsEnlarged && method.Method is not ClassActivationMap;

    /// <summary>The layers that an option names, from deep to shallow.</summary>
    /// <param name="given"><see cref="All"/>, or names with commas between; null for none.</param>
    /// <param name="plan">Says the network and the methods.</param>
    /// <exception cref="InputException">A layer is unknown or has no rows and columns, or no method reads a layer.</exception>
    public static IReadOnlyList<Layer> Named(string? given, Plan plan)
    {
        if (given is null)
        {
            return [];
        }

        if (!plan.Methods.Any(Reads))
        {
            throw new InputException($"{Option} {given}: none of the methods makes class activation maps of a layer; add --methods grad_cam.");
        }

        if (given == All)
        {
            return GradCam.ActivationLayers(plan.Trained.Network);
        }

        try
        {
            return
            [
                .. given.Split(',', StringSplitOptions.TrimEntries).Select(name => GradCam.LayerOf(plan.Trained.Network, name)).Distinct()
                    .OrderByDescending(layer => layer.Index),
            ];
        }
        catch (InputException error)
        {
            throw new InputException($"{Option} {given}: {error.Message}", error);
        }
    }

    /// <summary>The maps at a layer, enlarged to the image's size.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="methods">Those that <see cref="Reads">read</see> it.</param>
    /// <returns>The layer's rows and columns for people, and a map of each method.</returns>
    public (string Size, SaliencyMap[] Maps) At(Layer layer, IReadOnlyList<ConfiguredMethod> methods)
    {
        using ForwardPass pass = batch.Pass(plan.Trained.Weights, layer, trained);
        using Explanation explanation = batch.Explain(pass, [target], layer, methods);
        Shape shape = explanation.Activation(layer).Shape;
        return (
            string.Create(CultureInfo.InvariantCulture, $"{shape[2]} x {shape[3]}"),
            [.. methods.Select(method => explanation.Download(method)[0])]);
    }
}
