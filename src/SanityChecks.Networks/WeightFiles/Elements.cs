using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Reads little-endian elements of any stored type as 32-bit floats.</summary>
internal static class Elements
{
    private const int ChunkBytes = 1 << 18;
    private const int LargestRead = 1 << 28;

    /// <summary>Bytes that one element takes in the file.</summary>
    public static int Size(DType type) => type switch
    {
        DType.F32 or DType.I32 => 4,
        DType.F16 or DType.BF16 or DType.I16 => 2,
        DType.I8 or DType.U8 or DType.Bool => 1,
        DType.C128 => 16,
        _ => 8,
    };

    /// <summary>Whether a weight can be stored so.</summary>
    public static bool IsFloat(DType type) => type is DType.F32 or DType.F16 or DType.BF16 or DType.F64;

    /// <summary>Reads elements from where the stream stands; 32-bit floats land in the array without a copy between.</summary>
    /// <param name="stream">Stands at the first element.</param>
    /// <param name="type">A floating-point type.</param>
    /// <param name="count">Elements; the caller has checked it against the length of the file.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the last element.</exception>
    public static float[] Read(Stream stream, DType type, int count)
    {
        float[] values = GC.AllocateUninitializedArray<float>(count);
        if (type == DType.F32 && BitConverter.IsLittleEndian)
        {
            // A span of bytes ends at 2 GB, an array of floats at 8.
            for (int done = 0; done < count; done += Math.Min(count - done, LargestRead))
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(done, Math.Min(count - done, LargestRead))));
            }

            return values;
        }

        int size = Size(type);
        byte[] chunk = new byte[(int)Math.Min(ChunkBytes, (long)count * size)];
        for (int done = 0; done < count;)
        {
            int now = Math.Min(count - done, ChunkBytes / size);
            Span<byte> bytes = chunk.AsSpan(0, now * size);
            stream.ReadExactly(bytes);
            Convert(bytes, type, values.AsSpan(done, now));
            done += now;
        }

        return values;
    }

    private static void Convert(ReadOnlySpan<byte> bytes, DType type, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                DType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                DType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                DType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
                DType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a floating-point type."),
            };
        }
    }
}
