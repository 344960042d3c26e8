using SanityChecks.Compute;

namespace SanityChecks.Training;

/// <summary>Mean and variance of each channel over a batch and its positions.</summary>
/// <param name="Mean">[C].</param>
/// <param name="Variance">[C], divided by the number of values.</param>
/// <param name="Count">Values of a channel.</param>
internal sealed record BatchStatistics(HostTensor Mean, HostTensor Variance, long Count)
{
    /// <summary>The statistics of an activation.</summary>
    /// <param name="engine">The activation's.</param>
    /// <param name="activation">[N, C, H, W].</param>
    public static BatchStatistics Of(IEngine engine, Tensor activation)
    {
        int channels = activation.Shape[1];
        long count = activation.Shape.Count / channels;
        HostTensor mean = Divided(engine, engine.BiasGradient(activation), count);

        // The sum of x (x - mean) is that of (x - mean)^2.
        HostTensor ones = Filled(channels, 1), zeros = Filled(channels, 0);
        HostTensor variance = Divided(
            engine, engine.BatchNormScaleGradient(activation, activation, new BatchNormParameters(ones, zeros, mean, ones, 0)), count);
        return new BatchStatistics(mean, variance, count);
    }

    /// <summary>A vector of one value.</summary>
    public static HostTensor Filled(int length, float value)
    {
        float[] values = new float[length];
        Array.Fill(values, value);
        return new HostTensor(new Shape(length), values);
    }

    /// <summary>The sums of an operation, divided; the tensor is released.</summary>
    private static HostTensor Divided(IEngine engine, Tensor sums, long count)
    {
        float[] values = new float[sums.Shape.Count];
        engine.Download(sums, values);
        sums.Dispose();
        return new HostTensor(new Shape(values.Length), [.. values.Select(value => (float)((double)value / count))]);
    }
}
