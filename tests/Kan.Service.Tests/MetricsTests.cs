using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Kan.Service.Load;
using SampleApp.Service;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>What a listener to the service's meter hears.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Samples_rejections_and_durations_are_counted()
    {
        var heard = new ConcurrentQueue<(string Instrument, double Value, string Tag)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ServiceMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();

        await using var app = Server.Build(0);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        byte[] two = [.. Digits.Bytes(0).Span, .. Digits.Bytes(1).Span];
        using (var answer = await client.PostAsync("/classify?model=mnist-kan", ClassifyTests.Raw(two), TestContext.Current.CancellationToken)) answer.EnsureSuccessStatusCode();
        using (await client.PostAsync("/classify", ClassifyTests.Raw(new byte[3]), TestContext.Current.CancellationToken)) { }
        using (await client.GetAsync("/nowhere", TestContext.Current.CancellationToken)) { }
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains(("kan.samples", 2, "kan.model=mnist-kan"), heard);
        Assert.Contains(("kan.requests.rejected", 1, "http.response.status_code=400"), heard);
        Assert.Contains(("kan.requests.rejected", 1, "http.response.status_code=404"), heard);
        var duration = Assert.Single(heard, static measurement => measurement.Instrument == "kan.evaluation.duration");
        Assert.InRange(duration.Value, 1e-7, 1);

        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            heard.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
    }
}
