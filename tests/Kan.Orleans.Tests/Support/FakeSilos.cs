using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Orleans;
using Orleans.Runtime;

namespace Kan.Orleans.Tests.Support;

/// <summary>Silos as a coordinator sees them, without a cluster: a state that a real one is in for a second only can last here.</summary>
internal sealed class FakeSilos
{
    private readonly Dictionary<string, IPartitionWorkerGrain> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<SiloAddress, SiloStatus> _active = [];

    /// <summary>What the cluster says.</summary>
    public ISiloStatusOracle Cluster => Proxy.Create<ISiloStatusOracle>((_, _) => new Dictionary<SiloAddress, SiloStatus>(_active));

    /// <summary>Where workers are found.</summary>
    public IGrainFactory Grains => Proxy.Create<IGrainFactory>((_, arguments) => _workers[(string)arguments[0]!]);

    /// <summary>Adds an active silo.</summary>
    public void Add(int port, IPartitionWorkerGrain worker)
    {
        var address = SiloAddress.New(System.Net.IPAddress.Loopback, port, 1);
        _active.Add(address, SiloStatus.Active);
        _workers.Add(address.ToParsableString(), worker);
    }

    /// <summary>Answers each call by a function.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "The runtime derives from it.")]
    public class Proxy : DispatchProxy
    {
        private Func<MethodInfo, object?[], object?> _answer = static (_, _) => null;

        public static T Create<T>(Func<MethodInfo, object?[], object?> answer)
            where T : class
        {
            var proxy = Create<T, Proxy>();
            ((Proxy)(object)proxy)._answer = answer;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
    }
}

/// <summary>A worker that scores at once.</summary>
internal sealed class QuickWorker(string hash) : IPartitionWorkerGrain
{
    public Task<WorkerDescription> Describe() => Task.FromResult(new WorkerDescription(hash, 2));

    public Task<PartitionOutcome> Score(PartitionOrder order, CancellationToken token) =>
        Task.FromResult(new PartitionOutcome(Blame.None, Rows: 1));
}

/// <summary>A worker whose silo dies when it has said what it serves, while the cluster still counts on it.</summary>
internal sealed class DeadWorker(string hash) : IPartitionWorkerGrain
{
    private int _asked;

    /// <summary>The orders that were sent to it.</summary>
    public int Orders { get; private set; }

    public Task<WorkerDescription> Describe() =>
        _asked++ == 0 ? Task.FromResult(new WorkerDescription(hash, 2)) : Refuse<WorkerDescription>();

    public Task<PartitionOutcome> Score(PartitionOrder order, CancellationToken token)
    {
        Orders++;
        return Refuse<PartitionOutcome>();
    }

    private static Task<T> Refuse<T>() => Task.FromException<T>(new TimeoutException("Unable to connect.\n   at a place of the network"));
}

/// <summary>A worker whose silo dies with one of the partitions, and is started again.</summary>
internal sealed class KilledWorker(string hash, int killer) : IPartitionWorkerGrain
{
    public Task<WorkerDescription> Describe() => Task.FromResult(new WorkerDescription(hash, 2));

    public Task<PartitionOutcome> Score(PartitionOrder order, CancellationToken token) =>
        order.Number == killer ? Task.FromException<PartitionOutcome>(new TimeoutException("The silo is gone."))
            : Task.FromResult(new PartitionOutcome(Blame.None, Rows: 1));
}
