using System.Buffers.Binary;
using System.Globalization;

namespace SanityChecks.Saliency;

/// <summary>The element types of .npy files that are numbers.</summary>
internal static class NpyElement
{
    /// <summary>What makes a float of one element's bytes; null for a type without one.</summary>
    /// <param name="type">NumPy's type string: byte order (&lt; &gt; | =), kind and bytes, as in <c>&lt;f4</c>.</param>
    public static Func<ReadOnlySpan<byte>, float>? Converter(string type)
    {
        if (type.Length != 3 || !"<>|=".Contains(type[0], StringComparison.Ordinal))
        {
            return null;
        }

        // '=' is the writer's own order, which numpy.save never writes; '|' stands for single bytes.
        bool big = type[0] == '>' || (type[0] == '=' && !BitConverter.IsLittleEndian);
        return type[1..] switch
        {
            "b1" => bytes => bytes[0] == 0 ? 0 : 1,
            "u1" => bytes => bytes[0],
            "i1" => bytes => (sbyte)bytes[0],
            _ when type[0] == '|' => null,
            "u2" => big ? bytes => BinaryPrimitives.ReadUInt16BigEndian(bytes) : bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            "i2" => big ? bytes => BinaryPrimitives.ReadInt16BigEndian(bytes) : bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            "u4" => big ? bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes) : bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            "i4" => big ? bytes => BinaryPrimitives.ReadInt32BigEndian(bytes) : bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "u8" => big ? bytes => BinaryPrimitives.ReadUInt64BigEndian(bytes) : bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            "i8" => big ? bytes => BinaryPrimitives.ReadInt64BigEndian(bytes) : bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "f2" => big
                ? bytes => (float)BinaryPrimitives.ReadHalfBigEndian(bytes)
                : bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            "f4" => big ? BinaryPrimitives.ReadSingleBigEndian : BinaryPrimitives.ReadSingleLittleEndian,
            "f8" => big
                ? bytes => (float)BinaryPrimitives.ReadDoubleBigEndian(bytes)
                : bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => null,
        };
    }

    /// <summary>What makes a double of one element's bytes: exactly, but for integers of 64 bits beyond 2^53; null for a type that is no
    /// number.</summary>
    /// <param name="type">As for <see cref="Converter"/>.</param>
    public static Func<ReadOnlySpan<byte>, double>? DoubleConverter(string type)
    {
        if (Converter(type) is not { } single)
        {
            return null;
        }

        bool big = type[0] == '>' || (type[0] == '=' && !BitConverter.IsLittleEndian);
        return type[1..] switch
        {
            "u4" => big ? bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes) : bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            "i4" => big ? bytes => BinaryPrimitives.ReadInt32BigEndian(bytes) : bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "u8" => big ? bytes => BinaryPrimitives.ReadUInt64BigEndian(bytes) : bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            "i8" => big ? bytes => BinaryPrimitives.ReadInt64BigEndian(bytes) : bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "f8" => big ? BinaryPrimitives.ReadDoubleBigEndian : BinaryPrimitives.ReadDoubleLittleEndian,
            _ => bytes => single(bytes),
        };
    }

    /// <summary>Bytes of one element of a supported type.</summary>
    public static int Size(string type) => int.Parse(type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
}
