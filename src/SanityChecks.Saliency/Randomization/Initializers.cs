using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Randomization;

/// <summary>The initializers by name.</summary>
/// <remarks>Normal values are the quantile function at a uniform value, so that a truncated normal needs no rejection and each element no
/// more than one value.</remarks>
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
            return tensor.Elements((_, uniform) => ((2 * uniform) - 1) * bound);
        }),
        new("he_normal", "weight normal with variance 2/fan_in (He et al. 2015), bias 0", tensor =>
        {
            double deviation = Math.Sqrt(2.0 / tensor.FanIn);
            return tensor.IsBias
                ? new float[tensor.Trained.Shape.Count]
                : tensor.Elements((_, uniform) => NormalQuantile.At(uniform) * deviation);
        }),
        new("trained_normal", "normal with the mean and standard deviation of the trained tensor", tensor =>
        {
            (double mean, double deviation) = tensor.TrainedMoments();
            return tensor.Elements((_, uniform) => mean + (NormalQuantile.At(uniform) * deviation));
        }),
        new("truncated_normal", "like trained_normal, but never more than two standard deviations from the mean", tensor =>
        {
            (double mean, double deviation) = tensor.TrainedMoments();
            return tensor.Elements(
                (_, uniform) => mean + (NormalQuantile.At(TailBelowTwo + (uniform * (1 - (2 * TailBelowTwo)))) * deviation));
        }),
        new("unit_uniform", "weight and bias uniform from 0 to 1, as Xplique makes them", tensor =>
            tensor.Elements((_, uniform) => uniform)),
        new("permutation", "the trained tensor's values in random order", tensor =>
        {
            float[] values = tensor.Trained.Values.ToArray();
            tensor.Stream.Shuffle<float>(values);
            return values;
        }),
    ];

    /// <summary>The initializer of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static Initializer Find(string name) => All.FirstOrDefault(initializer => initializer.Name == name)
        ?? throw new InputException(
            $"There is no initializer '{name}'; the initializers are {string.Join(", ", All.Select(initializer => initializer.Name))}.");
}
