namespace SanityChecks.Compute;

/// <content>Pooling.</content>
public abstract partial class HostEngine
{
    /// <inheritdoc/>
    public Tensor MaxPool(Tensor input, PoolingGeometry geometry)
    {
        Shape shape = geometry.OutputShape(input.Shape);
        return MapPlanes(
            input, shape[2], shape[3], (x, height, width, y) => MaxPoolPlane(x, height, width, geometry, y, shape[2], shape[3]));
    }

    /// <inheritdoc/>
    public Tensor MaxPoolInputGradient(Tensor outputGradient, Tensor input, PoolingGeometry geometry)
    {
        HostTensor x = Host(input);
        int plane = PlaneSize(x.Shape);
        RequireShape(Host(outputGradient), geometry.OutputShape(x.Shape));
        HostTensor g = Host(outputGradient), gradient = Allocate(x.Shape);
        int outHeight = g.Shape[2], outWidth = g.Shape[3];
        ForEach(x.Shape[0] * x.Shape[1], p => MaxPoolPlaneGradient(
            g.Array.AsSpan(p * outHeight * outWidth, outHeight * outWidth), outHeight, outWidth,
            x.Array.AsSpan(p * plane, plane), x.Shape[2], x.Shape[3], geometry, gradient.Array.AsSpan(p * plane, plane)));
        return gradient;
    }

    /// <inheritdoc/>
    public Tensor AveragePool(Tensor input, PoolingGeometry geometry)
    {
        Shape shape = geometry.OutputShape(input.Shape);
        return MapPlanes(
            input, shape[2], shape[3], (x, height, width, y) =>
                Reference.Pooling.Average(x, height, width, geometry, y, shape[2], shape[3]));
    }

    /// <inheritdoc/>
    public Tensor AveragePoolInputGradient(Tensor outputGradient, Shape inputShape, PoolingGeometry geometry)
    {
        RequireShape(Host(outputGradient), geometry.OutputShape(inputShape));
        return MapPlanes(outputGradient, inputShape[2], inputShape[3], (g, outHeight, outWidth, gradient) =>
            Reference.Pooling.AverageInputGradient(g, outHeight, outWidth, inputShape[2], inputShape[3], geometry, gradient));
    }

    /// <inheritdoc/>
    public Tensor AdaptiveAveragePool(Tensor input, int height, int width) =>
        MapPlanes(input, height, width, (x, inputHeight, inputWidth, y) =>
        Reference.Pooling.AdaptiveAverage(x, inputHeight, inputWidth, y, height, width));

    /// <inheritdoc/>
    public Tensor AdaptiveAveragePoolInputGradient(Tensor outputGradient, Shape inputShape) =>
        MapPlanes(outputGradient, inputShape[2], inputShape[3], (g, outHeight, outWidth, gradient) =>
            Reference.Pooling.AdaptiveAverageInputGradient(g, outHeight, outWidth, inputShape[2], inputShape[3], gradient));

    private protected virtual void MaxPoolPlane(
        ReadOnlySpan<float> input, int height, int width, PoolingGeometry geometry, Span<float> output, int outHeight, int outWidth) =>
        Reference.Pooling.Max(input, height, width, geometry, output, outHeight, outWidth);

    private protected virtual void MaxPoolPlaneGradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, ReadOnlySpan<float> input, int height, int width,
        PoolingGeometry geometry, Span<float> inputGradient) =>
        Reference.Pooling.MaxInputGradient(outputGradient, outHeight, outWidth, input, height, width, geometry, inputGradient);
}
