using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using SanityChecks.RunFiles;
using SkiaSharp;

namespace SanityChecks.Images;

/// <summary>Image files (JPEG, PNG, WebP, BMP) as RGB pixels equal to Pillow's <c>Image.open(f).convert("RGB")</c>, decoded by
/// Skia.</summary>
/// <remarks>
/// The kind is recognised by the first bytes, never by the name. EXIF orientation and color profiles are not applied and transparency is
/// dropped, as in Pillow. Of samples of 16 bits the high byte is taken, of gray ones too, where Pillow clips. A file that ends early is
/// refused, and so is what Skia decodes otherwise than Pillow: progressive JPEG without its last scans, BMP of 16 bits. Bits within a JPEG
/// that are no code, of which Pillow does not tell either, are decoded as there. A PNG that asks for a color that its palette lacks gets
/// its last, not Pillow's gray.
/// </remarks>
public static class ImageFile
{
    /// <summary>Largest width times height that is decoded; 600 MB of RGB, and 800 MB more while it is decoded.</summary>
    public const long MaximumPixels = 200_000_000;

    // One bit a pixel at least before it is compressed, and Deflate's longest match, 258 bytes, takes two bits.
    private const long PixelsPerByteOfPng = 8 * 1032;

    // A scan spends a bit at least on a block of 8 x 8, which may lie 4 x 4 times as thin as the pixels.
    private const long PixelsPerByteOfJpeg = 64 * 8 * 16;

    // Encoders write about ten scans, but the format allows thousands, and each may touch the whole image with a few bytes.
    private const int FreeScans = 50;
    private const long VisitsPerByte = 12_800;

    // Where a BMP's header says how many bits a pixel has.
    private const int BmpBits = 28;

    /// <summary>The pixels of a file on disk.</summary>
    /// <param name="path">Any name; the extension has no meaning.</param>
    /// <exception cref="ImageFormatException">The file is of another kind, damaged, truncated, or too large.</exception>
    /// <exception cref="IOException">The file cannot be read, or is absent; it does not fit in memory (2 GB).</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static RgbImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RegularFile.IsEmptyOrPipe(path)
            ? throw new ImageFormatException(RegularFile.EmptyOrPipe)
            : Load(RegularFile.ReadAllBytes(path));
    }

    /// <summary>Width and height of a file on disk, from its header; whether its pixels can be decoded is not looked at.</summary>
    /// <param name="path">Any name; the extension has no meaning.</param>
    /// <exception cref="ImageFormatException">The file is of another kind, or its header is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read, or is absent.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static (int Width, int Height) Size(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RegularFile.IsEmptyOrPipe(path)
            ? throw new ImageFormatException(RegularFile.EmptyOrPipe)
            : Size(RegularFile.ReadAllBytes(path));
    }

    /// <summary>Width and height of a file in memory, from its header; whether its pixels can be decoded is not looked at.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="ImageFormatException">The bytes are of another kind, or their header is damaged.</exception>
    public static unsafe (int Width, int Height) Size(ReadOnlySpan<byte> file)
    {
        ImageKind kind = ImageKind.Of(file);
        fixed (byte* bytes = file)
        {
            using SKData data = SKData.Create((nint)bytes, file.Length);
            using SKCodec codec = (ImageKind.Read.Contains(kind) ? SKCodec.Create(data) : null)
                ?? throw new ImageFormatException($"the {kind.Name} file's header is damaged, or of a kind that cannot be read");
            return (codec.Info.Width, codec.Info.Height);
        }
    }

    /// <summary>The pixels of a file in memory.</summary>
    /// <param name="file">The whole file; what follows the image's end is ignored.</param>
    /// <exception cref="ImageFormatException">The bytes are of another kind, damaged, truncated, or too large.</exception>
    public static unsafe RgbImage Load(ReadOnlySpan<byte> file)
    {
        ImageKind kind = ImageKind.Of(file);
        if (!ImageKind.Read.Contains(kind))
        {
            throw new ImageFormatException(
                file.IsEmpty ? "the file is empty" : $"the file is {kind.Name}; {ImageKind.ReadNames} can be read");
        }

        RequireContainer(kind, file);
        int scans = kind == ImageKind.Jpeg ? JpegScans.Count(file) : 0;
        fixed (byte* bytes = file)
        {
            using SKData data = SKData.Create((nint)bytes, file.Length);
            using SKCodec codec = SKCodec.Create(data)
                ?? throw new ImageFormatException($"the {kind.Name} file's header is damaged, or of a kind that cannot be read");
            Require(codec.Info, kind, file.Length, scans);
            return Decode(codec, kind);
        }
    }

    /// <summary>Refuses what Skia decodes otherwise than Pillow, or fills up.</summary>
    private static void RequireContainer(ImageKind kind, ReadOnlySpan<byte> file)
    {
        if (kind == ImageKind.WebP && BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L > file.Length)
        {
            throw new ImageFormatException("the WebP file is truncated");
        }

        if (kind == ImageKind.Bmp && file.Length >= BmpBits + 2 && BinaryPrimitives.ReadUInt16LittleEndian(file[BmpBits..]) == 16)
        {
            throw new ImageFormatException("the BMP file has 16 bits a pixel, which decoders widen each in their own way; save it with 24");
        }
    }

    /// <summary>Refuses, before any memory is taken, what a few bytes of header can claim.</summary>
    private static void Require(SKImageInfo info, ImageKind kind, long length, int scans)
    {
        long pixels = (long)info.Width * info.Height;
        long perByte = kind == ImageKind.Png ? PixelsPerByteOfPng : kind == ImageKind.Jpeg ? PixelsPerByteOfJpeg : long.MaxValue;
        string? reason =
            pixels > MaximumPixels ? Invariant($"{info.Width} x {info.Height} pixels are more than the {MaximumPixels} that are read")
            : pixels / perByte > length ? Invariant(
                $"the {kind.Name} file is truncated: {length} bytes cannot hold {info.Width} x {info.Height} pixels")
            : scans > FreeScans
                && scans * pixels > VisitsPerByte * length ? Invariant($"the JPEG file has {scans} scans, too many for its length")
            : null;
        if (reason is not null)
        {
            throw new ImageFormatException(reason);
        }
    }

    private static unsafe RgbImage Decode(SKCodec codec, ImageKind kind)
    {
        // Without a color space no profile is applied; unpremultiplied, no color is lost under transparency.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        byte* rgba = (byte*)NativeMemory.Alloc((nuint)info.BytesSize);
        try
        {
            SKCodecResult result = codec.GetPixels(info, (nint)rgba);
            if (result != SKCodecResult.Success)
            {
                throw new ImageFormatException(
                    result == SKCodecResult.IncompleteInput
                        ? $"the {kind.Name} file is truncated, or its data damaged"
                        : $"the {kind.Name} file is damaged ({result})");
            }

            return SkiaPixels.WithoutAlpha(info.Width, info.Height, new ReadOnlySpan<byte>(rgba, info.BytesSize));
        }
        finally
        {
            NativeMemory.Free(rgba);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
