using System;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Kan.Orleans;

/// <inheritdoc cref="IScoringJobGrain"/>
[Reentrant]
internal sealed partial class ScoringJobGrain(IJobStore store, ISiloStatusOracle cluster, IOptions<KanScoringOptions> options,
    ILogger<ScoringJobGrain> logger) : Grain, IScoringJobGrain, IDisposable
{
    private JobRun? _run;
    private Task _work = Task.CompletedTask;

    private string Name => this.GetPrimaryKeyString();

    public async Task Submit(ScoringJob job)
    {
        job.Validate();
        await store.AddAsync(Name, job);
        if ((await FindAsync()).Job != job) throw new InvalidOperationException($"There is another job of the name '{Name}'.");
        await Wake();
    }

    public async Task Wake()
    {
        if (_run is not null) return;
        var stored = await FindAsync();
        if (_run is not null || stored.Progress().State != JobState.Running) return;
        _run = new JobRun(Name, stored, store, new SiloRoster(cluster, GrainFactory, stored.Job.ModelHash, options.Value.PauseAfterFault),
            logger);
        _work = Work(_run, stored.Job.OutputFolder);
    }

    public async Task<JobProgress> GetProgress() => _run?.Progress ?? (await FindAsync()).Progress();

    public async Task<ImmutableArray<PartitionRecord>> GetRecords() => _run?.Records ?? (await FindAsync()).Records;

    public async Task Cancel()
    {
        await FindAsync();
        await store.CancelAsync(Name);
        _run?.Stop(isCancelled: true);
        await _work;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _run?.Stop(isCancelled: false);
        await _work.WaitAsync(cancellationToken);
    }

    public void Dispose() => _run?.Dispose();

    private async Task Work(JobRun run, string outputFolder)
    {
        try
        {
            await run.RunAsync();
            PartitionScorer.Clean(outputFolder);
        }
        catch (Exception exception)
        {
            // The next call of Wake tries again from what is stored.
            LogStopped(exception, Name);
        }
        finally
        {
            _run = null;
            run.Dispose();
        }
    }

    private async Task<StoredJob> FindAsync() =>
        await store.FindAsync(Name) ?? throw new InvalidOperationException($"There is no job of the name '{Name}'.");

    [LoggerMessage(LogLevel.Error, "The work on job {Name} stopped")]
    private partial void LogStopped(Exception exception, string name);
}
