using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Tests.Networks;

/// <summary>Puts a graph together layer by layer, for networks that no architecture has.</summary>
internal sealed class GraphSketch
{
    private readonly List<Layer> layers = [new Layer(0, "input", "input", "input", null, [])];

    public Layer Input => layers[0];

    public Layer Add(string name, Operation operation, params Layer[] inputs)
    {
        layers.Add(new Layer(layers.Count, name, name, name, operation, inputs));
        return layers[^1];
    }

    public Layer Convolution(
        string name, Layer input, int channels, int outputs, int kernel, int stride = 1, int padding = 0, bool bias = true) =>
        Add(name, new ConvolutionOperation(new Shape(outputs, channels, kernel, kernel), ConvolutionGeometry.Square(stride, padding), bias),
            input);

    public Layer Relu(string name, Layer input, Activation activation = Activation.Relu) =>
        Add(name, new ActivationOperation(activation), input);

    /// <summary>Global average, then rows [N, C].</summary>
    public Layer Pooled(Layer input) => Add("flatten", new FlattenOperation(), Add("gap", new AdaptiveAveragePoolOperation(1, 1), input));

    public Network Build(Layer explained) => new("sketch", layers, explained);

    /// <summary>
    /// Two residual blocks, the second without a ReLU in between, with batch normalisation, ReLU6 and ReLU, for images [1, 3, 7, 6];
    /// layers named <c>at_...</c> are <see cref="ProbeOperation"/>s.
    /// </summary>
    public static Network Residual()
    {
        var sketch = new GraphSketch();
        Layer at = sketch.Add("at_image", new ProbeOperation(new Shape(1, 3, 7, 6)), sketch.Input);
        Layer stem = sketch.Add("bn1", new BatchNormOperation(4), sketch.Convolution("conv1", at, 3, 4, 3, padding: 1, bias: false));
        Layer first = sketch.Add("at_relu6", new ProbeOperation(new Shape(1, 4, 7, 6)), sketch.Relu("relu6", stem, Activation.Relu6));
        Layer branch = sketch.Add("bn2", new BatchNormOperation(4), sketch.Convolution("conv2", first, 4, 4, 3, padding: 1, bias: false));
        Layer sum = sketch.Relu("relu1", sketch.Add("add1", new AddOperation(), branch, first));
        Layer second = sketch.Add("at_relu1", new ProbeOperation(new Shape(1, 4, 7, 6)), sum);
        Layer bare = sketch.Add("add2", new AddOperation(), sketch.Convolution("conv3", second, 4, 4, 1), second);
        Layer twice = sketch.Add("add3", new AddOperation(), bare, sketch.Convolution("conv4", bare, 4, 4, 3, padding: 1));
        Layer third = sketch.Add("at_add3", new ProbeOperation(new Shape(1, 4, 7, 6)), twice);
        Layer doubled = sketch.Add("add4", new AddOperation(), third, third);
        Layer small = sketch.Add("pool", new MaxPoolOperation(new PoolingGeometry(3, 2, 1)), sketch.Relu("relu2", doubled));
        sketch.Pooled(sketch.Convolution("conv5", sketch.Add("at_pool", new ProbeOperation(new Shape(1, 4, 4, 3)), small), 4, 5, 1));
        return sketch.Build(small);
    }
}

/// <summary>Adds a learned tensor to one image's activation, so that a gradient can be measured there; itself it passes the very gradient
/// on.</summary>
internal sealed class ProbeOperation(Shape shape) : Operation
{
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; } = [("offset", shape)];

    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Add(inputs[0], parameters[0], Activation.None);

    public override Tensor[] InputGradients(in BackwardStep step) => [step.OutputGradient];
}
