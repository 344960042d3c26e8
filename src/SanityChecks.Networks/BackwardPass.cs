using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>Gradients at chosen layers or with respect to what they have learned: by the chain rule or another one for each kind of
/// operation.</summary>
public static class BackwardPass
{
    /// <summary>Passes a gradient back from the logits, no further than the wanted layers.</summary>
    /// <param name="pass">The activations.</param>
    /// <param name="logitGradient">[N, classes]: 1 at each image's target and 0 elsewhere, for the target's logit. Stays the
    /// caller's.</param>
    /// <param name="rule">How they pass each operation.</param>
    /// <param name="wanted">The layers at whose outputs the gradients are needed; <see cref="Network.Input"/> for the image's.</param>
    /// <returns>
    /// The gradient at each wanted layer, of its activation's shape; the caller disposes them, together: layers between which a gradient
    /// passes unchanged may have one tensor.
    /// </returns>
    /// <exception cref="ArgumentException">A wanted layer does not lead to the logits.</exception>
    public static IReadOnlyDictionary<Layer, Tensor> Run(
        ForwardPass pass, Tensor logitGradient, BackwardRule rule, IReadOnlyCollection<Layer> wanted)
    {
        var result = new Dictionary<Layer, Tensor>();
        Descend(pass, logitGradient, rule, wanted, (layer, gradient) =>
        {
            result.Add(layer, gradient == logitGradient ? pass.Engine.Reshape(gradient, gradient.Shape) : gradient);
            return true;
        });
        if (wanted.FirstOrDefault(layer => !result.ContainsKey(layer)) is not { } unreached)
        {
            return result;
        }

        foreach (Tensor tensor in result.Values)
        {
            tensor.Dispose();
        }

        throw Unreached(unreached, nameof(wanted));
    }

    /// <summary>Passes a gradient back from the logits and shows it at each wanted layer, of which none is kept: the memory is that of the
    /// activations and a few gradients.</summary>
    /// <param name="pass">The activations.</param>
    /// <param name="logitGradient">As for <see cref="Run"/>; stays the caller's.</param>
    /// <param name="rule">How it passes each operation.</param>
    /// <param name="wanted">The layers; <see cref="Network.Input"/> for the image.</param>
    /// <param name="show">Gets a layer and the gradient at its output, from the logits down; the tensor is released after the
    /// call.</param>
    /// <exception cref="ArgumentException">A wanted layer does not lead to the logits; the others have been shown.</exception>
    public static void Show(
        ForwardPass pass, Tensor logitGradient, BackwardRule rule, IReadOnlyCollection<Layer> wanted, Action<Layer, Tensor> show)
    {
        ArgumentNullException.ThrowIfNull(show);
        var reached = new HashSet<Layer>();
        Descend(pass, logitGradient, rule, wanted, (layer, gradient) =>
        {
            reached.Add(layer);
            show(layer, gradient);
            return false;
        });
        if (wanted.FirstOrDefault(layer => !reached.Contains(layer)) is { } unreached)
        {
            throw Unreached(unreached, nameof(wanted));
        }
    }

    /// <summary>The gradients of a loss with respect to the learned tensors of some layers, by the chain rule.</summary>
    /// <param name="pass">The activations.</param>
    /// <param name="logitGradient">[N, classes]: the loss's gradient with respect to the logits. Stays the caller's.</param>
    /// <param name="layers">The layers that are trained; no gradient passes further down than to the lowest of them.</param>
    /// <returns>
    /// A gradient of its tensor's shape for each learned tensor, under the tensor's name; running statistics have none. The caller disposes
    /// them.
    /// </returns>
    /// <remarks>Each layer's gradient is given up as soon as it has been used: the memory is that of the activations and two
    /// gradients.</remarks>
    /// <exception cref="ArgumentException">The logits do not depend on a layer.</exception>
    public static IReadOnlyDictionary<string, Tensor> ParameterGradients(
        ForwardPass pass, Tensor logitGradient, IReadOnlyCollection<Layer> layers)
    {
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var reached = new HashSet<Layer>();
        Descend(pass, logitGradient, BackwardRule.Derivative, layers, (layer, gradient) =>
        {
            reached.Add(layer);
            Tensor?[] gradients = layer.Operation is { } operation ? operation.ParameterGradients(Step(pass, layer, gradient)) : [];
            foreach ((string name, Tensor? tensor) in layer.TensorNames.Zip(gradients))
            {
                if (tensor is not null)
                {
                    result.Add(name, tensor);
                }
            }

            return false;
        });
        if (layers.FirstOrDefault(layer => !reached.Contains(layer)) is not { } unreached)
        {
            return result;
        }

        foreach (Tensor tensor in result.Values)
        {
            tensor.Dispose();
        }

        throw Unreached(unreached, nameof(layers));
    }

    /// <summary>Passes a gradient down to the wanted layers. Told each one's gradient, <paramref name="keep"/> says whether it keeps the
    /// tensor.</summary>
    private static void Descend(
        ForwardPass pass, Tensor logitGradient, BackwardRule rule, IReadOnlyCollection<Layer> wanted, Func<Layer, Tensor, bool> keep)
    {
        Network network = pass.Network;
        bool[] needed = LeadsTo(network, wanted);
        var gradients = new Dictionary<Layer, Tensor> { [network.Output] = logitGradient };
        var kept = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        // kept, or passed on unchanged: released at the end, if at all
        var shared = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
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

            if (wanted.Contains(layer) && keep(layer, gradient))
            {
                kept.Add(gradient);
                shared.Add(gradient);
            }
            else if (gradient != logitGradient && !shared.Contains(gradient))
            {
                gradient.Dispose();
            }
        }

        foreach (Tensor tensor in shared.Where(tensor => tensor != logitGradient && !kept.Contains(tensor)))
        {
            tensor.Dispose();
        }
    }

    private static ArgumentException Unreached(Layer layer, string parameter) => new($"The logits do not depend on {layer}.", parameter);

    private static BackwardStep Step(ForwardPass pass, Layer layer, Tensor gradient) => new(
        pass.Engine, gradient, [.. layer.Inputs.Select(pass.Stored)], pass.Stored(layer),
        [.. layer.TensorNames.Select(name => pass.Weights[name])], pass.Observed(layer));

    private static void PassBack(
        ForwardPass pass, Layer layer, Tensor gradient, BackwardRule rule, bool[] needed, IReadOnlyCollection<Layer> wanted,
        Dictionary<Layer, Tensor> gradients, HashSet<Tensor> shared)
    {
        Tensor[] passed = rule.PassBack(layer.Operation!, Step(pass, layer, gradient));
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

    /// <summary>For each layer, whether a wanted one lies strictly above it on the way from the image: only there must a gradient
    /// pass.</summary>
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
