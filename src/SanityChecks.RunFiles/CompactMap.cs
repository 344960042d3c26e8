using System.IO.Compression;

namespace SanityChecks.RunFiles;

/// <summary>A saliency map in so few bytes that one page can hold hundreds: a line of <see cref="MapsFile"/>.</summary>
/// <param name="Method">What the column <c>method</c> of <c>scores.csv</c> says.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Signed">Whether values below 0 mean something; otherwise they are 0 here.</param>
/// <param name="Height">Rows, as the method makes them: a class activation map is not enlarged.</param>
/// <param name="Width">Values a row.</param>
/// <param name="Scale">What the value 127 stands for: the largest value of a map without a sign, the 99.5th percentile of the magnitudes of
/// a signed one, beyond which values are cut off. 0 for a map that is 0 everywhere.</param>
/// <param name="Values">One signed byte for each value, rows from the top: <c>value / scale * 127</c>, rounded; -128 for NaN. Compressed
/// (zlib, RFC 1950), then in base 64.</param>
public sealed record CompactMap(string Method, int Step, bool Signed, int Height, int Width, float Scale, string Values)
{
    /// <summary>The byte of the end of the scale.</summary>
    public const int Largest = 127;

    /// <summary>The byte of NaN.</summary>
    public const sbyte Undefined = -128;

    /// <summary>Stores a map.</summary>
    /// <inheritdoc cref="CompactMap"/>
    /// <param name="method">The method's id.</param>
    /// <param name="step">0 for the untouched network.</param>
    /// <param name="signed">Whether values below 0 mean something.</param>
    /// <param name="size">Rows, and values a row.</param>
    /// <param name="scale">The value that is stored as 127; 0 or more.</param>
    /// <param name="values">The map, columns fastest.</param>
    /// <exception cref="ArgumentException">The number of values is another.</exception>
    public static CompactMap Of(
        string method, int step, bool signed, (int Height, int Width) size, float scale, ReadOnlySpan<float> values)
    {
        if (values.Length != size.Height * size.Width)
        {
            throw new ArgumentException($"{size.Height} x {size.Width} values, but {values.Length} were given.", nameof(values));
        }

        sbyte[] bytes = new sbyte[values.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            // With an empty scale only the infinities are not 0.
            double share = scale > 0 ? (double)values[i] / scale : float.IsFinite(values[i]) ? 0 : values[i];
            bytes[i] = double.IsNaN(share)
                ? Undefined
                : (sbyte)Math.Round(Math.Clamp(share, signed ? -1 : 0, 1) * Largest, MidpointRounding.AwayFromZero);
        }

        return new CompactMap(method, step, signed, size.Height, size.Width, scale, Pack(bytes));
    }

    /// <summary>The bytes of a map as <see cref="Values"/> has them.</summary>
    /// <param name="bytes">One for each value.</param>
    public static string Pack(sbyte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write((byte[])(Array)bytes);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    /// <summary>The stored bytes.</summary>
    /// <returns>One for each value.</returns>
    /// <exception cref="FormatException">They are fewer or more than the size says, or no zlib stream in base 64.</exception>
    public sbyte[] Unpack()
    {
        sbyte[] bytes = new sbyte[checked(Height * Width)];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(Convert.FromBase64String(Values)), CompressionMode.Decompress);
            zlib.ReadExactly((byte[])(Array)bytes);
            return zlib.ReadByte() < 0 ? bytes : throw new FormatException("a map has more values than its size says");
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new FormatException("a map has fewer values than its size says", error);
        }
    }
}
