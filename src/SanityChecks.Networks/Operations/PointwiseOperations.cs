using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>A function of each element that is no ReLU, such as SiLU.</summary>
/// <param name="function">Which function.</param>
public sealed class FunctionOperation(PointwiseFunction function) : Operation
{
    /// <summary>Which function it is.</summary>
    public PointwiseFunction Function => function;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Apply(inputs[0], function);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.ApplyInputGradient(step.OutputGradient, step.Inputs[0]!, function)];
}

/// <summary>The product of two layers, of one shape, or one of them repeated along its axes of length 1: a squeeze-and-excitation block
/// weights channels [N, C, H, W] with [N, C, 1, 1].</summary>
/// <param name="gate">Which of the two only weights the other: 0 or 1.</param>
public sealed class ProductOperation(int gate = 1) : Operation
{
    /// <summary>Which of the two only weights the other.</summary>
    public int Gate => gate;

    /// <summary>A tensor repeated to a shape; the tensor itself where it has it.</summary>
    public static Tensor Repeated(IEngine engine, Tensor tensor, Shape shape) =>
        tensor.Shape == shape ? tensor : engine.Expand(tensor, shape);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        Shape shape = OutputShape(inputs[0].Shape, inputs[1].Shape);
        Tensor left = Repeated(engine, inputs[0], shape), right = Repeated(engine, inputs[1], shape);
        Tensor product = engine.Multiply(left, right);
        Release(left, inputs[0]);
        Release(right, inputs[1]);
        return product;
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [Weighted(step, step.Inputs[1]!, step.Inputs[0]!.Shape), Weighted(step, step.Inputs[0]!, step.Inputs[1]!.Shape)];

    /// <summary>What comes to the output times a factor, summed to an input's shape.</summary>
    /// <param name="step">What came to the output.</param>
    /// <param name="factor">Of an input's shape; stays the caller's.</param>
    /// <param name="shape">The shape of the input that gets the result.</param>
    public static Tensor Weighted(in BackwardStep step, Tensor factor, Shape shape)
    {
        Tensor repeated = Repeated(step.Engine, factor, step.OutputGradient.Shape);
        Tensor product = step.Engine.Multiply(step.OutputGradient, repeated);
        Release(repeated, factor);
        if (product.Shape == shape)
        {
            return product;
        }

        using Tensor whole = product;
        return step.Engine.SumTo(product, shape);
    }

    private static Shape OutputShape(Shape left, Shape right)
    {
        if (left.Rank != right.Rank)
        {
            throw new ArgumentException($"{left} and {right} have no product.");
        }

        int[] axes = left.Axes.ToArray();
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = Math.Max(axes[axis], right[axis]);
        }

        return new Shape(axes);
    }

    private static void Release(Tensor tensor, Tensor input)
    {
        if (tensor != input)
        {
            tensor.Dispose();
        }
    }
}

/// <summary>Each element times a scale plus a shift, either of which may be missing, repeated along axes of length 1.</summary>
public sealed class ScaleOperation : Operation
{
    private readonly Tensor? fixedScale;
    private readonly Tensor? fixedShift;
    private readonly bool hasScale;
    private readonly bool hasShift;

    /// <summary>A scale and a shift that are learned, as tensors <c>weight</c> and <c>bias</c>.</summary>
    /// <param name="scale">The scale's shape, of as many axes as the input: [1, C, 1, 1]; null for none.</param>
    /// <param name="shift">The shift's; null for none.</param>
    public ScaleOperation(Shape? scale, Shape? shift)
    {
        (hasScale, hasShift) = (scale is not null, shift is not null);
        Parameters = [.. new[] { ("weight", scale), ("bias", shift) }.Where(one => one.Item2 is not null)
            .Select(one => (one.Item1, one.Item2!.Value))];
    }

    private ScaleOperation(Tensor scale, Tensor shift)
    {
        (hasScale, hasShift, fixedScale, fixedShift) = (true, true, scale, shift);
        Parameters = [];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; }

    /// <inheritdoc/>
    public override bool BeginsAsIdentity => true;

    /// <summary>A scale and a shift that belong to the network, not to what it has learned.</summary>
    /// <param name="scale">Of as many axes as the input.</param>
    /// <param name="shift">Likewise.</param>
    public static ScaleOperation Fixed(HostTensor scale, HostTensor shift) => new(scale, shift);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        Shape shape = inputs[0].Shape;
        Tensor result = inputs[0];
        if (hasScale)
        {
            using Tensor scale = engine.Expand(fixedScale ?? parameters[0], shape);
            result = engine.Multiply(result, scale);
        }

        if (hasShift)
        {
            using Tensor shift = engine.Expand(fixedShift ?? parameters[^1], shape);
            using Tensor? scaled = hasScale ? result : null;
            result = engine.AddScaled(result, shift, 1);
        }

        return result;
    }

    /// <inheritdoc/>
    public override double[]? Offsets(IReadOnlyList<HostTensor> parameters) =>
        parameters.Count > 0 && hasShift && parameters[^1].Shape is { Rank: 4 } shape && shape[1] == shape.Count
            ? Array.ConvertAll(parameters[^1].Values.ToArray(), value => (double)value)
            : null;

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => hasScale
        ? [ProductOperation.Weighted(step, fixedScale ?? step.Parameters[0], step.OutputGradient.Shape)]
        : [step.OutputGradient];

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step)
    {
        if (Parameters.Count == 0)
        {
            return [];
        }

        var gradients = new List<Tensor?>();
        if (hasScale)
        {
            gradients.Add(ProductOperation.Weighted(step, step.Inputs[0]!, Parameters[0].Shape));
        }

        if (hasShift)
        {
            gradients.Add(step.Engine.SumTo(step.OutputGradient, Parameters[^1].Shape));
        }

        return [.. gradients];
    }
}
