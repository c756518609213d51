using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.Service.Load;
using Kan.Testing;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>
/// Many clients at once, for a bounded time; every answer is checked. Kan.Service.Load does the same for as long as it is told.
/// </summary>
public sealed class LoadTests
{
    private const int Clients = 64;

    /// <summary>Requests of each client in one round.</summary>
    private const int Requests = 1000;

    /// <summary>Growth for each request from which on it counts as a leak: a third of the digit it carries.</summary>
    private const int BytesOfALeak = 256;

    [Fact]
    public async Task No_answer_is_wrong_or_lost_and_memory_does_not_grow()
    {
        // The heaps of the server's collector grow by themselves until they have found their size; these settings give them one from the
        // start.
        await using var service = await ServiceProcess.Start(
            settings: [.. SharedService.Patience, ("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "0x1000000")]);
        await LoadRun.Times(service, Clients, Requests, TestContext.Current.CancellationToken);

        // What is not a leak settles: a round that adds nearly nothing ends the search. A leak adds to every round.
        var rounds = new List<string>();
        bool grows = true;
        while (grows && rounds.Count < 8)
        {
            long before = service.WorkingSet();
            var answers = await LoadRun.Times(service, Clients, Requests, TestContext.Current.CancellationToken);
            long growth = service.WorkingSet() - before;

            Assert.All(answers, static answer => Assert.Equal(Outcome.Right, answer.Outcome));
            Assert.Equal(Clients * Requests, answers.Count);
            Assert.All(answers, static answer =>
                Assert.True(answer.EvaluationMicroseconds > 0 && answer.EvaluationMicroseconds < 1000 * answer.Milliseconds));
            grows = growth > answers.Count * BytesOfALeak;
            rounds.Add($"{growth >> 10:N0} KiB over {answers.Count:N0} requests");
        }

        Assert.False(grows, "the working set grew in every round: by " + string.Join("; ", rounds));
        Assert.True(await service.Stop());
    }

    [Fact]
    public async Task A_graceful_stop_finishes_what_was_accepted()
    {
        await using var service = await ServiceProcess.Start(settings: SharedService.Patience);
        using var stop = new CancellationTokenSource();
        var answered = new RightAnswers();
        var load = LoadRun.Until(service, Clients, answered.Hear, stop.Token);
        await answered.MoreAsync(20 * Clients);
        Assert.True(await service.Stop());
        await stop.CancelAsync();
        Outcome[] outcomes = [.. (await load).Select(static answer => answer.Outcome)];

        // Refused after the end, but never wrong, and never cut off with a half answer.
        Assert.DoesNotContain(Outcome.Wrong, outcomes);
        Assert.DoesNotContain(Outcome.CutOff, outcomes);
        Assert.InRange(outcomes.Count(static outcome => outcome == Outcome.Right), 20 * Clients, outcomes.Length);
    }

    [Fact]
    public async Task Killed_and_started_again_under_load_it_answers_rightly_or_not_at_all()
    {
        var service = await ServiceProcess.Start(settings: SharedService.Patience);
        int port = service.Address.Port;
        using var stop = new CancellationTokenSource();
        var answered = new RightAnswers();
        var load = LoadRun.Until(service, Clients, answered.Hear, stop.Token);
        for (int round = 0; round < 3; round++)
        {
            await answered.MoreAsync(20 * Clients);
            await service.Kill();
            await service.DisposeAsync();
            service = await ServiceProcess.Start(port, SharedService.Patience);
        }

        await answered.MoreAsync(20 * Clients);
        await stop.CancelAsync();
        Outcome[] outcomes = [.. (await load).Select(static answer => answer.Outcome)];
        Assert.DoesNotContain(Outcome.Wrong, outcomes);
        var last = await LoadRun.Times(service, Clients, 20, TestContext.Current.CancellationToken);
        Assert.All(last, static answer => Assert.Equal(Outcome.Right, answer.Outcome));
        await service.DisposeAsync();
    }

    /// <summary>Counts right answers as they come: a load goes on for a number of answers, not for a time.</summary>
    private sealed class RightAnswers
    {
        private int _count;

        public void Hear(Answer answer)
        {
            if (answer.Outcome == Outcome.Right) Interlocked.Increment(ref _count);
        }

        /// <summary>Waits for so many from now on.</summary>
        public Task MoreAsync(int count)
        {
            int enough = Volatile.Read(ref _count) + count;
            return HangGuard.UntilAsync(
                () => Volatile.Read(ref _count) >= enough, $"{count} more requests are answered", TestContext.Current.CancellationToken);
        }
    }
}
