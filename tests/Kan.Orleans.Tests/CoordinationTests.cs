using System;
using System.Linq;
using System.Threading.Tasks;
using Kan.Orleans.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kan.Orleans.Tests;

/// <summary>The coordinator by itself, over silos in states that a cluster passes through quickly.</summary>
public sealed class CoordinationTests
{
    private const string Hash = "hash", Name = "job";

    /// <summary>
    /// The connection to a dead silo is refused at once, so that each refusal must not count, or all attempts are gone before the cluster
    /// has noticed.
    /// </summary>
    [Fact]
    public async Task A_dead_silo_that_is_not_noticed_yet_uses_up_no_attempts()
    {
        var silos = new FakeSilos();
        var dead = new DeadWorker(Hash);
        silos.Add(1, dead);
        silos.Add(2, new QuickWorker(Hash));
        var (progress, records) = await RunAsync(silos, partitions: 8);
        Assert.Equal((JobState.Complete, 8L), (progress.State, progress.Rows));
        Assert.Equal(0, dead.Orders);
        Assert.All(records, static record => Assert.Equal(1, record.Attempts));
        Assert.Contains(progress.Silos, static silo => silo.Trouble == "The silo does not answer: Unable to connect.");
    }

    /// <summary>A silo that dies with an order is another matter: the order may be what kills it.</summary>
    [Fact]
    public async Task A_partition_that_kills_every_silo_fails_when_its_attempts_are_used_up()
    {
        var silos = new FakeSilos();
        silos.Add(1, new KilledWorker(Hash, killer: 3));
        var (progress, records) = await RunAsync(silos, partitions: 5);
        Assert.Equal((JobState.CompleteWithFailures, 4), (progress.State, progress.Done));
        Assert.Equal((PartitionState.Failed, 2), (records[3].State, records[3].Attempts));
    }

    private static async Task<(JobProgress Progress, PartitionRecord[] Records)> RunAsync(FakeSilos silos, int partitions)
    {
        var store = new MemoryJobStore();
        await store.AddAsync(Name, new ScoringJob
        {
            ModelHash = Hash,
            Inputs = ["x"],
            OutputFolder = "/nowhere",
            Attempts = 2,
            Partitions = [.. Enumerable.Range(0, partitions)
                .Select(static i => new JobPartition(FormattableString.Invariant($"/rows/{i}.parquet")))],
        });
        using var run = new JobRun(
            Name, (await store.FindAsync(Name))!, store,
            new SiloRoster(silos.Cluster, silos.Grains, Hash, pause: TimeSpan.FromMilliseconds(50)), NullLogger.Instance);
        await run.RunAsync();
        return (run.Progress, [.. run.Records]);
    }
}
