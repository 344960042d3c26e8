using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>Addresses of images in the web, among paths.</summary>
public static class ImageUrl
{
    private const string Scheme = "://", NoName = "image";

    /// <summary>The address that a text is, or null where it is a path.</summary>
    /// <param name="text">What the user gave.</param>
    /// <exception cref="InputException">It is an address of another kind than http and https, or holds a user's name or a password; no
    /// message repeats these.</exception>
    public static Uri? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.IndexOf(Scheme, StringComparison.Ordinal);
        if (end <= 0 || !Uri.CheckSchemeName(text[..end]))
        {
            return null;
        }

        string scheme = text[..end].ToLowerInvariant();
        return scheme != Uri.UriSchemeHttp && scheme != Uri.UriSchemeHttps
            ? throw new InputException($"Images are read from files and over http and https, not over {scheme}.")
            : !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0
                ? throw new InputException($"An image's {scheme} address cannot be understood: it is not of the form {scheme}://host/path.")
                : url.UserInfo.Length > 0 ? throw new InputException(
                    $"The address {Shown(url)} holds a user's name or a password, which would end up in files and logs; leave them out.")
                : url;
    }

    /// <summary>An address for messages and files: neither a user's name nor a query, which may hold a key.</summary>
    public static string Shown(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.SafeUnescaped)
            + (url.Query.Length > 0 ? "?..." : "");
    }

    /// <summary>The name that files made of an address's image begin with: the last part of its path without ending.</summary>
    public static string Stem(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        string last = Uri.UnescapeDataString(url.AbsolutePath).Split('/', '\\', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        string stem = FileStem.Of(Path.GetFileNameWithoutExtension(last)).Trim('.', ' ', '-');
        return stem.Length > 0 ? stem : NoName;
    }
}
