using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>A client that sends what it likes, byte by byte, and leaves as it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawClient> Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        return new RawClient(socket);
    }

    /// <summary>A whole request.</summary>
    /// <param name="start">Method and target.</param>
    /// <param name="type">The type of the body.</param>
    /// <param name="body">The body.</param>
    public static byte[] Request(string start, string type, ReadOnlySpan<byte> body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{start} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    public Task Send(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, Cancellation).AsTask();

    public Task Send(string text) => Send(Encoding.ASCII.GetBytes(text));

    /// <summary>What has arrived when the first bytes arrive, at most 512 of them.</summary>
    public async Task<string> ReceiveStart()
    {
        var buffer = new byte[512];
        int read = await _socket.ReceiveAsync(buffer, Cancellation);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    /// <summary>Everything until the service closes the connection.</summary>
    public async Task<RawAnswer> ReceiveAll()
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, Cancellation) is > 0 and var read) all.AddRange(buffer.AsSpan(0, read));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The service closed while something that it had no use for was still under way to it; what it said before that is here.
        }

        return RawAnswer.Of(Encoding.UTF8.GetString([.. all]));
    }

    /// <summary>Leaves at once, with a reset; whatever is under way is lost.</summary>
    public void Reset()
    {
        // A close with zero linger is a reset.
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>An answer as it came.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, put together where it came in chunks.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static RawAnswer Of(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"No answer, but '{text}'");
        string[] lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(static line => line.Split(": ", 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        string body = text[(end + 4)..];
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        return new RawAnswer(status, headers, headers.ContainsKey("Transfer-Encoding") ? Joined(body) : body);
    }

    /// <summary>The detail of a problem, after a check that it is one.</summary>
    public string Problem()
    {
        Assert.Equal("application/problem+json", Headers["Content-Type"]);
        using var problem = JsonDocument.Parse(Body);
        Assert.Equal(Status, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    private static string Joined(string chunks)
    {
        var body = new StringBuilder();
        for (int at = 0; ;)
        {
            int line = chunks.IndexOf("\r\n", at, StringComparison.Ordinal);
            int size = int.Parse(chunks.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0) return body.ToString();
            body.Append(chunks, line + 2, size);
            at = line + 2 + size + 2;
        }
    }
}
