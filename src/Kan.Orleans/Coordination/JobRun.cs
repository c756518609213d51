using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Data.Common;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Kan.Orleans;

/// <summary>
/// Works on a job until no partition is open: hands partitions to silos with free places and records what became of them.
/// </summary>
/// <remarks>
/// An attempt is recorded before a partition is handed out, so that one that kills its silo, and this coordinator with it, is not tried for
/// ever. It is given back where the silo was at fault: a silo that died refuses orders until the cluster notices, and would use up the
/// attempts within a second.
/// </remarks>
internal sealed partial class JobRun(string name, StoredJob stored, IJobStore store, SiloRoster silos, ILogger logger) : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    private readonly ScoringJob _job = stored.Job;
    private readonly PartitionRecord[] _records = [.. stored.Records];
    private readonly Queue<int> _waiting =
        new(stored.Records.Where(static record => record.State == PartitionState.Open).Select(static record => record.Partition));
    private readonly Dictionary<Task<PartitionOutcome>, (int Partition, SiloAddress Silo)> _running = [];
    private readonly HashSet<int> _unsaved = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _isCancelled = stored.IsCancelled;

    /// <summary>How far the job is.</summary>
    public JobProgress Progress =>
        (stored with { IsCancelled = _isCancelled, Records = [.. _records] }).Progress() with { Silos = silos.Progress };

    /// <summary>The records of all partitions.</summary>
    public ImmutableArray<PartitionRecord> Records => [.. _records];

    /// <summary>Stops silos that work for the job.</summary>
    /// <param name="isCancelled">Whether the job is cancelled, not only moved elsewhere.</param>
    public void Stop(bool isCancelled)
    {
        _isCancelled |= isCancelled;
        _stop.Cancel();
    }

    /// <summary>Works until the job is finished or stopped.</summary>
    public async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && (_waiting.Count > 0 || _running.Count > 0 || _unsaved.Count > 0))
        {
            try
            {
                silos.Refresh();
                await HandOutAsync();
            }
            catch (DbException exception)
            {
                // Silos go on meanwhile; what they finish is recorded when the store is back.
                LogStoreIsAway(name, exception.Message);
            }

            if (_waiting.Count > 0 || _running.Count > 0 || _unsaved.Count > 0) await Task.WhenAny([.. _running.Keys, Task.Delay(s_look)]);
            foreach (var finished in _running.Keys.Where(static task => task.IsCompleted).ToArray()) Note(finished);
        }

        await ((Task)Task.WhenAll(_running.Keys))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        foreach (var finished in _running.Keys.ToArray()) Note(finished);
        await SaveAsync();
        LogEnd(name, Progress.State, Progress.Done, Progress.Partitions);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Saves what is not saved yet together with records that are about to be true: one transaction for each turn.</summary>
    private async Task SaveAsync(params PartitionRecord[] tried)
    {
        int[] saved = [.. _unsaved];
        PartitionRecord[] records = [.. saved.Except(tried.Select(static record => record.Partition))
            .Select(partition => _records[partition]), .. tried];
        if (records.Length == 0) return;
        await store.SaveAsync(name, records);
        _unsaved.ExceptWith(saved);
    }

    private async Task HandOutAsync()
    {
        var orders = silos.FreePlaces().Zip(_waiting).ToArray();
        PartitionRecord[] tried =
            [.. orders.Select(order => _records[order.Second] with { Attempts = _records[order.Second].Attempts + 1,
            Silo = order.First.ToString() })];
        await SaveAsync(tried);
        foreach (var ((silo, partition), record) in orders.Zip(tried))
        {
            _waiting.Dequeue();
            _records[partition] = record;
            var order = new PartitionOrder(partition, _job.Partitions[partition], _job.ModelHash, _job.Inputs, _job.Kept,
                _job.OutputFolder);
            _running.Add(ScoreAsync(silos.Take(silo), order), (partition, silo));
        }
    }

    /// <summary>
    /// Hands an order to a silo that answers. One that does not has not begun, which a failure of the order itself would leave open.
    /// </summary>
    private async Task<PartitionOutcome> ScoreAsync(IPartitionWorkerGrain worker, PartitionOrder order)
    {
        try
        {
            await worker.Describe();
        }
        catch (Exception exception)
        {
            return new PartitionOutcome(Blame.Silo, "The silo does not answer: " + Summary(exception));
        }

        return await worker.Score(order, _stop.Token);
    }

    private void Note(Task<PartitionOutcome> finished)
    {
        _running.Remove(finished, out var work);
        bool isLost = !finished.IsCompletedSuccessfully;
        var outcome = isLost ? new PartitionOutcome(Blame.Partition,
            "The silo was lost: " + Summary(finished.Exception?.GetBaseException())) : finished.Result;
        silos.Free(work.Silo, isLost || outcome.Blame == Blame.Silo ? outcome.Reason : "");
        var before = _records[work.Partition];
        var record = outcome.Blame switch
        {
            Blame.None => before with { State = PartitionState.Done, Rows = outcome.Rows, Bytes = outcome.Bytes, Sha256 = outcome.Sha256 },
            _ when isLost && _stop.IsCancellationRequested => before with { Attempts = before.Attempts - 1 },
            Blame.Silo => before with { Attempts = before.Attempts - 1, Reason = outcome.Reason },
            _ => before with
            {
                State = before.Attempts < _job.Attempts ? PartitionState.Open : PartitionState.Failed,
                Reason = outcome.Reason
            },
        };
        _records[work.Partition] = record;
        _unsaved.Add(work.Partition);
        if (record.State == PartitionState.Open) _waiting.Enqueue(work.Partition);
    }

    /// <summary>The first line of a message: those of the network go on with a stack trace.</summary>
    private static string Summary(Exception? exception) =>
        exception is null ? "the call was cancelled" : exception.Message.Split('\n')[0].Trim();

    [LoggerMessage(LogLevel.Warning, "The store of job {Name} is away: {Reason}")]
    private partial void LogStoreIsAway(string name, string reason);

    [LoggerMessage(LogLevel.Information, "Job {Name}: {State}, {Done} of {Partitions} partitions")]
    private partial void LogEnd(string name, JobState state, int done, int partitions);
}
