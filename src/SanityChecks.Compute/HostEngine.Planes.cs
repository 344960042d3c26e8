namespace SanityChecks.Compute;

/// <content>Operations that treat each plane [H, W], or each element, alone.</content>
public abstract partial class HostEngine
{
    /// <inheritdoc/>
    public Tensor Activate(Tensor input, Activation activation)
    {
        HostTensor x = Host(input);
        HostTensor output = Allocate(x.Shape);
        ForEachChunk(
            x.Shape, (start, length) => ActivateChunk(x.Array.AsSpan(start, length), activation, output.Array.AsSpan(start, length)));
        return output;
    }

    /// <inheritdoc/>
    public Tensor ActivationInputGradient(Tensor outputGradient, Tensor output, Activation activation, Gates gates)
    {
        HostTensor g = Host(outputGradient), y = Host(output);
        RequireShape(g, y.Shape);
        HostTensor gradient = Allocate(g.Shape);
        ForEachChunk(g.Shape, (start, length) => ActivationGradientChunk(
            g.Array.AsSpan(start, length), y.Array.AsSpan(start, length), activation, gates, gradient.Array.AsSpan(start, length)));
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor input, PointwiseFunction function)
    {
        HostTensor x = Host(input), output = Allocate(input.Shape);
        ForEachChunk(
            x.Shape, (start, length) => PointwiseChunk(x.Array.AsSpan(start, length), function, output.Array.AsSpan(start, length)));
        return output;
    }

    /// <inheritdoc/>
    public Tensor ApplyInputGradient(Tensor outputGradient, Tensor input, PointwiseFunction function) =>
        Combine(outputGradient, input, (g, x, gradient) => PointwiseGradientChunk(g, x, function, gradient));

    /// <inheritdoc/>
    public Tensor Add(Tensor left, Tensor right, Activation activation)
    {
        HostTensor a = Host(left), b = Host(right);
        RequireShape(b, a.Shape);
        HostTensor sum = Allocate(a.Shape);
        ForEachChunk(
            a.Shape, (start, length) =>
                AddChunk(a.Array.AsSpan(start, length), b.Array.AsSpan(start, length), activation, sum.Array.AsSpan(start, length)));
        return sum;
    }

    /// <inheritdoc/>
    public Tensor AddScaled(Tensor left, Tensor right, float scale) =>
        Combine(left, right, (a, b, sum) => AddScaledChunk(a, b, scale, sum));

    /// <inheritdoc/>
    public Tensor Multiply(Tensor left, Tensor right) => Combine(left, right, MultiplyChunk);

    /// <inheritdoc/>
    public Tensor Divide(Tensor dividend, Tensor divisor, float epsilon) =>
        Combine(dividend, divisor, (a, b, quotient) => DivideChunk(a, b, epsilon, quotient));

    /// <inheritdoc/>
    public Tensor BatchNorm(Tensor input, BatchNormParameters parameters, Activation activation)
    {
        HostTensor x = Host(input), scale = Channel(parameters.Scale, x), shift = Channel(parameters.Shift, x);
        HostTensor mean = Channel(parameters.Mean, x), variance = Channel(parameters.Variance, x);
        HostTensor output = Allocate(x.Shape);
        ForEachPlane(x.Shape, (start, length) =>
        {
            int c = ChannelAt(x.Shape, start);
            BatchNormPlane(
                x.Array.AsSpan(start, length), scale.Values[c], shift.Values[c], mean.Values[c], variance.Values[c], parameters.Epsilon,
                activation,
                output.Array.AsSpan(start, length));
        });
        return output;
    }

    /// <inheritdoc/>
    public Tensor BatchNormInputGradient(Tensor outputGradient, BatchNormParameters parameters)
    {
        HostTensor g = Host(outputGradient), scale = Channel(parameters.Scale, g), variance = Channel(parameters.Variance, g);
        HostTensor gradient = Allocate(g.Shape);
        ForEachPlane(g.Shape, (start, length) =>
        {
            int c = ChannelAt(g.Shape, start);
            BatchNormPlaneGradient(
                g.Array.AsSpan(start, length), scale.Values[c], variance.Values[c], parameters.Epsilon,
                gradient.Array.AsSpan(start, length));
        });
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor BatchNormScaleGradient(Tensor outputGradient, Tensor input, BatchNormParameters parameters)
    {
        HostTensor g = Host(outputGradient);
        HostTensor x = Host(input);
        HostTensor mean = Channel(parameters.Mean, x);
        HostTensor variance = Channel(parameters.Variance, x);
        RequireShape(g, x.Shape);
        int plane = PlaneSize(x.Shape);
        HostTensor gradient = Allocate(new Shape(x.Shape[1]));
        ForEach(x.Shape[1], c =>
        {
            double sum = 0;
            for (int n = 0; n < x.Shape[0]; n++)
            {
                int start = ((n * x.Shape[1]) + c) * plane;
                sum += BatchNormPlaneScaleGradient(
                    g.Array.AsSpan(start, plane), x.Array.AsSpan(start, plane), mean.Values[c], variance.Values[c], parameters.Epsilon);
            }

            gradient.Array[c] = (float)sum;
        });
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor BatchNormTrainingInputGradient(
        Tensor outputGradient, Tensor input, BatchNormParameters parameters, Tensor scaleGradient, Tensor shiftGradient)
    {
        HostTensor g = Host(outputGradient), x = Host(input), scale = Channel(parameters.Scale, x), mean = Channel(parameters.Mean, x);
        HostTensor variance = Channel(parameters.Variance, x), products = Channel(scaleGradient, x), sums = Channel(shiftGradient, x);
        RequireShape(g, x.Shape);
        long count = x.Shape.Count / x.Shape[1];
        HostTensor gradient = Allocate(x.Shape);
        ForEachPlane(x.Shape, (start, length) =>
        {
            int c = ChannelAt(x.Shape, start);
            double deviation = Math.Sqrt((double)variance.Values[c] + parameters.Epsilon), factor = scale.Values[c] / deviation;
            float slope = (float)(-factor / count * products.Values[c]), shift = (float)(-factor / count * sums.Values[c]);
            BatchNormPlaneTrainingGradient(
                g.Array.AsSpan(start, length), x.Array.AsSpan(start, length), (float)factor, mean.Values[c], (float)(slope / deviation),
                shift,
                gradient.Array.AsSpan(start, length));
        });
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor WeightedChannelSum(Tensor activations, Tensor weights)
    {
        HostTensor a = Host(activations), w = Host(weights);
        Require(
            a.Shape.Rank == 4 && w.Shape.Count == a.Shape[0] * a.Shape[1],
            $"Activations {a.Shape} need one weight for each image and channel, not {w.Shape}.");
        int plane = PlaneSize(a.Shape), channels = a.Shape[1];
        HostTensor output = Allocate(new Shape(a.Shape[0], 1, a.Shape[2], a.Shape[3]));
        ForEach(a.Shape[0], n => Reference.Elementwise.WeightedChannelSum(
            a.Array.AsSpan(n * channels * plane, channels * plane), w.Array.AsSpan(n * channels, channels),
            output.Array.AsSpan(n * plane, plane)));
        return output;
    }

    /// <inheritdoc/>
    public Tensor MultiplyByMap(Tensor input, Tensor map)
    {
        HostTensor x = Host(input), m = Host(map);
        RequireShape(m, new Shape(x.Shape[0], 1, x.Shape[2], x.Shape[3]));
        HostTensor output = Allocate(x.Shape);
        ForEachPlane(x.Shape, (start, length) =>
        {
            ReadOnlySpan<float> plane = x.Array.AsSpan(start, length);
            ReadOnlySpan<float> factor = m.Array.AsSpan(start / (length * x.Shape[1]) * length, length);
            Span<float> product = output.Array.AsSpan(start, length);
            for (int i = 0; i < product.Length; i++)
            {
                product[i] = plane[i] * factor[i];
            }
        });
        return output;
    }

    /// <inheritdoc/>
    public Tensor ResizeBilinear(Tensor input, int height, int width) => MapPlanes(input, height, width, (x, inputHeight, inputWidth, y) =>
        Reference.BilinearResize.Forward(x, inputHeight, inputWidth, y, height, width));

    private protected virtual void AddChunk(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Activation activation, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = Reference.Elementwise.Activate(left[i] + right[i], activation);
        }
    }

    private protected virtual void AddScaledChunk(ReadOnlySpan<float> left, ReadOnlySpan<float> right, float scale, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = left[i] + (scale * right[i]);
        }
    }

    private protected virtual void MultiplyChunk(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product)
    {
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = left[i] * right[i];
        }
    }

    private protected virtual void DivideChunk(
        ReadOnlySpan<float> dividend, ReadOnlySpan<float> divisor, float epsilon, Span<float> quotient)
    {
        for (int i = 0; i < quotient.Length; i++)
        {
            quotient[i] = Reference.Elementwise.Divide(dividend[i], divisor[i], epsilon);
        }
    }

    private protected virtual double PlaneSum(ReadOnlySpan<float> plane) => Reference.Elementwise.Sum(plane);

    private protected virtual void BatchNormPlane(
        ReadOnlySpan<float> input, float scale, float shift, float mean, float variance, float epsilon, Activation activation,
        Span<float> output) =>
        Reference.BatchNorm.Forward(input, scale, shift, mean, variance, epsilon, activation, output);

    private protected virtual void BatchNormPlaneGradient(
        ReadOnlySpan<float> outputGradient, float scale, float variance, float epsilon, Span<float> inputGradient) =>
        Reference.BatchNorm.InputGradient(outputGradient, scale, variance, epsilon, inputGradient);

    private protected virtual double BatchNormPlaneScaleGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float mean, float variance, float epsilon) =>
        Reference.BatchNorm.ScaleGradient(outputGradient, input, mean, variance, epsilon);

    /// <summary>g factor + (x - mean) slope + shift.</summary>
    private protected virtual void BatchNormPlaneTrainingGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float factor, float mean, float slope, float shift,
        Span<float> inputGradient) =>
        Reference.BatchNorm.TrainingInputGradient(outputGradient, input, factor, mean, slope, shift, inputGradient);

    private protected virtual void ActivateChunk(ReadOnlySpan<float> input, Activation activation, Span<float> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = Reference.Elementwise.Activate(input[i], activation);
        }
    }

    private protected virtual void ActivationGradientChunk(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> output, Activation activation, Gates gates, Span<float> gradient)
    {
        for (int i = 0; i < output.Length; i++)
        {
            gradient[i] = Reference.Elementwise.InputGradient(outputGradient[i], output[i], activation, gates);
        }
    }

    private protected virtual void PointwiseChunk(ReadOnlySpan<float> input, PointwiseFunction function, Span<float> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = Reference.Pointwise.Value(input[i], function);
        }
    }

    private protected virtual void PointwiseGradientChunk(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, PointwiseFunction function, Span<float> gradient)
    {
        for (int i = 0; i < input.Length; i++)
        {
            gradient[i] = Reference.Pointwise.InputGradient(outputGradient[i], input[i], function);
        }
    }

    private delegate void PlaneMapping(ReadOnlySpan<float> input, int height, int width, Span<float> output);

    /// <summary>Applies a function to each plane of [N, C, H, W], giving planes of another size.</summary>
    private HostTensor MapPlanes(Tensor input, int outHeight, int outWidth, PlaneMapping mapping)
    {
        HostTensor x = Host(input);
        Require(x.Shape.Rank == 4, $"[N, C, H, W] is needed, not {x.Shape}.");
        int height = x.Shape[2], width = x.Shape[3], plane = height * width, outPlane = outHeight * outWidth;
        HostTensor output = Allocate(new Shape(x.Shape[0], x.Shape[1], outHeight, outWidth));
        ForEach(
            x.Shape[0] * x.Shape[1], p =>
                mapping(x.Array.AsSpan(p * plane, plane), height, width, output.Array.AsSpan(p * outPlane, outPlane)));
        return output;
    }

    private HostTensor Combine(Tensor left, Tensor right, Combination combination)
    {
        HostTensor a = Host(left), b = Host(right);
        RequireShape(b, a.Shape);
        HostTensor result = Allocate(a.Shape);
        ForEachChunk(
            a.Shape, (start, length) =>
                combination(a.Array.AsSpan(start, length), b.Array.AsSpan(start, length), result.Array.AsSpan(start, length)));
        return result;
    }

    private delegate void Combination(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);

    private void ForEachPlane(Shape shape, Action<int, int> work)
    {
        int plane = PlaneSize(shape);
        ForEach(shape[0] * shape[1], p => work(p * plane, plane));
    }

    /// <summary>Cuts a tensor's elements into pieces large enough to be worth handing to another thread.</summary>
    private void ForEachChunk(Shape shape, Action<int, int> work)
    {
        const int Chunk = 1 << 15;
        int count = checked((int)shape.Count);
        ForEach((count + Chunk - 1) / Chunk, i => work(i * Chunk, Math.Min(Chunk, count - (i * Chunk))));
    }

    private static HostTensor Channel(Tensor parameter, HostTensor input)
    {
        RequireShape(Host(parameter), new Shape(input.Shape[1]));
        return Host(parameter);
    }

    private static int ChannelAt(Shape shape, int start) => start / PlaneSize(shape) % shape[1];
}
