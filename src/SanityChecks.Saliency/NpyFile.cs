using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency;

/// <summary>Arrays as NumPy's <c>.npy</c> files: any numeric array in; single precision out, or double where that is asked for.</summary>
/// <remarks>
/// Format: numpy.lib.format, versions 1.0, 2.0 and 3.0. The header is read by a parser of its own grammar; nothing in a file is
/// evaluated, and nothing is allocated that the file's length does not cover.
/// </remarks>
public static class NpyFile
{
    private const int Alignment = 64;
    private const int LargestHeader = 1 << 16;
    private const int LargestRank = 32;

    // numpy.save leaves room for the outermost axis to grow to this many digits (numpy.lib.format, GROWTH_AXIS_MAX_DIGITS).
    private const int GrowthDigits = 21;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The array in a file, as single precision in C order (last axis fastest).</summary>
    /// <param name="path">A .npy file of booleans, integers or floats, in either byte order, in C or Fortran order.</param>
    /// <returns>
    /// The shape, empty for a scalar, and its values. Single-precision values keep their bits, NaN payloads included; others are
    /// rounded to the nearest, and doubles beyond single precision become infinities.
    /// </returns>
    /// <exception cref="InputException">
    /// The file cannot be opened, is not .npy, holds another kind of element (complex, text, objects, records), or has fewer or
    /// more bytes than its shape needs.
    /// </exception>
    public static (Shape Shape, float[] Values) Read(string path)
    {
        (Shape shape, float[] values, _) = Read(path, NpyElement.Converter);
        return (shape, values);
    }

    /// <summary>The array in a file in double precision and C order: the file's own values, but for integers of 64 bits beyond 2^53, which
    /// are rounded.</summary>
    /// <param name="path">As for <see cref="Read(string)"/>.</param>
    /// <returns>The shape, its values, and whether they are single-precision numbers in the file.</returns>
    /// <exception cref="InputException">As for <see cref="Read(string)"/>.</exception>
    public static (Shape Shape, double[] Values, bool IsSingle) ReadDoubles(string path)
    {
        (Shape shape, double[] values, string element) = Read(path, NpyElement.DoubleConverter);
        return (shape, values, element.EndsWith("f4", StringComparison.Ordinal));
    }

    private static (Shape Shape, T[] Values, string Element) Read<T>(string path, Func<string, Func<ReadOnlySpan<byte>, T>?> converter)
        where T : struct
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            NpyHeader header = ReadHeader(file, path);
            Func<ReadOnlySpan<byte>, T> convert = converter(header.Element)
                ?? throw new InputException(
                    $"{path}: elements of type '{header.Element}' are not supported; save booleans, integers or floats.");
            int size = NpyElement.Size(header.Element);
            long count = CountElements(header, path);
            long rest = file.Length - file.Position;
            if (count > rest / size || count * size != rest)
            {
                throw new InputException(Invariant(
                    $"{path}: shape ({string.Join(", ", header.Axes)}) of '{header.Element}' needs {count} x {size} bytes, but {rest} follow the header."));
            }

            byte[] bytes = new byte[rest];
            file.ReadExactly(bytes);
            T[] values = Decode(bytes, header.Element, size, convert);
            int[] axes = Array.ConvertAll(header.Axes, axis => (int)axis);
            return (new Shape(axes), header.FortranOrder ? ToRowMajor(values, axes) : values, header.Element);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>Writes an array byte for byte as <c>numpy.save</c> of a float32 array in C order does (NumPy 1.23 and later).</summary>
    /// <param name="path">Replaced if it exists; appears whole or not at all.</param>
    /// <param name="shape">The axes, outermost first; at most 32.</param>
    /// <param name="values">Exactly <c>shape.Count</c> values, last axis fastest.</param>
    /// <exception cref="ArgumentException">The number of values is not the shape's, or there are more than 32 axes.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is then unchanged.</exception>
    public static void Write(string path, Shape shape, ReadOnlySpan<float> values)
    {
        if (shape.Rank > LargestRank || shape.Count != values.Length)
        {
            throw new ArgumentException($"An array of shape {shape} was given {values.Length} values.", nameof(shape));
        }

        byte[] header = Header(shape);
        byte[] bytes = new byte[header.Length + ((long)values.Length * sizeof(float))];
        header.CopyTo(bytes, 0);
        CopyValues(values, bytes.AsSpan(header.Length));
        WholeFile.Write(path, bytes);
    }

    private static NpyHeader ReadHeader(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[12];
        int got = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (got < start.Length || !start.StartsWith(Magic))
        {
            throw new InputException($"{path}: is not a .npy file (it does not begin with \\x93NUMPY).");
        }

        int version = start[6];
        if (version is < 1 or > 3 || start[7] != 0)
        {
            throw new InputException(Invariant($"{path}: is .npy version {version}.{start[7]}; versions 1.0, 2.0 and 3.0 are supported."));
        }

        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        file.Position = version == 1 ? 10 : 12;
        if (length > LargestHeader || length > file.Length - file.Position)
        {
            throw new InputException(
                Invariant($"{path}: the header claims {length} bytes; the file or the limit of {LargestHeader} ends earlier."));
        }

        byte[] text = new byte[length];
        file.ReadExactly(text);
        try
        {
            return NpyHeader.Parse((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text));
        }
        catch (FormatException error)
        {
            throw new InputException($"{path}: the header is damaged: {error.Message}", error);
        }
    }

    private static long CountElements(NpyHeader header, string path)
    {
        if (header.Axes.Length > LargestRank || header.Axes.Any(axis => axis > Array.MaxLength))
        {
            throw new InputException(
                $"{path}: shape ({string.Join(", ", header.Axes)}) is beyond {LargestRank} axes of at most {Array.MaxLength}.");
        }

        long count = 1;
        foreach (long axis in header.Axes)
        {
            // Each factor is below 2^31, and so is the product before it.
            count *= axis;
            if (count > Array.MaxLength / sizeof(double))
            {
                throw new InputException($"{path}: shape ({string.Join(", ", header.Axes)}) has too many elements.");
            }
        }

        return count;
    }

    private static T[] Decode<T>(byte[] bytes, string element, int size, Func<ReadOnlySpan<byte>, T> convert)
        where T : struct
    {
        if (BitConverter.IsLittleEndian && element == (typeof(T) == typeof(float) ? "<f4" : "<f8"))
        {
            return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
        }

        T[] values = new T[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = convert(bytes.AsSpan(i * size, size));
        }

        return values;
    }

    private static T[] ToRowMajor<T>(T[] columnMajor, int[] axes)
    {
        T[] values = new T[columnMajor.Length];
        Span<int> index = stackalloc int[axes.Length];
        index.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            long source = 0;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                source = (source * axes[axis]) + index[axis];
            }

            values[i] = columnMajor[source];
            for (int axis = axes.Length - 1; axis >= 0 && ++index[axis] == axes[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        return values;
    }

    private static byte[] Header(Shape shape)
    {
        string[] axes = [.. shape.Axes.ToArray().Select(axis => axis.ToString(CultureInfo.InvariantCulture))];
        string tuple = axes.Length == 1 ? $"({axes[0]},)" : $"({string.Join(", ", axes)})";
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple}, }}";
        text += new string(' ', axes.Length == 0 ? 0 : GrowthDigits - axes[0].Length);
        const int Prefix = 10;
        int length = (Prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - Prefix));
        Encoding.ASCII.GetBytes(text.PadRight(length - Prefix - 1) + "\n", header.AsSpan(Prefix));
        return header;
    }

    private static void CopyValues(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(float))..], BitConverter.SingleToInt32Bits(values[i]));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
