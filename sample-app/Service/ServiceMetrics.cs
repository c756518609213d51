using System;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SampleApp.Service;

/// <summary>What the service counts, for any listener to System.Diagnostics.Metrics, OpenTelemetry or dotnet-counters.</summary>
internal sealed class ServiceMetrics
{
    /// <summary>The name to listen to.</summary>
    public const string MeterName = "Kan.Sample";

    // From one picture, some microseconds, to a thousand of them on a busy machine.
    private static readonly double[] s_seconds = [2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1, 1];

    private readonly Counter<long> _samples;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _aborted;
    private readonly Histogram<double> _evaluation;

    public ServiceMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _samples = meter.CreateCounter<long>("kan.samples", "{sample}", "Samples classified.");
        _rejected = meter.CreateCounter<long>("kan.requests.rejected", "{request}", "Requests answered with a problem.");
        _aborted = meter.CreateCounter<long>("kan.requests.aborted", "{request}",
            "Requests whose client disconnected before they were answered.");
        _evaluation = meter.CreateHistogram(
            "kan.evaluation.duration", "s", "Time of the evaluation of one request.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds });
    }

    public void Evaluated(string model, int samples, TimeSpan time)
    {
        var tag = new TagList { { "kan.model", model } };
        _samples.Add(samples, tag);
        _evaluation.Record(time.TotalSeconds, tag);
    }

    public void Rejected(int status) => _rejected.Add(1, new TagList { { "http.response.status_code", status } });

    public void Aborted() => _aborted.Add(1);
}
