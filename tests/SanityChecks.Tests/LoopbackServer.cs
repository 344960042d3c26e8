using System.Net;
using System.Net.Sockets;

namespace SanityChecks.Tests;

/// <summary>A web server on this machine, which serves one request after another.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task loop;

    protected LoopbackServer()
    {
        listener.Start();
        loop = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        listener.Stop();
        loop.Wait();
    }

    /// <summary>Reads a request and answers it.</summary>
    protected abstract Task AnswerAsync(TcpClient client);

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            catch (IOException)
            {
                // The client went away; the next one is served.
            }
        }
    }
}
