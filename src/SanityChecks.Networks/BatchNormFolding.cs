using SanityChecks.Compute;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>Takes the batch normalisations out of a trained network: each is multiplied into the convolution before it.</summary>
public static class BatchNormFolding
{
    private const string Ending = "_bn";
    private const double Epsilon = 1e-5;

    /// <summary>Whether an architecture has normalisations, and the same one without them exists.</summary>
    /// <param name="architecture">One of <see cref="ArchitectureList.Names"/>.</param>
    public static bool CanFold(string architecture) =>
        architecture.EndsWith(Ending, StringComparison.Ordinal) && ArchitectureList.Names.Contains(architecture[..^Ending.Length]);

    /// <summary>The network without normalisations that computes the same function, to rounding.</summary>
    /// <param name="network">An architecture for which <see cref="CanFold"/> holds.</param>
    /// <param name="weights">Its weights.</param>
    /// <returns>weight s and (bias - mean) s + shift with s = scale / sqrt(variance + 1e-5), for each convolution and its
    /// normalisation.</returns>
    public static (Network Network, Weights Weights) Fold(Network network, Weights weights)
    {
        var normalized = network.Layers.Where(layer => layer.Operation is BatchNormOperation).ToDictionary(layer => layer.Inputs[0]);
        var named = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (Layer layer in network.WeightLayers.Where(layer => layer.Operation is not BatchNormOperation))
        {
            HostTensor weight = weights[layer.Name + ".weight"], bias = weights[layer.Name + ".bias"];
            (weight, bias) = normalized.TryGetValue(layer, out Layer? norm) ? Folded(weight, bias, weights, norm.Name) : (weight, bias);
            named.Add(layer.PaperName + ".weight", weight);
            named.Add(layer.PaperName + ".bias", bias);
        }

        // The names of modules count the normalisations; the literature's do not.
        string architecture = network.Architecture[..^Ending.Length];
        Network names = ArchitectureList.Build(architecture);
        var folded = new Weights(names.WeightLayers.Reverse().SelectMany(layer => layer.TensorNames.Select(name =>
            KeyValuePair.Create(name, named[layer.PaperName + name[layer.Name.Length..]]))));
        return (ArchitectureList.Build(architecture, folded), folded);
    }

    private static (HostTensor Weight, HostTensor Bias) Folded(HostTensor weight, HostTensor bias, Weights weights, string norm)
    {
        float[] values = weight.Values.ToArray(), shifts = bias.Values.ToArray();
        int filter = values.Length / shifts.Length;
        for (int o = 0; o < shifts.Length; o++)
        {
            double factor = Of("weight") / Math.Sqrt(Of("running_var") + Epsilon);
            shifts[o] = (float)(((shifts[o] - Of("running_mean")) * factor) + Of("bias"));
            for (int i = o * filter; i < (o + 1) * filter; i++)
            {
                values[i] = (float)(values[i] * factor);
            }

            double Of(string tensor) => weights[$"{norm}.{tensor}"].Values[o];
        }

        return (new HostTensor(weight.Shape, values), new HostTensor(bias.Shape, shifts));
    }
}
