using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>A number for each pixel of a batch, from its values in all channels: pixels with the same values have the same number, and
/// those of zeros have 0. 0 and -0 count as the same value.</summary>
/// <remarks>Whoever reads the whole input anyway adds its channels, one after another, while they are in the cache: a sweep of its own over
/// the input of VGG16's conv1_2 took a tenth of the convolution.</remarks>
internal sealed unsafe class PixelHashes : IDisposable
{
    // The hashes of so many pixels stay in L1 while the channels pass.
    private const int Block = 2048;

    /// <summary>Odd, and without a pattern in its bits: 2^32 divided by the golden ratio.</summary>
    public const uint Mix = 0x9E3779B9;

    /// <summary>Makes room for the hashes of a batch; they are anything until its first channel is added.</summary>
    /// <param name="input">[N, C, H, W].</param>
    public PixelHashes(Shape input) => Values = ArrayPool<uint>.Shared.Rent(input[0] * input[2] * input[3]);

    /// <summary>[N, H, W], and more that mean nothing.</summary>
    public uint[] Values { get; }

    /// <summary>Adds the values of neighbouring pixels in one channel.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many.</param>
    /// <param name="hashes">The pixels' hashes.</param>
    /// <param name="isFirst">Whether it is the first channel: then what the hashes hold does not count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* values, int count, uint* hashes, bool isFirst)
    {
        if (isFirst)
        {
            new Span<uint>(hashes, count).Clear();
        }

        Vector256<uint> mix = Vector256.Create(Mix);
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector256<uint> bits = (Vector256.Load(values + i) + Vector256<float>.Zero).AsUInt32();
            ((Vector256.Load(hashes + i) ^ bits) * mix).Store(hashes + i);
        }

        if (i + 4 <= count)
        {
            Vector128<uint> bits = (Vector128.Load(values + i) + Vector128<float>.Zero).AsUInt32();
            ((Vector128.Load(hashes + i) ^ bits) * Mix).Store(hashes + i);
            i += 4;
        }

        for (; i < count; i++)
        {
            hashes[i] = (hashes[i] ^ BitConverter.SingleToUInt32Bits(values[i] + 0f)) * Mix;
        }
    }

    /// <summary>Adds all channels of a batch.</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="input">[N, C, H, W].</param>
    public void AddAll(Cores cores, HostTensor input)
    {
        int channels = input.Shape[1], pixels = input.Shape[2] * input.Shape[3], blocks = (pixels + Block - 1) / Block;
        cores.ForEach(input.Shape[0] * blocks, task =>
        {
            (int image, int block) = Math.DivRem(task, blocks);
            int first = block * Block, count = Math.Min(Block, pixels - first);
            fixed (float* x = input.Array)
            fixed (uint* h = Values)
            {
                for (int c = 0; c < channels; c++)
                {
                    Add(x + ((((nint)image * channels) + c) * pixels) + first, count, h + ((nint)image * pixels) + first, c == 0);
                }
            }
        });
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<uint>.Shared.Return(Values);
}
