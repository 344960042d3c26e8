namespace SanityChecks.Compute.Reference;

/// <summary>Activations and their gradients, quotients, and sums over channels.</summary>
internal static class Elementwise
{
    /// <summary>NaN stays NaN, as in PyTorch.</summary>
    public static float Activate(float value, Activation activation) => activation switch
    {
        Activation.Relu => value < 0 ? 0 : value,
        Activation.Relu6 => value < 0 ? 0 : value > 6 ? 6 : value,
        _ => value,
    };

    public static float InputGradient(float gradient, float output, Activation activation, Gates gates)
    {
        if (activation == Activation.None)
        {
            return gradient;
        }

        bool passes = (gates & Gates.Open) == 0 || (output > 0 && (activation != Activation.Relu6 || output < 6));
        return passes && ((gates & Gates.Positive) == 0 || gradient > 0) ? gradient : 0;
    }

    /// <summary>a / (b + epsilon sign(b)) with sign(0) = 1; 0 / 0 is 0.</summary>
    public static float Divide(float a, float b, float epsilon)
    {
        float stabilized = b >= 0 ? b + epsilon : b - epsilon;
        return stabilized == 0 && a == 0 ? 0 : a / stabilized;
    }

    /// <summary>The sum of a plane: one image's share of a channel's bias gradient.</summary>
    public static double Sum(ReadOnlySpan<float> plane)
    {
        double sum = 0;
        foreach (float value in plane)
        {
            sum += value;
        }

        return sum;
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
