using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Package.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The sample as native code: it publishes without a warning, and its service reads digits.</summary>
public sealed class SampleTests
{
    private const int First = 8500, Count = 100, Pixels = 784, ImageHeader = 16, LabelHeader = 8;

    [Fact]
    public async Task The_sample_publishes_as_native_code_and_serves()
    {
        using var scratch = new Scratch();
        string folder = scratch.PathOf("out");
        var (code, output) = await DotNet.Run(
            Repository.PathOf("sample-app"),
            "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder, "-p:IlcInstructionSet=native", "-nologo",
            "-v:m", "-tl:off");
        Assert.True(code == 0, output);
        Assert.DoesNotContain(": warning ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "Kan.Tool*"));

        var start =
            new ProcessStartInfo(Path.Combine(folder, "sample-app" + (OperatingSystem.IsWindows() ? ".exe" : "")))
            {
                RedirectStandardOutput = true
            };
        start.ArgumentList.Add("serve");
        start.ArgumentList.Add("--port");
        start.ArgumentList.Add("0");
        using var service = Process.Start(start)!;
        try
        {
            string line = await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException("The service said nothing.");
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[4]), Timeout = HangGuard.Limit };
            byte[] images = Read("mnist10k-images-idx3-ubyte.gz"), labels = Read("mnist10k-labels-idx1-ubyte.gz");
            using var body = new ByteArrayContent(images, ImageHeader + (First * Pixels), Count * Pixels);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var response = await client.PostAsync(new Uri("/classify", UriKind.Relative), body,
                TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, response.ToString());
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            var results = answer.RootElement.GetProperty("results");
            Assert.Equal(Count, results.GetArrayLength());
            int correct = 0;
            for (int i = 0; i < Count; i++)
                correct += results[i].GetProperty("digit").GetInt32() == labels[LabelHeader + First + i] ? 1 : 0;
            Assert.InRange(correct, 90, Count);
            Assert.Contains("/classify", await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative),
                TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Repository.PathOf("sample-app/data", file)), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
