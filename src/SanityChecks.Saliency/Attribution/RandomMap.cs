using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Uniform random numbers, other ones for every network: a control that shows nothing, and what a metric gives to that.</summary>
/// <remarks>
/// The numbers belong to the seed, the image, the name and the network's weights (<see cref="Networks.Weights.Fingerprint"/>), so that
/// they are the same in every run and on every engine. From 0 to 1, [H, W].
/// </remarks>
public sealed class RandomMap : AttributionMethod
{
    private RandomMap()
        : base("random_map", "Random map (control)", "control", MethodFamily.Controls,
            "uniform random numbers, other ones for every network, a control that shows nothing", signed: false, showsClass: false)
    {
    }

    /// <summary>The method.</summary>
    public static RandomMap Instance { get; } = new();

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        (int height, int width) = explanation.InputSize;
        int batch = explanation.Targets.Count, plane = height * width;
        string owner = string.Create(CultureInfo.InvariantCulture, $"{configured.Id}/{explanation.Weights.Fingerprint}");
        float[] values = new float[batch * plane];
        Parallel.For(0, batch, n =>
        {
            RandomStream stream = explanation.Space.Stream(n, owner);
            for (int i = 0; i < plane; i++)
            {
                values[(n * plane) + i] = (float)stream.Uniform(i);
            }
        });
        return explanation.Keep(explanation.Engine.Upload(new Shape(batch, 1, height, width), values));
    }
}
