using TorchSharp;
using static TorchSharp.torch.nn;

namespace SanityChecks.Compute.Torch;

/// <content>Functions of elements, and of planes one by one.</content>
internal sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Tensor Activate(Tensor input, Activation activation) => Run(input.Shape, () => Activated(On(input), activation).clone());

    /// <inheritdoc/>
    public Tensor ActivationInputGradient(Tensor outputGradient, Tensor output, Activation activation, Gates gates)
    {
        RequireSame(output, outputGradient);
        return Run(output.Shape, () =>
        {
            torch.Tensor g = On(outputGradient), y = On(output);
            if (activation == Activation.None)
            {
                return g.clone();
            }

            // Selected, not multiplied: a gradient that is not finite is stopped like any other.
            if (gates.HasFlag(Gates.Open))
            {
                g = Where(y.gt(0), g);
                g = activation == Activation.Relu6 ? Where(y.lt(6), g) : g;
            }

            return gates.HasFlag(Gates.Positive) ? Where(g.gt(0), g) : g;
        });
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor input, PointwiseFunction function) => Run(input.Shape, () => Applied(On(input), function).clone());

    /// <inheritdoc/>
    public Tensor ApplyInputGradient(Tensor outputGradient, Tensor input, PointwiseFunction function)
    {
        RequireSame(input, outputGradient);
        return Run(input.Shape, () => GradientOf(x => Applied(x, function), input.Shape, On(input), On(outputGradient)));
    }

    /// <inheritdoc/>
    public Tensor AddScaled(Tensor left, Tensor right, float scale)
    {
        RequireSame(left, right);
        return Run(left.Shape, () => On(left) + (On(right) * scale));
    }

    /// <inheritdoc/>
    public Tensor Multiply(Tensor left, Tensor right)
    {
        RequireSame(left, right);
        return Run(left.Shape, () => On(left) * On(right));
    }

    /// <inheritdoc/>
    public Tensor Divide(Tensor dividend, Tensor divisor, float epsilon)
    {
        RequireSame(dividend, divisor);
        return Run(dividend.Shape, () =>
        {
            torch.Tensor a = On(dividend), b = On(divisor);
            torch.Tensor stabilized = torch.where(b.ge(0), b + epsilon, b - epsilon);
            return torch.where(stabilized.eq(0).logical_and(a.eq(0)), torch.zeros_like(a), a / stabilized);
        });
    }

    /// <inheritdoc/>
    public Tensor BatchNorm(Tensor input, BatchNormParameters parameters, Activation activation) => Run(input.Shape, () => Activated(
        functional.batch_norm(
            On(input), On(parameters.Mean), On(parameters.Variance), On(parameters.Scale), On(parameters.Shift), false, 0,
            parameters.Epsilon), activation));

    /// <inheritdoc/>
    public Tensor BatchNormInputGradient(Tensor outputGradient, BatchNormParameters parameters) =>
        Run(outputGradient.Shape, () => On(outputGradient) * OverChannels(On(parameters.Scale) * PerDeviation(parameters)));

    /// <inheritdoc/>
    public Tensor BatchNormScaleGradient(Tensor outputGradient, Tensor input, BatchNormParameters parameters)
    {
        RequireSame(input, outputGradient);
        return Run(
            new Shape(input.Shape[1]), () =>
                SumOverChannels(On(outputGradient) * (On(input) - OverChannels(On(parameters.Mean)))) * PerDeviation(parameters));
    }

    /// <inheritdoc/>
    public Tensor BatchNormTrainingInputGradient(
        Tensor outputGradient, Tensor input, BatchNormParameters parameters, Tensor scaleGradient, Tensor shiftGradient)
    {
        RequireSame(input, outputGradient);
        double count = (double)input.Shape.Count / input.Shape[1];
        return Run(input.Shape, () =>
        {
            torch.Tensor perDeviation = PerDeviation(parameters), factor = On(parameters.Scale) * perDeviation;
            torch.Tensor slope = factor * On(scaleGradient) * perDeviation / count, shift = factor * On(shiftGradient) / count;
            return (On(outputGradient) * OverChannels(factor)) - ((On(input) - OverChannels(On(parameters.Mean))) * OverChannels(
                slope)) - OverChannels(shift);
        });
    }

    /// <inheritdoc/>
    public Tensor Add(Tensor left, Tensor right, Activation activation)
    {
        RequireSame(left, right);
        return Run(left.Shape, () => Activated(On(left) + On(right), activation));
    }

    /// <inheritdoc/>
    public Tensor WeightedChannelSum(Tensor activations, Tensor weights)
    {
        Shape shape = activations.Shape;
        Require(
            shape.Rank == 4 && weights.Shape.Count == shape[0] * shape[1],
            $"Activations {shape} need one weight for each image and channel, not {weights.Shape}.");
        return Run(
            new Shape(shape[0], 1, shape[2], shape[3]), () =>
                (On(activations) * On(weights).reshape(shape[0], shape[1], 1, 1)).sum([1L], true));
    }

    /// <inheritdoc/>
    public Tensor MultiplyByMap(Tensor input, Tensor map)
    {
        var needed = new Shape(input.Shape[0], 1, input.Shape[2], input.Shape[3]);
        Require(map.Shape == needed, $"The shape is {map.Shape} where {needed} is needed.");
        return Run(input.Shape, () => On(input) * On(map));
    }

    /// <inheritdoc/>
    public Tensor ResizeBilinear(Tensor input, int height, int width) => Run(
        new Shape(input.Shape[0], input.Shape[1], height, width), () =>
            functional.interpolate(On(input), [height, width], null, torch.InterpolationMode.Bilinear, false));

    private static torch.Tensor Applied(torch.Tensor x, PointwiseFunction function) => function.Kind switch
    {
        PointwiseKind.Linear => (x * function.A) + function.B,
        PointwiseKind.LeakyRelu => functional.leaky_relu(x, function.A),
        PointwiseKind.Elu => functional.elu(x, function.A),
        PointwiseKind.Sigmoid => x.sigmoid(),
        PointwiseKind.Silu => functional.silu(x),
        PointwiseKind.Tanh => x.tanh(),
        PointwiseKind.HardSigmoid => ((x * function.A) + function.B).clamp(0, 1),
        PointwiseKind.HardSwish => functional.hardswish(x),
        PointwiseKind.Clamp => x.clamp(function.A, function.B),
        PointwiseKind.Power => x.pow(function.A),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function."),
    };

    private static torch.Tensor Where(torch.Tensor condition, torch.Tensor values) => values.masked_fill(condition.logical_not(), 0);

    private static torch.Tensor OverChannels(torch.Tensor perChannel) => perChannel.reshape(1, -1, 1, 1);

    private torch.Tensor PerDeviation(BatchNormParameters parameters) => (On(parameters.Variance) + parameters.Epsilon).rsqrt();
}
