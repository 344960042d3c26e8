using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Axioms;

/// <summary>A function of up to three numbers as a network, whose picture is one pixel with the numbers as its colors.</summary>
/// <param name="Text">The function as it is written down.</param>
/// <param name="Network">It has one class, the function's value.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Point">Where it is explained; numbers that it does not have are the baseline's.</param>
/// <param name="Black">The baseline: what each color has in a black picture.</param>
public sealed record ToyFunction(string Text, Network Network, Weights Weights, float[] Point, float Black)
{
    /// <summary>f(x) = 1 - ReLU(1 - x), which is flat at 2 and not between 0 and 2 (Sundararajan, Taly and Yan 2017, section
    /// 2.1).</summary>
    public static ToyFunction Saturated { get; } = new Builder()
        .Linear([-1, 0, 0], [1]).Relu().Linear([-1], [1])
        .Named("1 - ReLU(1 - x) at 2 from 0", [2, 0, 0], 0);

    /// <summary>f(x) = ReLU(x) at -2, from 2: flat where it is explained.</summary>
    public static ToyFunction Rectified { get; } = new Builder()
        .Linear([1, 0, 0], [0]).Relu().Linear([1], [0])
        .Named("ReLU(x) at -2 from 2", [-2, 2, 2], 2);

    /// <summary>Two ways to compute one function (section 2.2 and appendix B there): f(x) = ReLU((ReLU(x1) - 1) - ReLU(x2)).</summary>
    public static ToyFunction SubtractedBehind { get; } = new Builder()
        .Linear([1, 0, 0, 0, 1, 0], [0, 0]).Relu().Linear([1, -1], [-1]).Relu().Linear([1], [0])
        .Named("ReLU((ReLU(x1) - 1) - ReLU(x2)) at (3, 1) from 0", [3, 1, 0], 0);

    /// <summary>The other way: g(x) = ReLU(ReLU(x1 - 1) - ReLU(x2)), the same function where x1 is at least 0 and x2 too.</summary>
    public static ToyFunction SubtractedBefore { get; } = new Builder()
        .Linear([1, 0, 0, 0, 1, 0], [-1, 0]).Relu().Linear([1, -1], [0]).Relu().Linear([1], [0])
        .Named("ReLU(ReLU(x1 - 1) - ReLU(x2)) at (3, 1) from 0", [3, 1, 0], 0);

    /// <summary>What its pixel means: black is the baseline.</summary>
    public Normalization Normalization => Normalization.Standard([-Black, -Black, -Black], [1, 1, 1]);

    /// <summary>Puts convolutions of one pixel one upon another.</summary>
    private sealed class Builder
    {
        private readonly List<Layer> layers = [new Layer(0, "input", "input", "input", null, [])];
        private readonly Dictionary<string, HostTensor> tensors = [];
        private int channels = 3;

        public Builder Linear(float[] weights, float[] biases)
        {
            var shape = new Shape(biases.Length, channels, 1, 1);
            Add($"linear{layers.Count}", new ConvolutionOperation(shape, ConvolutionGeometry.Square(1, 0)));
            tensors.Add(layers[^1].Name + ".weight", new HostTensor(shape, weights));
            tensors.Add(layers[^1].Name + ".bias", new HostTensor(new Shape(biases.Length), biases));
            channels = biases.Length;
            return this;
        }

        public Builder Relu() => Add($"relu{layers.Count}", new ActivationOperation(Activation.Relu));

        public ToyFunction Named(string text, float[] point, float black)
        {
            Layer explained = layers.Last(layer => layer.Operation is ActivationOperation);
            Add("flatten", new FlattenOperation());
            return new ToyFunction(text, new Network("toy", layers, explained), new Weights(tensors), point, black);
        }

        private Builder Add(string name, Operation operation)
        {
            layers.Add(new Layer(layers.Count, name, name, name, operation, [layers[^1]]));
            return this;
        }
    }
}
