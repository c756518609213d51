using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Clients that leave, at any point of a request, are not a failure of the service: its log says nothing of them.</summary>
public sealed class GoneClientTests
{
    private const int Clients = 240;

    private static readonly byte[] s_picture = Digits.Bytes(0).ToArray();
    private static readonly byte[] s_json = JsonSerializer.SerializeToUtf8Bytes(new { pixels = Digits.Pixels(0) });
    private static readonly byte[] s_many = Repeated(s_picture, 1024);

    /// <summary>
    /// Requests of every kind: read as bytes and as JSON, of known and unknown length, or answered before their body is read.
    /// </summary>
    private static readonly byte[][] s_requests =
    [
        RawClient.Request("POST /classify", "application/octet-stream", s_picture),
        RawClient.Request("POST /classify", "application/json", s_json),
        RawClient.Request("POST /explain", "application/json", s_json),
        RawClient.Request("POST /classify", "text/plain", s_json),
        RawClient.Request("POST /nowhere", "application/json", s_json),
        RawClient.Request("GET /models", "application/json", s_json),
        Chunked("/classify", "localhost"),
        Chunked("/explain", "localhost"),
        Chunked("/explain", "evil.example"),
    ];

    /// <summary>Answers that no one reads, until the service waits to write.</summary>
    private static readonly byte[][] s_longAnswers =
    [
        RawClient.Request("POST /classify", "application/octet-stream", s_many),
        Repeated("GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\nGET /openapi/v1.json HTTP/1.1\r\nHost: localhost\r\n\r\n"u8, 200),
    ];

    [Fact]
    public async Task Resets_while_a_request_is_read_leave_no_line_in_the_log()
    {
        await using var service = await ServiceProcess.Start(settings: SharedService.Patience);
        var random = new Random(12);
        for (int i = 0; i < Clients; i++)
        {
            byte[] request = s_requests[i % s_requests.Length];
            using var client = await RawClient.Connect(service.Address.Port);

            int body = request.AsSpan().IndexOf("\r\n\r\n"u8) + 4, end = random.Next(body, request.Length);
            if (random.Next(2) == 0)
            {
                // The service says when it waits for the body, or answers without it.
                await client.Send((byte[])[.. request.AsSpan(0, body - 2), .. "Expect: 100-continue\r\n\r\n"u8]);
                await client.ReceiveStart();
                await client.Send(request.AsMemory(body, end - body));
            }
            else
            {
                await client.Send(request.AsMemory(0, random.Next(10) == 0 ? random.Next(body) : end));
            }

            if (random.Next(5) != 0) client.Reset();
        }

        await AssertSilent(service);
    }

    [Fact]
    public async Task Resets_while_an_answer_is_written_leave_no_line_in_the_log()
    {
        await using var service = await ServiceProcess.Start(settings: SharedService.Patience);
        var random = new Random(13);
        for (int i = 0; i < Clients / 4; i++)
        {
            using var client = await RawClient.Connect(service.Address.Port);
            byte[] request = s_longAnswers[i % s_longAnswers.Length];
            await client.Send(request);

            // Some leave before the answer begins, some while it arrives.
            if (random.Next(3) != 0) await client.ReceiveStart();
            client.Reset();
        }

        await AssertSilent(service);
    }

    /// <summary>Asks the service to stop, which waits for all requests, and reads what it wrote meanwhile.</summary>
    private static async Task AssertSilent(ServiceProcess service)
    {
        using (var answer = await service.Client.PostAsync("/classify", ClassifyTests.Raw(s_picture),
            TestContext.Current.CancellationToken))
            answer.EnsureSuccessStatusCode();
        Assert.True(await service.Stop());

        // A machine that is short of processors makes the server warn of late timers, in two lines; that is not a matter of clients.
        string[] log = [.. service.Log];
        string[] other = [.. log.Where(static line => !IsOfLateTimers(line))];
        Assert.True(other.Length == 0, string.Join("\n", other.Take(50)));
    }

    private static bool IsOfLateTimers(string line) =>
        line.Contains("heartbeat", StringComparison.OrdinalIgnoreCase) || line.TrimEnd() == "warn: Microsoft.AspNetCore.Server.Kestrel[22]";

    private static byte[] Chunked(string path, string host)
    {
        string head = $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head + $"{s_json.Length:x}\r\n"), .. s_json];
    }

    private static byte[] Repeated(ReadOnlySpan<byte> bytes, int count)
    {
        var all = new byte[bytes.Length * count];
        for (int i = 0; i < count; i++) bytes.CopyTo(all.AsSpan(i * bytes.Length));
        return all;
    }
}
