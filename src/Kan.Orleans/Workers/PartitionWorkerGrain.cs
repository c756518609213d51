using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;

namespace Kan.Orleans;

/// <summary>What a silo says of itself.</summary>
/// <param name="ModelHash">The hash of the network that it serves.</param>
/// <param name="PartitionsInFlight">How many partitions it scores at a time.</param>
[GenerateSerializer]
[Alias("kan.worker")]
internal sealed record WorkerDescription([property: Id(0)] string ModelHash, [property: Id(1)] int PartitionsInFlight);

/// <summary>The worker of one silo, whose address is the key.</summary>
[Alias("kan.partition-worker")]
internal interface IPartitionWorkerGrain : IGrainWithStringKey
{
    [Alias("describe")]
    Task<WorkerDescription> Describe();

    /// <summary>
    /// Scores a partition. What goes wrong with it is said in the outcome; an exception means that nobody knows what became of it.
    /// </summary>
    [Alias("score")]
    [ResponseTimeout("1.00:00:00")]
    Task<PartitionOutcome> Score(PartitionOrder order, CancellationToken token);
}

/// <inheritdoc cref="IPartitionWorkerGrain"/>
[Reentrant]
[OnNamedSilo]
internal sealed class PartitionWorkerGrain(ServedModel model, PartitionScorer scorer, IOptions<KanScoringOptions> options) : Grain,
    IPartitionWorkerGrain
{
    public Task<WorkerDescription> Describe() => Task.FromResult(new WorkerDescription(model.Hash, options.Value.PartitionsInFlight));

    public Task<PartitionOutcome> Score(PartitionOrder order, CancellationToken token) => scorer.ScoreAsync(order, token);
}
