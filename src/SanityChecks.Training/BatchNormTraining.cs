using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Training;

/// <summary>Batch normalisation by the statistics of the batch at hand (Ioffe and Szegedy 2015), through which gradients pass
/// too.</summary>
/// <param name="trained">The same layer with fixed statistics.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class BatchNormTraining(BatchNormOperation trained, float epsilon = 1e-5f) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters => trained.Parameters;

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        Forward(engine, inputs, parameters, fused, out _);

    /// <inheritdoc/>
    /// <remarks>What is observed are the batch's <see cref="BatchStatistics"/>.</remarks>
    public override Tensor Forward(
        IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused, out object? observed)
    {
        BatchStatistics statistics = BatchStatistics.Of(engine, inputs[0]);
        observed = statistics;
        return engine.BatchNorm(inputs[0], Of(statistics, parameters[0], parameters[1]), fused);
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        BatchNormParameters parameters = Trained(step);
        using Tensor scale = step.Engine.BatchNormScaleGradient(step.OutputGradient, step.Inputs[0]!, parameters),
            shift = step.Engine.BiasGradient(step.OutputGradient);
        return [step.Engine.BatchNormTrainingInputGradient(step.OutputGradient, step.Inputs[0]!, parameters, scale, shift)];
    }

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step) =>
        [step.Engine.BatchNormScaleGradient(step.OutputGradient, step.Inputs[0]!, Trained(step)),
            step.Engine.BiasGradient(step.OutputGradient), null, null];

    private BatchNormParameters Trained(BackwardStep step) => Of((BatchStatistics)step.Observed!, step.Parameters[0], step.Parameters[1]);

    private BatchNormParameters Of(BatchStatistics statistics, Tensor scale, Tensor shift) =>
        new(scale, shift, statistics.Mean, statistics.Variance, epsilon);
}
