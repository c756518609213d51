using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Orleans;
using Orleans.Runtime;

namespace Kan.Orleans;

/// <summary>The silos of a cluster as a job sees them: which serve its network, and how many partitions each can take.</summary>
internal sealed class SiloRoster(ISiloStatusOracle cluster, IGrainFactory grains, string modelHash, TimeSpan pause)
{
    private readonly Dictionary<SiloAddress, Entry> _entries = [];

    /// <summary>What is known of each silo.</summary>
    public ImmutableArray<SiloProgress> Progress =>
        [.. _entries.OrderBy(static entry => entry.Key)
            .Select(entry => new SiloProgress(entry.Key.ToString(), entry.Value.InFlight, Trouble(entry.Value)))];

    /// <summary>Forgets silos that are gone and asks new ones what they serve. Does not wait for answers.</summary>
    public void Refresh()
    {
        var active = cluster.GetApproximateSiloStatuses(onlyActive: true).Keys.ToHashSet();
        foreach (var gone in _entries.Keys.Where(silo => !active.Contains(silo)).ToArray()) _entries.Remove(gone);
        foreach (var silo in active)
        {
            if (!_entries.TryGetValue(silo, out var entry)) _entries.Add(silo, entry = new Entry(Worker(silo)));
            if (entry.Description is null or { IsFaulted: true }) entry.Description = entry.Worker.Describe();
        }
    }

    /// <summary>The silos with free places, each as often as it has some, those with the fewest partitions first.</summary>
    public IEnumerable<SiloAddress> FreePlaces() =>
        _entries.Where(entry => IsReady(entry.Value))
            .SelectMany(static entry => Enumerable.Range(entry.Value.InFlight,
                Math.Max(0, entry.Value.Description!.Result.PartitionsInFlight - entry.Value.InFlight)).Select(load => (entry.Key, load)))
            .OrderBy(static place => place.load).Select(static place => place.Key);

    /// <summary>Takes a place of a silo.</summary>
    /// <returns>Its worker, which refuses if the silo is gone.</returns>
    public IPartitionWorkerGrain Take(SiloAddress silo)
    {
        if (!_entries.TryGetValue(silo, out var entry)) return Worker(silo);
        entry.InFlight++;
        return entry.Worker;
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="fault">What is wrong with it; empty if nothing is.</param>
    public void Free(SiloAddress silo, string fault)
    {
        if (!_entries.TryGetValue(silo, out var entry)) return;
        entry.InFlight--;
        entry.Fault = fault;
        if (fault.Length > 0) entry.PausedUntil = DateTime.UtcNow + pause;
    }

    private IPartitionWorkerGrain Worker(SiloAddress silo) => grains.GetGrain<IPartitionWorkerGrain>(silo.ToParsableString());

    private bool IsReady(Entry entry) =>
        entry.Description is { IsCompletedSuccessfully: true, Result: var worker } && worker.ModelHash == modelHash
            && entry.PausedUntil < DateTime.UtcNow;

    private string Trouble(Entry entry) =>
        entry.Description is not { IsCompletedSuccessfully: true, Result: var worker } ? "has not answered yet"
        : worker.ModelHash != modelHash ? new WrongModelException(worker.ModelHash, modelHash).Message
        : entry.Fault;

    private sealed class Entry(IPartitionWorkerGrain worker)
    {
        public IPartitionWorkerGrain Worker => worker;

        public Task<WorkerDescription>? Description { get; set; }

        public int InFlight { get; set; }

        public string Fault { get; set; } = "";

        public DateTime PausedUntil { get; set; }
    }
}
