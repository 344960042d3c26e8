using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Any method's maps averaged over noisy copies of the image, as smooth MPRT has it (Hedström et al. 2024, "A Fresh Look at Sanity
/// Checks for Saliency Maps", equation 4).</summary>
/// <remarks>
/// The mean of the signed maps over N inputs: N - 1 with Gaussian noise, whose deviation is a part of the range of the normalised image's
/// values (largest less smallest, over all channels), and the image itself, as Quantus does
/// (understandable-machine-intelligence-lab/Quantus@85bc29d, quantus/metrics/randomisation/smooth_mprt.py). Unlike there, an image's noise
/// is the same for every network, so that only the weights make a difference. The mean is taken in double precision, and before a map is
/// enlarged, which gives the same.
/// </remarks>
/// <param name="Samples">N, at least 1.</param>
/// <param name="Noise">The noise's standard deviation as a part of the range.</param>
public sealed record Smoothing(int Samples, double Noise)
{
    private const string SamplesKey = "smooth", NoiseKey = "smooth_noise";

    /// <summary>What every method can be told beside its own parameters; no copies mean no smoothing.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(
            SamplesKey, 0, 0, 10_000, "the mean of the maps of so many noisy copies, the last without noise; 0: of the image alone"),
        new NumberParameter(NoiseKey, 0.1, 0, 10, "the noise's standard deviation as a part of the range of the image's values"),
    ];

    /// <summary>What values of <see cref="Parameters"/> say; null for none.</summary>
    /// <param name="given">Values by parameter, as configurations spell them.</param>
    public static Smoothing? Of(IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        ParameterValues values = ParameterValues.Of(SamplesKey, Parameters, given);
        int samples = values.Integer(SamplesKey);
        return samples == 0 ? null : new Smoothing(samples, values.Number(NoiseKey));
    }

    /// <summary>As configurations spell it.</summary>
    public IEnumerable<(string Key, string Value)> Spelled =>
    [
        (SamplesKey, new IntegerParameter(SamplesKey, Samples, 0, 10_000, "").Default[0]),
        (NoiseKey, new NumberParameter(NoiseKey, Noise, 0, 10, "").Default[0]),
    ];

    /// <summary>The mean of a method's maps, at the size at which it makes them.</summary>
    /// <param name="explanation">The images; owns the result.</param>
    /// <param name="method">The method, not smoothed.</param>
    internal Tensor Mean(Explanation explanation, ConfiguredMethod method)
    {
        Tensor alone = explanation.NativeMap(method);
        float[] values = ChannelMaps.Values(explanation.Engine, alone);
        double[] sums = Array.ConvertAll(values, value => (double)value);
        var copies = new NoisyCopies(explanation, $"smooth/{method.Method.Name}", Noise);
        for (int sample = 0; sample < Samples - 1; sample++)
        {
            using Tensor inputs = copies.Copy(sample);
            using Explanation there = explanation.Of(inputs);
            explanation.Engine.Download(there.NativeMap(method), values);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += values[i];
            }
        }

        return explanation.Keep(explanation.Engine.Upload(alone.Shape, Array.ConvertAll(sums, sum => (float)(sum / Samples))));
    }
}
