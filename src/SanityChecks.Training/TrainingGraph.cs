using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Training;

/// <summary>A network as it is while it learns: the batch normalisations that are trained go by the batch's statistics, and keep running
/// ones for later use.</summary>
internal sealed class TrainingGraph
{
    // PyTorch's default: each step the running statistics move a tenth of the way.
    private const double Momentum = 0.1;

    private readonly Layer[] normalizations;

    /// <summary>Builds the graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Those of its layers that are trained.</param>
    public TrainingGraph(Network network, IReadOnlyCollection<Layer> layers)
    {
        var built = new List<Layer>();
        foreach (Layer layer in network.Layers)
        {
            Operation? operation = layer.Operation is BatchNormOperation fixedStatistics && layers.Contains(layer)
                ? new BatchNormTraining(fixedStatistics)
                : layer.Operation;
            built.Add(
                new Layer(
                    layer.Index, layer.Name, layer.PaperName, layer.Block, operation,
                    [.. layer.Inputs.Select(input => built[input.Index])]));
        }

        Network = new Network(network.Architecture, built, built[network.Explained.Index]);
        Layers = [.. layers.Select(layer => built[layer.Index])];
        normalizations = [.. built.Where(layer => layer.Operation is BatchNormTraining)];
    }

    /// <summary>The graph.</summary>
    public Network Network { get; }

    /// <summary>Its trained layers.</summary>
    public IReadOnlyCollection<Layer> Layers { get; }

    /// <summary>The weights with running statistics that have followed a batch's: the mean, and the variance divided by one less than the
    /// number of values.</summary>
    /// <param name="weights">The weights before.</param>
    /// <param name="pass">The batch's activations in this graph.</param>
    public Weights Follow(Weights weights, ForwardPass pass)
    {
        var moved = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (Layer layer in normalizations)
        {
            var statistics = (BatchStatistics)pass.Observed(layer)!;
            Move(layer.Name + ".running_mean", statistics.Mean, 1);
            Move(layer.Name + ".running_var", statistics.Variance, (double)statistics.Count / Math.Max(1, statistics.Count - 1));
        }

        return moved.Count == 0 ? weights : weights.With(moved);

        void Move(string name, HostTensor towards, double factor)
        {
            float[] values = weights[name].Values.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(((1 - Momentum) * values[i]) + (Momentum * factor * towards.Values[i]));
            }

            moved.Add(name, new HostTensor(towards.Shape, values));
        }
    }
}
