namespace SanityChecks.Compute.Reference;

/// <summary>Activations and their gradient rules, and sums over channels.</summary>
internal static class Elementwise
{
    /// <summary>NaN stays NaN, as in PyTorch.</summary>
    public static float Activate(float value, Activation activation) => activation switch
    {
        Activation.Relu => value < 0 ? 0 : value,
        Activation.Relu6 => value < 0 ? 0 : value > 6 ? 6 : value,
        _ => value,
    };

    public static float InputGradient(float gradient, float output, Activation activation, GradientRule rule)
    {
        if (activation == Activation.None)
        {
            return gradient;
        }

        bool open = output > 0 && (activation != Activation.Relu6 || output < 6);
        return rule switch
        {
            GradientRule.Guided => open && gradient > 0 ? gradient : 0,
            GradientRule.Deconvnet => gradient > 0 ? gradient : 0,
            _ => open ? gradient : 0,
        };
    }

    /// <summary>[C]: the sum over all axes but the second.</summary>
    public static void BiasGradient(ReadOnlySpan<float> gradient, int batch, int channels, int plane, Span<float> sums)
    {
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (int n = 0; n < batch; n++)
            {
                foreach (float value in gradient.Slice(((n * channels) + c) * plane, plane))
                {
                    sum += value;
                }
            }

            sums[c] = (float)sum;
        }
    }

    /// <summary>sum over k of w[k] a[k] for one image; <paramref name="output"/> is one plane.</summary>
    public static void WeightedChannelSum(ReadOnlySpan<float> activations, ReadOnlySpan<float> weights, Span<float> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                sum += (double)weights[k] * activations[(k * output.Length) + i];
            }

            output[i] = (float)sum;
        }
    }
}
