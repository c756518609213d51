using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Clients that are broken, slow or malicious do no harm to the others.</summary>
public sealed class FaultTests(SharedService shared) : IClassFixture<SharedService>
{
    private static readonly byte[] s_request = RawClient.Request("POST /classify", "application/octet-stream", Digits.Bytes(0).Span);

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
        for (int i = 0; i < 300; i++)
        {
            using var client = await Connect();
            await client.Send(s_request.AsMemory(0, random.Next(s_request.Length)));
            if (random.Next(2) == 0) client.Reset();
        }

        await AssertHealthy();
    }

    [Fact]
    public async Task Slow_clients_do_not_hold_up_the_others()
    {
        var slow = new List<RawClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                slow.Add(await Connect());
                await slow[^1].Send(s_request.AsMemory(0, s_request.Length - 10));
            }

            await AssertHealthy();

            // What the slow ones said so far was not lost.
            foreach (var client in slow.Take(20)) await client.Send(s_request.AsMemory(s_request.Length - 10));
            foreach (var client in slow.Take(20)) Assert.StartsWith("HTTP/1.1 200", await client.ReceiveStart(), StringComparison.Ordinal);
        }
        finally
        {
            slow.ForEach(static client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde")]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: a:b\r\n\r\n")]
    public async Task Broken_protocol_gets_an_error(string request)
    {
        using var client = await Connect();
        await client.Send(request);
        Assert.StartsWith("HTTP/1.1 4", await client.ReceiveStart(), StringComparison.Ordinal);
        await AssertHealthy();
    }

    private Task<RawClient> Connect() => RawClient.Connect(_service.Address.Port);

    /// <summary>Others still get their answers, on a connection of their own.</summary>
    private async Task AssertHealthy()
    {
        Assert.True(_service.IsRunning);
        using var client = _service.NewClient();
        for (int model = 0; model < Digits.Models.Length; model++)
        {
            using var response = await client.PostAsync("/classify?model=" + Digits.Models[model],
                ClassifyTests.Raw(Digits.Bytes(3).ToArray()), TestContext.Current.CancellationToken);
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
