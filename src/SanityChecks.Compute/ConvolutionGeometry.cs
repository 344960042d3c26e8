namespace SanityChecks.Compute;

/// <summary>Stride, zero padding and groups of a two-dimensional convolution; the kernel's size is the weight's.</summary>
/// <param name="StrideY">Rows between two outputs, at least 1.</param>
/// <param name="StrideX">Columns between two outputs, at least 1.</param>
/// <param name="PaddingY">Zero rows added above and below.</param>
/// <param name="PaddingX">Zero columns added left and right.</param>
/// <param name="Groups">Divides input and output channels into as many independent convolutions; depthwise when equal to both.</param>
public readonly record struct ConvolutionGeometry(int StrideY, int StrideX, int PaddingY, int PaddingX, int Groups = 1)
{
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

        int height = (input[2] + (2 * PaddingY) - weight[2]) / StrideY + 1;
        int width = (input[3] + (2 * PaddingX) - weight[3]) / StrideX + 1;
        if (input[2] + (2 * PaddingY) < weight[2] || input[3] + (2 * PaddingX) < weight[3])
        {
            throw new ArgumentException($"The input {input} is smaller than the kernel of {weight}, padding included.");
        }

        return new Shape(input[0], weight[0], height, width);
    }
}
