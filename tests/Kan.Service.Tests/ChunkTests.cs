using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Bodies in chunks whose sizes are not sizes get a problem that says so, from every endpoint that reads one.</summary>
public sealed class ChunkTests(SharedService shared) : IClassFixture<SharedService>
{
    /// <summary>What stands where the size of a chunk should: too large for 32 or 64 bits, negative, no number, nothing.</summary>
    private static readonly string[] s_sizes =
    [
        "FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "8000000000000000", "10000000000000000", "FFFFFFFF", "80000000", "100000000",
        new string('9', 4000), "00000000000000000003",
        "-1", "-80000000", "+3", "0x3", "3 ", " 3", "ZZ", "3g", "\0", "\u007f", "", ";name=value", "3\n", "3\r", "0.5", "1e3g",
    ];

    [Theory]
    [InlineData("/classify", "application/octet-stream")]
    [InlineData("/classify", "application/json")]
    [InlineData("/explain", "application/json")]
    public async Task A_size_that_is_none_is_a_problem(string path, string type)
    {
        // As the first chunk, and after one that was read.
        foreach (string chunks in s_sizes.SelectMany(static size => (string[])[$"{size}\r\n", $"2\r\n[0\r\n{size}\r\n"]))
        {
            using var client = await RawClient.Connect(shared.Process.Address.Port);
            await client.Send(Head(path, type, "Connection: close\r\n") + chunks);
            var answer = await client.ReceiveAll();
            Assert.True(answer.Status == 400, $"{chunks.ReplaceLineEndings(" ")}: {answer}");
            Assert.Equal("close", answer.Headers["Connection"]);
            Assert.Contains("chunk", answer.Problem(), StringComparison.OrdinalIgnoreCase);
        }

        var picture = ClassifyTests.Raw(Digits.Bytes(0).ToArray());
        using var well = await shared.Process.Client.PostAsync("/classify", picture, TestContext.Current.CancellationToken);
        well.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_connection_whose_chunks_cannot_be_told_apart_is_closed()
    {
        // What follows the size could be the next request, or a part of this one: nobody may take it for the next.
        using var client = await RawClient.Connect(shared.Process.Address.Port);
        await client.Send(Head("/classify", "application/json") + "FFFFFFFFFFFFFFFF\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var answer = await client.ReceiveAll();
        Assert.Equal(400, answer.Status);
        Assert.Equal("close", answer.Headers["Connection"]);
        Assert.DoesNotContain("ok", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Sound_chunks_of_any_size_are_one_body(int size)
    {
        using var client = await RawClient.Connect(shared.Process.Address.Port);
        await client.Send(Head("/classify", "application/octet-stream", "Connection: close\r\n"));
        foreach (byte[] chunk in Digits.Bytes(0).ToArray().Chunk(size))
        {
            byte[] start = Encoding.ASCII.GetBytes($"{chunk.Length:x4};note=1\r\n");
            await client.Send((byte[])[.. start, .. chunk, .. "\r\n"u8]);
        }

        await client.Send("0\r\n\r\n");
        Assert.Equal(200, (await client.ReceiveAll()).Status);
    }

    private static string Head(string path, string type, string more = "") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n{more}\r\n";
}
