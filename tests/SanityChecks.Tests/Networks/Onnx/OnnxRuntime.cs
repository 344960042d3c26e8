using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>What ONNX Runtime makes of a file, which our network must agree with.</summary>
internal static class OnnxRuntime
{
    /// <summary>The first output for images, one at a time.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="axes">The four sizes.</param>
    /// <returns>The outputs one after another.</returns>
    public static float[] Run(string path, ReadOnlySpan<float> images, int[] axes)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        (string name, NodeMetadata metadata) = session.InputMetadata.First();
        bool channelsLast = metadata.Dimensions[3] is 1 or 3;
        int[] shape = channelsLast ? [1, axes[2], axes[3], axes[1]] : [1, .. axes[1..]];
        int size = axes[1] * axes[2] * axes[3];
        var result = new List<float>();
        for (int n = 0; n < axes[0]; n++)
        {
            float[] image = images.Slice(n * size, size).ToArray();
            float[] values = channelsLast ? ChannelsLast(image, axes) : image;
            NamedOnnxValue input = metadata.ElementType == typeof(Float16)
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<Float16>(Array.ConvertAll(values, value => (Float16)value), shape))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values, shape));
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([input]);
            result.AddRange(metadata.ElementType == typeof(Float16)
                ? outputs[0].AsEnumerable<Float16>().Select(value => (float)value)
                : outputs[0].AsEnumerable<float>());
        }

        return [.. result];
    }

    private static float[] ChannelsLast(float[] image, int[] axes)
    {
        float[] values = new float[image.Length];
        int places = axes[2] * axes[3];
        for (int i = 0; i < values.Length; i++)
        {
            values[((i % places) * axes[1]) + (i / places)] = image[i];
        }

        return values;
    }
}
