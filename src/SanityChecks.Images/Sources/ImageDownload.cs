using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace SanityChecks.Images.Sources;

/// <summary>What the download of an image may take.</summary>
public sealed record DownloadLimits
{
    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; init; } = 64 << 20;

    /// <summary>Time until a server is reached.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time in which a server sends nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time for everything, redirects included.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How many times a server may name another place.</summary>
    public int Redirects { get; init; } = 5;
}

/// <summary>An address leads into a network that is not public.</summary>
/// <param name="message">Which, and why.</param>
public sealed class PrivateAddressException(string message) : IOException(message);

/// <summary>Fetches images from addresses that anybody may have given.</summary>
/// <remarks>
/// Public addresses alone are connected to. What counts is the address that the connection goes to, after the name was looked up, at every
/// redirect anew: neither a name that leads inside nor a server that redirects there gets past it. No proxy is used, which would look the
/// name up again elsewhere. No credentials, no cookies, no decompression.
/// </remarks>
public sealed class ImageDownload : IDisposable
{
    private const int ChunkBytes = 1 << 16, LongestType = 60;

    private static readonly string[] UntypedBytes = ["application/octet-stream", "binary/octet-stream"];

    private readonly bool allowPrivate;
    private readonly DownloadLimits limits;
    private readonly CancellationToken cancel;
    private readonly HttpClient client;

    /// <summary>Makes a client for several downloads.</summary>
    /// <param name="allowPrivate">Whether this machine and private networks may be connected to.</param>
    /// <param name="limits">Null for the usual ones.</param>
    /// <param name="cancel">Stops a download.</param>
    public ImageDownload(bool allowPrivate = false, DownloadLimits? limits = null, CancellationToken cancel = default)
    {
        this.allowPrivate = allowPrivate;
        this.limits = limits ?? new DownloadLimits();
        this.cancel = cancel;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = this.limits.Connect,
            ConnectCallback = ConnectAsync,
            MaxResponseDrainSize = 0,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("SanityChecks", null));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
    }

    /// <summary>Finds the addresses of a name.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Lookup { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Tells private addresses, as <see cref="PrivateAddress.KindOf"/> does.</summary>
    internal Func<IPAddress, string?> KindOf { get; init; } = PrivateAddress.KindOf;

    /// <summary>The bytes of an image's file; whether they are an image is not looked at.</summary>
    /// <param name="url">http or https, without a user's name or password.</param>
    /// <exception cref="PrivateAddressException">It leads to an address that is not public, and those are not allowed.</exception>
    /// <exception cref="IOException">The server cannot be reached, refuses, sends another type or too much, is too slow, or redirects in
    /// circles or to something else than http and https. The message names nothing of the address that could be secret.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<byte[]> FetchAsync(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        using var total = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        total.CancelAfter(limits.Total);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(total.Token);
        try
        {
            return await FollowAsync(url, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            string reason = total.IsCancellationRequested ? $"the download took longer than {Seconds(limits.Total)}"
                : patience.IsCancellationRequested ? $"the server sent nothing for {Seconds(limits.Silence)}"
                : $"the server was not reached within {Seconds(limits.Connect)}";
            throw new IOException(reason, error);
        }
        catch (HttpRequestException error)
        {
            throw Inside(error) is { } refusal ? new PrivateAddressException(refusal.Message) : new IOException(Reason(error), error);
        }
        catch (HttpIOException error)
        {
            throw new IOException(
                error.HttpRequestError == HttpRequestError.ResponseEnded
                    ? "the server ended the transfer before all was sent"
                    : $"the transfer broke off ({error.HttpRequestError})", error);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => client.Dispose();

    private async Task<byte[]> FollowAsync(Uri url, CancellationTokenSource patience)
    {
        for (int redirects = 0; ; redirects++)
        {
            patience.CancelAfter(limits.Connect + limits.Silence);
            using HttpResponseMessage response =
                await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                RequireImage(response);
                return await ReadAsync(response.Content, patience).ConfigureAwait(false);
            }

            url = redirects < limits.Redirects
                ? Next(url, response.Headers.Location)
                : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the server redirects more than {limits.Redirects} times"));
        }
    }

    private static Uri Next(Uri url, Uri? location)
    {
        if (location is null || !Uri.TryCreate(url, location, out Uri? next))
        {
            throw new IOException("the server redirects, but does not say where to");
        }

        bool web = next.Scheme == Uri.UriSchemeHttps || next.Scheme == Uri.UriSchemeHttp;
        return !web ? throw new IOException($"the server redirects to a {next.Scheme} address; http and https alone are followed")
            : url.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp
                ? throw new IOException($"the server redirects from https to http, to {ImageUrl.Shown(next)}")
            : next.UserInfo.Length > 0
                ? throw new IOException($"the server redirects to an address with a user's name or password, {ImageUrl.Shown(next)}")
            : next;
    }

    private void RequireImage(HttpResponseMessage response)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        string? fault =
            response.StatusCode != HttpStatusCode.OK
                ? string.Create(CultureInfo.InvariantCulture, $"the server answers {(int)response.StatusCode} ({response.StatusCode})")
            : type is not null && !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                && !UntypedBytes.Contains(type, StringComparer.OrdinalIgnoreCase)
                ? $"the server sends {type[..Math.Min(type.Length, LongestType)]}, not an image; is it the address of a page that shows it?"
            : response.Content.Headers.ContentEncoding.Count > 0 ? "the server sends the file compressed, which was not asked for"
            : response.Content.Headers.ContentLength > limits.Bytes ? TooLarge()
            : null;
        if (fault is not null)
        {
            throw new IOException(fault);
        }
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationTokenSource patience)
    {
        await using Stream source = await content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        using var file = new MemoryStream();
        byte[] chunk = new byte[ChunkBytes];
        while (true)
        {
            patience.CancelAfter(limits.Silence);
            int read = await source.ReadAsync(chunk, patience.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return file.ToArray();
            }

            if (file.Length + read > limits.Bytes)
            {
                throw new IOException(TooLarge());
            }

            file.Write(chunk, 0, read);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        string host = context.DnsEndPoint.Host.Trim('[', ']');
        IPAddress[] found = await Lookup(host, stop).ConfigureAwait(false);
        IPAddress[] allowed = allowPrivate ? found : [.. found.Where(address => KindOf(address) is null)];
        if (allowed.Length == 0 && found.Length > 0)
        {
            throw new PrivateAddressException(
                $"{host} {(host == found[0].ToString() ? "" : $"is {found[0]}, which ")}is {KindOf(found[0])}, no address of a public server");
        }

        // To these addresses, not to the name: it could be looked up again with another answer.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string TooLarge() =>
        string.Create(CultureInfo.InvariantCulture, $"the file is larger than {limits.Bytes / 1048576.0:0.###} MiB; download it yourself and give its path");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");

    private static PrivateAddressException? Inside(Exception? error)
    {
        while (error is not null and not PrivateAddressException)
        {
            error = error.InnerException;
        }

        return (PrivateAddressException?)error;
    }

    private static string Reason(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "there is no server of that name, or no network",
        HttpRequestError.ConnectionError when error.InnerException is SocketException socket =>
            $"the server cannot be reached: {socket.Message.TrimEnd('.')}",
        HttpRequestError.SecureConnectionError => "the server's certificate or encryption is not trusted",
        HttpRequestError.ResponseEnded => "the server ended the connection before it answered",
        _ => $"the server cannot be understood ({error.HttpRequestError})",
    };
}
