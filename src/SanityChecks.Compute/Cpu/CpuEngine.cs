using System.Globalization;

namespace SanityChecks.Compute.Cpu;

/// <summary>The fast engine in host memory: SIMD kernels on all cores, activations in reused buffers.</summary>
public sealed class CpuEngine : HostEngine
{
    private readonly Cores cores;
    private readonly BufferPool pool = new();
    private readonly ThreadMemory memory = new();
    private readonly ParallelOptions parallel;

    /// <summary>Makes an engine.</summary>
    /// <param name="threads">At most this many threads, at least 1; all cores by default. Results do not depend on it.</param>
    public CpuEngine(int? threads = null)
        : this(InstructionSet.Best, threads)
    {
    }

    internal CpuEngine(InstructionSet set, int? threads = null)
    {
        int count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        parallel = new ParallelOptions { MaxDegreeOfParallelism = count };
        cores = new Cores(set, count, memory, ForEach);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{cores.Set.Description}, {cores.Threads} thread(s)");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        pool.Clear();
        memory.Dispose();
    }

    private protected override HostTensor Allocate(Shape shape) => new PooledTensor(shape, pool.Rent(checked((int)shape.Count)), pool);

    private protected override void ForEach(int count, Action<int> work)
    {
        if (count <= 1 || parallel.MaxDegreeOfParallelism == 1)
        {
            base.ForEach(count, work);
        }
        else
        {
            Parallel.For(0, count, parallel, work);
        }
    }

    private protected override void ConvolutionForward(
        HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation, HostTensor output) =>
        ConvolutionDispatch.Forward(cores, input, weight, bias, geometry, activation, output);

    private protected override void ConvolutionInputGradient(
        HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient) =>
        ConvolutionDispatch.InputGradient(cores, outputGradient, weight, geometry, gradient);

    private protected override void ConvolutionWeightGradient(
        HostTensor outputGradient, HostTensor input, ConvolutionGeometry geometry, HostTensor gradient)
    {
        if (geometry.IsDilated)
        {
            // That of the windows without gaps holds it, and more; networks with such windows are rarely trained.
            (int height, int width) = geometry.Window(gradient.Shape);
            using HostTensor dense = Allocate(new Shape(gradient.Shape[0], gradient.Shape[1], height, width));
            ConvolutionWeightGradient(outputGradient, input, geometry with { DilationY = 1, DilationX = 1 }, dense);
            for (int i = 0; i < gradient.Shape.Count; i++)
            {
                (int row, int v) = Math.DivRem(i, gradient.Shape[3]);
                (int plane, int u) = Math.DivRem(row, gradient.Shape[2]);
                gradient.Array[i] = dense.Array[(((plane * height) + (u * geometry.DilationY)) * width) + (v * geometry.DilationX)];
            }
        }
        else if (DirectWeightGradient.Serves(input, gradient.Shape, geometry))
        {
            DirectWeightGradient.Run(cores, outputGradient, input, geometry, gradient);
        }
        else
        {
            WeightGradient.Compute(cores, outputGradient, input, geometry, gradient);
        }
    }

    private protected override unsafe void LinearForward(
        HostTensor input, HostTensor weight, HostTensor? bias, Activation activation, HostTensor output)
    {
        int batch = input.Shape[0], features = input.Shape[1], outputs = weight.Shape[0];
        ForEach((outputs + 1) / 2, pair =>
        {
            int first = 2 * pair, count = Math.Min(2, outputs - first);
            float[] sums = new float[batch * count];
            fixed (float* x = input.Array, w = weight.Array)
            {
                LinearKernel.Forward(x, batch, features, w + ((nint)first * features), count, sums);
            }

            for (int n = 0; n < batch; n++)
            {
                for (int o = first; o < first + count; o++)
                {
                    output.Array[(n * outputs) + o] = Reference.Elementwise.Activate(
                        sums[(n * count) + o - first] + (bias is null ? 0 : bias.Values[o]), activation);
                }
            }
        });
    }

    private protected override unsafe void LinearInputGradient(HostTensor outputGradient, HostTensor weight, HostTensor gradient) =>
        ForEach(LinearKernel.Strips(weight.Shape[1]), strip =>
        {
            fixed (float* g = outputGradient.Array, w = weight.Array, x = gradient.Array)
            {
                LinearKernel.InputGradient(cores, g, gradient.Shape[0], weight.Shape[0], w, weight.Shape[1], strip, x);
            }
        });

    private protected override unsafe void LinearWeightGradient(HostTensor outputGradient, HostTensor input, HostTensor gradient) =>
        ForEach(gradient.Shape[0], output =>
        {
            fixed (float* g = outputGradient.Array, x = input.Array, w = gradient.Array)
            {
                int features = gradient.Shape[1];
                LinearKernel.WeightGradientRow(g, input.Shape[0], gradient.Shape[0], output, x, features, w + ((nint)output * features));
            }
        });

    private protected override void MaxPoolPlane(
        ReadOnlySpan<float> input, int height, int width, PoolingGeometry geometry, Span<float> output, int outHeight, int outWidth)
    {
        if (MaxPoolKernel.Serves(geometry, height, width, outHeight, outWidth))
        {
            MaxPoolKernel.Forward(input, width, output, outHeight, outWidth);
        }
        else
        {
            base.MaxPoolPlane(input, height, width, geometry, output, outHeight, outWidth);
        }
    }

    private protected override void MaxPoolPlaneGradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, ReadOnlySpan<float> input, int height, int width,
        PoolingGeometry geometry, Span<float> gradient)
    {
        if (MaxPoolKernel.Serves(geometry, height, width, outHeight, outWidth))
        {
            MaxPoolKernel.Gradient(outputGradient, outHeight, outWidth, input, width, gradient);
        }
        else
        {
            base.MaxPoolPlaneGradient(outputGradient, outHeight, outWidth, input, height, width, geometry, gradient);
        }
    }

    private protected override void ActivateChunk(ReadOnlySpan<float> input, Activation activation, Span<float> output) =>
        ElementwiseKernel.Activate(input, activation, output);

    private protected override void ActivationGradientChunk(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> output, Activation activation, Gates gates, Span<float> gradient)
    {
        if (activation == Activation.None)
        {
            outputGradient.CopyTo(gradient);
        }
        else
        {
            ElementwiseKernel.InputGradient(outputGradient, output, activation, gates, gradient);
        }
    }

    private protected override void PointwiseChunk(ReadOnlySpan<float> input, PointwiseFunction function, Span<float> output)
    {
        if (PointwiseKernel.Serves(function))
        {
            PointwiseKernel.Apply(input, function, output);
        }
        else
        {
            base.PointwiseChunk(input, function, output);
        }
    }

    private protected override void PointwiseGradientChunk(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, PointwiseFunction function, Span<float> gradient)
    {
        if (PointwiseKernel.Serves(function))
        {
            PointwiseKernel.InputGradient(outputGradient, input, function, gradient);
        }
        else
        {
            base.PointwiseGradientChunk(outputGradient, input, function, gradient);
        }
    }

    private protected override void AddChunk(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Activation activation, Span<float> sum) =>
        ElementwiseKernel.Add(
            left, right, activation == Activation.None ? float.NegativeInfinity : 0,
            activation == Activation.Relu6 ? 6 : float.PositiveInfinity, sum);

    private protected override void AddScaledChunk(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, float scale, Span<float> sum) =>
        ElementwiseKernel.AddScaled(left, right, scale, sum);

    private protected override void MultiplyChunk(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product) =>
        ElementwiseKernel.Multiply(left, right, product);

    private protected override void DivideChunk(
        ReadOnlySpan<float> dividend, ReadOnlySpan<float> divisor, float epsilon, Span<float> quotient) =>
        ElementwiseKernel.Divide(dividend, divisor, epsilon, quotient);

    private protected override double PlaneSum(ReadOnlySpan<float> plane) => BatchNormKernel.Sum(plane);

    private protected override void BatchNormPlane(
        ReadOnlySpan<float> input, float scale, float shift, float mean, float variance, float epsilon, Activation activation,
        Span<float> output) =>
        BatchNormKernel.Forward(
            input, mean, scale / Math.Sqrt((double)variance + epsilon), shift, activation == Activation.None ? float.NegativeInfinity : 0,
            activation == Activation.Relu6 ? 6 : float.PositiveInfinity, output);

    private protected override void BatchNormPlaneGradient(
        ReadOnlySpan<float> outputGradient, float scale, float variance, float epsilon, Span<float> inputGradient) =>
        BatchNormKernel.Scale(outputGradient, (float)(scale / Math.Sqrt((double)variance + epsilon)), inputGradient);

    private protected override void BatchNormPlaneTrainingGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float factor, float mean, float slope, float shift,
        Span<float> inputGradient) =>
        BatchNormKernel.TrainingGradient(outputGradient, input, factor, mean, slope, shift, inputGradient);

    private protected override double BatchNormPlaneScaleGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float mean, float variance, float epsilon) =>
        BatchNormKernel.CenteredProduct(outputGradient, input, mean) / Math.Sqrt((double)variance + epsilon);
}
