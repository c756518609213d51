using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Kan.Service.Load;
using Kan.Testing;
using SampleApp.Service;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>What a listener to the service's meter hears.</summary>
[Collection(Services.InThisProcess)]
public sealed class MetricsTests
{
    [Fact]
    public async Task Samples_rejections_and_durations_are_counted()
    {
        using var heard = new Heard();
        await using var app = Server.Build(0);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = HangGuard.Limit };
        byte[] two = [.. Digits.Bytes(0).Span, .. Digits.Bytes(1).Span];
        using (var answer = await client.PostAsync("/classify?model=mnist-kan", ClassifyTests.Raw(two),
            TestContext.Current.CancellationToken)) answer.EnsureSuccessStatusCode();
        using (await client.PostAsync("/classify", ClassifyTests.Raw(new byte[3]), TestContext.Current.CancellationToken)) { }
        using (await client.GetAsync("/nowhere", TestContext.Current.CancellationToken)) { }
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains(("kan.samples", 2, "kan.model=mnist-kan"), heard.Measurements);
        Assert.Contains(("kan.requests.rejected", 1, "http.response.status_code=400"), heard.Measurements);
        Assert.Contains(("kan.requests.rejected", 1, "http.response.status_code=404"), heard.Measurements);
        Assert.DoesNotContain(heard.Measurements, static measurement => measurement.Instrument == "kan.requests.aborted");
        var duration = Assert.Single(heard.Measurements, static measurement => measurement.Instrument == "kan.evaluation.duration");
        Assert.True(duration.Value > 0);
    }

    [Theory]
    [InlineData("/classify", "application/octet-stream", "Content-Length: 784")]
    [InlineData("/classify", "application/json", "Content-Length: 784")]
    [InlineData("/explain", "application/json", "Content-Length: 784")]
    [InlineData("/classify", "application/octet-stream", "Transfer-Encoding: chunked")]
    [InlineData("/explain", "application/json", "Transfer-Encoding: chunked")]
    public async Task Clients_that_leave_while_their_body_is_read_are_counted_and_not_rejected(string path, string type, string length)
    {
        const int Clients = 20;
        using var heard = new Heard();
        await using var app = Server.Build(0);
        await app.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < Clients; i++)
        {
            using var client = await RawClient.Connect(new Uri(app.Urls.First()).Port);
            await client.Send(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{length}\r\nExpect: 100-continue\r\n\r\n");

            // The go-ahead says that the service waits for the body.
            Assert.StartsWith("HTTP/1.1 100", await client.ReceiveStart(), StringComparison.Ordinal);
            if (i % 2 == 0) await client.Send(length.StartsWith("Content", StringComparison.Ordinal) ? "[0,0" : "4\r\n[0,0\r\n");
            client.Reset();
        }

        await HangGuard.UntilAsync(
            () => heard.Measurements.Count(static measurement => measurement.Instrument == "kan.requests.aborted") >= Clients,
            "all clients that left are counted",
            TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Clients, heard.Measurements.Count);
    }

    /// <summary>What the meter of the service says while this listens. No two tests of this class listen at once.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Heard()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ServiceMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
            _listener.Start();
        }

        public ConcurrentQueue<(string Instrument, double Value, string Tag)> Measurements { get; } = [];

        public void Dispose() => _listener.Dispose();

        private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            Measurements.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
    }
}
