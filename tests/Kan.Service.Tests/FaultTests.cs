using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Clients that are broken, slow or malicious do no harm to the others.</summary>
public sealed class FaultTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly ServiceProcess _service = shared.Process;

    [Fact]
    public async Task Malformed_bodies_by_the_thousand_get_problems_or_right_answers()
    {
        const int Bodies = 3000;
        var random = new Random(20251124);
        byte[] valid = JsonSerializer.SerializeToUtf8Bytes(new { samples = new[] { Digits.Pixels(0), Digits.Pixels(1) } });
        var statuses = new Dictionary<HttpStatusCode, int>();
        foreach (byte[] body in Enumerable.Range(0, Bodies).Select(_ => Damage(random, valid)).Chunk(50).SelectMany(static chunk => chunk))
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue(random.Next(4) == 0 ? "application/octet-stream" : "application/json");
            using var response = await _service.Client.PostAsync("/classify", content, TestContext.Current.CancellationToken);
            statuses[response.StatusCode] = statuses.GetValueOrDefault(response.StatusCode) + 1;
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, text);
            using var answer = JsonDocument.Parse(text);
            Assert.True(answer.RootElement.TryGetProperty(response.StatusCode == HttpStatusCode.OK ? "results" : "detail", out _), text);
        }

        Assert.True(statuses.GetValueOrDefault(HttpStatusCode.BadRequest) > Bodies / 2);
        await AssertHealthy();
    }

    [Fact]
    public async Task Half_requests_and_resets_leave_the_service_well()
    {
        var random = new Random(7);
        byte[] request = Request(Digits.Bytes(0).ToArray());
        for (int i = 0; i < 300; i++)
        {
            using var socket = await Connect();
            await socket.SendAsync(request.AsMemory(0, random.Next(request.Length)), TestContext.Current.CancellationToken);

            // A close with zero linger is a reset.
            if (random.Next(2) == 0) socket.LingerState = new LingerOption(true, 0);
        }

        await AssertHealthy();
    }

    [Fact]
    public async Task Slow_clients_do_not_hold_up_the_others()
    {
        byte[] request = Request(Digits.Bytes(0).ToArray());
        var slow = new List<Socket>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                slow.Add(await Connect());
                await slow[^1].SendAsync(request.AsMemory(0, request.Length - 10), TestContext.Current.CancellationToken);
            }

            await AssertHealthy();

            // What the slow ones said so far was not lost.
            foreach (var socket in slow.Take(20)) await socket.SendAsync(request.AsMemory(request.Length - 10), TestContext.Current.CancellationToken);
            foreach (var socket in slow.Take(20)) Assert.StartsWith("HTTP/1.1 200", await Receive(socket), StringComparison.Ordinal);
        }
        finally
        {
            slow.ForEach(static socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde")]
    [InlineData("POST /classify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/octet-stream\r\n\r\nZZ\r\n")]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task Broken_protocol_gets_an_error(string request)
    {
        using var socket = await Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 4", await Receive(socket), StringComparison.Ordinal);
        await AssertHealthy();
    }

    private static byte[] Request(byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    private async Task<Socket> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _service.Address.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> Receive(Socket socket)
    {
        var buffer = new byte[512];
        int read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    /// <summary>Others still get their answers, on a connection of their own.</summary>
    private async Task AssertHealthy()
    {
        Assert.True(_service.IsRunning);
        using var client = _service.NewClient();
        for (int model = 0; model < Digits.Models.Length; model++)
        {
            using var response = await client.PostAsync("/classify?model=" + Digits.Models[model], ClassifyTests.Raw(Digits.Bytes(3).ToArray()), TestContext.Current.CancellationToken);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.True(Digits.IsAnswer(model, 3, body.RootElement.GetProperty("results")[0]));
        }
    }

    private static byte[] Damage(Random random, byte[] valid)
    {
        var body = new List<byte>(valid);
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            int at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body.RemoveRange(at, random.Next(body.Count - at)); break;
                case 2: body.InsertRange(at, "[{\",:]}-eE+.019NnuI\\"u8.ToArray().OrderBy(_ => random.Next()).Take(3)); break;
                case 3: body.InsertRange(at, body.GetRange(at, Math.Min(40, body.Count - at))); break;
                default: body.InsertRange(at, Enumerable.Repeat((byte)'[', random.Next(200))); break;
            }

            if (body.Count == 0) return [];
        }

        return [.. body];
    }
}
