using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;

namespace SanityChecks.Tests.Experiments.Regression;

/// <summary>The CPU engine with one fault: at a ReLU every gradient passes by the plain rule, so Guided Backprop is the gradient.</summary>
internal sealed class WrongReluEngine : IEngine
{
    private readonly CpuEngine right = new(2);

    public string Name => right.Name;

    public string Description => right.Description;

    public IReadOnlyDictionary<string, string> Facts => right.Facts;

    public int AutomaticBatch => right.AutomaticBatch;

    public Tensor ActivationInputGradient(Tensor outputGradient, Tensor output, Activation activation, Gates gates) =>
        right.ActivationInputGradient(outputGradient, output, activation, Gates.Open);

    public Tensor Upload(Shape shape, ReadOnlySpan<float> values) => right.Upload(shape, values);

    public void Download(Tensor tensor, Span<float> destination) => right.Download(tensor, destination);

    public Tensor Convolution(Tensor input, Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Activation activation) =>
        right.Convolution(input, weight, bias, geometry, activation);

    public Tensor ConvolutionInputGradient(Tensor outputGradient, Tensor weight, Shape inputShape, ConvolutionGeometry geometry) =>
        right.ConvolutionInputGradient(outputGradient, weight, inputShape, geometry);

    public Tensor ConvolutionWeightGradient(Tensor outputGradient, Tensor input, Shape weightShape, ConvolutionGeometry geometry) =>
        right.ConvolutionWeightGradient(outputGradient, input, weightShape, geometry);

    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Activation activation) => right.Linear(input, weight, bias, activation);

    public Tensor LinearInputGradient(Tensor outputGradient, Tensor weight) => right.LinearInputGradient(outputGradient, weight);

    public Tensor LinearWeightGradient(Tensor outputGradient, Tensor input) => right.LinearWeightGradient(outputGradient, input);

    public Tensor BiasGradient(Tensor outputGradient) => right.BiasGradient(outputGradient);

    public Tensor Activate(Tensor input, Activation activation) => right.Activate(input, activation);

    public Tensor MaxPool(Tensor input, PoolingGeometry geometry) => right.MaxPool(input, geometry);

    public Tensor MaxPoolInputGradient(Tensor outputGradient, Tensor input, PoolingGeometry geometry) =>
        right.MaxPoolInputGradient(outputGradient, input, geometry);

    public Tensor AveragePool(Tensor input, PoolingGeometry geometry) => right.AveragePool(input, geometry);

    public Tensor AveragePoolInputGradient(Tensor outputGradient, Shape inputShape, PoolingGeometry geometry) =>
        right.AveragePoolInputGradient(outputGradient, inputShape, geometry);

    public Tensor AdaptiveAveragePool(Tensor input, int height, int width) => right.AdaptiveAveragePool(input, height, width);

    public Tensor AdaptiveAveragePoolInputGradient(Tensor outputGradient, Shape inputShape) =>
        right.AdaptiveAveragePoolInputGradient(outputGradient, inputShape);

    public Tensor BatchNorm(Tensor input, BatchNormParameters parameters, Activation activation) =>
        right.BatchNorm(input, parameters, activation);

    public Tensor BatchNormInputGradient(Tensor outputGradient, BatchNormParameters parameters) =>
        right.BatchNormInputGradient(outputGradient, parameters);

    public Tensor BatchNormTrainingInputGradient(
        Tensor outputGradient, Tensor input, BatchNormParameters parameters, Tensor scaleGradient, Tensor shiftGradient) =>
        right.BatchNormTrainingInputGradient(outputGradient, input, parameters, scaleGradient, shiftGradient);

    public Tensor BatchNormScaleGradient(Tensor outputGradient, Tensor input, BatchNormParameters parameters) =>
        right.BatchNormScaleGradient(outputGradient, input, parameters);

    public Tensor Add(Tensor left, Tensor right, Activation activation) => this.right.Add(left, right, activation);

    public Tensor AddScaled(Tensor left, Tensor right, float scale) => this.right.AddScaled(left, right, scale);

    public Tensor Multiply(Tensor left, Tensor right) => this.right.Multiply(left, right);

    public Tensor Divide(Tensor dividend, Tensor divisor, float epsilon) => right.Divide(dividend, divisor, epsilon);

    public Tensor Concatenate(ReadOnlySpan<Tensor> inputs) => right.Concatenate(inputs);

    public Tensor Apply(Tensor input, PointwiseFunction function) => right.Apply(input, function);

    public Tensor ApplyInputGradient(Tensor outputGradient, Tensor input, PointwiseFunction function) =>
        right.ApplyInputGradient(outputGradient, input, function);

    public Tensor Slice(Tensor input, ReadOnlySpan<int> first, Shape shape) => right.Slice(input, first, shape);

    public Tensor Pad(Tensor input, ReadOnlySpan<int> before, Shape shape, float value) => right.Pad(input, before, shape, value);

    public Tensor Permute(Tensor input, ReadOnlySpan<int> axes) => right.Permute(input, axes);

    public Tensor Expand(Tensor input, Shape shape) => right.Expand(input, shape);

    public Tensor SumTo(Tensor input, Shape shape) => right.SumTo(input, shape);

    public Tensor Reshape(Tensor input, Shape shape) => right.Reshape(input, shape);

    public Tensor WeightedChannelSum(Tensor activations, Tensor weights) => right.WeightedChannelSum(activations, weights);

    public Tensor MultiplyByMap(Tensor input, Tensor map) => right.MultiplyByMap(input, map);

    public Tensor ResizeBilinear(Tensor input, int height, int width) => right.ResizeBilinear(input, height, width);

    public void Dispose() => right.Dispose();
}
