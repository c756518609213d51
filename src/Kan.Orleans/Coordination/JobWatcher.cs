using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Kan.Orleans;

/// <summary>
/// Wakes the coordinators of unfinished jobs, so that a job continues when the silo of its coordinator has died. Every silo watches.
/// </summary>
internal sealed partial class JobWatcher(IJobStore store, IGrainFactory grains, IOptions<KanScoringOptions> options,
    ILogger<JobWatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchPeriod);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (string name in await store.UnfinishedAsync()) await grains.GetGrain<IScoringJobGrain>(name).Wake();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A watcher that ended would end the silo with it.
                LogNotWoken(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Unfinished jobs are looked for again: {Reason}")]
    private partial void LogNotWoken(string reason);
}
