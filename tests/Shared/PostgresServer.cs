using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Testing;

/// <summary>
/// A PostgreSQL server for one test class, on a socket in a temporary folder. Where it cannot run, tests are skipped for the reason.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Installed = "/usr/lib/postgresql";

    // The path of a socket is at most 107 bytes long.
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "kan-pg-" + Guid.NewGuid().ToString("N")[..8]);
    private string _bin = "";

    /// <summary>How Npgsql connects to it.</summary>
    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Why there is no server; null if there is one.</summary>
    public string? Reason { get; private set; }

    public async ValueTask InitializeAsync()
    {
        string? version = Directory.Exists(Installed)
            ? Directory.GetDirectories(Installed).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (version is null || !File.Exists(Path.Combine(version, "bin/initdb")))
        {
            Reason = "PostgreSQL's server is not installed in " + Installed;
            return;
        }

        _bin = Path.Combine(version, "bin");
        Directory.CreateDirectory(_folder);
        if (Environment.IsPrivilegedProcess) await Run("chown", "postgres", _folder);
        var (code, log) = await AsServer(Path.Combine(_bin, "initdb"), "-D", Data, "-A", "trust", "-U", "postgres", "--no-sync");
        if (code == 0) (code, log) = await StartAsync();
        if (code != 0) Reason = "PostgreSQL's server does not start: " + log;
    }

    /// <summary>What the statements of a script print: fields separated by |, a line for each row.</summary>
    public async Task<string[]> Query(string script)
    {
        string file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".sql");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        var (code, output) = await Run(Path.Combine(_bin, "psql"), "-h", _folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-X", "-q",
            "-A", "-t", "-f", file);
        Assert.True(code == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Ends the server as a crash does, and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        var (code, log) = await StartAsync();
        Assert.True(code == 0, log);
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await StopAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private Task<(int Code, string Output)> StartAsync() =>
        AsServer(Path.Combine(_bin, "pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o",
            $"-k {_folder} -c listen_addresses='' -c fsync=off", "start");

    private Task<(int Code, string Output)> StopAsync() => AsServer(Path.Combine(_bin, "pg_ctl"), "-D", Data, "-m", "immediate", "stop");

    // The server refuses to run as root.
    private static Task<(int Code, string Output)> AsServer(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
        : Run(program, arguments);

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        // The server keeps what it inherits: its own output goes to a file, and no pipe waits for its end.
        bool isStart = arguments.Contains("start");
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = !isStart,
            RedirectStandardError = !isStart,
            WorkingDirectory = "/"
        };
        using var process = Process.Start(start)!;
        var output = isStart ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var error = isStart ? Task.FromResult("") : process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
