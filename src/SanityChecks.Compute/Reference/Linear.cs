namespace SanityChecks.Compute.Reference;

/// <summary>Fully connected layer: y[n,o] = b[o] + sum over f of x[n,f] w[o,f].</summary>
internal static class Linear
{
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int batch, int outputs, int features,
        Activation activation, Span<float> output)
    {
        for (int n = 0; n < batch; n++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double sum = bias.IsEmpty ? 0 : bias[o];
                for (int f = 0; f < features; f++)
                {
                    sum += (double)input[(n * features) + f] * weight[(o * features) + f];
                }

                output[(n * outputs) + o] = Elementwise.Activate((float)sum, activation);
            }
        }
    }

    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, int batch, int outputs, int features, Span<float> inputGradient)
    {
        for (int n = 0; n < batch; n++)
        {
            for (int f = 0; f < features; f++)
            {
                double sum = 0;
                for (int o = 0; o < outputs; o++)
                {
                    sum += (double)outputGradient[(n * outputs) + o] * weight[(o * features) + f];
                }

                inputGradient[(n * features) + f] = (float)sum;
            }
        }
    }

    public static void WeightGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int batch, int outputs, int features, Span<float> weightGradient)
    {
        for (int o = 0; o < outputs; o++)
        {
            for (int f = 0; f < features; f++)
            {
                double sum = 0;
                for (int n = 0; n < batch; n++)
                {
                    sum += (double)outputGradient[(n * outputs) + o] * input[(n * features) + f];
                }

                weightGradient[(o * features) + f] = (float)sum;
            }
        }
    }
}
