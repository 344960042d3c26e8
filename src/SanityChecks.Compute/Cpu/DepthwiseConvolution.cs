using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Convolutions of each channel with a filter of its own, and their input gradients.</summary>
/// <remarks>
/// A row of the output is a sum of shifted rows of the input, one for each tap of the filter: an output row stays in L1 while at most a
/// window's rows pass by. There is nothing to reuse between channels, so the products of <see cref="TileKernel"/> would fill one of their
/// six rows.
/// Each element adds its taps in order, fused, from 0, then the bias: the same bits for any batch, threads and vectors. Rows of stride 1
/// are added by vectors, others one by one.
/// </remarks>
internal static unsafe class DepthwiseConvolution
{
    /// <summary>Whether each output channel reads one input channel alone.</summary>
    public static bool Serves(Shape weight, ConvolutionGeometry geometry) =>
        geometry.Groups > 1 && weight[1] == 1 && weight[0] == geometry.Groups;

    /// <summary>Computes [N, C, H', W'].</summary>
    public static void Forward(
        Cores cores, HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation,
        HostTensor output)
    {
        int height = input.Shape[2];
        int width = input.Shape[3];
        int outHeight = output.Shape[2];
        int outWidth = output.Shape[3];
        int channels = input.Shape[1];
        int windowHeight = weight.Shape[2], windowWidth = weight.Shape[3];
        cores.ForEach(input.Shape[0] * channels, plane =>
        {
            int channel = plane % channels;
            float start = bias is null ? 0 : bias.Values[channel];
            fixed (float* x = input.Array, w = weight.Array, y = output.Array)
            {
                float* filter = w + ((nint)channel * windowHeight * windowWidth);
                for (int i = 0; i < outHeight; i++)
                {
                    var row = new Span<float>(y + (((nint)plane * outHeight) + i) * outWidth, outWidth);
                    row.Clear();
                    for (int tap = 0; tap < windowHeight * windowWidth; tap++)
                    {
                        (int down, int right) = Math.DivRem(tap, windowWidth);
                        int from = (i * geometry.StrideY) + down - geometry.PaddingY;
                        if ((uint)from < (uint)height)
                        {
                            float* source = x + (((nint)plane * height) + from) * width;
                            (int first, int end) = Inside(right - geometry.PaddingX, geometry.StrideX, width, outWidth);
                            AddScaled(
                                filter[tap], source + (first * geometry.StrideX) + right - geometry.PaddingX, geometry.StrideX,
                                row[first..end]);
                        }
                    }

                    for (int j = 0; j < row.Length; j++)
                    {
                        row[j] = Reference.Elementwise.Activate(row[j] + start, activation);
                    }
                }
            }
        });
    }

    /// <summary>Computes the gradient at the input, [N, C, H, W].</summary>
    public static void InputGradient(
        Cores cores, HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient)
    {
        int height = gradient.Shape[2], width = gradient.Shape[3], outHeight = outputGradient.Shape[2], outWidth = outputGradient.Shape[3];
        int channels = gradient.Shape[1], windowHeight = weight.Shape[2], windowWidth = weight.Shape[3];
        cores.ForEach(gradient.Shape[0] * channels, plane =>
        {
            fixed (float* g = outputGradient.Array, w = weight.Array, x = gradient.Array)
            {
                float* filter = w + ((nint)(plane % channels) * windowHeight * windowWidth);
                for (int i = 0; i < height; i++)
                {
                    var row = new Span<float>(x + (((nint)plane * height) + i) * width, width);
                    row.Clear();
                    for (int tap = 0; tap < windowHeight * windowWidth; tap++)
                    {
                        (int down, int right) = Math.DivRem(tap, windowWidth);
                        (int from, int between) = Math.DivRem(i + geometry.PaddingY - down, geometry.StrideY);
                        if (between == 0 && (uint)from < (uint)outHeight)
                        {
                            float* source = g + (((nint)plane * outHeight) + from) * outWidth;
                            (int first, int end) = Inside(right - geometry.PaddingX, geometry.StrideX, width, outWidth);
                            if (first < end)
                            {
                                SpreadScaled(
                                    filter[tap], new ReadOnlySpan<float>(source + first, end - first),
                                    row[((first * geometry.StrideX) + right - geometry.PaddingX)..], geometry.StrideX);
                            }
                        }
                    }
                }
            }
        });
    }

    /// <summary>The outputs [first, end) whose tap, <paramref name="offset"/> from the window's place, lies within the input's
    /// row.</summary>
    private static (int First, int End) Inside(int offset, int stride, int width, int outWidth)
    {
        int first = Math.Min(offset >= 0 ? 0 : (-offset + stride - 1) / stride, outWidth);
        return (first, Math.Clamp((width - offset + stride - 1) / stride, first, outWidth));
    }

    private static void AddScaled(float factor, float* source, int stride, Span<float> sums)
    {
        int i = 0;
        fixed (float* sum = sums)
        {
            if (stride == 1)
            {
                Vector256<float> factors = Vector256.Create(factor);
                for (; i + 8 <= sums.Length; i += 8)
                {
                    Vector256.FusedMultiplyAdd(factors, Vector256.Load(source + i), Vector256.Load(sum + i)).Store(sum + i);
                }
            }

            for (; i < sums.Length; i++)
            {
                sum[i] = MathF.FusedMultiplyAdd(factor, source[i * stride], sum[i]);
            }
        }
    }

    private static void SpreadScaled(float factor, ReadOnlySpan<float> values, Span<float> sums, int stride)
    {
        fixed (float* source = values, sum = sums)
        {
            if (stride == 1)
            {
                AddScaled(factor, source, 1, sums[..values.Length]);
                return;
            }

            for (int i = 0; i < values.Length; i++)
            {
                sum[i * stride] = MathF.FusedMultiplyAdd(factor, source[i], sum[i * stride]);
            }
        }
    }
}
