namespace SanityChecks.Compute.Reference;

/// <summary>Two-dimensional cross-correlation: y[n,o,i,j] = b[o] + sum over c, u, v of w[o,c,u,v] x[n,c, i s + u - p, j s + v - p].</summary>
internal static class Convolution
{
    public static void Forward(
        ReadOnlySpan<float> input, Shape inputShape, ReadOnlySpan<float> weight, Shape weightShape, ReadOnlySpan<float> bias,
        ConvolutionGeometry geometry, Activation activation, Span<float> output)
    {
        Shape outputShape = geometry.OutputShape(inputShape, weightShape);
        int y = 0;
        foreach (Tap tap in OutputPositions(outputShape))
        {
            double sum = bias.IsEmpty ? 0 : bias[tap.Output];
            foreach ((int x, int w) in Products(tap, inputShape, weightShape, geometry))
            {
                sum += (double)input[x] * weight[w];
            }

            output[y++] = Elementwise.Activate((float)sum, activation);
        }
    }

    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Shape weightShape, Shape inputShape,
        ConvolutionGeometry geometry, Span<float> inputGradient)
    {
        double[] sums = new double[inputShape.Count];
        int y = 0;
        foreach (Tap tap in OutputPositions(geometry.OutputShape(inputShape, weightShape)))
        {
            double gradient = outputGradient[y++];
            foreach ((int x, int w) in Products(tap, inputShape, weightShape, geometry))
            {
                sums[x] += gradient * weight[w];
            }
        }

        Narrow(sums, inputGradient);
    }

    public static void WeightGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, Shape inputShape, Shape weightShape,
        ConvolutionGeometry geometry, Span<float> weightGradient)
    {
        double[] sums = new double[weightShape.Count];
        int y = 0;
        foreach (Tap tap in OutputPositions(geometry.OutputShape(inputShape, weightShape)))
        {
            double gradient = outputGradient[y++];
            foreach ((int x, int w) in Products(tap, inputShape, weightShape, geometry))
            {
                sums[w] += gradient * input[x];
            }
        }

        Narrow(sums, weightGradient);
    }

    private readonly record struct Tap(int Image, int Output, int Row, int Column);

    private static IEnumerable<Tap> OutputPositions(Shape output)
    {
        for (int n = 0; n < output[0]; n++)
        {
            for (int o = 0; o < output[1]; o++)
            {
                for (int i = 0; i < output[2]; i++)
                {
                    for (int j = 0; j < output[3]; j++)
                    {
                        yield return new Tap(n, o, i, j);
                    }
                }
            }
        }
    }

    /// <summary>Flat indices (input, weight) of the products that one output position sums; padding is left out, since it adds zero.</summary>
    private static IEnumerable<(int Input, int Weight)> Products(Tap tap, Shape input, Shape weight, ConvolutionGeometry geometry)
    {
        int channels = weight[1];
        int firstChannel = tap.Output / (weight[0] / geometry.Groups) * channels;
        for (int c = 0; c < channels; c++)
        {
            for (int u = 0; u < weight[2]; u++)
            {
                int row = (tap.Row * geometry.StrideY) + u - geometry.PaddingY;
                if (row < 0 || row >= input[2])
                {
                    continue;
                }

                for (int v = 0; v < weight[3]; v++)
                {
                    int column = (tap.Column * geometry.StrideX) + v - geometry.PaddingX;
                    if (column >= 0 && column < input[3])
                    {
                        yield return (
                            (((((tap.Image * input[1]) + firstChannel + c) * input[2]) + row) * input[3]) + column,
                            (((((tap.Output * channels) + c) * weight[2]) + u) * weight[3]) + v);
                    }
                }
            }
        }
    }

    private static void Narrow(double[] sums, Span<float> destination)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            destination[i] = (float)sums[i];
        }
    }
}
