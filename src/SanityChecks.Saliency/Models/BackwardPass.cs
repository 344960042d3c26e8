using SanityChecks.Compute;
using SanityChecks.Saliency.Models.Operations;

namespace SanityChecks.Saliency.Models;

/// <summary>The gradients of chosen logits at chosen layers: by the chain rule with one rule for all ReLUs.</summary>
public static class BackwardPass
{
    /// <summary>Passes a gradient back from the logits, no further than the wanted layers.</summary>
    /// <param name="pass">The activations.</param>
    /// <param name="logitGradient">[N, classes]: 1 at each image's target and 0 elsewhere, for the target's logit. Stays the caller's.</param>
    /// <param name="rule">How gradients pass ReLUs.</param>
    /// <param name="wanted">The layers at whose outputs the gradients are needed; <see cref="Network.Input"/> for the image's.</param>
    /// <returns>
    /// The gradient at each wanted layer, of its activation's shape; the caller disposes them, together: layers between which a gradient
    /// passes unchanged may have one tensor.
    /// </returns>
    /// <exception cref="ArgumentException">A wanted layer does not lead to the logits.</exception>
    public static IReadOnlyDictionary<Layer, Tensor> Run(ForwardPass pass, Tensor logitGradient, GradientRule rule, IReadOnlyCollection<Layer> wanted)
    {
        Network network = pass.Network;
        bool[] needed = LeadsTo(network, wanted);
        var gradients = new Dictionary<Layer, Tensor> { [network.Output] = logitGradient };
        var result = new Dictionary<Layer, Tensor>();
        var shared = new HashSet<Tensor>(ReferenceEqualityComparer.Instance); // wanted, or passed on unchanged: released at the end, if at all
        for (int i = network.Layers.Count - 1; i >= 0; i--)
        {
            Layer layer = network.Layers[i];
            if (!gradients.Remove(layer, out Tensor? gradient))
            {
                continue;
            }

            if (needed[i] && layer.Inputs.Any(input => needed[input.Index] || wanted.Contains(input)))
            {
                PassBack(pass, layer, gradient, rule, needed, wanted, gradients, shared);
            }

            if (wanted.Contains(layer))
            {
                gradient = gradient == logitGradient ? pass.Engine.Reshape(gradient, gradient.Shape) : gradient;
                result.Add(layer, gradient);
                shared.Add(gradient);
            }
            else if (gradient != logitGradient && !shared.Contains(gradient))
            {
                gradient.Dispose();
            }
        }

        Layer? unreached = wanted.FirstOrDefault(layer => !result.ContainsKey(layer));
        foreach (Tensor tensor in shared.Where(tensor => tensor != logitGradient && (unreached is not null || !result.ContainsValue(tensor))))
        {
            tensor.Dispose();
        }

        return unreached is null ? result : throw new ArgumentException($"The logits do not depend on {unreached}.", nameof(wanted));
    }

    private static void PassBack(
        ForwardPass pass, Layer layer, Tensor gradient, GradientRule rule, bool[] needed, IReadOnlyCollection<Layer> wanted,
        Dictionary<Layer, Tensor> gradients, HashSet<Tensor> shared)
    {
        Tensor?[] inputs = [.. layer.Inputs.Select(pass.Stored)];
        Tensor[] parameters = [.. layer.TensorNames.Select(name => pass.Weights[name])];
        Tensor[] passed = layer.Operation!.InputGradients(new BackwardStep(pass.Engine, gradient, inputs, pass.Stored(layer), parameters, rule));
        if (passed.Contains(gradient))
        {
            shared.Add(gradient);
        }

        for (int k = 0; k < passed.Length; k++)
        {
            Layer input = layer.Inputs[k];
            if (!needed[input.Index] && !wanted.Contains(input))
            {
                Discard(passed[k]);
            }
            else if (gradients.TryGetValue(input, out Tensor? other))
            {
                gradients[input] = pass.Engine.Add(other, passed[k], Activation.None);
                Discard(other);
                Discard(passed[k]);
            }
            else
            {
                gradients.Add(input, passed[k]);
            }
        }

        void Discard(Tensor tensor)
        {
            if (!shared.Contains(tensor))
            {
                tensor.Dispose();
            }
        }
    }

    /// <summary>For each layer, whether a wanted one lies strictly above it on the way from the image: only there must a gradient pass.</summary>
    private static bool[] LeadsTo(Network network, IReadOnlyCollection<Layer> wanted)
    {
        bool[] needed = new bool[network.Layers.Count];
        foreach (Layer layer in network.Layers)
        {
            needed[layer.Index] = layer.Inputs.Any(input => needed[input.Index] || wanted.Contains(input));
        }

        return needed;
    }
}
