using TorchSharp;
using static TorchSharp.torch.nn;

namespace SanityChecks.Compute.Torch;

/// <content>Convolutions and linear layers.</content>
internal sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Tensor Convolution(Tensor input, Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Activation activation) =>
        Run(geometry.OutputShape(input.Shape, weight.Shape), () =>
            Activated(Convolve(On(input), On(weight), bias is null ? null : On(bias), geometry), activation));

    /// <inheritdoc/>
    public Tensor ConvolutionInputGradient(Tensor outputGradient, Tensor weight, Shape inputShape, ConvolutionGeometry geometry)
    {
        Shape output = geometry.OutputShape(inputShape, weight.Shape);
        Require(outputGradient.Shape == output, $"The shape is {outputGradient.Shape} where {output} is needed.");
        (int windowHeight, int windowWidth) = geometry.Window(weight.Shape);
        bool asConvolution = geometry is { StrideY: 1, StrideX: 1 } && geometry.PaddingY < windowHeight && geometry.PaddingX < windowWidth;
        return Run(inputShape, () =>
        {
            if (asConvolution)
            {
                var padding = geometry with
                {
                    PaddingY = windowHeight - 1 - geometry.PaddingY,
                    PaddingX = windowWidth - 1 - geometry.PaddingX,
                };
                return Convolve(On(outputGradient), Flipped(On(weight), geometry.Groups), null, padding);
            }

            // What the last window left over at the bottom and the right.
            long below = inputShape[2] - (((output[2] - 1) * geometry.StrideY) - (2 * geometry.PaddingY) + windowHeight);
            long right = inputShape[3] - (((output[3] - 1) * geometry.StrideX) - (2 * geometry.PaddingX) + windowWidth);
            return functional.conv_transpose2d(
                On(outputGradient), On(weight), null, [geometry.StrideY, geometry.StrideX], [geometry.PaddingY, geometry.PaddingX],
                [below, right], [geometry.DilationY, geometry.DilationX], geometry.Groups);
        });
    }

    /// <inheritdoc/>
    public Tensor ConvolutionWeightGradient(Tensor outputGradient, Tensor input, Shape weightShape, ConvolutionGeometry geometry) =>
        Run(weightShape, () =>
    {
        torch.Tensor x = On(input);
        return GradientOf(weight => Convolve(x, weight, null, geometry), weightShape, null, On(outputGradient));
    });

    /// <inheritdoc/>
    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Activation activation)
    {
        Require(
            input.Shape.Rank == 2 && weight.Shape.Rank == 2 && input.Shape[1] == weight.Shape[1],
            $"A linear layer of an input {input.Shape} with a weight {weight.Shape} does not fit.");
        return Run(
            new Shape(input.Shape[0], weight.Shape[0]), () =>
                Activated(functional.linear(On(input), On(weight), bias is null ? null : On(bias)), activation));
    }

    /// <inheritdoc/>
    public Tensor LinearInputGradient(Tensor outputGradient, Tensor weight) =>
        Run(new Shape(outputGradient.Shape[0], weight.Shape[1]), () => On(outputGradient).mm(On(weight)));

    /// <inheritdoc/>
    public Tensor LinearWeightGradient(Tensor outputGradient, Tensor input) =>
        Run(new Shape(outputGradient.Shape[1], input.Shape[1]), () => On(outputGradient).t().mm(On(input)));

    /// <inheritdoc/>
    public Tensor BiasGradient(Tensor outputGradient) => Run(new Shape(outputGradient.Shape[1]), () => SumOverChannels(On(outputGradient)));

    private static torch.Tensor Convolve(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias, ConvolutionGeometry geometry) =>
        functional.conv2d(
        input, weight, bias, [geometry.StrideY, geometry.StrideX], [geometry.PaddingY, geometry.PaddingX],
        [geometry.DilationY, geometry.DilationX], geometry.Groups);

    /// <summary>[C, O / groups, KH, KW]: the filters that pass a gradient back, each turned by half a turn.</summary>
    private static torch.Tensor Flipped(torch.Tensor weight, int groups)
    {
        long outputs = weight.shape[0], channels = weight.shape[1], height = weight.shape[2], width = weight.shape[3];
        return weight.reshape(groups, outputs / groups, channels, height, width).transpose(1, 2).reshape(
            groups * channels, outputs / groups, height, width).flip(2, 3);
    }

    /// <summary>The sum over every axis but the second; in double precision, since a plane has tens of thousands of values.</summary>
    private static torch.Tensor SumOverChannels(torch.Tensor values) => values.shape.Length == 4
        ? values.sum([0L, 2, 3], false, torch.ScalarType.Float64).to_type(torch.ScalarType.Float32)
        : values.sum([0L], false, torch.ScalarType.Float64).to_type(torch.ScalarType.Float32);
}
