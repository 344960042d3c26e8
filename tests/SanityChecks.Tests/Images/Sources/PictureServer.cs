using System.Net.Sockets;
using System.Text;

namespace SanityChecks.Tests.Images.Sources;

/// <summary>What a server says to a request.</summary>
/// <param name="Body">The file.</param>
internal sealed record Answer(params byte[] Body)
{
    public string Status { get; init; } = "200 OK";

    public string? Type { get; init; } = "image/png";

    public string? Location { get; init; }

    /// <summary>Another line of the head.</summary>
    public string? More { get; init; }

    public bool TellsLength { get; init; } = true;

    /// <summary>The connection breaks after so many bytes of the body.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>The connection stays open in silence after the body, or before the head.</summary>
    public bool Hangs { get; init; }

    /// <summary>A time after each byte of the body.</summary>
    public TimeSpan PerByte { get; init; }

    public static Answer Redirect(string location, string status = "302 Found") => new() { Status = status, Location = location };
}

/// <summary>A web server on this machine whose answers a test writes, by path.</summary>
internal sealed class PictureServer : LoopbackServer
{
    public Dictionary<string, Answer> Answers { get; } = [];

    /// <summary>The first lines of the requests.</summary>
    public List<string> Requests { get; } = [];

    public Uri Url(string path) => new($"http://127.0.0.1:{Port}{path}");

    protected override async Task AnswerAsync(TcpClient client)
    {
        await using NetworkStream stream = client.GetStream();
        var reader = new StreamReader(stream, Encoding.ASCII);
        string first = await reader.ReadLineAsync() ?? "";
        Requests.Add(first);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        Answer answer = Answers.GetValueOrDefault(first.Split(' ')[1], new Answer { Status = "404 Not Found" });
        if (answer is { Hangs: true, Body.Length: 0 })
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
            return;
        }

        string head = $"HTTP/1.1 {answer.Status}\r\nConnection: close\r\n"
            + (answer.Type is null ? "" : $"Content-Type: {answer.Type}\r\n")
            + (answer.Location is null ? "" : $"Location: {answer.Location}\r\n")
            + (answer.More is null ? "" : $"{answer.More}\r\n")
            + (answer.TellsLength ? $"Content-Length: {answer.Body.Length}\r\n" : "");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n"));
        ReadOnlyMemory<byte> body = answer.Body.AsMemory(0, answer.BreaksAfter ?? answer.Body.Length);
        for (int i = 0; answer.PerByte > TimeSpan.Zero && i < body.Length; i++)
        {
            await stream.WriteAsync(body.Slice(i, 1));
            await Task.Delay(answer.PerByte);
        }

        await stream.WriteAsync(answer.PerByte > TimeSpan.Zero ? default : body);
        if (answer.Hangs)
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        }
    }
}
