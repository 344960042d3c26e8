using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Batch normalisation with the statistics of the training set.</summary>
/// <param name="channels">Channels of its input.</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class BatchNormOperation(int channels, float epsilon = 1e-5f) : Operation
{
    /// <summary>Added to the variance.</summary>
    public float Epsilon => epsilon;

    /// <summary>Whether a tensor of this name is a running mean or variance, which no gradient trains.</summary>
    public static bool IsStatistic(string tensor) =>
        tensor.EndsWith(".running_mean", StringComparison.Ordinal) || tensor.EndsWith(".running_var", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; } =
    [
        ("weight", new Shape(channels)), ("bias", new Shape(channels)), ("running_mean", new Shape(channels)),
        ("running_var", new Shape(channels)),
    ];

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <inheritdoc/>
    public override bool BeginsAsIdentity => true;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.BatchNorm(inputs[0], Statistics(parameters), fused);

    /// <inheritdoc/>
    /// <remarks>shift - mean scale / sqrt(variance + epsilon).</remarks>
    public override double[]? Offsets(IReadOnlyList<HostTensor> parameters) => [.. Enumerable.Range(0, channels).Select(channel =>
        parameters[1].Values[channel]
        - (parameters[2].Values[channel] * (double)parameters[0].Values[channel]
            / Math.Sqrt(parameters[3].Values[channel] + (double)epsilon)))];

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.BatchNormInputGradient(step.OutputGradient, Statistics(step.Parameters))];

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step) =>
    [
        step.Engine.BatchNormScaleGradient(step.OutputGradient, step.Inputs[0]!, Statistics(step.Parameters)),
        step.Engine.BiasGradient(step.OutputGradient),
        null, // the statistics stay as they are
        null,
    ];

    private BatchNormParameters Statistics(ReadOnlySpan<Tensor> parameters) =>
        new(parameters[0], parameters[1], parameters[2], parameters[3], epsilon);
}
