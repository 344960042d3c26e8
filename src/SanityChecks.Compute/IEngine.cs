namespace SanityChecks.Compute;

/// <summary>The operations of convolutional networks, forward and backward, on tensors that stay where the engine keeps them.</summary>
/// <remarks>
/// <para>
/// Operands are tensors that this engine made, or <see cref="HostTensor"/>s, of which an engine elsewhere keeps one copy per object.
/// Every operation returns a new tensor that the caller disposes; no operand is changed. Values are single precision; activations
/// are [N, C, H, W], rows of a linear layer [N, F].
/// </para>
/// <para>
/// Engines in host memory give the same bits for an image alone and in a batch, for any number of threads, and from run to run; others to
/// rounding. Engines agree with each other to rounding. Shapes that do not fit throw <see cref="ArgumentException"/>, and memory that does
/// not suffice <see cref="EngineMemoryException"/>: its operands are then as they were.
/// Operations may be called from one thread at a time.
/// </para>
/// </remarks>
public interface IEngine : IDisposable
{
    /// <summary>The name that selects this engine, such as <c>cpu</c>.</summary>
    string Name { get; }

    /// <summary>What it runs on, for the manifest: instruction set or device, and threads.</summary>
    string Description { get; }

    /// <summary>What a reader of the manifest may want to know besides: device, driver, versions, switches. Empty where the description
    /// says it all.</summary>
    IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Images of VGG16's size that go through a network together when nobody says how many.</summary>
    int AutomaticBatch { get; }

    /// <summary>A tensor with a copy of the values.</summary>
    Tensor Upload(Shape shape, ReadOnlySpan<float> values);

    /// <summary>Copies the values out, innermost axis fastest.</summary>
    /// <param name="tensor">Any tensor of this engine.</param>
    /// <param name="destination">At least <c>tensor.Shape.Count</c> long.</param>
    void Download(Tensor tensor, Span<float> destination);

    /// <summary>Cross-correlation as in PyTorch's <c>conv2d</c>, plus bias, then the activation: [N, O, H', W'].</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weight">[O, C / groups, KH, KW].</param>
    /// <param name="bias">[O], or null for none.</param>
    /// <param name="geometry">Stride, padding, groups.</param>
    /// <param name="activation">Applied to the sum.</param>
    Tensor Convolution(Tensor input, Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Activation activation);

    /// <summary>The gradient with respect to the convolution's input (before any activation's rule): [N, C, H, W].</summary>
    Tensor ConvolutionInputGradient(Tensor outputGradient, Tensor weight, Shape inputShape, ConvolutionGeometry geometry);

    /// <summary>The gradient with respect to the weight, summed over the batch: the weight's shape.</summary>
    Tensor ConvolutionWeightGradient(Tensor outputGradient, Tensor input, Shape weightShape, ConvolutionGeometry geometry);

    /// <summary>x W^T + b, then the activation: [N, O].</summary>
    /// <param name="input">[N, F].</param>
    /// <param name="weight">[O, F].</param>
    /// <param name="bias">[O], or null for none.</param>
    /// <param name="activation">Applied to the sum.</param>
    Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Activation activation);

    /// <summary>The gradient with respect to the linear layer's input: [N, F].</summary>
    Tensor LinearInputGradient(Tensor outputGradient, Tensor weight);

    /// <summary>The gradient with respect to the linear layer's weight, summed over the batch: [O, F].</summary>
    Tensor LinearWeightGradient(Tensor outputGradient, Tensor input);

    /// <summary>The gradient with respect to a bias: the sum over every axis but the second, [C].</summary>
    Tensor BiasGradient(Tensor outputGradient);

    /// <summary>The activation of each element.</summary>
    Tensor Activate(Tensor input, Activation activation);

    /// <summary>The gradient at the activation's input: its elements where all of the gates are open, 0 elsewhere. <see cref="Gates.Open"/>
    /// alone gives the derivative.</summary>
    /// <param name="outputGradient">The gradient at its output.</param>
    /// <param name="output">What the activation gave; same shape. Not its input: ReLUs work in place in many networks.</param>
    /// <param name="activation">Which activation it was.</param>
    /// <param name="gates">Which elements pass; at least one gate. Where there is no activation everything passes.</param>
    Tensor ActivationInputGradient(Tensor outputGradient, Tensor output, Activation activation, Gates gates);

    /// <summary>A function of each element.</summary>
    Tensor Apply(Tensor input, PointwiseFunction function);

    /// <summary>The gradient at the function's input: the gradient at its output times the derivative.</summary>
    /// <param name="outputGradient">The gradient at its output.</param>
    /// <param name="input">What the function was applied to; same shape.</param>
    /// <param name="function">Which function it was.</param>
    Tensor ApplyInputGradient(Tensor outputGradient, Tensor input, PointwiseFunction function);

    /// <summary>The maximum of each window; NaN wins.</summary>
    Tensor MaxPool(Tensor input, PoolingGeometry geometry);

    /// <summary>The gradient at the input: each output's goes to the window's first maximum in row order, or to its last NaN, as in
    /// PyTorch.</summary>
    Tensor MaxPoolInputGradient(Tensor outputGradient, Tensor input, PoolingGeometry geometry);

    /// <summary>The mean of each window, divided as <see cref="PoolingGeometry.CountPadding"/> says.</summary>
    Tensor AveragePool(Tensor input, PoolingGeometry geometry);

    /// <summary>The gradient at the input of <see cref="AveragePool"/>.</summary>
    Tensor AveragePoolInputGradient(Tensor outputGradient, Shape inputShape, PoolingGeometry geometry);

    /// <summary>PyTorch's <c>adaptive_avg_pool2d</c>: output i is the mean over [floor(i L / n), ceil((i + 1) L / n)). 1 x 1 is the global
    /// average.</summary>
    Tensor AdaptiveAveragePool(Tensor input, int height, int width);

    /// <summary>The gradient at the input of <see cref="AdaptiveAveragePool"/>.</summary>
    Tensor AdaptiveAveragePoolInputGradient(Tensor outputGradient, Shape inputShape);

    /// <summary>Normalisation with fixed statistics, then the activation.</summary>
    Tensor BatchNorm(Tensor input, BatchNormParameters parameters, Activation activation);

    /// <summary>The gradient at the input: each channel times scale / sqrt(variance + epsilon).</summary>
    Tensor BatchNormInputGradient(Tensor outputGradient, BatchNormParameters parameters);

    /// <summary>The gradient with respect to the scale, [C]: the sum of the gradient times the normalised input. The shift's is
    /// <see cref="BiasGradient"/>.</summary>
    Tensor BatchNormScaleGradient(Tensor outputGradient, Tensor input, BatchNormParameters parameters);

    /// <summary>
    /// The gradient at the input of a normalisation whose mean and variance are those of the input itself, in one sweep: with z the
    /// normalised input and means over the batch and its positions, scale / sqrt(variance + epsilon) (g - mean(g) - z mean(g z)), per
    /// channel.
    /// </summary>
    /// <param name="outputGradient">g, [N, C, H, W].</param>
    /// <param name="input">Same shape.</param>
    /// <param name="parameters">The scale and the input's statistics.</param>
    /// <param name="scaleGradient">The sum of g z, [C]: what <see cref="BatchNormScaleGradient"/> gives.</param>
    /// <param name="shiftGradient">The sum of g, [C]: what <see cref="BiasGradient"/> gives.</param>
    Tensor BatchNormTrainingInputGradient(
        Tensor outputGradient, Tensor input, BatchNormParameters parameters, Tensor scaleGradient, Tensor shiftGradient);

    /// <summary>The sum of two tensors of one shape, then the activation. The gradient passes to both unchanged.</summary>
    Tensor Add(Tensor left, Tensor right, Activation activation);

    /// <summary>left + scale times right, of one shape.</summary>
    Tensor AddScaled(Tensor left, Tensor right, float scale);

    /// <summary>The product of two tensors of one shape, element by element.</summary>
    Tensor Multiply(Tensor left, Tensor right);

    /// <summary>dividend / (divisor + epsilon sign(divisor)), element by element, with sign(0) = 1; 0 / 0 is 0.</summary>
    /// <param name="dividend">Any shape.</param>
    /// <param name="divisor">The same shape.</param>
    /// <param name="epsilon">At least 0: keeps the quotient finite where the divisor is small.</param>
    Tensor Divide(Tensor dividend, Tensor divisor, float epsilon);

    /// <summary>The inputs' channels one after another: [N, sum of C, ...], of any further axes that are the same in all.</summary>
    Tensor Concatenate(ReadOnlySpan<Tensor> inputs);

    /// <summary>A block of a tensor; the gradient of <see cref="Pad"/>.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="first">Where the block begins, a position for each axis.</param>
    /// <param name="shape">The block's shape.</param>
    Tensor Slice(Tensor input, ReadOnlySpan<int> first, Shape shape);

    /// <summary>A tensor as a block of a larger one; the gradient of <see cref="Slice"/>, with 0 around.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="before">Where the block begins, a position for each axis.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="value">What stands around the block.</param>
    Tensor Pad(Tensor input, ReadOnlySpan<int> before, Shape shape, float value);

    /// <summary>The axes in another order: axis k of the result is <paramref name="axes"/>[k] of the input.</summary>
    Tensor Permute(Tensor input, ReadOnlySpan<int> axes);

    /// <summary>A tensor repeated along its axes of length 1.</summary>
    /// <param name="input">Each axis as long as the result's, or 1.</param>
    /// <param name="shape">The result's shape, of as many axes.</param>
    Tensor Expand(Tensor input, Shape shape);

    /// <summary>The sums along the axes that have length 1 in a shape; the gradient of <see cref="Expand"/>.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="shape">The result's shape: each axis as long as the input's, or 1.</param>
    Tensor SumTo(Tensor input, Shape shape);

    /// <summary>A copy of the values under another shape with as many elements.</summary>
    Tensor Reshape(Tensor input, Shape shape);

    /// <summary>sum_k w_k a_k per image: [N, 1, H, W]. Grad-CAM's combination of activations.</summary>
    /// <param name="activations">[N, K, H, W].</param>
    /// <param name="weights">[N, K, 1, 1].</param>
    Tensor WeightedChannelSum(Tensor activations, Tensor weights);

    /// <summary>Each element of [N, C, H, W] times that of a one-channel tensor [N, 1, H, W].</summary>
    Tensor MultiplyByMap(Tensor input, Tensor map);

    /// <summary>Bilinear interpolation with half-pixel centers, edges repeated, no smoothing (PyTorch's
    /// <c>align_corners=False</c>).</summary>
    Tensor ResizeBilinear(Tensor input, int height, int width);
}
