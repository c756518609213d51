using System;
using System.Globalization;
using System.Net;
using Kan.Orleans;
using Kan.Orleans.Silo;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

if (args is not [var port, var gateway, var database, var model])
{
    Console.Error.WriteLine("usage: Kan.Orleans.Silo PORT GATEWAY CONNECTION credit|other");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.UseOrleans(silo =>
{
    silo.UseKanPostgres(database);
    silo.ConfigureEndpoints(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture),
        int.Parse(gateway, CultureInfo.InvariantCulture));
    silo.Configure<KanScoringOptions>(static options => options.WatchPeriod = options.PauseAfterFault = TimeSpan.FromSeconds(1));

    // A silo that was killed is found out in seconds, not in a minute.
    silo.Configure<ClusterMembershipOptions>(static options =>
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 2;
        options.NumVotesForDeathDeclaration = 1;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
    });
    if (model == "credit") silo.AddKanScoring<SlowCredit>(static options => options.PartitionsInFlight = 2);
    else silo.AddKanScoring<Other>();
});

using var host = builder.Build();
await KanPostgres.CreateSchemaAsync(database);
await host.StartAsync();
Console.WriteLine("ready");
await host.WaitForShutdownAsync();
return 0;
