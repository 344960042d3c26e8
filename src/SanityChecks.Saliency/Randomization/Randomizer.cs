using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Randomization;

/// <summary>Re-initialises layers of a network; the same layer gets the same values in every step of a draw.</summary>
/// <param name="trained">The trained weights; never changed.</param>
/// <param name="initializer">Makes weights and, by default, biases.</param>
/// <param name="seed">The experiment's seed.</param>
/// <param name="bias">What happens to biases.</param>
/// <param name="batchNorm">What happens to running statistics; a batch normalisation's scale and shift become 1 and 0.</param>
public sealed class Randomizer(
    Weights trained, Initializer initializer, ulong seed, BiasRule bias = BiasRule.WithWeight,
    BatchNormRule batchNorm = BatchNormRule.KeepStatistics)
{
    private readonly Dictionary<(string Tensor, int Draw), HostTensor> drawn = [];

    /// <summary>The weights with some layers re-initialised; all other tensors are the trained objects.</summary>
    /// <param name="layers">The layers to re-initialise.</param>
    /// <param name="draw">Which of several independent randomizations, from 0. Each keeps its tensors, so that steps share them.</param>
    public Weights Randomize(IEnumerable<Layer> layers, int draw)
    {
        var replaced = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (Layer layer in layers)
        {
            foreach (string name in layer.TensorNames.Where(name => IsReplaced(layer, name)))
            {
                if (!drawn.TryGetValue((name, draw), out HostTensor? tensor))
                {
                    tensor = new HostTensor(trained[name].Shape, Values(layer, name, draw));
                    drawn.Add((name, draw), tensor);
                }

                replaced.Add(name, tensor);
            }
        }

        return trained.With(replaced);
    }

    /// <summary>The weights with each tensor of some layers made anew of its trained values; all other tensors are the trained
    /// objects.</summary>
    /// <remarks>Biases too, whatever the rule for them; a batch normalization's running statistics are no weights, and stay. Nothing is
    /// kept for another call.</remarks>
    /// <param name="layers">The layers.</param>
    /// <param name="draw">Which of several independent randomizations, from 0.</param>
    /// <param name="fill">Makes a tensor's values.</param>
    public Weights Change(IEnumerable<Layer> layers, int draw, Func<InitializedTensor, float[]> fill) => trained.With(layers
        .SelectMany(layer => layer.TensorNames.Where(name => !BatchNormOperation.IsStatistic(name)).Select(name => (layer, name)))
        .ToDictionary(one => one.name, one => new HostTensor(trained[one.name].Shape, fill(Initialized(one.layer, one.name, draw)))));

    private static bool IsBias(string name) => name.EndsWith(".bias", StringComparison.Ordinal);

    private bool IsReplaced(Layer layer, string name) => layer.Operation is { BeginsAsIdentity: true }
        ? batchNorm == BatchNormRule.ResetStatistics || !BatchNormOperation.IsStatistic(name)
        : bias != BiasRule.Keep || !IsBias(name);

    private float[] Values(Layer layer, string name, int draw)
    {
        HostTensor tensor = trained[name];
        if (layer.Operation is { BeginsAsIdentity: true })
        {
            float[] values = new float[tensor.Shape.Count];
            Array.Fill(
                values, name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal)
                    ? 1
                    : 0);
            return values;
        }

        if (IsBias(name) && bias == BiasRule.Zero)
        {
            return new float[tensor.Shape.Count];
        }

        return initializer.Fill(Initialized(layer, name, draw));
    }

    private InitializedTensor Initialized(Layer layer, string name, int draw)
    {
        Shape weight = layer.Operation!.Parameters[0].Shape;
        return new InitializedTensor(trained[name], (int)(weight.Count / weight[0]), IsBias(name), new RandomStream(seed, draw, name));
    }
}
