using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SanityChecks.Tests.Networks;

/// <summary>A web server on this machine that serves one file, well or badly.</summary>
internal sealed partial class FileServer : LoopbackServer
{
    public byte[] Content { get; set; } = [];

    public string? ETag { get; set; } = "\"one\"";

    public bool HonoursRanges { get; set; } = true;

    /// <summary>The connection breaks after so many bytes of a body.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>The connection stays open in silence instead of breaking.</summary>
    public bool Hangs { get; set; }

    public string Status { get; set; } = "200 OK";

    /// <summary>Whether the length is announced.</summary>
    public bool TellsLength { get; set; } = true;

    public Uri Url => new($"http://127.0.0.1:{Port}/weights.pth");

    /// <summary>Body bytes sent, a number per request.</summary>
    public List<int> Sent { get; } = [];

    public List<string> Requests { get; } = [];

    protected override async Task AnswerAsync(TcpClient client)
    {
        await using NetworkStream stream = client.GetStream();
        var reader = new StreamReader(stream, Encoding.ASCII);
        var request = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            request.AppendLine(line);
        }

        string text = request.ToString();
        Requests.Add(text);
        int from = 0;
        string status = Status;
        var head = new StringBuilder();
        if (RangeHeader().Match(text) is { Success: true } range && HonoursRanges && IsCurrent(text))
        {
            from = int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture);
            status = from < Content.Length ? "206 Partial Content" : "416 Range Not Satisfiable";
            head.Append(
                from < Content.Length
                    ? $"Content-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n"
                    : $"Content-Range: bytes */{Content.Length}\r\n");
        }

        byte[] body = status[0] == '2' ? Content[from..] : [];
        head.Append(ETag is null ? "" : $"ETag: {ETag}\r\n").Append("Connection: close\r\n")
            .Append(TellsLength ? $"Content-Length: {body.Length}\r\n" : "");
        int sent = Math.Min(body.Length, BreaksAfter ?? body.Length);

        // Before the first byte leaves: a client that needs no body goes on as soon as it has the head.
        Sent.Add(sent);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{head}\r\n"));
        await stream.WriteAsync(body.AsMemory(0, sent));
        if (Hangs)
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        }
    }

    private bool IsCurrent(string request) => IfRangeHeader().Match(request) is not { Success: true } tag || tag.Groups[1].Value == ETag;

    [GeneratedRegex(@"^Range: bytes=(\d+)-", RegexOptions.Multiline)]
    private static partial Regex RangeHeader();

    [GeneratedRegex(@"^If-Range: (.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex IfRangeHeader();
}
