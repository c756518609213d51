using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Xunit;

namespace Kan.Orleans.Tests.Support;

/// <summary>
/// Three silos as separate processes over a PostgreSQL server, and a client. Where there is no server, tests are skipped for the reason.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    public const int SiloCount = 3;

    // Long enough that a silo can be killed while it scores a partition, which has two batches of rows.
    private const int MillisecondsPerBatch = 60;

    private readonly PostgresServer _postgres = new();
    private IHost? _client;

    /// <summary>Why there is no cluster; null if there is one.</summary>
    public string? Reason => _postgres.Reason;

    internal SiloProcess[] Silos { get; private set; } = [];

    internal Rows Rows { get; } = new();

    internal IClusterClient Client => (IClusterClient)_client!.Services.GetService(typeof(IClusterClient))!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        if (Reason is not null) return;
        await KanPostgres.CreateSchemaAsync(_postgres.ConnectionString);
        Silos = [.. Enumerable.Range(0, SiloCount).Select(_ => StartSilo("credit"))];
        foreach (var silo in Silos) await silo.UntilReadyAsync(CancellationToken.None);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            client.UseKanPostgres(_postgres.ConnectionString);
            client.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
        });
        _client = builder.Build();
        await _client.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) silo.Dispose();
        if (_client is not null) await StopClientAsync(_client);
        await _postgres.DisposeAsync();
        Rows.Dispose();
    }

    /// <summary>Ends the database server as a crash does, and starts it again.</summary>
    public Task RestartPostgresAsync() => _postgres.RestartAsync();

    internal SiloProcess StartSilo(string model) => new(_postgres.ConnectionString, model, MillisecondsPerBatch);

    /// <summary>Submits a job under a new name.</summary>
    internal async Task<IScoringJobGrain> SubmitAsync(ScoringJob job)
    {
        var grain = Client.GetGrain<IScoringJobGrain>("job-" + Guid.NewGuid().ToString("N"));
        await InsistAsync(async () =>
        {
            await grain.Submit(job);
            return true;
        });
        return grain;
    }

    /// <summary>Waits until a job is not running any more.</summary>
    internal static async Task<JobProgress> FinishAsync(IScoringJobGrain job) =>
        await UntilAsync(job, static progress => progress.State != JobState.Running);

    /// <summary>Waits until a job is where one wants it.</summary>
    internal static async Task<JobProgress> UntilAsync(IScoringJobGrain job, Func<JobProgress, bool> holds)
    {
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        while (true)
        {
            var progress = await InsistAsync(job.GetProgress);
            if (holds(progress)) return progress;
            Assert.False(limit.IsCancellationRequested,
                $"{progress}: {string.Join(' ', progress.Failures)} {string.Join(' ', progress.Silos)}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    internal static async Task<ImmutableArray<PartitionRecord>> RecordsAsync(IScoringJobGrain job) => await InsistAsync(job.GetRecords);

    /// <summary>The silo on which the coordinator of a job is; null if it is on none.</summary>
    internal async Task<SiloProcess?> CoordinatorOfAsync(IScoringJobGrain job)
    {
        var address = await InsistAsync(async () => await Client.GetGrain<IManagementGrain>(0).GetActivationAddress(job));
        return Silos.FirstOrDefault(silo => address?.Endpoint.ToString() == silo.Endpoint);
    }

    /// <summary>Asks again while silos or the database are away: a client of a cluster has to.</summary>
    internal static async Task<T> InsistAsync<T>(Func<Task<T>> ask)
    {
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or System.Data.Common.DbException
                or System.Net.Sockets.SocketException && !limit.IsCancellationRequested)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task StopClientAsync(IHost client)
    {
        // Its silos are gone: it is not waited for.
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await client.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
        }

        client.Dispose();
    }
}

/// <summary>The tests that share the cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<Cluster>
{
    public const string Name = "cluster";
}
