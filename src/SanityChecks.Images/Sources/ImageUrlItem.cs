using System.Security.Cryptography;

namespace SanityChecks.Images.Sources;

/// <summary>An image at an address in the web, downloaded once, when it is first looked at.</summary>
public sealed record ImageUrlItem : ImageItem
{
    private readonly Lazy<byte[]> file;

    /// <summary>Names the image; nothing is downloaded yet.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="download">Fetches it.</param>
    /// <param name="label">Its class, or null.</param>
    /// <param name="wnid">Its synset, or null.</param>
    public ImageUrlItem(Uri url, ImageDownload download, int? label, string? wnid)
        : base(ImageUrl.Shown(url), label, wnid)
    {
        ArgumentNullException.ThrowIfNull(download);
        file = new Lazy<byte[]>(() => download.FetchAsync(url).GetAwaiter().GetResult());
    }

    /// <inheritdoc/>
    public override string Place => Id;

    /// <inheritdoc/>
    public override RgbImage Load() => ImageFile.Load(file.Value);

    /// <inheritdoc/>
    public override (int Width, int Height) Size() => ImageFile.Size(file.Value);

    /// <inheritdoc/>
    /// <remarks>Of the downloaded bytes.</remarks>
    public override string Sha256()
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(file.Value));
        }
        catch (IOException)
        {
            return "unreadable";
        }
    }
}
