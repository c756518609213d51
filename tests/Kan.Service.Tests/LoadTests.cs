using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Many clients at once, for a bounded time; every answer is checked.</summary>
public sealed class LoadTests
{
    private const int Clients = 64;

    /// <summary>How long the load lasts; set KAN_LOAD_SECONDS for a longer run.</summary>
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("KAN_LOAD_SECONDS"), out int seconds) ? seconds : 6);

    [Fact]
    public async Task No_answer_is_wrong_or_lost_and_memory_does_not_grow()
    {
        await using var service = await ServiceProcess.Start();
        await Run(service, TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        long before = service.WorkingSet();
        var (answers, latencies) = await Run(service, s_time, TestContext.Current.CancellationToken);
        long after = service.WorkingSet();

        Assert.All(answers, static answer => Assert.Equal(Answer.Right, answer));
        Assert.True(answers.Count > Clients, "hardly any request was answered");

        // The heap may settle; a leak of one kilobyte a request would show.
        Assert.True(after - before < Math.Max(64L << 20, answers.Count * 1024L / 2), $"the working set grew from {before >> 20} to {after >> 20} MiB over {answers.Count} requests");
        double[] sorted = [.. latencies.Order()];
        TestContext.Current.SendDiagnosticMessage($"{answers.Count} requests, P50 {sorted[sorted.Length / 2]:F2} ms, P99 {sorted[sorted.Length * 99 / 100]:F2} ms");
        Assert.True(await service.Stop());
    }

    [Fact]
    public async Task A_graceful_stop_finishes_what_was_accepted()
    {
        await using var service = await ServiceProcess.Start();
        using var stop = new CancellationTokenSource();
        var load = Run(service, TimeSpan.FromSeconds(30), stop.Token);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.True(await service.Stop());
        await stop.CancelAsync();
        var (answers, _) = await load;

        // Refused after the end, but never wrong, and never cut off with a half answer.
        Assert.DoesNotContain(Answer.Wrong, answers);
        Assert.DoesNotContain(Answer.CutOff, answers);
        Assert.Contains(Answer.Right, answers);
    }

    [Fact]
    public async Task Killed_and_started_again_under_load_it_answers_rightly_or_not_at_all()
    {
        var service = await ServiceProcess.Start();
        int port = service.Address.Port;
        using var stop = new CancellationTokenSource();
        var load = Run(service, TimeSpan.FromSeconds(60), stop.Token);
        for (int round = 0; round < 3; round++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            await service.Kill();
            await service.DisposeAsync();
            service = await ServiceProcess.Start(port);
        }

        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var (answers, _) = await load;
        Assert.DoesNotContain(Answer.Wrong, answers);
        Assert.Contains(Answer.Right, answers);
        var (last, _) = await Run(service, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.All(last, static answer => Assert.Equal(Answer.Right, answer));
        await service.DisposeAsync();
    }

    private enum Answer
    {
        Right, Wrong, Refused, CutOff,
    }

    private static async Task<(ConcurrentBag<Answer> Answers, ConcurrentBag<double> Milliseconds)> Run(ServiceProcess service, TimeSpan time, CancellationToken stop)
    {
        var answers = new ConcurrentBag<Answer>();
        var latencies = new ConcurrentBag<double>();
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var http = service.NewClient();
            for (int i = client; Stopwatch.GetTimestamp() < end && !stop.IsCancellationRequested; i++)
            {
                long start = Stopwatch.GetTimestamp();
                answers.Add(await Ask(http, i % Digits.Models.Length, i * 7 % Digits.Rows.Length));
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }, CancellationToken.None)));
        return (answers, latencies);
    }

    private static async Task<Answer> Ask(HttpClient http, int model, int known)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.PostAsync("/classify?model=" + Digits.Models[model], ClassifyTests.Raw(Digits.Bytes(known).ToArray()));
        }
        catch (HttpRequestException)
        {
            return Answer.Refused;
        }

        using (response)
        {
            if (response.StatusCode != HttpStatusCode.OK) return Answer.Wrong;
            try
            {
                using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                return Digits.IsAnswer(model, known, body.RootElement.GetProperty("results")[0]) ? Answer.Right : Answer.Wrong;
            }
            catch (HttpRequestException)
            {
                return Answer.CutOff;
            }
        }
    }
}
