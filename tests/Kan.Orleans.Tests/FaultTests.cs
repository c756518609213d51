using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Orleans.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Orleans.Tests;

/// <summary>
/// Jobs whose silos are killed at seeded moments: nothing is lost and nothing is there twice. Set KAN_KILL_SCHEDULES to the number of
/// schedules, such as 200, and KAN_KILL_SEED to the first of them; KAN_KILL_LOG is a file that gets a line for each schedule that ended
/// well.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class FaultTests
{
    private readonly Cluster _cluster;

    public FaultTests(Cluster cluster)
    {
        Assert.SkipUnless(cluster.Reason is null, cluster.Reason ?? "");
        _cluster = cluster;
    }

    [Fact]
    public async Task Results_are_those_of_one_process_whichever_silos_are_killed()
    {
        int first = Number("KAN_KILL_SEED", 1), count = Number("KAN_KILL_SCHEDULES", 3);
        for (int seed = first; seed < first + count; seed++)
        {
            var schedule = KillSchedule.Of(seed);
            string folder = _cluster.Rows.NewFolder();
            var job = await _cluster.SubmitAsync(_cluster.Rows.Job(folder) with { Attempts = 20 });
            var end = Cluster.FinishAsync(job);
            foreach (var kill in schedule.Kills)
            {
                await HangGuard.UntilAsync(() => Rows.CountResults(folder) >= kill.AfterResults || end.IsCompleted,
                    $"schedule {seed} has {kill.AfterResults} results", TestContext.Current.CancellationToken);
                await Task.Delay(kill.Delay, TestContext.Current.CancellationToken);
                if (kill.Victim == Victim.Database) await _cluster.RestartPostgresAsync();
                else if (kill.Victim == Victim.Coordinator) (await _cluster.CoordinatorOfAsync(job))?.Kill();
                else foreach (int silo in kill.Silos) _cluster.Silos[silo].Kill();
            }

            var progress = await end;
            Assert.True(progress.State == JobState.Complete, $"schedule {seed} ({schedule}): {string.Join(' ', progress.Failures)}");
            var records = await Cluster.RecordsAsync(job);
            _cluster.Rows.AssertComplete(folder, records);
            Log($"{schedule}: {records.Sum(static record => record.Attempts)} attempts for {records.Length} partitions");
            Directory.Delete(folder, recursive: true);
            foreach (var silo in _cluster.Silos) await silo.UntilReadyAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_database_that_ends_in_the_middle_of_a_job_stops_nothing()
    {
        string folder = _cluster.Rows.NewFolder();
        var job = await _cluster.SubmitAsync(_cluster.Rows.Job(folder));
        await HangGuard.UntilAsync(() => Rows.CountResults(folder) >= 5, "results are there", TestContext.Current.CancellationToken);
        await _cluster.RestartPostgresAsync();
        Assert.Equal(JobState.Complete, (await Cluster.FinishAsync(job)).State);
        _cluster.Rows.AssertComplete(folder, await Cluster.RecordsAsync(job));
    }

    [Fact]
    public async Task A_full_disk_holds_a_job_up_until_there_is_room()
    {
        using var disk = await SmallDisk.MountAsync(_cluster.Rows.NewFolder(), kilobytes: 96);
        Assert.SkipUnless(disk.Reason is null, disk.Reason ?? "");
        var job = await _cluster.SubmitAsync(_cluster.Rows.Job(disk.Folder) with { Attempts = 1 });
        var progress = await Cluster.UntilAsync(job, static progress => progress.State != JobState.Running
            || progress.Silos.Count(static silo => silo.Trouble.Contains("No space left", StringComparison.Ordinal)) >= 2);
        Assert.Equal((JobState.Running, 0), (progress.State, progress.Failures.Length));
        Assert.InRange(progress.Done, 0, 39);
        await disk.ResizeAsync(kilobytes: 64 * 1024);
        Assert.Equal(JobState.Complete, (await Cluster.FinishAsync(job)).State);
        _cluster.Rows.AssertComplete(disk.Folder, await Cluster.RecordsAsync(job));
    }

    private static void Log(string line)
    {
        if (Environment.GetEnvironmentVariable("KAN_KILL_LOG") is { Length: > 0 } path) File.AppendAllLines(path, [line]);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
