using SanityChecks.Compute;

namespace SanityChecks.Saliency.Randomization;

/// <summary>A rule for the new values of a randomized layer's weight and bias.</summary>
/// <param name="Name">The name in configurations: <c>pytorch_default</c>.</param>
/// <param name="Description">The distribution in a few words.</param>
/// <param name="Fill">Makes a tensor's values.</param>
public sealed record Initializer(string Name, string Description, Func<InitializedTensor, float[]> Fill);

/// <summary>A tensor about to be replaced.</summary>
/// <param name="Trained">The trained tensor.</param>
/// <param name="FanIn">Number of inputs that one output of the layer sums: C / groups * KH * KW, or F.</param>
/// <param name="IsBias">Whether it is the layer's bias.</param>
/// <param name="Stream">Its random numbers.</param>
public sealed record InitializedTensor(HostTensor Trained, int FanIn, bool IsBias, RandomStream Stream)
{
    /// <summary>A value for each element, from its trained value and its uniform one.</summary>
    /// <param name="value">Called on several threads; its second argument is uniform in the open interval (0, 1).</param>
    /// <returns>As many values as the tensor has, in its order.</returns>
    public float[] Elements(Func<float, double, double> value)
    {
        const int Chunk = 1 << 16, Together = 256;
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Trained.Shape.Count));
        Parallel.For(0, (values.Length + Chunk - 1) / Chunk, chunk =>
        {
            Span<double> uniform = stackalloc double[Together];
            int end = Math.Min(values.Length, (chunk + 1) * Chunk);
            for (int first = chunk * Chunk; first < end; first += Together)
            {
                int count = Math.Min(Together, end - first);
                Stream.Uniforms(first, uniform[..count]);
                ReadOnlySpan<float> trained = Trained.Values.Slice(first, count);
                for (int i = 0; i < count; i++)
                {
                    values[first + i] = (float)value(trained[i], uniform[i]);
                }
            }
        });
        return values;
    }

    /// <summary>Mean and population standard deviation of the trained values, in double precision and element order.</summary>
    public (double Mean, double Deviation) TrainedMoments()
    {
        ReadOnlySpan<float> values = Trained.Values;
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, Math.Sqrt(squares / values.Length));
    }
}
