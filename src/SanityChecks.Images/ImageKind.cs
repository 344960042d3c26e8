namespace SanityChecks.Images;

/// <summary>A kind of image file, told by its first bytes.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="Extensions">Endings of its files, in lower case; none where the kind is not read.</param>
public sealed record ImageKind(string Name, params IReadOnlyList<string> Extensions)
{
    /// <summary>JPEG.</summary>
    public static ImageKind Jpeg { get; } = new("JPEG", ".jpg", ".jpeg");

    /// <summary>PNG.</summary>
    public static ImageKind Png { get; } = new("PNG", ".png");

    /// <summary>WebP.</summary>
    public static ImageKind WebP { get; } = new("WebP", ".webp");

    /// <summary>BMP.</summary>
    public static ImageKind Bmp { get; } = new("BMP", ".bmp");

    /// <summary>The kinds that <see cref="ImageFile"/> reads.</summary>
    public static IReadOnlyList<ImageKind> Read { get; } = [Jpeg, Png, WebP, Bmp];

    /// <summary>Their names, as messages list them.</summary>
    public static string ReadNames => "JPEG, PNG, WebP and BMP";

    /// <summary>The kind that a file's first twelve bytes tell.</summary>
    public static ImageKind Of(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP,
        [(byte)'B', (byte)'M', ..] => Bmp,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => new("a GIF"),
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => new("a TIFF"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => new("an AVIF or HEIC"),
        _ => new("of no known kind"),
    };
}
