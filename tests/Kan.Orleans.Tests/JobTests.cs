using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Orleans.Silo;
using Kan.Orleans.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Orleans.Tests;

/// <summary>Jobs on a cluster of three silos that nobody kills.</summary>
[Collection(ClusterTests.Name)]
public sealed class JobTests
{
    private readonly Cluster _cluster;

    public JobTests(Cluster cluster)
    {
        Assert.SkipUnless(cluster.Reason is null, cluster.Reason ?? "");
        _cluster = cluster;
    }

    [Fact]
    public async Task A_job_gives_the_bits_of_one_process_and_every_silo_takes_part()
    {
        string folder = _cluster.Rows.NewFolder();
        var job = await _cluster.SubmitAsync(_cluster.Rows.Job(folder));
        var progress = await Cluster.FinishAsync(job);
        Assert.Equal((JobState.Complete, 40, 40, Rows.Count), (progress.State, progress.Partitions, progress.Done, progress.Rows));
        var records = await Cluster.RecordsAsync(job);
        _cluster.Rows.AssertComplete(folder, records);
        Assert.Equal(Cluster.SiloCount, records.Select(static record => record.Silo).Distinct().Count());
        Assert.False(Directory.Exists(Path.Combine(folder, ".parts")));
    }

    [Fact]
    public async Task The_same_job_again_does_nothing_and_another_is_refused()
    {
        var work = _cluster.Rows.Job(_cluster.Rows.NewFolder());
        var job = await _cluster.SubmitAsync(work);
        await job.Submit(work);
        await Cluster.FinishAsync(job);
        var written = Directory.GetFiles(work.OutputFolder).Select(File.GetLastWriteTimeUtc).ToArray();
        await job.Submit(work);
        Assert.Equal(JobState.Complete, (await job.GetProgress()).State);
        Assert.Equal(written, Directory.GetFiles(work.OutputFolder).Select(File.GetLastWriteTimeUtc));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => job.Submit(work with { Kept = [] }));
        Assert.Contains("another job", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poisoned_partition_is_reported_and_the_rest_is_finished()
    {
        string folder = _cluster.Rows.NewFolder(), broken = _cluster.Rows.PathOf("broken.parquet");
        await File.WriteAllTextAsync(broken, "not Parquet", TestContext.Current.CancellationToken);
        Assert.Equal([new JobPartition(broken)], JobPlan.Divide(broken, 1));
        var job =
            await _cluster.SubmitAsync(_cluster.Rows.Job(folder, new JobPartition(broken),
            new JobPartition(_cluster.Rows.PathOf("missing.parquet"))) with
            { Attempts = 3 });
        var progress = await Cluster.FinishAsync(job);
        Assert.Equal((JobState.CompleteWithFailures, 40), (progress.State, progress.Done));
        Assert.Equal([(40, 3), (41, 3)], progress.Failures.Select(static failure => (failure.Partition, failure.Attempts)));
        Assert.All(progress.Failures, static failure => Assert.Contains(failure.File, failure.Reason, StringComparison.Ordinal));
        _cluster.Rows.AssertComplete(folder, await Cluster.RecordsAsync(job));
    }

    [Fact]
    public async Task A_job_that_is_cancelled_stops_and_keeps_what_it_has()
    {
        string folder = _cluster.Rows.NewFolder();
        var work = _cluster.Rows.Job(folder);
        var job = await _cluster.SubmitAsync(work);
        await HangGuard.UntilAsync(() => Rows.CountResults(folder) >= 3, "results are there", TestContext.Current.CancellationToken);
        await job.Cancel();
        var progress = await job.GetProgress();
        Assert.Equal(JobState.Cancelled, progress.State);
        Assert.InRange(progress.Done, 3, 39);
        Assert.Equal(progress.Done, Rows.CountResults(folder));
        await job.Submit(work);
        Assert.Equal(progress, await job.GetProgress());
    }

    [Fact]
    public async Task A_silo_of_another_network_is_refused_by_its_hash()
    {
        using var other = _cluster.StartSilo("other");
        await other.UntilReadyAsync(TestContext.Current.CancellationToken);
        string folder = _cluster.Rows.NewFolder();
        var job = await _cluster.SubmitAsync(_cluster.Rows.Job(folder));
        var progress = await Cluster.UntilAsync(job, progress => progress.State != JobState.Running
            || progress.Silos.Any(silo => silo.Trouble.Contains(Other.Info.ContentHash, StringComparison.Ordinal)));
        Assert.Contains(Credit.Info.ContentHash,
            Assert.Single(progress.Silos, silo => silo.Silo.Contains(other.Endpoint, StringComparison.Ordinal)).Trouble,
            StringComparison.Ordinal);
        Assert.Equal(JobState.Complete, (await Cluster.FinishAsync(job)).State);
        var records = await Cluster.RecordsAsync(job);
        Assert.DoesNotContain(records, record => record.Silo.Contains(other.Endpoint, StringComparison.Ordinal));
        _cluster.Rows.AssertComplete(folder, records);
    }

    [Fact]
    public async Task Single_requests_are_answered_by_silos_of_the_network()
    {
        var answers = await Cluster.InsistAsync(() => _cluster.Client.GetGrain<IEvaluationGrain>(Credit.Info.ContentHash)
            .Evaluate([52, 31_000, 30, 20_000]));
        Assert.Equal([Credit.Evaluate(new(52, 31_000)), Credit.Evaluate(new(30, 20_000))], answers);
        await Assert.ThrowsAsync<ArgumentException>(() => Cluster.InsistAsync(() =>
            _cluster.Client.GetGrain<IEvaluationGrain>(Credit.Info.ContentHash).Evaluate([1, 2, 3])));
        var error = await Assert.ThrowsAsync<WrongModelException>(() => Cluster.InsistAsync(() =>
            _cluster.Client.GetGrain<IEvaluationGrain>(Other.Info.ContentHash).Evaluate([1, 2])));
        Assert.Contains(Other.Info.ContentHash, error.Message, StringComparison.Ordinal);
    }
}
