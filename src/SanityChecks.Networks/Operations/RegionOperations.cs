using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>A part of each image's values along any axes.</summary>
/// <param name="first">Where it begins along each axis behind the first, which is the images'.</param>
/// <param name="axes">How much of each.</param>
public sealed class CropOperation(IReadOnlyList<int> first, IReadOnlyList<int> axes) : Operation
{
    private readonly int[] start = [0, .. first];

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Slice(inputs[0], start, new Shape([inputs[0].Shape[0], .. axes]));

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.Pad(step.OutputGradient, start, step.Inputs[0]!.Shape, 0)];
}

/// <summary>One value around each image's values, along any axes: channels of zeros, where <see cref="PadOperation"/> adds rows and
/// columns.</summary>
/// <param name="before">How many come before along each axis behind the first, which is the images'.</param>
/// <param name="axes">The result's axes behind the first.</param>
/// <param name="value">What stands there.</param>
public sealed class SurroundOperation(IReadOnlyList<int> before, IReadOnlyList<int> axes, float value) : Operation
{
    private readonly int[] start = [0, .. before];

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Pad(inputs[0], start, new Shape([inputs[0].Shape[0], .. axes]), value);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => [step.Engine.Slice(step.OutputGradient, start, step.Inputs[0]!.Shape)];
}
