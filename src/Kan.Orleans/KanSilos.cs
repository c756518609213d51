using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Kan.Orleans;

/// <summary>Silos that score by a network in <c>float</c>, and clusters that keep their jobs in PostgreSQL.</summary>
public static class KanSilos
{
    private const string Provider = "Npgsql";

    /// <summary>
    /// Makes a silo score by a compiled network. Jobs are kept in the silo's memory unless
    /// <see cref="UseKanPostgres(ISiloBuilder, string)"/> is called.
    /// </summary>
    /// <typeparam name="TModel">The network.</typeparam>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">What the silo may use.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddKanScoring<TModel>(this ISiloBuilder silo, Action<KanScoringOptions>? configure = null)
        where TModel : IKanModel<float> => Add(silo, new ServedModel<TModel, float>(), configure);

    /// <summary>
    /// Keeps the members of the cluster and its jobs in PostgreSQL. Call <see cref="KanPostgres.CreateSchemaAsync"/> before the silo
    /// starts.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">The database, as Npgsql knows it.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder UseKanPostgres(this ISiloBuilder silo, string connectionString)
    {
        silo.Services.AddSingleton<IJobStore>(_ => new PostgresJobStore(connectionString));
        return silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Provider, connectionString));
    }

    /// <summary>Lets a client find the silos of a cluster in PostgreSQL.</summary>
    /// <param name="client">The client.</param>
    /// <param name="connectionString">The database, as Npgsql knows it.</param>
    /// <returns>The client.</returns>
    public static IClientBuilder UseKanPostgres(this IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Provider, connectionString));

    internal static ISiloBuilder Add(ISiloBuilder silo, ServedModel model, Action<KanScoringOptions>? configure)
    {
        silo.Services.Configure(configure ?? (static _ => { }));
        silo.Services.AddSingleton(model);
        silo.Services.AddSingleton<PartitionScorer>();
        silo.Services.TryAddSingleton<IJobStore, MemoryJobStore>();
        silo.Services.AddHostedService<JobWatcher>();

        // A silo that is told to stop may finish first; its coordinator waits for what it says, so that no file of results is without a
        // record.
        silo.Configure<SiloMessagingOptions>(static options => options.WaitForCancellationAcknowledgement = true);
        return silo.AddPlacementDirector<OnNamedSilo, OnNamedSiloDirector>();
    }
}
