using System.Buffers;
using System.Runtime.CompilerServices;

namespace SanityChecks.Compute.Cpu;

/// <summary>Gives windows of an image that hold the same values the same sums, wherever they lie, and windows of zeros exactly the
/// bias.</summary>
/// <remarks>
/// <para>
/// On drawn pictures the maxima of a pooling window are often equal, and the gradient goes to the first of them. An algorithm that rounds
/// by a window's place in its tile makes them unequal by a last digit, and the gradient goes elsewhere. So a window gets the sums of the
/// first one of its image, row by row, that equals it.
/// Tiles that keep their windows apart (<see cref="IWinogradTile.KeepsWindowsApart"/>, as <see cref="SmallTile"/>) already round alike what
/// lies an even number of rows and columns apart, flat windows, and windows of zeros.
/// </para>
/// <para>
/// Pixels get numbers: the same number for the same values in all channels. A hash over the channels finds candidates, the values decide.
/// Windows are then nine numbers. On a photograph hardly a pixel has an equal, and the hash (<see cref="PixelHashes"/>) is all that it
/// costs.
/// </para>
/// </remarks>
internal static unsafe class EqualWindows
{
    private const int Window = 3;

    /// <summary>Sets the sums of 3 x 3 windows right.</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="input">[N, C, H, W], what the windows were taken from, with stride 1.</param>
    /// <param name="hashes">Those of its pixels.</param>
    /// <param name="padding">Zero rows and columns around the input.</param>
    /// <param name="apart">Whether the tiles keep their windows apart.</param>
    /// <param name="bias">What a window of zeros gives in each output channel; null for 0.</param>
    /// <param name="lower">The smallest value of an output.</param>
    /// <param name="upper">The largest value of an output.</param>
    /// <param name="output">[N, O, H', W'], changed.</param>
    public static void Share(
        Cores cores, HostTensor input, PixelHashes hashes, (int Y, int X) padding, bool apart, HostTensor? bias, float lower, float upper,
        HostTensor output)
    {
        int images = input.Shape[0];
        int channels = input.Shape[1];
        int pixels = input.Shape[2] * input.Shape[3];
        var found = new Found?[images];
        cores.ForEach(images, image =>
        {
            fixed (float* x = input.Array)
            fixed (uint* h = hashes.Values)
            {
                found[image] = new Image(
                    x + ((nint)image * channels * pixels), channels, input.Shape[2], input.Shape[3], padding, output.Shape[2],
                    output.Shape[3], apart)
                    .Find(h + ((nint)image * pixels));
            }
        });
        int outputs = output.Shape[1], plane = output.Shape[2] * output.Shape[3];
        for (int image = 0; image < images; image++)
        {
            if (found[image] is not { } windows)
            {
                continue;
            }

            int first = image * outputs;
            cores.ForEach(outputs, channel =>
            {
                Span<float> sums = output.Array.AsSpan((first + channel) * plane, plane);
                float empty = Math.Min(upper, Math.Max(lower, bias is null ? 0 : bias.Values[channel])) + 0f;
                foreach (int place in windows.Zeros)
                {
                    sums[place] = empty;
                }

                foreach ((int to, int from) in windows.Repeats)
                {
                    sums[to] = sums[from];
                }
            });
        }
    }

    /// <summary>One image, and where its windows lie.</summary>
    private readonly struct Image(
        float* values, int channels, int height, int width, (int Y, int X) padding, int outHeight, int outWidth, bool apart)
    {
        private readonly float* values = values;

        /// <summary>The windows whose sums the tiles do not set right by themselves; null where there are none.</summary>
        public Found? Find(uint* hashes)
        {
            int pixels = height * width;
            int size = 1 << (33 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Max(pixels, outHeight * outWidth)));
            int[] numbers = ArrayPool<int>.Shared.Rent(pixels), table = ArrayPool<int>.Shared.Rent(size);
            try
            {
                int shift = System.Numerics.BitOperations.LeadingZeroCount((uint)size) + 1;
                table.AsSpan(0, size).Clear();
                bool[]? repeated = Number(hashes, numbers, table.AsSpan(0, size), shift);
                int zero = Zero(hashes, numbers);
                if (repeated is null && zero < 0)
                {
                    return null;
                }

                repeated ??= new bool[pixels];
                if (zero >= 0)
                {
                    // The padding has its values, too.
                    repeated[zero] = true;
                }

                table.AsSpan(0, size).Clear();
                Found found = Match(numbers, repeated, zero, table.AsSpan(0, size), shift);
                return found.Repeats.Count + found.Zeros.Count > 0 ? found : null;
            }
            finally
            {
                ArrayPool<int>.Shared.Return(numbers);
                ArrayPool<int>.Shared.Return(table);
            }
        }

        /// <summary>Numbers each pixel by the first one with its values.</summary>
        /// <returns>Whether another pixel has a number, too; null where none has.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool[]? Number(uint* hashes, int[] numbers, Span<int> table, int shift)
        {
            bool[]? repeated = null;
            for (int pixel = 0; pixel < height * width; pixel++)
            {
                int slot = (int)(hashes[pixel] >> shift), number = pixel;
                for (; table[slot] > 0; slot = (slot + 1) & (table.Length - 1))
                {
                    int other = table[slot] - 1;
                    if (hashes[other] == hashes[pixel] && SameValues(other, pixel))
                    {
                        number = other;
                        break;
                    }
                }

                numbers[pixel] = number;
                if (number == pixel)
                {
                    table[slot] = pixel + 1;
                }
                else
                {
                    (repeated ??= new bool[height * width])[number] = true;
                }
            }

            return repeated;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private Found Match(int[] numbers, bool[] repeated, int zero, Span<int> table, int shift)
        {
            var found = new Found([], []);
            int* window = stackalloc int[Window * Window], other = stackalloc int[Window * Window];
            for (int row = 0; row < outHeight; row++)
            {
                for (int column = 0; column < outWidth; column++)
                {
                    if (!Read(row, column, numbers, repeated, zero, window, out bool flat, out uint hash) || (flat && apart))
                    {
                        continue;
                    }

                    int place = (row * outWidth) + column, slot = (int)(hash >> shift);
                    if (flat && window[0] == zero)
                    {
                        found.Zeros.Add(place);
                        continue;
                    }

                    for (; table[slot] > 0; slot = (slot + 1) & (table.Length - 1))
                    {
                        (int otherRow, int otherColumn) = Math.DivRem(table[slot] - 1, outWidth);
                        Read(otherRow, otherColumn, numbers, repeated, zero, other, out _, out uint otherHash);
                        if (otherHash == hash
                            && new Span<int>(window, Window * Window).SequenceEqual(new Span<int>(other, Window * Window)))
                        {
                            if (!apart || (((row - otherRow) | (column - otherColumn)) & 1) != 0)
                            {
                                found.Repeats.Add((place, table[slot] - 1));
                            }

                            break;
                        }
                    }

                    if (table[slot] == 0)
                    {
                        table[slot] = place + 1;
                    }
                }
            }

            return found;
        }

        /// <summary>The numbers of a window's pixels. False where one of them occurs nowhere else: then the window does not
        /// either.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool Read(int row, int column, int[] numbers, bool[] repeated, int zero, int* window, out bool flat, out uint hash)
        {
            hash = 0;
            flat = true;
            for (int i = 0; i < Window; i++)
            {
                int y = row + i - padding.Y;
                for (int j = 0; j < Window; j++)
                {
                    int x = column + j - padding.X;
                    int number = (uint)y < (uint)height && (uint)x < (uint)width ? numbers[(y * width) + x] : zero;
                    if (number >= 0 && !repeated[number])
                    {
                        return false;
                    }

                    window[(i * Window) + j] = number;
                    flat &= number == window[0];
                    hash = (hash ^ (uint)number) * PixelHashes.Mix;
                }
            }

            return true;
        }

        /// <summary>The number of the pixels that are 0 in all channels, which the padding shares; -1 where there are none.</summary>
        private int Zero(uint* hashes, int[] numbers)
        {
            for (int pixel = 0; pixel < height * width; pixel++)
            {
                // Zeros have the hash 0, so that hardly another pixel's values are looked at.
                if (hashes[pixel] == 0 && numbers[pixel] == pixel && IsZero(pixel))
                {
                    return pixel;
                }
            }

            return -1;
        }

        private bool IsZero(int pixel)
        {
            float* value = values + pixel;
            for (int c = 0; c < channels; c++, value += (nint)height * width)
            {
                if (*value != 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>NaN counts as one value here: of a plane of NaNs each would otherwise be compared with all before it.</summary>
        private bool SameValues(int first, int second)
        {
            float* one = values + first, two = values + second;
            for (int c = 0; c < channels; c++, one += (nint)height * width, two += (nint)height * width)
            {
                if (*one != *two && !(float.IsNaN(*one) && float.IsNaN(*two)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>What is to be set right in an image: places of windows of zeros, and of windows that equal an earlier one, with that
    /// one's.</summary>
    private sealed record Found(List<(int To, int From)> Repeats, List<int> Zeros);
}
