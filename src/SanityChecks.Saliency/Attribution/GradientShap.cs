using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>GradientSHAP: the mean over random places on the straight way from a baseline b to the image x of the gradient there, times
/// x - b (Lundberg and Lee 2017, as captum and shap have it).</summary>
/// <remarks>
/// Expected gradients with one baseline: Integrated Gradients with random places instead of equal steps, uniform in (0, 1), one for each
/// image and sample and the same at every randomization step. captum's noise on the image is 0 by default, and left out. Signed, unscaled,
/// [3, H, W].
/// </remarks>
public sealed class GradientShap : AttributionMethod
{
    private const string Samples = "samples";

    private GradientShap()
        : base("gradient_shap", "GradientSHAP", "Lundberg and Lee 2017", MethodFamily.Gradients,
            "the mean gradient at random places between a baseline and the image, times the difference of the two")
    {
    }

    /// <summary>The method.</summary>
    public static GradientShap Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new IntegerParameter(Samples, 20, 1, 10_000, "random places on the way, one pass each"), Baseline.Parameter];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        using Tensor difference = engine.AddScaled(image, baseline, -1);
        float[] start = new float[image.Shape.Count], way = new float[start.Length];
        engine.Download(baseline, start);
        engine.Download(difference, way);
        int size = start.Length / image.Shape[0];
        Tensor mean = explanation.MeanGradient(configured.Values.Integer(Samples), sample =>
        {
            float[] place = new float[start.Length];
            for (int n = 0; n < image.Shape[0]; n++)
            {
                float share = (float)explanation.Space.Stream(n, configured).Uniform(sample);
                for (int i = n * size; i < (n + 1) * size; i++)
                {
                    place[i] = start[i] + (share * way[i]);
                }
            }

            return engine.Upload(image.Shape, place);
        });
        return explanation.Keep(engine.Multiply(difference, mean));
    }
}
