using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Grad-CAM++: ReLU(sum_k w_k A_k) with w_k = sum over space of alpha ReLU(g_k), alpha = g² / (2 g² + g³ sum A_k) (Chattopadhay et
/// al. 2018, equations 5, 7 and 19).</summary>
/// <remarks>The paper's score is exp(y), whose factor cancels. An epsilon in the denominator, 0 in the paper, makes the map depend on the
/// scale of the gradient: other programs add 1e-6 (pytorch-grad-cam) or 1e-8 (torch-cam). Without it alpha ReLU(g) is g / (2 + g sum A_k)
/// where g is positive, and 0 elsewhere.</remarks>
public sealed class GradCamPlusPlus : ClassActivationMethod
{
    private const string Epsilon = "epsilon";

    private GradCamPlusPlus()
        : base("grad_cam_pp", "Grad-CAM++", "Chattopadhay et al. 2018",
            "a layer's channels weighted by their positive gradients, each with a weight of its own")
    {
    }

    /// <summary>The method.</summary>
    public static GradCamPlusPlus Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new NumberParameter(Epsilon, 0, 0, 1, "added to the denominator of alpha; pytorch-grad-cam adds 1e-6, torch-cam 1e-8")];

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        double epsilon = configured.Values.Number(Epsilon);
        for (int channel = 0; channel < layer.Count; channel++)
        {
            double sum = 0, weight = 0;
            foreach (float value in layer.Activation(channel))
            {
                sum += value;
            }

            foreach (float one in layer.Gradient(channel))
            {
                double g = one;

                // A gradient that is no number makes the map none.
                weight += g <= 0 ? 0 : g * g * g / ((2 * g * g) + (g * g * g * sum) + epsilon);
            }

            layer.Add(channel, weight, map);
        }
    }
}
