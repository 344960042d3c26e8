using System.Runtime.CompilerServices;
using SanityChecks.Compute;
using SanityChecks.Saliency.Models.Operations;

namespace SanityChecks.Saliency.Training;

/// <summary>Batch normalisation by the statistics of the batch at hand (Ioffe and Szegedy 2015), through which gradients pass too.</summary>
/// <param name="trained">The same layer with fixed statistics.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class BatchNormTraining(BatchNormOperation trained, float epsilon = 1e-5f) : Operation
{
    // Forward and backward read the same activation, and so do the running statistics.
    private readonly ConditionalWeakTable<Tensor, BatchStatistics> known = [];

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
    /// <remarks>
    /// With g the output's gradient, z the normalised input and means over the batch, the gradient is scale / deviation (g - mean(g) - z mean(g z)): the
    /// normalisation's own for g, plus another normalisation of the input.
    /// </remarks>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        IEngine engine = step.Engine;
        Tensor input = step.Inputs[0]!;
        BatchStatistics statistics = StatisticsOf(engine, input);
        BatchNormParameters parameters = Of(statistics, step.Parameters[0], step.Parameters[1]);
        int channels = input.Shape[1];
        float[] products = Sums(engine, engine.BatchNormScaleGradient(step.OutputGradient, input, parameters)), sums = Sums(engine, engine.BiasGradient(step.OutputGradient));
        float[] scale = new float[channels], slope = new float[channels], shift = new float[channels];
        engine.Download(step.Parameters[0], scale);
        for (int c = 0; c < channels; c++)
        {
            double factor = scale[c] / Math.Sqrt((double)statistics.Variance.Values[c] + epsilon) / statistics.Count;
            slope[c] = (float)(-factor * products[c]);
            shift[c] = (float)(-factor * sums[c]);
        }

        using Tensor direct = engine.BatchNormInputGradient(step.OutputGradient, parameters);
        using Tensor through = engine.BatchNorm(input, Of(statistics, new HostTensor(new Shape(channels), slope), new HostTensor(new Shape(channels), shift)), Activation.None);
        return [engine.Add(direct, through, Activation.None)];
    }

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step)
    {
        BatchStatistics statistics = StatisticsOf(step.Engine, step.Inputs[0]!);
        return
        [
            step.Engine.BatchNormScaleGradient(step.OutputGradient, step.Inputs[0]!, Of(statistics, step.Parameters[0], step.Parameters[1])),
            step.Engine.BiasGradient(step.OutputGradient),
            null,
            null,
        ];
    }

    private static float[] Sums(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        tensor.Dispose();
        return values;
    }

    private BatchNormParameters Of(BatchStatistics statistics, Tensor scale, Tensor shift) => new(scale, shift, statistics.Mean, statistics.Variance, epsilon);
}
