namespace SanityChecks.Compute.Reference;

/// <summary>Normalisation of one channel's plane with fixed statistics: y = (x - mean) / sqrt(variance + epsilon) * scale +
/// shift.</summary>
internal static class BatchNorm
{
    public static void Forward(
        ReadOnlySpan<float> input, float scale, float shift, float mean, float variance, float epsilon, Activation activation,
        Span<float> output)
    {
        double factor = scale / Math.Sqrt((double)variance + epsilon);
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = Elementwise.Activate((float)(((input[i] - (double)mean) * factor) + shift), activation);
        }
    }

    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, float scale, float variance, float epsilon, Span<float> inputGradient)
    {
        double factor = scale / Math.Sqrt((double)variance + epsilon);
        for (int i = 0; i < outputGradient.Length; i++)
        {
            inputGradient[i] = (float)(outputGradient[i] * factor);
        }
    }

    /// <summary>g factor + (x - mean) slope + shift: the gradient at the input whose own statistics these are, its sums in slope and
    /// shift.</summary>
    public static void TrainingInputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float factor, float mean, float slope, float shift,
        Span<float> inputGradient)
    {
        for (int i = 0; i < input.Length; i++)
        {
            inputGradient[i] = (float)((outputGradient[i] * (double)factor) + ((input[i] - (double)mean) * slope) + shift);
        }
    }

    /// <summary>One image's share of the channel's scale gradient.</summary>
    public static double ScaleGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, float mean, float variance, float epsilon)
    {
        double factor = 1 / Math.Sqrt((double)variance + epsilon);
        double sum = 0;
        for (int i = 0; i < input.Length; i++)
        {
            sum += outputGradient[i] * ((input[i] - (double)mean) * factor);
        }

        return sum;
    }
}
