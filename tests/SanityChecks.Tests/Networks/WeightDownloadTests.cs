using System.Security.Cryptography;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Networks;

public sealed class WeightDownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly TemporaryFolder folder = new();
    private readonly FileServer server = new() { Content = Content };
    private readonly HttpClient client = new(new HttpClientHandler { UseProxy = false });

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        folder.Dispose();
    }

    private string Cached => folder.Of("cache", "w.pth");

    private string Part => Cached + ".part";

    private Task<string> Fetch(
        string? sha256 = null, IProgress<DownloadProgress>? progress = null, TimeSpan? stall = null,
        CancellationTokenSource? stop = null) =>
        new WeightDownload(client, folder.Of("cache"), stall)
            .FetchAsync(server.Url, "w.pth", sha256 ?? Sha256, progress, stop?.Token ?? TestContext.Current.CancellationToken);

    private Task<WeightFileException> Refused(string? sha256 = null) => Assert.ThrowsAsync<WeightFileException>(() => Fetch(sha256));

    private string[] VisibleFiles() =>
        [.. Directory.GetFiles(folder.Of("cache")).Select(file => Path.GetFileName(file)!).Where(file => file[0] != '.')];

    private sealed class Recorded : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Values { get; } = [];

        public void Report(DownloadProgress value) => Values.Add(value);
    }

    [Fact]
    public async Task A_file_is_downloaded_once_and_verified_by_its_whole_hash_or_eight_digits()
    {
        var progress = new Recorded();
        Assert.Equal(Cached, await Fetch(Sha256[..8].ToUpperInvariant(), progress));
        Assert.Equal(Content, File.ReadAllBytes(Cached));
        Assert.Equal(new DownloadProgress(Content.Length, Content.Length), progress.Values[^1]);
        Assert.Equal(["w.pth"], VisibleFiles());

        Assert.Equal(Cached, await Fetch());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_interrupted_transfer_resumes_where_it_broke_off()
    {
        server.BreaksAfter = 100_000;
        WeightFileException error = await Refused();
        Assert.Contains("bytes that arrived are kept", error.Message, StringComparison.Ordinal);
        long kept = new FileInfo(Part).Length;
        Assert.InRange(kept, 1, 100_000);
        Assert.False(File.Exists(Cached));

        server.BreaksAfter = null;
        var progress = new Recorded();
        await Fetch(progress: progress);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
        Assert.Equal(Content.Length - kept, server.Sent[1]);
        Assert.Contains($"Range: bytes={kept}-", server.Requests[1], StringComparison.Ordinal);
        Assert.Contains("If-Range: \"one\"", server.Requests[1], StringComparison.Ordinal);
        Assert.True(progress.Values[0].Done > kept);
        Assert.Equal(new DownloadProgress(Content.Length, Content.Length), progress.Values[^1]);
        Assert.Equal(["w.pth"], VisibleFiles());
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_starts_over()
    {
        server.BreaksAfter = 100_000;
        await Refused();
        server.BreaksAfter = null;
        server.HonoursRanges = false;
        await Fetch();
        Assert.Equal(Content.Length, server.Sent[1]);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_file_that_changed_on_the_server_starts_over()
    {
        server.Content = [.. Content.Reverse()];
        server.BreaksAfter = 100_000;
        await Refused();
        (server.Content, server.ETag, server.BreaksAfter) = (Content, "\"two\"", null);
        await Fetch();
        Assert.Equal(Content.Length, server.Sent[1]);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task Two_halves_that_do_not_belong_together_are_fetched_again()
    {
        server.ETag = null;
        server.Content = [.. Content.Reverse()];
        server.BreaksAfter = 100_000;
        await Refused();
        (server.Content, server.BreaksAfter) = (Content, null);
        await Fetch();
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_part_that_is_already_whole_only_needs_its_name()
    {
        folder.Write("cache/w.pth.part", Content);
        await Fetch();
        Assert.Equal([0], server.Sent);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_part_longer_than_the_file_starts_over()
    {
        folder.Write("cache/w.pth.part", new byte[Content.Length + 5]);
        await Fetch();
        Assert.Equal([0, Content.Length], server.Sent);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_wrong_hash_leaves_nothing_behind()
    {
        WeightFileException error = await Refused("0123456789abcdef");
        Assert.Contains(Sha256, error.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256 0123456789abcdef...", error.Message, StringComparison.Ordinal);
        Assert.Empty(VisibleFiles());
    }

    [Fact]
    public async Task A_refusal_names_the_URL_the_hash_and_the_place()
    {
        server.Status = "404 Not Found";
        string message = (await Refused()).Message;
        Assert.Contains("404", message, StringComparison.Ordinal);
        Assert.Contains(server.Url.ToString(), message, StringComparison.Ordinal);
        Assert.Contains(Sha256, message, StringComparison.Ordinal);
        Assert.StartsWith(Cached + ":", message, StringComparison.Ordinal);
        Assert.Empty(VisibleFiles());
    }

    [Fact]
    public async Task Without_a_network_the_message_says_what_to_put_where()
    {
        server.Dispose();
        string message = (await Refused()).Message;
        Assert.Contains("cannot download " + server.Url, message, StringComparison.Ordinal);
        Assert.Contains($"get the file elsewhere (SHA-256 {Sha256}) and put it at this path", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unannounced_length_is_decided_by_the_hash()
    {
        server.TellsLength = false;
        var progress = new Recorded();
        await Fetch(progress: progress);
        Assert.Null(progress.Values[^1].Total);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_silent_server_counts_as_an_interruption()
    {
        (server.BreaksAfter, server.Hangs) = (100_000, true);
        var error = await Assert.ThrowsAsync<WeightFileException>(() => Fetch(stall: TimeSpan.FromSeconds(1)));
        Assert.Contains("the server stopped sending", error.Message, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Part).Length, 1, 100_000);
    }

    [Fact]
    public async Task A_cancelled_transfer_keeps_what_arrived()
    {
        (server.BreaksAfter, server.Hangs) = (100_000, true);
        using var stop = new CancellationTokenSource();
        var seen = new Cancelling(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fetch(progress: seen, stop: stop));
        Assert.InRange(new FileInfo(Part).Length, 1, 100_000);
    }

    private sealed class Cancelling(CancellationTokenSource stop) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => stop.Cancel();
    }

    [Fact]
    public async Task Of_two_downloads_at_once_one_waits_for_the_other()
    {
        string[] paths = await Task.WhenAll(Fetch(), Fetch(), Fetch());
        Assert.All(paths, path => Assert.Equal(Cached, path));
        Assert.Single(server.Requests);
        Assert.Equal(Content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task A_file_put_into_the_cache_by_hand_is_verified_and_kept()
    {
        folder.Write("cache/w.pth", "something else");
        Assert.Contains("remove it", (await Refused()).Message, StringComparison.Ordinal);
        Assert.Equal(["w.pth"], VisibleFiles());
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Only_https_and_this_machine_are_allowed()
    {
        var download = new WeightDownload(client, folder.Of("cache"));
        foreach (string url in new[] { "http://example.org/w.pth", "ftp://127.0.0.1/w.pth", "file:///tmp/w.pth" })
        {
            var error = await Assert.ThrowsAsync<InputException>(
                () => download.FetchAsync(new Uri(url), "w.pth", Sha256, cancel: TestContext.Current.CancellationToken));
            Assert.Contains(url, error.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ArgumentException>(
            () => download.FetchAsync(server.Url, "../w.pth", Sha256, cancel: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(
            () => download.FetchAsync(server.Url, "w.pth", "1234567", cancel: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(
            () => download.FetchAsync(server.Url, "w.pth", "1234567g", cancel: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_cache_folder_follows_the_environment()
    {
        Assert.Equal(Path.GetFullPath("/c"), WeightCache.Folder(Of(("SANITYCHECKS_CACHE", "/c"), ("HOME", "/h")), windows: false));
        Assert.Equal("/x/sanitychecks", Slashes(WeightCache.Folder(Of(("XDG_CACHE_HOME", "/x"), ("HOME", "/h")), windows: false)));
        Assert.Equal(
            "/h/.cache/sanitychecks", Slashes(WeightCache.Folder(Of(("XDG_CACHE_HOME", "relative"), ("HOME", "/h")), windows: false)));
        Assert.Contains(
            "SANITYCHECKS_CACHE", Assert.Throws<InputException>(() => WeightCache.Folder(Of(), windows: false)).Message,
            StringComparison.Ordinal);

        static Func<string, string?> Of(params (string Name, string Value)[] variables) =>
            name => variables.FirstOrDefault(variable => variable.Name == name).Value;
        static string Slashes(string path) => path.Replace('\\', '/');
    }

    [Fact]
    public void Known_weights_are_named_by_their_hash()
    {
        KnownWeights vgg16 = KnownWeights.Find("vgg16", "imagenet")!;
        Assert.Equal("https://download.pytorch.org/models/vgg16-397923af.pth", vgg16.Url.ToString());
        Assert.All(KnownWeights.All, one => Assert.Contains(one.Sha256Prefix, one.FileName, StringComparison.Ordinal));
        Assert.Null(KnownWeights.Find("vgg16", "places"));
    }
}
