using System;
using System.Net;
using System.Threading.Tasks;
using Kan.Orleans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace SampleApp.Cluster;

/// <summary>A silo on the loopback address, until it is stopped.</summary>
internal static class SiloCommand
{
    /// <summary>The port of a silo that is not told another.</summary>
    public const int DefaultPort = 11_111;

    /// <summary>The distance from a silo's port to that of its gateway, where clients connect.</summary>
    public const int ToGateway = 1000;

    public static async Task<int> Run(ClusterArguments arguments)
    {
        int port = arguments.Number("--port", DefaultPort),
            inFlight = arguments.Number("--in-flight", Environment.ProcessorCount, least: 0);
        string? database = arguments.Text("--database");
        if (database is not null) await KanPostgres.CreateSchemaAsync(database);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            if (database is null) silo.UseLocalhostClustering(port, port + ToGateway);
            else silo.UseKanPostgres(database).ConfigureEndpoints(IPAddress.Loopback, port, port + ToGateway);
            silo.AddKanScoring<Credit>(options => options.PartitionsInFlight = inFlight);
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(
            $"Silo {port} serves {Credit.Info.Name} {Credit.Info.ContentHash[..12]}, {inFlight} partitions at a time (stop with Ctrl+C)");
        await host.WaitForShutdownAsync();
        return 0;
    }
}
