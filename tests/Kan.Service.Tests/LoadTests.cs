using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Many clients at once, for a bounded time; every answer is checked. Kan.Service.Load does the same for as long as it is told.</summary>
public sealed class LoadTests
{
    private const int Clients = 64;

    /// <summary>Growth for each request from which on it counts as a leak: a third of the digit it carries.</summary>
    private const int BytesOfALeak = 256;

    [Fact]
    public async Task No_answer_is_wrong_or_lost_and_memory_does_not_grow()
    {
        // The heaps of the server's collector grow by themselves until they have found their size; these settings give them one from the start.
        await using var service = await ServiceProcess.Start(settings: [("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "0x1000000")]);
        await LoadRun.Of(service, Clients, TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        // What is not a leak settles: a round that adds nearly nothing ends the search. A leak adds to every round.
        var rounds = new List<string>();
        bool grows = true;
        while (grows && rounds.Count < 8)
        {
            long before = service.WorkingSet();
            var answers = await LoadRun.Of(service, Clients, TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            long growth = service.WorkingSet() - before;

            Assert.All(answers, static answer => Assert.Equal(Outcome.Right, answer.Outcome));
            Assert.True(answers.Count > Clients, "hardly any request was answered");
            Assert.All(answers, static answer => Assert.True(answer.EvaluationMicroseconds > 0 && answer.EvaluationMicroseconds < 1000 * answer.Milliseconds));
            grows = growth > answers.Count * BytesOfALeak;
            rounds.Add($"{growth >> 10:N0} KiB over {answers.Count:N0} requests");
        }

        Assert.False(grows, "the working set grew in every round: by " + string.Join("; ", rounds));
        Assert.True(await service.Stop());
    }

    [Fact]
    public async Task A_graceful_stop_finishes_what_was_accepted()
    {
        await using var service = await ServiceProcess.Start();
        using var stop = new CancellationTokenSource();
        var load = LoadRun.Of(service, Clients, TimeSpan.FromSeconds(30), stop.Token);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.True(await service.Stop());
        await stop.CancelAsync();
        Outcome[] outcomes = [.. (await load).Select(static answer => answer.Outcome)];

        // Refused after the end, but never wrong, and never cut off with a half answer.
        Assert.DoesNotContain(Outcome.Wrong, outcomes);
        Assert.DoesNotContain(Outcome.CutOff, outcomes);
        Assert.Contains(Outcome.Right, outcomes);
    }

    [Fact]
    public async Task Killed_and_started_again_under_load_it_answers_rightly_or_not_at_all()
    {
        var service = await ServiceProcess.Start();
        int port = service.Address.Port;
        using var stop = new CancellationTokenSource();
        var load = LoadRun.Of(service, Clients, TimeSpan.FromSeconds(60), stop.Token);
        for (int round = 0; round < 3; round++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            await service.Kill();
            await service.DisposeAsync();
            service = await ServiceProcess.Start(port);
        }

        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Outcome[] outcomes = [.. (await load).Select(static answer => answer.Outcome)];
        Assert.DoesNotContain(Outcome.Wrong, outcomes);
        Assert.Contains(Outcome.Right, outcomes);
        var last = await LoadRun.Of(service, Clients, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.All(last, static answer => Assert.Equal(Outcome.Right, answer.Outcome));
        await service.DisposeAsync();
    }
}
