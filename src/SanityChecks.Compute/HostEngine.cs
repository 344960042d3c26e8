namespace SanityChecks.Compute;

/// <summary>An engine in host memory: checks shapes, provides the output, and computes with the loops of <c>Reference/</c> unless
/// overridden.</summary>
/// <remarks>Planes and rows are independent, so running them in parallel changes no result.</remarks>
public abstract partial class HostEngine : IEngine
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Facts { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    /// <remarks>
    /// VGG16's activations take 60 MB an image, kept for the trained and for the current network; more images at once would gain next to
    /// nothing, since convolutions run image by image and only the linear layers read their weights once a batch.
    /// </remarks>
    public int AutomaticBatch => 4;

    /// <inheritdoc/>
    public Tensor Upload(Shape shape, ReadOnlySpan<float> values)
    {
        Require(values.Length == shape.Count, $"A tensor of shape {shape} needs {shape.Count} values, but {values.Length} were given.");
        HostTensor tensor = Allocate(shape);
        values.CopyTo(tensor.Array);
        return tensor;
    }

    /// <inheritdoc/>
    public void Download(Tensor tensor, Span<float> destination) => Host(tensor).Values.CopyTo(destination);

    /// <inheritdoc/>
    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Activation activation)
    {
        HostTensor x = Host(input), w = Host(weight);
        Require(
            x.Shape.Rank == 2 && w.Shape.Rank == 2 && x.Shape[1] == w.Shape[1],
            $"A linear layer of an input {x.Shape} with a weight {w.Shape} does not fit.");
        HostTensor output = Allocate(new Shape(x.Shape[0], w.Shape[0]));
        LinearForward(x, w, Bias(bias, w.Shape[0]), activation, output);
        return output;
    }

    /// <inheritdoc/>
    public Tensor LinearInputGradient(Tensor outputGradient, Tensor weight)
    {
        HostTensor g = Host(outputGradient), w = Host(weight);
        Require(
            g.Shape.Rank == 2 && w.Shape.Rank == 2 && g.Shape[1] == w.Shape[0],
            $"A gradient {g.Shape} does not fit a linear weight {w.Shape}.");
        HostTensor gradient = Allocate(new Shape(g.Shape[0], w.Shape[1]));
        LinearInputGradient(g, w, gradient);
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor LinearWeightGradient(Tensor outputGradient, Tensor input)
    {
        HostTensor g = Host(outputGradient), x = Host(input);
        Require(
            g.Shape.Rank == 2 && x.Shape.Rank == 2 && g.Shape[0] == x.Shape[0],
            $"A gradient {g.Shape} does not fit a linear input {x.Shape}.");
        HostTensor gradient = Allocate(new Shape(g.Shape[1], x.Shape[1]));
        LinearWeightGradient(g, x, gradient);
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor Convolution(Tensor input, Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Activation activation)
    {
        HostTensor x = Host(input), w = Host(weight);
        HostTensor output = Allocate(geometry.OutputShape(x.Shape, w.Shape));
        ConvolutionForward(x, w, Bias(bias, w.Shape[0]), geometry, activation, output);
        return output;
    }

    /// <inheritdoc/>
    public Tensor ConvolutionInputGradient(Tensor outputGradient, Tensor weight, Shape inputShape, ConvolutionGeometry geometry)
    {
        HostTensor g = Host(outputGradient), w = Host(weight);
        RequireShape(g, geometry.OutputShape(inputShape, w.Shape));
        HostTensor gradient = Allocate(inputShape);
        ConvolutionInputGradient(g, w, geometry, gradient);
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor ConvolutionWeightGradient(Tensor outputGradient, Tensor input, Shape weightShape, ConvolutionGeometry geometry)
    {
        HostTensor g = Host(outputGradient), x = Host(input);
        RequireShape(g, geometry.OutputShape(x.Shape, weightShape));
        HostTensor gradient = Allocate(weightShape);
        ConvolutionWeightGradient(g, x, geometry, gradient);
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor BiasGradient(Tensor outputGradient)
    {
        HostTensor g = Host(outputGradient);
        HostTensor sums = Allocate(new Shape(g.Shape[1]));
        int plane = PlaneSize(g.Shape);
        ForEach(g.Shape[1], c =>
        {
            double sum = 0;
            for (int n = 0; n < g.Shape[0]; n++)
            {
                sum += PlaneSum(g.Array.AsSpan(((n * g.Shape[1]) + c) * plane, plane));
            }

            sums.Array[c] = (float)sum;
        });
        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the engine keeps.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>A tensor whose values the caller writes, all of them, before anyone reads it.</summary>
    private protected virtual HostTensor Allocate(Shape shape) => new(shape, new float[shape.Count]);

    /// <summary>Runs independent pieces of work 0..count-1, in any order or at once.</summary>
    private protected virtual void ForEach(int count, Action<int> work)
    {
        for (int i = 0; i < count; i++)
        {
            work(i);
        }
    }

    private protected virtual void ConvolutionForward(
        HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation, HostTensor output) =>
        Reference.Convolution.Forward(
            input.Values, input.Shape, weight.Values, weight.Shape, bias is null
                ? default
                : bias.Values, geometry, activation, output.Array);

    private protected virtual void ConvolutionInputGradient(
        HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient) =>
        Reference.Convolution.InputGradient(outputGradient.Values, weight.Values, weight.Shape, gradient.Shape, geometry, gradient.Array);

    private protected virtual void ConvolutionWeightGradient(
        HostTensor outputGradient, HostTensor input, ConvolutionGeometry geometry, HostTensor gradient) =>
        Reference.Convolution.WeightGradient(outputGradient.Values, input.Values, input.Shape, gradient.Shape, geometry, gradient.Array);

    private protected virtual void LinearForward(
        HostTensor input, HostTensor weight, HostTensor? bias, Activation activation, HostTensor output) =>
        Reference.Linear.Forward(
            input.Values, weight.Values, bias is null
                ? default
                : bias.Values, input.Shape[0], weight.Shape[0], weight.Shape[1], activation, output.Array);

    private protected virtual void LinearInputGradient(HostTensor outputGradient, HostTensor weight, HostTensor gradient) =>
        Reference.Linear.InputGradient(
            outputGradient.Values, weight.Values, outputGradient.Shape[0], weight.Shape[0], weight.Shape[1], gradient.Array);

    private protected virtual void LinearWeightGradient(HostTensor outputGradient, HostTensor input, HostTensor gradient) =>
        Reference.Linear.WeightGradient(
            outputGradient.Values, input.Values, input.Shape[0], gradient.Shape[0], gradient.Shape[1], gradient.Array);

    private static HostTensor Host(Tensor tensor) =>
        tensor as HostTensor ?? throw new ArgumentException(
            $"This engine computes in host memory, but the tensor is a {tensor.GetType().Name} of another engine.", nameof(tensor));

    private static HostTensor? Bias(Tensor? bias, int outputs)
    {
        if (bias is null)
        {
            return null;
        }

        RequireShape(Host(bias), new Shape(outputs));
        return Host(bias);
    }

    private static int PlaneSize(Shape shape) => (int)(shape.Count / Math.Max(1, shape[0] * shape[1]));

    private static void RequireShape(HostTensor tensor, Shape shape) =>
        Require(tensor.Shape == shape, $"The shape is {tensor.Shape} where {shape} is needed.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
