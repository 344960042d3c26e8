using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SanityChecks.Imaging.Jpeg;

/// <summary>
/// The inverse DCT of an 8x8 block by Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with 13 fractional bits, columns first:
/// the "accurate integer" method of libjpeg, to the bit.
/// </summary>
/// <remarks>
/// Coefficients beyond what 8-bit samples can give overflow. There it follows libjpeg-turbo's vector code, which Pillow
/// runs on x86: sums of two inputs wrap at 16 bits, the columns' results saturate at 16 bits.
/// </remarks>
internal static class InverseDct
{
    private const int FractionBits = 13;
    private const int ColumnGainBits = 2;

    // round(x * 2^13) of the constants of the paper's figure 1, named by their first digits.
    private const int C0298 = 2446;
    private const int C0390 = 3196;
    private const int C0541 = 4433;
    private const int C0765 = 6270;
    private const int C0899 = 7373;
    private const int C1175 = 9633;
    private const int C1501 = 12299;
    private const int C1847 = 15137;
    private const int C1961 = 16069;
    private const int C2053 = 16819;
    private const int C2562 = 20995;
    private const int C3072 = 25172;

    /// <summary>Dequantizes and transforms a block into samples 0 to 255.</summary>
    /// <param name="coefficients">64, row-major.</param>
    /// <param name="flat">Whether all but the first are zero.</param>
    /// <param name="quantization">64 divisors, row-major.</param>
    /// <param name="samples">Receives 8 rows of 8; the first is at its start.</param>
    /// <param name="stride">From one row to the next.</param>
    public static void Transform(
        ReadOnlySpan<short> coefficients, bool flat, ReadOnlySpan<ushort> quantization, Span<byte> samples, int stride)
    {
        if (flat)
        {
            int dc = (short)((short)(coefficients[0] * quantization[0]) << ColumnGainBits);
            byte sample = Sample((dc + 16) >> 5);
            for (int row = 0; row < 8; row++)
            {
                samples.Slice(row * stride, 8).Fill(sample);
            }

            return;
        }

        Span<int> work = stackalloc int[64];
        Columns(coefficients[..64], quantization[..64], work);
        Rows(work, samples, stride);
    }

    private static void Columns(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> quantization, Span<int> work)
    {
        if (!MemoryMarshal.Cast<short, ulong>(coefficients)[2..].ContainsAnyExcept(0UL))
        {
            for (int x = 0; x < 8; x++)
            {
                int all = (short)((short)(coefficients[x] * quantization[x]) << ColumnGainBits);
                for (int y = 0; y < 8; y++)
                {
                    work[8 * y + x] = all;
                }
            }

            return;
        }

        const int Shift = FractionBits - ColumnGainBits;
        const int Half = 1 << (Shift - 1);
        for (int x = 0; x < 8; x++)
        {
            int in0 = (short)(coefficients[x] * quantization[x]);
            int in1 = (short)(coefficients[x + 8] * quantization[x + 8]);
            int in2 = (short)(coefficients[x + 16] * quantization[x + 16]);
            int in3 = (short)(coefficients[x + 24] * quantization[x + 24]);
            int in4 = (short)(coefficients[x + 32] * quantization[x + 32]);
            int in5 = (short)(coefficients[x + 40] * quantization[x + 40]);
            int in6 = (short)(coefficients[x + 48] * quantization[x + 48]);
            int in7 = (short)(coefficients[x + 56] * quantization[x + 56]);
            if ((in1 | in2 | in3 | in4 | in5 | in6 | in7) == 0)
            {
                int all = Saturate(in0 << ColumnGainBits);
                for (int y = 0; y < 8; y++)
                {
                    work[8 * y + x] = all;
                }

                continue;
            }

            Even(in0, in2, in4, in6, out int even0, out int even1, out int even2, out int even3);
            Odd(in1, in3, in5, in7, out int odd0, out int odd1, out int odd2, out int odd3);
            work[x] = Saturate((even0 + odd0 + Half) >> Shift);
            work[x + 8] = Saturate((even1 + odd1 + Half) >> Shift);
            work[x + 16] = Saturate((even2 + odd2 + Half) >> Shift);
            work[x + 24] = Saturate((even3 + odd3 + Half) >> Shift);
            work[x + 32] = Saturate((even3 - odd3 + Half) >> Shift);
            work[x + 40] = Saturate((even2 - odd2 + Half) >> Shift);
            work[x + 48] = Saturate((even1 - odd1 + Half) >> Shift);
            work[x + 56] = Saturate((even0 - odd0 + Half) >> Shift);
        }
    }

    private static void Rows(ReadOnlySpan<int> work, Span<byte> samples, int stride)
    {
        const int Shift = FractionBits + ColumnGainBits + 3;
        const int Half = 1 << (Shift - 1);
        for (int y = 0; y < 8; y++)
        {
            ReadOnlySpan<int> row = work.Slice(8 * y, 8);
            Span<byte> output = samples.Slice(y * stride, 8);
            Even(row[0], row[2], row[4], row[6], out int even0, out int even1, out int even2, out int even3);
            Odd(row[1], row[3], row[5], row[7], out int odd0, out int odd1, out int odd2, out int odd3);
            output[0] = Sample((even0 + odd0 + Half) >> Shift);
            output[1] = Sample((even1 + odd1 + Half) >> Shift);
            output[2] = Sample((even2 + odd2 + Half) >> Shift);
            output[3] = Sample((even3 + odd3 + Half) >> Shift);
            output[4] = Sample((even3 - odd3 + Half) >> Shift);
            output[5] = Sample((even2 - odd2 + Half) >> Shift);
            output[6] = Sample((even1 - odd1 + Half) >> Shift);
            output[7] = Sample((even0 - odd0 + Half) >> Shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Even(int in0, int in2, int in4, int in6, out int out0, out int out1, out int out2, out int out3)
    {
        int sum = (short)(in0 + in4) << FractionBits;
        int difference = (short)(in0 - in4) << FractionBits;
        int turned2 = in2 * C0541 + in6 * (C0541 - C1847);
        int turned3 = in2 * (C0541 + C0765) + in6 * C0541;
        out0 = sum + turned3;
        out3 = sum - turned3;
        out1 = difference + turned2;
        out2 = difference - turned2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Odd(int in1, int in3, int in5, int in7, out int out0, out int out1, out int out2, out int out3)
    {
        int z3 = (short)(in7 + in3);
        int z4 = (short)(in5 + in1);
        int turned3 = z3 * (C1175 - C1961) + z4 * C1175;
        int turned4 = z3 * C1175 + z4 * (C1175 - C0390);
        out3 = in7 * (C0298 - C0899) - in1 * C0899 + turned3;
        out2 = in5 * (C2053 - C2562) - in3 * C2562 + turned4;
        out1 = in3 * (C3072 - C2562) - in5 * C2562 + turned3;
        out0 = in1 * (C1501 - C0899) - in7 * C0899 + turned4;
    }

    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    private static byte Sample(int value) => (byte)Math.Clamp(value + 128, 0, 255);
}
