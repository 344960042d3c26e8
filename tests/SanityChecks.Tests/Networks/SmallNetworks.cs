using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Tests.Networks;

/// <summary>Real architectures a few channels wide, and graphs of a few layers, with closed-form weights and images.</summary>
internal static class SmallNetworks
{
    // As in make_small_networks.py: with 1 their maps are dead.
    private static readonly Dictionary<string, int> FirstSeeds = new(StringComparer.Ordinal)
    {
        ["vgg16_bn"] = 2, ["vgg11_bn"] = 2, ["resnet18"] = 3, ["resnet50"] = 2, ["resnet101"] = 2, ["googlenet"] = 4, ["inception_v3"] = 3,
    };

    /// <summary>Values in [-scale, scale) from a linear congruential generator; make_small_networks.py has the same.</summary>
    public static float[] Values(int seed, long count, double scale)
    {
        float[] values = new float[count];
        uint state = unchecked((uint)seed * 747796405u);
        for (int i = 0; i < values.Length; i++)
        {
            state = unchecked((state * 1664525u) + 1013904223u);
            values[i] = (float)(((state >> 8) - 8388608.0) / 8388608.0 * scale);
        }

        return values;
    }

    public static HostTensor Tensor(int seed, Shape shape, double scale) => new(shape, Values(seed, shape.Count, scale));

    /// <summary>A batch [N, C, H, W].</summary>
    public static HostTensor Images(int seed, int batch, int height, int width, double scale = 2, int channels = 3) =>
        Tensor(seed, new Shape(batch, channels, height, width), scale);

    /// <summary>An architecture with so many channels everywhere, but for the hidden fully connected layers and the classes.</summary>
    public static (Network Network, Weights Weights) Narrow(string architecture, int width = 6, int hidden = 10, int classes = 5)
    {
        IReadOnlyList<Layer> layers = ArchitectureList.Build(architecture).WeightLayers;
        var widths = new Weights(layers.Select((layer, i) => KeyValuePair.Create(
            layer.Name + ".weight", Tensor(1, new Shape(i == 0 ? classes : layer.Operation is LinearOperation ? hidden : width), 1))));
        Network network = ArchitectureList.Build(architecture, widths);
        return (network, Fill(network, FirstSeeds.GetValueOrDefault(architecture, 1)));
    }

    /// <summary>Weights in +-sqrt(6 / fan_in), biases in +-0.2; a batch normalisation's variance in [0.5, 1.5), its scale in [0.4,
    /// 1.6).</summary>
    public static Weights Fill(Network network, int seed = 1) =>
        new(network.Tensors.Select((tensor, i) => KeyValuePair.Create(tensor.Name, Fill(tensor.Name, tensor.Shape, i + seed))));

    /// <summary>Other values for some layers; all other tensors are the same objects.</summary>
    public static Weights Replace(Weights weights, IEnumerable<Layer> layers, int seed = 500) => weights.With(layers
        .SelectMany(layer => layer.TensorNames)
        .ToDictionary(name => name, name => Fill(name, weights[name].Shape, seed + weights.Names.ToList().IndexOf(name))));

    public static float[] Download(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        return values;
    }

    /// <summary>1 at each image's target and 0 elsewhere.</summary>
    public static HostTensor OneHot(int classes, params ReadOnlySpan<int> targets)
    {
        float[] values = new float[targets.Length * classes];
        for (int n = 0; n < targets.Length; n++)
        {
            values[(n * classes) + targets[n]] = 1;
        }

        return new HostTensor(new Shape(targets.Length, classes), values);
    }

    private static HostTensor Fill(string name, Shape shape, int seed)
    {
        double scale = shape.Rank > 1 ? Math.Sqrt(6.0 / (shape.Count / shape[0])) : name.EndsWith(
            ".running_var", StringComparison.Ordinal) ? 0.5
            : name.EndsWith(".weight", StringComparison.Ordinal) ? 0.6 : 0.2;
        HostTensor tensor = Tensor(seed, shape, scale);
        bool aroundOne = shape.Rank == 1
            && (name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal));
        return aroundOne ? new HostTensor(shape, [.. tensor.Values.ToArray().Select(value => 1 + value)]) : tensor;
    }
}
