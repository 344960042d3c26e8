using System.Runtime.CompilerServices;
using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Training;

/// <summary>Batch normalisation by the statistics of the batch at hand (Ioffe and Szegedy 2015), through which gradients pass too.</summary>
/// <param name="trained">The same layer with fixed statistics.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class BatchNormTraining(BatchNormOperation trained, float epsilon = 1e-5f) : Operation
{
    // Forward and backward read the same activation, and so do the running statistics.
    private readonly ConditionalWeakTable<Tensor, BatchStatistics> known = [];

    // The gradient at the input needs the parameters' gradients, which are asked for after it.
    private readonly ConditionalWeakTable<Tensor, ParameterSums> sums = [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters => trained.Parameters;

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <summary>The statistics of an activation that this layer has read.</summary>
    public BatchStatistics StatisticsOf(IEngine engine, Tensor input) => known.GetValue(input, activation => BatchStatistics.Of(engine, activation));

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.BatchNorm(inputs[0], Of(StatisticsOf(engine, inputs[0]), parameters[0], parameters[1]), fused);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        ParameterSums own = SumsOf(step);
        return [step.Engine.BatchNormTrainingInputGradient(step.OutputGradient, step.Inputs[0]!, Trained(step), own.Scale, own.Shift)];
    }

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step)
    {
        ParameterSums own = SumsOf(step);
        sums.Remove(step.OutputGradient); // they are the caller's now, who disposes them
        return [own.Scale, own.Shift, null, null];
    }

    private ParameterSums SumsOf(BackwardStep step) => sums.GetValue(step.OutputGradient, gradient => new ParameterSums(
        step.Engine.BatchNormScaleGradient(gradient, step.Inputs[0]!, Trained(step)), step.Engine.BiasGradient(gradient)));

    private BatchNormParameters Trained(BackwardStep step) => Of(StatisticsOf(step.Engine, step.Inputs[0]!), step.Parameters[0], step.Parameters[1]);

    private BatchNormParameters Of(BatchStatistics statistics, Tensor scale, Tensor shift) => new(scale, shift, statistics.Mean, statistics.Variance, epsilon);

    /// <summary>The gradients of scale and shift, [C] each.</summary>
    private sealed record ParameterSums(Tensor Scale, Tensor Shift);
}
