using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Randomization;

/// <summary>The initializers by name.</summary>
/// <remarks>Normal values are the quantile function at a uniform value, so that a truncated normal needs no rejection and each element no more than one value.</remarks>
public static class Initializers
{
    /// <summary>P(Z below -2) of a standard normal.</summary>
    private const double TailBelowTwo = 0.022750131948179207;

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<Initializer> All { get; } =
    [
        new("pytorch_default", "weight and bias uniform in +-1/sqrt(fan_in), as PyTorch makes new layers", tensor =>
        {
            double bound = 1 / Math.Sqrt(tensor.FanIn);
            return Elements(tensor, uniform => ((2 * uniform) - 1) * bound);
        }),
        new("he_normal", "weight normal with variance 2/fan_in (He et al. 2015), bias 0", tensor =>
        {
            double deviation = Math.Sqrt(2.0 / tensor.FanIn);
            return tensor.IsBias ? new float[tensor.Trained.Shape.Count] : Elements(tensor, uniform => NormalQuantile.At(uniform) * deviation);
        }),
        new("trained_normal", "normal with the mean and standard deviation of the trained tensor", tensor =>
        {
            (double mean, double deviation) = Moments(tensor.Trained.Values);
            return Elements(tensor, uniform => mean + (NormalQuantile.At(uniform) * deviation));
        }),
        new("truncated_normal", "like trained_normal, but never more than two standard deviations from the mean", tensor =>
        {
            (double mean, double deviation) = Moments(tensor.Trained.Values);
            return Elements(tensor, uniform => mean + (NormalQuantile.At(TailBelowTwo + (uniform * (1 - (2 * TailBelowTwo)))) * deviation));
        }),
        new("permutation", "the trained tensor's values in random order", Permute),
    ];

    /// <summary>The initializer of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static Initializer Find(string name) => All.FirstOrDefault(initializer => initializer.Name == name)
        ?? throw new InputException($"There is no initializer '{name}'; the initializers are {string.Join(", ", All.Select(initializer => initializer.Name))}.");

    private static float[] Elements(InitializedTensor tensor, Func<double, double> value)
    {
        const int Chunk = 1 << 16, Together = 256;
        RandomStream stream = tensor.Stream;
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)tensor.Trained.Shape.Count));
        Parallel.For(0, (values.Length + Chunk - 1) / Chunk, chunk =>
        {
            Span<double> uniform = stackalloc double[Together];
            int end = Math.Min(values.Length, (chunk + 1) * Chunk);
            for (int first = chunk * Chunk; first < end; first += Together)
            {
                int count = Math.Min(Together, end - first);
                stream.Uniforms(first, uniform[..count]);
                for (int i = 0; i < count; i++)
                {
                    values[first + i] = (float)value(uniform[i]);
                }
            }
        });
        return values;
    }

    /// <summary>Fisher and Yates's shuffle, from the last element down.</summary>
    private static float[] Permute(InitializedTensor tensor)
    {
        float[] values = tensor.Trained.Values.ToArray();
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = (int)tensor.Stream.Below(i, i + 1L);
            (values[i], values[other]) = (values[other], values[i]);
        }

        return values;
    }

    /// <summary>Mean and population standard deviation, in double precision and element order.</summary>
    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> values)
    {
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
