using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace SanityChecks.Compute;

/// <summary>Random numbers for the elements of one tensor: element i's value depends on (seed, draw, tensor name, i) and nothing
/// else.</summary>
/// <remarks>
/// Philox4x32-10 (Salmon et al. 2011). The 64-bit key is the first eight bytes, little endian, of SHA-256 over the seed
/// (8 bytes, little endian), the draw (4 bytes, little endian) and the tensor's name in UTF-8; the counter is the element's index. So the
/// values are the same whatever the order, the number of threads, the engine or the set of layers that are randomized. Thread safe.
/// </remarks>
public readonly struct RandomStream
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    private readonly uint keyLow;
    private readonly uint keyHigh;

    /// <summary>The stream of one tensor.</summary>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="draw">Which of several independent randomizations, from 0.</param>
    /// <param name="tensorName">The tensor's full name, as in the weight file.</param>
    public RandomStream(ulong seed, int draw, string tensorName)
    {
        byte[] text = new byte[12 + Encoding.UTF8.GetByteCount(tensorName)];
        BinaryPrimitives.WriteUInt64LittleEndian(text, seed);
        BinaryPrimitives.WriteInt32LittleEndian(text.AsSpan(8), draw);
        Encoding.UTF8.GetBytes(tensorName, text.AsSpan(12));
        ReadOnlySpan<byte> hash = SHA256.HashData(text);
        keyLow = BinaryPrimitives.ReadUInt32LittleEndian(hash);
        keyHigh = BinaryPrimitives.ReadUInt32LittleEndian(hash[4..]);
    }

    /// <summary>A uniform value in the open interval (0, 1): an odd multiple of 2^-53.</summary>
    /// <param name="element">The element's index.</param>
    public double Uniform(long element) => Open(Bits(element));

    /// <summary>The <see cref="Uniform"/> values of neighbouring elements, some at a time.</summary>
    /// <param name="first">The index of the first element.</param>
    /// <param name="values">Gets a value for each element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Uniforms(long first, Span<double> values)
    {
        int i = 0;
        for (; i + Vector<ulong>.Count <= values.Length; i += Vector<ulong>.Count)
        {
            Vector<ulong> bits = Bits(Vector.CreateSequence((ulong)(first + i), 1UL));
            for (int lane = 0; lane < Vector<ulong>.Count; lane++)
            {
                values[i + lane] = Open(bits[lane]);
            }
        }

        for (; i < values.Length; i++)
        {
            values[i] = Uniform(first + i);
        }
    }

    /// <summary>A uniform whole number in [0, bound), by the high half of a 64 x 64-bit product; its bias is below bound / 2^64.</summary>
    /// <param name="element">The element's index.</param>
    /// <param name="bound">At least 1.</param>
    public long Below(long element, long bound) => (long)Math.BigMul(Bits(element), (ulong)bound, out _);

    /// <summary>Puts values into a random order: Fisher and Yates's shuffle, from the last value down; element i says with whom value i
    /// changes places.</summary>
    /// <param name="values">The values; their order is changed.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = (int)Below(i, i + 1L);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    /// <summary>The first 64 bits of the block at counter (element, 0).</summary>
    private ulong Bits(long element)
    {
        (uint a, uint b, _, _) = Philox((uint)element, (uint)(element >>> 32), 0, 0, keyLow, keyHigh);
        return ((ulong)b << 32) | a;
    }

    /// <summary>The same for an element in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<ulong> Bits(Vector<ulong> elements)
    {
        Vector<ulong> low = new(uint.MaxValue), a = elements & low, b = elements >>> 32, c = default, d = default;
        (uint weylA, uint weylB) = (keyLow, keyHigh);
        for (int round = 0; round < 10; round++)
        {
            Vector<ulong> productA = new Vector<ulong>(MultiplierA) * a, productB = new Vector<ulong>(MultiplierB) * c;
            (a, b, c, d) =
                ((productB >>> 32) ^ b ^ new Vector<ulong>(weylA), productB & low, (productA >>> 32) ^ d ^ new Vector<ulong>(weylB),
                    productA & low);
            weylA += WeylA;
            weylB += WeylB;
        }

        return (b << 32) | a;
    }

    /// <summary>The middle of one of 2^52 equal parts of (0, 1). With 2^53 parts the middle of the last would round to 1.</summary>
    internal static double Open(ulong bits) => ((long)(bits >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>One block of Philox4x32-10.</summary>
    internal static (uint A, uint B, uint C, uint D) Philox(uint a, uint b, uint c, uint d, uint keyLow, uint keyHigh)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong productA = (ulong)MultiplierA * a, productB = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(productB >> 32) ^ b ^ keyLow, (uint)productB, (uint)(productA >> 32) ^ d ^ keyHigh, (uint)productA);
            keyLow += WeylA;
            keyHigh += WeylB;
        }

        return (a, b, c, d);
    }
}
