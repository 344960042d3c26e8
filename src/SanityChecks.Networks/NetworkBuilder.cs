using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>Adds layers one after another, keeping count of channels, and takes widths from the weights at hand.</summary>
/// <param name="weights">
/// A weight's first axis sets its layer's width, so that narrow or fine-tuned variants load without a word; null for the published widths.
/// </param>
internal sealed class NetworkBuilder(Weights? weights)
{
    private readonly List<Layer> layers = [new Layer(0, "input", "input", "input", null, [])];
    private readonly Dictionary<Layer, int> channels = [];

    /// <summary>The block that layers added from now on belong to.</summary>
    public string Block { get; set; } = "";

    /// <summary>The images that the network was made for.</summary>
    public ImageSize ImageSize { get; init; } = new(3, 224, 224);

    /// <summary>The layer added last.</summary>
    public Layer Last => layers[^1];

    /// <summary>A convolution; where a batch normalization follows, usually without a bias.</summary>
    public Layer Convolution(
        Layer input, string name, string paperName, int outputs, int kernel, int stride = 1, int padding = 0, bool bias = true) =>
        Convolution(input, name, paperName, outputs, (kernel, kernel), ConvolutionGeometry.Square(stride, padding), bias);

    /// <summary>A convolution with a window of any shape.</summary>
    public Layer Convolution(
        Layer input, string name, string paperName, int outputs, (int Height, int Width) kernel, ConvolutionGeometry geometry, bool bias)
    {
        int width = Width(name, outputs);
        var weight = new Shape(width, Channels(input), kernel.Height, kernel.Width);
        return Add(name, paperName, new ConvolutionOperation(weight, geometry, bias), width, input);
    }

    /// <summary>A convolution of each channel for itself, without a bias.</summary>
    public Layer Depthwise(Layer input, string name, int kernel, int stride, int padding) =>
        Depthwise(input, name, name, kernel, stride, padding);

    /// <summary>A convolution of each channel for itself, without a bias.</summary>
    public Layer Depthwise(Layer input, string name, string paperName, int kernel, int stride, int padding)
    {
        int width = Channels(input);
        var geometry = ConvolutionGeometry.Square(stride, padding, groups: width);
        return Add(name, paperName, new ConvolutionOperation(new Shape(width, 1, kernel, kernel), geometry, bias: false), width, input);
    }

    /// <summary>A fully connected layer on rows that were flattened from so many positions a channel.</summary>
    public Layer Linear(Layer input, string name, string paperName, int outputs, int positions = 1)
    {
        int width = Width(name, outputs);
        return Add(name, paperName, new LinearOperation(new Shape(width, Channels(input) * positions)), width, input);
    }

    public Layer BatchNorm(Layer input, string name, string paperName, float epsilon = 1e-5f) =>
        Add(name, paperName, new BatchNormOperation(Channels(input), epsilon), Channels(input), input);

    public Layer Relu(Layer input, string name, string paperName, Activation activation = Activation.Relu) =>
        Add(name, paperName, new ActivationOperation(activation), Channels(input), input);

    /// <summary>A function of each element that is no ReLU.</summary>
    public Layer Function(Layer input, string name, PointwiseFunction function) =>
        Add(name, name, new FunctionOperation(function), Channels(input), input);

    /// <summary>A layer times what weights its channels.</summary>
    public Layer Product(Layer weighted, Layer gate, string name) =>
        Add(name, name, new ProductOperation(gate: 1), Channels(weighted), weighted, gate);

    /// <summary>Zeros around each plane, as many as TensorFlow's SAME has before a window.</summary>
    public Layer PadAsTensorFlow(Layer input, string name, int window, int stride) =>
        Add(name, name, PadOperation.Same((window, window), (stride, stride)), Channels(input), input);

    /// <summary>Each channel of the image times a scale plus a shift, which are not learned.</summary>
    public Layer FixedScale(Layer input, string name, float[] scale, float[] shift)
    {
        var shape = new Shape(1, scale.Length, 1, 1);
        return Add(name, name, ScaleOperation.Fixed(new HostTensor(shape, scale), new HostTensor(shape, shift)), scale.Length, input);
    }

    /// <summary>The sum of two layers of one shape.</summary>
    public Layer Sum(Layer left, Layer right, string name) => Add(name, name, new AddOperation(), Channels(left), left, right);

    /// <summary>Every second row and column, with channels of zeros around up to a number of channels.</summary>
    public Layer Subsample(Layer input, string name, int outputs) =>
        Add(name, name, new SubsampleOperation((outputs - Channels(input)) / 2), outputs, input);

    public Layer MaxPool(Layer input, string name, string paperName, PoolingGeometry geometry) =>
        Add(name, paperName, new MaxPoolOperation(geometry), Channels(input), input);

    public Layer AveragePool(Layer input, string name, PoolingGeometry geometry) =>
        Add(name, name, new AveragePoolOperation(geometry), Channels(input), input);

    public Layer AveragePool(Layer input, string name, int size) =>
        Add(name, name, new AdaptiveAveragePoolOperation(size, size), Channels(input), input);

    public Layer Concatenate(string name, string paperName, params Layer[] inputs) =>
        Add(name, paperName, new ConcatenateOperation(), inputs.Sum(Channels), inputs);

    public Layer Flatten(Layer input) => Add("flatten", "flatten", new FlattenOperation(), Channels(input), input);

    public Network Build(string architecture, Layer explained) => new(architecture, layers, explained) { ImageSize = ImageSize };

    /// <summary>The channels of a layer's output.</summary>
    public int Channels(Layer layer) => layer.Index == 0 ? ImageSize.Channels : channels[layer];

    private int Width(string name, int published) =>
        weights is not null && weights.TryGet(name + ".weight", out HostTensor? weight) && weight.Shape.Rank >= 1
            ? weight.Shape[0]
            : published;

    private Layer Add(string name, string paperName, Operation operation, int width, params Layer[] inputs)
    {
        var layer = new Layer(layers.Count, name, paperName, Block, operation, inputs);
        layers.Add(layer);
        channels.Add(layer, width);
        return layer;
    }
}
