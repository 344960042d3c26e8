using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>The activations of a network for a batch of images, kept for the passes back through it.</summary>
/// <remarks>
/// <para>
/// Identity is the cache key: a layer whose inputs and tensors are the very objects that an earlier pass used shares that pass's
/// activation. So a cascade from the top never repeats the layers below the randomized ones, and an independent step starts at its
/// layer, without either knowing. A shared activation lives as long as the last pass that holds it.
/// </para>
/// <para>A convolution's or linear layer's sum before its ReLU is not stored, unless observed: the engine computes both in one
/// sweep.</para>
/// </remarks>
public sealed class ForwardPass : IDisposable
{
    private readonly Node?[] nodes;
    private readonly List<Layer> computed = [];
    private readonly Dictionary<Layer, object> observed = [];

    private ForwardPass(IEngine engine, Network network, Weights weights)
    {
        Engine = engine;
        Network = network;
        Weights = weights;
        nodes = new Node?[network.Layers.Count];
    }

    /// <summary>The engine that the activations belong to.</summary>
    public IEngine Engine { get; }

    /// <summary>The graph.</summary>
    public Network Network { get; }

    /// <summary>What it was run with.</summary>
    public Weights Weights { get; }

    /// <summary>The layers that this pass computed; the others were shared with an earlier pass.</summary>
    public IReadOnlyList<Layer> Computed => computed;

    /// <summary>The logits, [N, classes].</summary>
    public Tensor Logits => this[Network.Output];

    /// <summary>A layer's activation.</summary>
    /// <param name="layer">A layer of the network.</param>
    /// <exception cref="ArgumentException">The layer's sum was not stored, since its ReLU was computed with it; observe it.</exception>
    public Tensor this[Layer layer] =>
        Stored(layer) ?? throw new ArgumentException($"The activation of {layer} was not stored.", nameof(layer));

    /// <summary>Runs the network.</summary>
    /// <param name="engine">Computes it.</param>
    /// <param name="network">The graph.</param>
    /// <param name="weights">Every tensor that the graph names.</param>
    /// <param name="images">[N, 3, H, W], of this engine; stays the caller's and must outlive the pass.</param>
    /// <param name="observed">A layer whose activation is needed even if it could be fused away; null for none.</param>
    /// <param name="earlier">Passes of the same engine and network whose activations may be shared.</param>
    public static ForwardPass Run(
        IEngine engine, Network network, Weights weights, Tensor images, Layer? observed = null,
        params ReadOnlySpan<ForwardPass> earlier) =>
        Run(engine, network, weights, (network.Input, images), FusedAway(network, layer => layer == observed), earlier);

    /// <summary>Runs the network and stores the activation of every layer, sums before their ReLUs too.</summary>
    /// <param name="engine">Computes it.</param>
    /// <param name="network">The graph.</param>
    /// <param name="weights">Every tensor that the graph names.</param>
    /// <param name="images">[N, 3, H, W], of this engine; stays the caller's and must outlive the pass.</param>
    public static ForwardPass RunStoringAll(IEngine engine, Network network, Weights weights, Tensor images) =>
        Run(engine, network, weights, (network.Input, images), [], []);

    /// <summary>The same pass with another activation of one layer: what does not depend on it is shared.</summary>
    /// <param name="layer">A layer whose activation this pass has stored.</param>
    /// <param name="activation">Of the same shape; stays the caller's and must outlive the result.</param>
    public ForwardPass With(Layer layer, Tensor activation) =>
        Run(Engine, Network, Weights, (layer, activation), [.. Network.Layers.Where(other => Stored(other) is null)], this);

    /// <summary>Gives up every activation that a pass with these weights could not share, so that a large batch keeps no more than it uses
    /// again.</summary>
    /// <param name="next">The weights of the pass to come.</param>
    public void ReleaseAllBut(Weights next)
    {
        var kept = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        foreach (Layer layer in Network.Layers)
        {
            if (nodes[layer.Index] is not { } node)
            {
                continue;
            }

            if (node.CouldServe(next, kept))
            {
                kept.Add(node);
            }
            else
            {
                node.Release();
                nodes[layer.Index] = null;
            }
        }
    }

    /// <summary>Gives up the activations; those that another pass shares stay.</summary>
    public void Dispose()
    {
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            nodes[i]?.Release();
            nodes[i] = null;
        }
    }

    /// <summary>What a layer's operation has found out about its inputs; null where it has not, or where the activation is an earlier
    /// pass's.</summary>
    public object? Observed(Layer layer) => observed.GetValueOrDefault(layer);

    /// <summary>What a layer hands on: its activation, or that of the function behind it where the engine computed both in one
    /// sweep.</summary>
    /// <param name="layer">A layer of the network.</param>
    public Tensor HandedOn(Layer layer) =>
        Stored(layer) ?? this[Network.Layers.Single(reader => reader.Inputs.Contains(layer))];

    /// <summary>The activation, or null where it was not stored.</summary>
    internal Tensor? Stored(Layer layer) => nodes[layer.Index]?.Value;

    private static ForwardPass Run(
        IEngine engine, Network network, Weights weights, (Layer Layer, Tensor Activation) given, HashSet<Layer> fusedAway,
        params ReadOnlySpan<ForwardPass> earlier)
    {
        var pass = new ForwardPass(engine, network, weights);
        try
        {
            foreach (Layer layer in network.Layers.Where(layer => !fusedAway.Contains(layer)))
            {
                if (layer == given.Layer)
                {
                    pass.nodes[layer.Index] = Find(earlier, layer.Index, [], [given.Activation])
                        ?? new Node(network.Input, [], [given.Activation], given.Activation, owned: false);
                }
                else if (layer == network.Input)
                {
                    // Where another layer is given, one pass is, which has the images.
                    pass.nodes[0] = earlier[0].nodes[0];
                    earlier[0].nodes[0]!.Share();
                }
                else
                {
                    pass.Visit(layer, fusedAway, earlier);
                }
            }

            return pass;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    /// <summary>The layers with a ReLU as their only reader, which the engine computes together with it.</summary>
    private static HashSet<Layer> FusedAway(Network network, Func<Layer, bool> observed)
    {
        var readers = network.Layers.SelectMany(layer => layer.Inputs.Select(input => (input, layer)))
            .ToLookup(pair => pair.input, pair => pair.layer);
        return [.. network.Layers.Where(layer => layer.Operation is { FusesActivation: true } && !observed(layer)
            && readers[layer].ToArray() is [{ Operation: ActivationOperation }])];
    }

    private static Node? Find(ReadOnlySpan<ForwardPass> earlier, int index, Node[] inputs, Tensor[] sources)
    {
        foreach (ForwardPass pass in earlier)
        {
            if (pass.nodes[index] is { } node && node.IsFor(inputs, sources))
            {
                node.Share();
                return node;
            }
        }

        return null;
    }

    private void Visit(Layer layer, HashSet<Layer> fusedAway, ReadOnlySpan<ForwardPass> earlier)
    {
        Layer source = layer;
        Activation fused = Activation.None;
        if (layer.Operation is ActivationOperation relu && fusedAway.Contains(layer.Inputs[0]))
        {
            source = layer.Inputs[0];
            fused = relu.Activation;
        }

        Node[] inputs = [.. source.Inputs.Select(input => nodes[input.Index]!)];
        Tensor[] parameters = [.. source.TensorNames.Select(name => Weights[name])];
        nodes[layer.Index] = Find(earlier, layer.Index, inputs, parameters);
        if (nodes[layer.Index] is null)
        {
            Tensor value = source.Operation!.Forward(
                Engine, [.. inputs.Select(input => input.Value)], parameters, fused, out object? found);
            if (found is not null)
            {
                observed[source] = found;
            }

            nodes[layer.Index] = new Node(source, inputs, parameters, value, owned: true);
            computed.Add(layer);
        }
    }

    /// <summary>An activation with what it was computed from; counted, since passes share it.</summary>
    private sealed class Node(Layer source, Node[] inputs, Tensor[] sources, Tensor value, bool owned)
    {
        private int holders = 1;

        public Tensor Value => value;

        public bool IsFor(Node[] otherInputs, Tensor[] otherSources) =>
            inputs.SequenceEqual(otherInputs) && sources.SequenceEqual(otherSources);

        public bool CouldServe(Weights weights, HashSet<Node> kept) =>
            source.Operation is null
                || (inputs.All(kept.Contains) && sources.SequenceEqual(source.TensorNames.Select(name => weights[name])));

        public void Share() => holders++;

        public void Release()
        {
            if (--holders == 0 && owned)
            {
                value.Dispose();
            }
        }
    }
}
