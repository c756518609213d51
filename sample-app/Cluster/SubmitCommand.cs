using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Kan.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace SampleApp.Cluster;

/// <summary>Submits a job and reports its progress until it ends.</summary>
internal static class SubmitCommand
{
    private const int RowsOfPartition = 1_000_000;

    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(60);

    public static async Task<int> Run(ClusterArguments arguments)
    {
        string folder = Path.GetFullPath(arguments.Text("-o") ?? throw new ArgumentException("Expected -o and the folder of the results."));
        var job = new ScoringJob
        {
            ModelHash = Credit.Info.ContentHash,
            Inputs = Credit.Info.InputNames,
            Kept = ["id"],
            OutputFolder = folder,
            Partitions = JobPlan.Divide(arguments.Only("the files to score"), arguments.Number("--rows", RowsOfPartition)),
        };
        using var client = await Connect(arguments);
        string name = arguments.Text("--name") ?? Path.GetFileName(folder);
        var grain = Grain(client, name);
        await grain.Submit(job);
        return Report(await Watch(name, grain)) ? 0 : 1;
    }

    public static async Task<int> Cancel(ClusterArguments arguments)
    {
        using var client = await Connect(arguments);
        var grain = Grain(client, arguments.Only("the name of a job"));
        await grain.Cancel();
        return Report(await grain.GetProgress()) ? 0 : 1;
    }

    private static async Task<IHost> Connect(ClusterArguments arguments)
    {
        string? database = arguments.Text("--database");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            if (database is null) client.UseLocalhostClustering(SiloCommand.DefaultPort + SiloCommand.ToGateway);
            else client.UseKanPostgres(database);
        });
        var host = builder.Build();
        using var limit = new CancellationTokenSource(s_connect);
        try
        {
            await host.StartAsync(limit.Token);
            return host;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No silo of the cluster has answered for {s_connect.TotalSeconds} seconds.");
        }
    }

    private static IScoringJobGrain Grain(IHost client, string name) =>
        client.Services.GetRequiredService<IClusterClient>().GetGrain<IScoringJobGrain>(name);

    private static async Task<JobProgress> Watch(string name, IScoringJobGrain grain)
    {
        var time = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var progress = await grain.GetProgress();
                Console.WriteLine($"{time.Elapsed.TotalSeconds,7:F1} s  job {name}: {progress.Done} of {progress.Partitions} partitions, "
                    + $"{progress.Rows:N0} rows, {progress.Failures.Length} failed");
                foreach (var silo in progress.Silos)
                {
                    if (silo.Trouble.Length > 0) Console.WriteLine($"           {silo.Silo}: {silo.Trouble}");
                }

                if (progress.State != JobState.Running) return progress;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                Console.WriteLine($"{time.Elapsed.TotalSeconds,7:F1} s  job {name}: its coordinator is away; another silo takes over");
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static bool Report(JobProgress progress)
    {
        foreach (var failure in progress.Failures)
            Console.WriteLine($"partition {failure.Partition} of {failure.File} failed {failure.Attempts} times: {failure.Reason}");
        Console.WriteLine($"{progress.State}: {progress.Rows:N0} rows");
        return progress.State == JobState.Complete;
    }
}
