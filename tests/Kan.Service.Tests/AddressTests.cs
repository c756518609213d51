using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Where the service listens, and what those ask who watch over it.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0")]
    [InlineData("URLS", "http://127.0.0.1:0")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://127.0.0.1:0")]
    public async Task The_configuration_decides_about_the_address(string name, string value)
    {
        await using var service = await ServiceProcess.StartAsConfigured((name, value));
        Assert.NotEqual(5080, service.Address.Port);
        using var response = await service.Client.GetAsync("/livez", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_one_it_listens_on_the_loopback_address() =>
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse((await Started()).Host)));

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/healthz")]
    public async Task It_is_alive_and_ready(string path)
    {
        await using var service = await ServiceProcess.Start();
        Assert.Equal("""{"status":"ok"}""", await service.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
        using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Its_metrics_can_be_scraped()
    {
        await using var service = await ServiceProcess.Start();
        using (var answer = await service.Client.PostAsync("/classify", ClassifyTests.Raw(Digits.Bytes(0).ToArray()),
            TestContext.Current.CancellationToken)) answer.EnsureSuccessStatusCode();
        string text = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        string[] lines = text.Split('\n');
        Assert.Contains(lines, static line => line.StartsWith("kan_samples", StringComparison.Ordinal)
            && line.Contains("kan_model=\"mnist-mlp\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));

        // Buckets are of use where times fall into several of them.
        Assert.Contains(lines, static line => line.StartsWith("kan_evaluation_duration_seconds_bucket", StringComparison.Ordinal)
            && line.Contains("le=\"1E-05\"", StringComparison.Ordinal));
    }

    private static async Task<Uri> Started()
    {
        await using var service = await ServiceProcess.Start();
        return service.Address;
    }
}
