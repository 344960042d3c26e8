using SanityChecks.Imaging.Jpeg;
using SanityChecks.Imaging.Png;

namespace SanityChecks.Imaging;

/// <summary>Image files of either kind, JPEG or PNG, as RGB pixels equal to Pillow's <c>Image.open(f).convert("RGB")</c>.</summary>
/// <remarks>
/// The kind is recognised by the first bytes, never by the name. EXIF orientation and colour profiles are not applied, as in Pillow.
/// A JPEG with damage that Pillow would paper over is refused; <see cref="JpegDecoder"/> says which.
/// </remarks>
public static class ImageFile
{
    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8];

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The pixels of a file on disk.</summary>
    /// <param name="path">Any name; the extension has no meaning.</param>
    /// <exception cref="ImageFormatException">The file is neither JPEG nor PNG, damaged, truncated, unsupported or too large.</exception>
    /// <exception cref="IOException">The file cannot be read, or is absent; it does not fit in memory (2 GB).</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static RgbImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Load(File.ReadAllBytes(path));
    }

    /// <summary>The pixels of a file in memory.</summary>
    /// <param name="file">The whole file; what follows the image's end is ignored.</param>
    /// <exception cref="ImageFormatException">The bytes are neither JPEG nor PNG, damaged, truncated, unsupported or too large.</exception>
    public static RgbImage Load(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(JpegSignature))
        {
            return JpegDecoder.Decode(file);
        }

        if (file.StartsWith(PngSignature))
        {
            return PngDecoder.Decode(file);
        }

        throw new ImageFormatException(file.IsEmpty ? "the file is empty" : "the file is neither JPEG nor PNG", 0);
    }
}
