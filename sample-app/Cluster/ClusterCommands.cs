using System;
using System.Data.Common;
using System.IO;
using System.Threading.Tasks;
using Orleans.Runtime;

namespace SampleApp.Cluster;

/// <summary>The commands of a cluster.</summary>
internal static class ClusterCommands
{
    private const string Usage = """
        usage: sample-app silo [--port PORT] [--database CONNECTION] [--in-flight NUMBER]
               sample-app submit FILES -o FOLDER [--database CONNECTION] [--name NAME] [--rows NUMBER]
               sample-app cancel NAME [--database CONNECTION]
               sample-app rows FOLDER [--count NUMBER]

        Without --database, one silo keeps everything in its memory. The gateway of a silo has the number of its port plus 1000.
        """;

    /// <param name="arguments">The command and what follows.</param>
    /// <returns>The exit code: 2 for wrong arguments, 1 if something failed.</returns>
    public static async Task<int> Run(string[] arguments)
    {
        try
        {
            return arguments[0] switch
            {
                "silo" => await SiloCommand.Run(new ClusterArguments(arguments.AsSpan(1), "--port", "--database", "--in-flight")),
                "submit" => await SubmitCommand.Run(new ClusterArguments(arguments.AsSpan(1), "-o", "--database", "--name", "--rows")),
                "cancel" => await SubmitCommand.Cancel(new ClusterArguments(arguments.AsSpan(1), "--database")),
                _ => RowsCommand.Run(new ClusterArguments(arguments.AsSpan(1), "--count")),
            };
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}\n{Usage}");
            return 2;
        }
        catch (Exception exception)
            when (exception is DbException or OrleansException or IOException or InvalidOperationException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return 1;
        }
    }
}
