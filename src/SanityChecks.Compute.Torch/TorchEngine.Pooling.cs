using TorchSharp;
using static TorchSharp.torch.nn;

namespace SanityChecks.Compute.Torch;

/// <content>Pooling.</content>
internal sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Tensor MaxPool(Tensor input, PoolingGeometry geometry) =>
        Run(geometry.OutputShape(input.Shape), () => MaxPooled(On(input), geometry));

    /// <inheritdoc/>
    public Tensor MaxPoolInputGradient(Tensor outputGradient, Tensor input, PoolingGeometry geometry) =>
        Run(input.Shape, () => GradientOf(x => MaxPooled(x, geometry), input.Shape, On(input), On(outputGradient)));

    /// <inheritdoc/>
    public Tensor AveragePool(Tensor input, PoolingGeometry geometry) =>
        Run(geometry.OutputShape(input.Shape), () => AveragePooled(On(input), geometry));

    /// <inheritdoc/>
    public Tensor AveragePoolInputGradient(Tensor outputGradient, Shape inputShape, PoolingGeometry geometry) =>
        Run(inputShape, () => GradientOf(x => AveragePooled(x, geometry), inputShape, null, On(outputGradient)));

    /// <inheritdoc/>
    public Tensor AdaptiveAveragePool(Tensor input, int height, int width) =>
        Run(new Shape(input.Shape[0], input.Shape[1], height, width), () => functional.adaptive_avg_pool2d(On(input), [height, width]));

    /// <inheritdoc/>
    public Tensor AdaptiveAveragePoolInputGradient(Tensor outputGradient, Shape inputShape) => Run(inputShape, () =>
    {
        long[] size = [outputGradient.Shape[2], outputGradient.Shape[3]];
        return GradientOf(x => functional.adaptive_avg_pool2d(x, size), inputShape, null, On(outputGradient));
    });

    private static torch.Tensor MaxPooled(torch.Tensor x, PoolingGeometry geometry)
    {
        (PoolingAxis y, PoolingAxis across, bool ceilMode, _) = geometry;
        (torch.Tensor padded, long[] padding) = Padded(x, geometry, double.NegativeInfinity);
        return functional.max_pool2d(padded, [y.Kernel, across.Kernel], [y.Stride, across.Stride], padding, [1L, 1], ceilMode);
    }

    private static torch.Tensor AveragePooled(torch.Tensor x, PoolingGeometry geometry)
    {
        (PoolingAxis y, PoolingAxis across, bool ceilMode, bool countPadding) = geometry;
        (torch.Tensor padded, long[] padding) = Padded(x, geometry, 0);
        torch.Tensor means = Means(padded, countPadding);
        return countPadding || ReferenceEquals(padded, x)
            ? means
            : means / Means(Padded(torch.ones_like(x), geometry, 0).Padded, counting: true);

        torch.Tensor Means(torch.Tensor values, bool counting) => functional.avg_pool2d(
            values, [y.Kernel, across.Kernel], [y.Stride, across.Stride], padding, ceilMode, counting);
    }

    /// <summary>libtorch pads both ends alike, and by no more than half a window: any other padding is made beforehand.</summary>
    private static (torch.Tensor Padded, long[] Padding) Padded(torch.Tensor x, PoolingGeometry geometry, double value)
    {
        (PoolingAxis y, PoolingAxis across, _, _) = geometry;
        return IsLibtorchs(y) && IsLibtorchs(across)
            ? (x, [y.PaddingBefore, across.PaddingBefore])
            : (functional.pad(
                x, [across.PaddingBefore, across.PaddingAfter, y.PaddingBefore, y.PaddingAfter], PaddingModes.Constant, value),
                [0, 0]);

        static bool IsLibtorchs(PoolingAxis axis) =>
            axis.PaddingBefore == axis.PaddingAfter && 2 * axis.PaddingBefore <= axis.Kernel;
    }
}
