namespace SanityChecks.Compute.Reference;

/// <summary>Two-dimensional cross-correlation: y[n,o,i,j] = b[o] + sum over c, u, v of w[o,c,u,v] x[n,c, i s + u d - p,
/// j s + v d - p].</summary>
internal static class Convolution
{
    public static void Forward(
        ReadOnlySpan<float> input, Shape inputShape, ReadOnlySpan<float> weight, Shape weightShape, ReadOnlySpan<float> bias,
        ConvolutionGeometry geometry, Activation activation, Span<float> output)
    {
        int y = 0;
        foreach (Window window in Windows(inputShape, weightShape, geometry))
        {
            double sum = bias.IsEmpty ? 0 : bias[window.Output];
            for (int c = 0; c < window.Channels; c++)
            {
                for (int u = window.FirstRow; u < window.EndRow; u++)
                {
                    (int x, int w) = window.At(c, u);
                    for (int v = window.FirstColumn; v < window.EndColumn; v++)
                    {
                        sum += (double)input[x + (v * window.Across)] * weight[w + v];
                    }
                }
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
        foreach (Window window in Windows(inputShape, weightShape, geometry))
        {
            double gradient = outputGradient[y++];
            for (int c = 0; c < window.Channels; c++)
            {
                for (int u = window.FirstRow; u < window.EndRow; u++)
                {
                    (int x, int w) = window.At(c, u);
                    for (int v = window.FirstColumn; v < window.EndColumn; v++)
                    {
                        sums[x + (v * window.Across)] += gradient * weight[w + v];
                    }
                }
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
        foreach (Window window in Windows(inputShape, weightShape, geometry))
        {
            double gradient = outputGradient[y++];
            for (int c = 0; c < window.Channels; c++)
            {
                for (int u = window.FirstRow; u < window.EndRow; u++)
                {
                    (int x, int w) = window.At(c, u);
                    for (int v = window.FirstColumn; v < window.EndColumn; v++)
                    {
                        sums[w + v] += gradient * input[x + (v * window.Across)];
                    }
                }
            }
        }

        Narrow(sums, weightGradient);
    }

    /// <summary>The windows of all outputs, in the order in which the outputs lie.</summary>
    private static IEnumerable<Window> Windows(Shape input, Shape weight, ConvolutionGeometry geometry)
    {
        Shape output = geometry.OutputShape(input, weight);
        int perGroup = weight[0] / geometry.Groups;
        for (int n = 0; n < output[0]; n++)
        {
            for (int o = 0; o < output[1]; o++)
            {
                for (int i = 0; i < output[2]; i++)
                {
                    for (int j = 0; j < output[3]; j++)
                    {
                        yield return new Window(
                            input, weight, geometry, (n * input[1]) + (o / perGroup * weight[1]), o,
                            (i * geometry.StrideY) - geometry.PaddingY, (j * geometry.StrideX) - geometry.PaddingX);
                    }
                }
            }
        }
    }

    /// <summary>Where the window of one output lies. Its rows and columns in the padding are left out, since they add zero.</summary>
    private readonly struct Window(
        Shape input, Shape weight, ConvolutionGeometry geometry, int firstPlane, int output, int top, int left)
    {
        private readonly int height = input[2];
        private readonly int width = input[3];
        private readonly int kernelHeight = weight[2];
        private readonly int kernelWidth = weight[3];
        private readonly int down = geometry.DilationY;

        public int Output { get; } = output;

        public int Channels { get; } = weight[1];

        public int FirstRow { get; } = First(top, geometry.DilationY);

        public int EndRow { get; } = End(input[2] - top, weight[2], geometry.DilationY);

        public int FirstColumn { get; } = First(left, geometry.DilationX);

        public int EndColumn { get; } = End(input[3] - left, weight[3], geometry.DilationX);

        /// <summary>Columns between two that the window reads.</summary>
        public int Across { get; } = geometry.DilationX;

        /// <summary>Flat indices of column 0 of a row in the input, where it may lie in the padding, and in the weight.</summary>
        public (int Input, int Weight) At(int channel, int row) =>
            (((((firstPlane + channel) * height) + top + (row * down)) * width) + left,
                ((((Output * Channels) + channel) * kernelHeight) + row) * kernelWidth);

        /// <summary>The first of a window's positions that lies in the input.</summary>
        private static int First(int start, int dilation) => Math.Max(0, (dilation - 1 - start) / dilation);

        /// <summary>The position behind the last that lies in the input.</summary>
        private static int End(int room, int kernel, int dilation) => Math.Min(kernel, (room + dilation - 1) / dilation);
    }

    private static void Narrow(double[] sums, Span<float> destination)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            destination[i] = (float)sums[i];
        }
    }
}
