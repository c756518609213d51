using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Service.Load;

/// <summary>The service as a process of its own.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = NewClient();
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts it on a free port, or on a given one.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="settings">Environment variables of the process beside its parent's.</param>
    public static async Task<ServiceProcess> Start(int port = 0, params IReadOnlyList<(string Name, string Value)> settings)
    {
        string service = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "Service").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { service, "serve", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Address_().Match(line) is { Success: true } match) return new ServiceProcess(process, new Uri(match.Value));
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    /// <summary>A client with connections of its own.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = s_patience };

    public long WorkingSet()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and says whether it did so by itself with success.</summary>
    public async Task<bool> Stop()
    {
        if (!OperatingSystem.IsWindows()) _ = SendSignal(_process.Id, 15);
        else _process.Kill();
        using var limit = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (IsRunning) await Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);

    [GeneratedRegex(@"http://[\d.]+:\d+")]
    private static partial Regex Address_();
}
