using System.Net;
using SanityChecks.Images;
using SanityChecks.Images.Sources;

namespace SanityChecks.Tests.Images.Sources;

public sealed class ImageDownloadTests : IDisposable
{
    private static readonly RgbImage Picture = Pattern.Noise(20, 10, 3);
    private static readonly byte[] Png = PngFile.Encode(Picture);

    // A slow machine must not miss them; a test that waits for one waits as long.
    private static readonly DownloadLimits Limits = new()
    {
        Bytes = 4096,
        Connect = TimeSpan.FromSeconds(60),
        Silence = TimeSpan.FromSeconds(60),
        Total = TimeSpan.FromSeconds(120),
        Redirects = 3,
    };

    private readonly PictureServer server = new();

    public void Dispose() => server.Dispose();

    private async Task<string> FaultAsync(string path, DownloadLimits? limits = null)
    {
        using var download = new ImageDownload(allowPrivate: true, limits ?? Limits);
        return (await Assert.ThrowsAnyAsync<IOException>(() => download.FetchAsync(server.Url(path)))).Message;
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("IMAGE/JPEG; q=1")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public void What_a_server_sends_is_decoded_whatever_it_calls_it(string? type)
    {
        server.Answers["/a%20b/photo.png?size=2"] = new Answer(Png) { Type = type };
        using var download = new ImageDownload(allowPrivate: true, Limits);
        var item = new ImageUrlItem(server.Url("/a%20b/photo.png?size=2"), download, 7, null);
        Assert.Equal(Picture.Pixels, item.Load().Pixels);
        Assert.Equal((20, 10), item.Size());
        Assert.Equal(64, item.Sha256().Length);
        Assert.Equal(7, item.Label);
        Assert.Equal(["GET /a%20b/photo.png?size=2 HTTP/1.1"], server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_too_large_is_refused_whether_its_length_is_told_or_not(bool told)
    {
        server.Answers["/fits.png"] = new Answer(new byte[4096]) { TellsLength = told };
        server.Answers["/large.png"] = new Answer(new byte[4097]) { TellsLength = told };
        using var download = new ImageDownload(allowPrivate: true, Limits);
        Assert.Equal(4096, (await download.FetchAsync(server.Url("/fits.png"))).Length);
        Assert.Equal("the file is larger than 0.004 MiB; download it yourself and give its path", await FaultAsync("/large.png"));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up()
    {
        server.Answers["/never.png"] = new Answer { Hangs = true };
        server.Answers["/half.png"] = new Answer(Png) { TellsLength = false, Hangs = true };
        server.Answers["/drip.png"] = new Answer(Png) { PerByte = TimeSpan.FromMilliseconds(60) };
        using var download = new ImageDownload(allowPrivate: true, Limits with { Silence = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(
            "the server sent nothing for 0.3 s",
            (await Assert.ThrowsAsync<IOException>(() => download.FetchAsync(server.Url("/half.png")))).Message);
        Assert.Equal(
            "the download took longer than 0.5 s", await FaultAsync("/drip.png", Limits with { Total = TimeSpan.FromMilliseconds(500) }));
        Assert.Equal(
            "the download took longer than 0.4 s", await FaultAsync("/never.png", Limits with { Total = TimeSpan.FromMilliseconds(400) }));
    }

    [Fact]
    public async Task What_is_no_image_is_told_by_what_the_server_calls_it()
    {
        server.Answers["/page"] = new Answer(Png) { Type = "text/html; charset=utf-8" };
        server.Answers["/empty.png"] = new Answer { Type = null };
        server.Answers["/packed.png"] = new Answer(Png) { More = "Content-Encoding: gzip" };
        server.Answers["/gone.png"] = new Answer { Status = "410 Gone" };
        Assert.StartsWith("the server sends text/html, not an image; ", await FaultAsync("/page"), StringComparison.Ordinal);
        Assert.Equal("the server sends the file compressed, which was not asked for", await FaultAsync("/packed.png"));
        Assert.Equal("the server answers 404 (NotFound)", await FaultAsync("/missing.png"));
        Assert.Equal("the server answers 410 (Gone)", await FaultAsync("/gone.png"));
        using var download = new ImageDownload(allowPrivate: true, Limits);
        Assert.Equal(
            "the file is empty",
            Assert.Throws<ImageFormatException>(() => new ImageUrlItem(server.Url("/empty.png"), download, null, null).Load()).Message);
    }

    [Fact]
    public async Task A_transfer_that_ends_early_is_no_image()
    {
        server.Answers["/told.png"] = new Answer(Png) { BreaksAfter = 100 };
        server.Answers["/untold.png"] = new Answer(Png) { BreaksAfter = 100, TellsLength = false };
        Assert.Equal("the server ended the transfer before all was sent", await FaultAsync("/told.png"));
        using var download = new ImageDownload(allowPrivate: true, Limits);
        Assert.Contains(
            "truncated",
            Assert.Throws<ImageFormatException>(() => new ImageUrlItem(server.Url("/untold.png"), download, null, null).Load()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_a_few_times()
    {
        server.Answers["/1"] = Answer.Redirect("/2", "301 Moved Permanently");
        server.Answers["/2"] = Answer.Redirect(server.Url("/3").ToString(), "307 Temporary Redirect");
        server.Answers["/3"] = Answer.Redirect("4", "308 Permanent Redirect");
        server.Answers["/4"] = new Answer(Png);
        server.Answers["/loop"] = Answer.Redirect("/loop");
        using var download = new ImageDownload(allowPrivate: true, Limits);
        Assert.Equal(Png, await download.FetchAsync(server.Url("/1")));
        Assert.Equal("the server redirects more than 3 times", await FaultAsync("/loop"));
        Assert.Equal(4, server.Requests.Count(line => line.Contains("/loop", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "the server redirects to a file address; http and https alone are followed")]
    [InlineData("ftp://127.0.0.1/a.png", "the server redirects to a ftp address; http and https alone are followed")]
    [InlineData("http://me:secret@127.0.0.1/a.png?key=1", "the server redirects to an address with a user's name or password, http://127.0.0.1/a.png?...")]
    [InlineData("http://", "the server redirects, but does not say where to")]
    public async Task Redirects_lead_to_the_web_alone(string location, string fault)
    {
        server.Answers["/a"] = Answer.Redirect(location);
        Assert.Equal(fault, await FaultAsync("/a"));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 is of this machine, no address of a public server")]
    [InlineData("2130706433", "127.0.0.1 is of this machine, no address of a public server")]
    [InlineData("[::ffff:127.0.0.1]", "::ffff:127.0.0.1 is of this machine, no address of a public server")]
    [InlineData("localhost", "localhost is ")]
    public async Task This_machine_is_not_connected_to_unless_that_is_allowed(string host, string fault)
    {
        server.Answers["/a.png"] = new Answer(Png);
        using var download = new ImageDownload(limits: Limits);
        var url = new Uri($"http://{host}:{server.Port}/a.png");
        Assert.StartsWith(
            fault, (await Assert.ThrowsAsync<PrivateAddressException>(() => download.FetchAsync(url))).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_redirect_into_a_private_network_is_refused_when_it_connects()
    {
        server.Answers["/a.png"] = Answer.Redirect($"http://127.0.0.2:{server.Port}/b.png");
        server.Answers["/b.png"] = new Answer(Png);
        using var download = new ImageDownload(limits: Limits) { KindOf = OnlyTheFirstIsPublic };
        Assert.Equal(
            "127.0.0.2 is private, no address of a public server",
            (await Assert.ThrowsAsync<PrivateAddressException>(() => download.FetchAsync(server.Url("/a.png")))).Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_name_whose_address_changes_between_two_connections_is_looked_at_again()
    {
        var answers = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")]]);
        server.Answers["/a.png"] = Answer.Redirect("/b.png");
        server.Answers["/b.png"] = new Answer(Png);
        using var download = new ImageDownload(limits: Limits)
        {
            KindOf = OnlyTheFirstIsPublic,
            Lookup = (_, _) => Task.FromResult(answers.Dequeue()),
        };
        Assert.Equal(
            "pictures.test is 127.0.0.2, which is private, no address of a public server",
            (await Assert.ThrowsAsync<PrivateAddressException>(
                () => download.FetchAsync(new Uri($"http://pictures.test:{server.Port}/a.png")))).Message);
        Assert.Equal(["GET /a.png HTTP/1.1"], server.Requests);
    }

    [Fact]
    public async Task Of_a_name_with_several_addresses_the_public_ones_are_taken()
    {
        server.Answers["/a.png"] = new Answer(Png);
        using var download = new ImageDownload(limits: Limits)
        {
            KindOf = OnlyTheFirstIsPublic,
            Lookup = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]),
        };
        Assert.Equal(Png, await download.FetchAsync(new Uri($"http://pictures.test:{server.Port}/a.png")));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_to_be_out_of_reach()
    {
        using var download = new ImageDownload(allowPrivate: true, Limits);
        server.Dispose();
        Assert.StartsWith(
            "the server cannot be reached: ",
            (await Assert.ThrowsAsync<IOException>(() => download.FetchAsync(server.Url("/a.png")))).Message, StringComparison.Ordinal);
    }

    private static string? OnlyTheFirstIsPublic(IPAddress address) => address.Equals(IPAddress.Loopback) ? null : "private";
}
