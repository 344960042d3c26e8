using System.Runtime.CompilerServices;

namespace SanityChecks.Compute.Cpu;

/// <summary>
/// Chooses how a convolution is computed; what nothing else serves is a product of filters with windows (<see cref="Gemm"/>), group by
/// group and image by image: dilated windows, too. A picture's few channels go to <see cref="ImageConvolution"/>. Of those of stride 1, 3 x 3 windows of many
/// channels go to <see cref="Winograd"/>, and others of more than a pixel to <see cref="DirectConvolution"/>, which packs nothing; channels
/// that are filtered alone go to <see cref="DepthwiseConvolution"/>.
/// </summary>
internal static unsafe class ConvolutionDispatch
{
    // Keyed by the weight object: a weight never changes, so its panels are made once and go when it goes.
    private static readonly ConditionalWeakTable<HostTensor, PackedRows[]> Forwards = [];
    private static readonly ConditionalWeakTable<HostTensor, PackedRows[]> Transposes = [];

    public static void Forward(
        Cores cores, HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation,
        HostTensor output)
    {
        int outputs = weight.Shape[0] / geometry.Groups, channels = weight.Shape[1];
        int inPlane = input.Shape[2] * input.Shape[3], outPlane = output.Shape[2] * output.Shape[3];
        if (!geometry.IsDilated && ImageConvolution.Serves(weight.Shape, geometry))
        {
            ImageConvolution.Run(cores, input, weight, bias, geometry, activation, output);
            return;
        }

        if (!geometry.IsDilated && Winograd.Serves(weight.Shape, geometry))
        {
            Winograd.Forward(cores, input, weight, (geometry.PaddingY, geometry.PaddingX), bias, activation, output);
            return;
        }

        if (!geometry.IsDilated && DepthwiseConvolution.Serves(weight.Shape, geometry))
        {
            DepthwiseConvolution.Forward(cores, input, weight, bias, geometry, activation, output);
            return;
        }

        PackedRows[] filters = PackedForward(weight, geometry.Groups, cores);
        if (!geometry.IsDilated && weight.Shape[2] * weight.Shape[3] > 1 && DirectConvolution.Serves(
            (geometry.StrideY, geometry.StrideX), (geometry.PaddingY, geometry.PaddingX), weight.Shape[2], weight.Shape[3]))
        {
            DirectConvolution.Run(
                cores, filters, input, (weight.Shape[2], weight.Shape[3]), (geometry.PaddingY, geometry.PaddingX), bias, activation,
                output);
            return;
        }

        int blocks = Gemm.ColumnBlocks(outPlane), depthBlock = new WindowOrder(channels, weight.Shape[2] * weight.Shape[3]).Block;
        cores.ForEach(input.Shape[0] * geometry.Groups * blocks, task =>
        {
            (int part, int block) = Math.DivRem(task, blocks);
            int group = part % geometry.Groups;
            fixed (float* x = input.Array, y = output.Array)
            {
                var windows = new WindowColumns(
                    x + ((nint)part * channels * inPlane), channels, input.Shape[2], input.Shape[3], weight.Shape[2], weight.Shape[3],
                    (geometry.StrideY, geometry.StrideX), (geometry.PaddingY, geometry.PaddingX), (1, 1),
                    (geometry.DilationY, geometry.DilationX), output.Shape[2], output.Shape[3]);
                Gemm.MultiplyBlock(
                    cores, filters[group], windows, outPlane, block, depthBlock, y + ((nint)part * outputs * outPlane),
                    bias is null ? default : bias.Values.Slice(group * outputs, outputs), activation);
            }
        });
    }

    /// <summary>A convolution of the output gradient, spread out by the stride, with the flipped and transposed filters.</summary>
    public static void InputGradient(
        Cores cores, HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient)
    {
        int outputs = weight.Shape[0] / geometry.Groups, channels = weight.Shape[1];
        int inPlane = gradient.Shape[2] * gradient.Shape[3], outPlane = outputGradient.Shape[2] * outputGradient.Shape[3];
        (int windowHeight, int windowWidth) = geometry.Window(weight.Shape);
        (int Y, int X) padding = (windowHeight - 1 - geometry.PaddingY, windowWidth - 1 - geometry.PaddingX);
        if (!geometry.IsDilated && Winograd.Serves(weight.Shape, geometry))
        {
            Winograd.InputGradient(cores, outputGradient, weight, padding, gradient);
            return;
        }

        if (!geometry.IsDilated && DepthwiseConvolution.Serves(weight.Shape, geometry))
        {
            DepthwiseConvolution.InputGradient(cores, outputGradient, weight, geometry, gradient);
            return;
        }

        PackedRows[] filters = PackedTransposed(weight, geometry.Groups, cores);
        if (!geometry.IsDilated && weight.Shape[2] * weight.Shape[3] > 1
            && DirectConvolution.Serves((geometry.StrideY, geometry.StrideX), padding, weight.Shape[2], weight.Shape[3]))
        {
            DirectConvolution.Run(
                cores, filters, outputGradient, (weight.Shape[2], weight.Shape[3]), padding, null, Activation.None, gradient);
            return;
        }

        int blocks = Gemm.ColumnBlocks(inPlane), depthBlock = new WindowOrder(outputs, weight.Shape[2] * weight.Shape[3]).Block;
        cores.ForEach(gradient.Shape[0] * geometry.Groups * blocks, task =>
        {
            (int part, int block) = Math.DivRem(task, blocks);
            fixed (float* g = outputGradient.Array, x = gradient.Array)
            {
                var windows = new WindowColumns(
                    g + ((nint)part * outputs * outPlane), outputs, outputGradient.Shape[2], outputGradient.Shape[3], weight.Shape[2],
                    weight.Shape[3],
                    (1, 1), padding, (geometry.StrideY, geometry.StrideX), (geometry.DilationY, geometry.DilationX),
                    gradient.Shape[2], gradient.Shape[3]);
                Gemm.MultiplyBlock(
                    cores, filters[part % geometry.Groups], windows, inPlane, block, depthBlock, x + ((nint)part * channels * inPlane),
                    default, Activation.None);
            }
        });
    }

    private static PackedRows[] PackedForward(HostTensor weight, int groups, Cores cores) =>
        Forwards.GetValue(weight, w => [.. Enumerable.Range(0, groups).Select(group => PackedRows.Filters(w, group, groups, cores))]);

    private static PackedRows[] PackedTransposed(HostTensor weight, int groups, Cores cores) =>
        Transposes.GetValue(weight, w => [.. Enumerable.Range(0, groups).Select(group => PackedRows.Transposed(w, group, groups, cores))]);
}
