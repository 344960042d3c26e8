using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>How far a download is.</summary>
/// <param name="Done">Bytes on this machine, those of an earlier run included.</param>
/// <param name="Total">Bytes of the whole file; null when the server does not say.</param>
public readonly record struct DownloadProgress(long Done, long? Total);

/// <summary>Fetches weight files into a cache, once, whole and verified.</summary>
/// <param name="client">Sends the requests; the caller owns it.</param>
/// <param name="cacheFolder">Where files are kept; made when it is absent. <see cref="WeightCache.Folder()"/> is the usual one.</param>
/// <param name="stall">How long the server may send nothing before the transfer counts as interrupted; null for one minute.</param>
/// <remarks>
/// A transfer writes to <c>FILE.part</c>; the file appears by a rename once its hash is right. Of two processes that want the
/// same file, one waits for the other: an empty hidden file <c>.FILE.lock</c> stays behind for that.
/// </remarks>
public sealed class WeightDownload(HttpClient client, string cacheFolder, TimeSpan? stall = null)
{
    private const int ChunkBytes = 1 << 17;
    private const int FewestHashDigits = 8;
    private const int HashDigits = 64;

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan stall = stall ?? TimeSpan.FromMinutes(1);

    /// <summary>The path of a known file in the cache, downloaded if it is not there yet.</summary>
    /// <inheritdoc cref="FetchAsync(Uri, string, string, IProgress{DownloadProgress}, CancellationToken)"/>
    public Task<string> FetchAsync(KnownWeights known, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        return FetchAsync(known.Url, known.FileName, known.Sha256Prefix, progress, cancel);
    }

    /// <summary>The path of a file in the cache, downloaded if it is not there yet.</summary>
    /// <param name="url">https; plain http only to this very machine.</param>
    /// <param name="fileName">The file's name in the cache, without folders.</param>
    /// <param name="sha256">The file's SHA-256 in hexadecimal, or its first digits, at least eight.</param>
    /// <param name="progress">Told after every block that arrives.</param>
    /// <param name="cancel">Stops the transfer; what has arrived is kept for the next time.</param>
    /// <returns>The full path of a file whose hash is right: a file that lies in the cache already is hashed again.</returns>
    /// <exception cref="WeightFileException">
    /// The server cannot be reached or refuses, the transfer breaks off (then the next one resumes it), or the hash is wrong (then nothing
    /// is kept of a download; a file that lay in the cache stays). The message has the URL, the hash and the place for the file.
    /// </exception>
    /// <exception cref="InputException">The URL is neither https nor of this machine.</exception>
    /// <exception cref="ArgumentException">The name has a folder, or the hash is none.</exception>
    public async Task<string> FetchAsync(
        Uri url, string fileName, string sha256, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        Check(url, fileName, sha256);
        string file = Path.GetFullPath(Path.Combine(cacheFolder, fileName));
        if (File.Exists(file))
        {
            return Verified(file, sha256);
        }

        try
        {
            Directory.CreateDirectory(cacheFolder);
            await using FileStream held = await LockAsync(file, cancel).ConfigureAwait(false);
            if (File.Exists(file))
            {
                return Verified(file, sha256);
            }

            await TransferAsync(url, file, sha256, progress, cancel).ConfigureAwait(false);
            return file;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            string reason = error is OperationCanceledException ? "the server stopped sending" : error.Message;
            throw Failed(file, url, sha256, reason, error);
        }
    }

    private async Task TransferAsync(Uri url, string file, string sha256, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        var part = new PartialDownload(file);
        bool resumed = await ReceiveAsync(url, part, progress, cancel).ConfigureAwait(false);
        string found = WeightFile.Sha256(part.Path);
        if (!Matches(found, sha256) && resumed)
        {
            // Without a tag a server cannot tell that the file changed between the two halves; a fresh copy decides.
            part.Delete();
            await ReceiveAsync(url, part, progress, cancel).ConfigureAwait(false);
            found = WeightFile.Sha256(part.Path);
        }

        if (!Matches(found, sha256))
        {
            part.Delete();
            throw Failed(file, url, sha256, $"what arrived has the SHA-256 {found} and was discarded", null);
        }

        part.Finish();
    }

    /// <summary>Brings the part to its full length.</summary>
    /// <returns>Whether some of it had arrived in an earlier run.</returns>
    private async Task<bool> ReceiveAsync(Uri url, PartialDownload part, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        long have = part.Length;
        using HttpResponseMessage response = await AskAsync(url, have, part.Condition, cancel).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
        {
            // Either nothing was missing but the rename, or the part belongs to something else.
            if (response.Content.Headers.ContentRange?.Length == have)
            {
                return true;
            }

            part.Delete();
            return await ReceiveAsync(url, part, progress, cancel).ConfigureAwait(false);
        }

        response.EnsureSuccessStatusCode();
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        bool resumes = response.StatusCode == HttpStatusCode.PartialContent && have > 0;
        if (response.StatusCode == HttpStatusCode.PartialContent && range?.From != have)
        {
            throw new IOException($"the server answered with the bytes from {range?.From} where those from {have} were asked for");
        }

        if (!resumes)
        {
            have = 0;
            part.Begin(response);
        }

        long? total = response.StatusCode == HttpStatusCode.PartialContent ? range?.Length : response.Content.Headers.ContentLength;
        long done = await CopyAsync(response, part, have, total, progress, cancel).ConfigureAwait(false);
        if (total is long expected && done != expected)
        {
            throw new IOException($"the transfer ended after {done} of {expected} bytes");
        }

        return resumes;
    }

    private async Task<HttpResponseMessage> AskAsync(Uri url, long have, RangeConditionHeaderValue? condition, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);

        // A transparent decompression would make lengths and ranges those of other bytes.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = condition;
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
    }

    private async Task<long> CopyAsync(
        HttpResponseMessage response, PartialDownload part, long have, long? total, IProgress<DownloadProgress>? progress,
        CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using Stream source = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using var target = new FileStream(part.Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (true)
            {
                patience.CancelAfter(stall);
                int read = await source.ReadAsync(chunk, patience.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    target.Flush(flushToDisk: true);
                    return have;
                }

                await target.WriteAsync(chunk.AsMemory(0, read), cancel).ConfigureAwait(false);
                have += read;
                progress?.Report(new DownloadProgress(have, total));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // Opening without sharing is exclusive between processes on every system; the file itself must stay, for another process may be opening
    // it.
    private static async Task<FileStream> LockAsync(string file, CancellationToken cancel)
    {
        string path = Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsHeldElsewhere(error))
            {
                await Task.Delay(LockPoll, cancel).ConfigureAwait(false);
            }
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK on Linux and on macOS.
    private static bool IsHeldElsewhere(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static string Verified(string file, string sha256)
    {
        string found = WeightFile.Sha256(file);
        return Matches(found, sha256) ? file : throw new WeightFileException(
            file, $"this file of the cache has the SHA-256 {found}, not {Expected(sha256)}; remove it to have it downloaded");
    }

    private static bool Matches(string found, string sha256) => found.StartsWith(sha256, StringComparison.OrdinalIgnoreCase);

    private static string Expected(string sha256) => sha256.Length == HashDigits ? sha256 : sha256 + "...";

    private static WeightFileException Failed(string file, Uri url, string sha256, string reason, Exception? inner)
    {
        long kept = new PartialDownload(file).Length;
        string next = kept > 0 ? $"the {kept} bytes that arrived are kept, and the next run resumes there" : "try again";
        return new(file, $"cannot download {url}: {reason.TrimEnd('.')}; {next}, or get the file elsewhere (SHA-256 {Expected(sha256)}) and put it at this path", inner: inner);
    }

    private static void Check(Uri url, string fileName, string sha256)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentException.ThrowIfNullOrEmpty(sha256);
        if (fileName != Path.GetFileName(fileName) || fileName is "." or "..")
        {
            throw new ArgumentException($"'{fileName}' is not a file's name without folders.", nameof(fileName));
        }

        if (sha256.Length is < FewestHashDigits or > HashDigits || !sha256.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException($"'{sha256}' is not a SHA-256 nor its first eight or more digits.", nameof(sha256));
        }

        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            throw new InputException($"weights are downloaded over https only, not from {url}");
        }
    }
}
