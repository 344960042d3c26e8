namespace SanityChecks.Compute;

/// <summary>Stride, zero padding, groups and dilation of a two-dimensional convolution; the kernel's size is the weight's.</summary>
/// <param name="StrideY">Rows between two outputs, at least 1.</param>
/// <param name="StrideX">Columns between two outputs, at least 1.</param>
/// <param name="PaddingY">Zero rows added above and below.</param>
/// <param name="PaddingX">Zero columns added left and right.</param>
/// <param name="Groups">Divides input and output channels into as many independent convolutions; depthwise when equal to both.</param>
/// <param name="DilationY">Rows between two that a window reads, at least 1.</param>
/// <param name="DilationX">Columns between two that a window reads, at least 1.</param>
public readonly record struct ConvolutionGeometry(
    int StrideY, int StrideX, int PaddingY, int PaddingX, int Groups = 1, int DilationY = 1, int DilationX = 1)
{
    /// <summary>Whether windows leave out rows or columns.</summary>
    public bool IsDilated => DilationY > 1 || DilationX > 1;

    /// <summary>The same stride and padding in both directions.</summary>
    public static ConvolutionGeometry Square(int stride, int padding, int groups = 1) => new(stride, stride, padding, padding, groups);

    /// <summary>The shape [N, O, H', W'] that a convolution gives.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weight">[O, C / groups, KH, KW].</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other, or the padded input is smaller than the kernel.</exception>
    public Shape OutputShape(Shape input, Shape weight)
    {
        if (input.Rank != 4 || weight.Rank != 4 || input[1] != weight[1] * Groups || weight[0] % Groups != 0)
        {
            throw new ArgumentException($"A convolution of an input {input} with a weight {weight} in {Groups} group(s) does not fit.");
        }

        (int windowHeight, int windowWidth) = Window(weight);
        int down = input[2] + (2 * PaddingY) - windowHeight, across = input[3] + (2 * PaddingX) - windowWidth;
        if (down < 0 || across < 0)
        {
            throw new ArgumentException($"The input {input} is smaller than the kernel of {weight}, padding included.");
        }

        return new Shape(input[0], weight[0], (down / StrideY) + 1, (across / StrideX) + 1);
    }

    /// <summary>Rows and columns from the first to the last that a window reads, both counted.</summary>
    /// <param name="weight">[O, C / groups, KH, KW].</param>
    public (int Height, int Width) Window(Shape weight) => (((weight[2] - 1) * DilationY) + 1, ((weight[3] - 1) * DilationX) + 1);
}
