using System;
using System.Collections.Concurrent;
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
using Kan.Testing;

namespace Kan.Service.Load;

/// <summary>The service as a process of its own.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly Task _reading;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        _reading = ReadLog();
        Address = address;
        Client = NewClient();
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>The lines that it wrote since it listened; all of them once it has stopped.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts it on a free port, or on a given one.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="settings">Environment variables of the process beside its parent's.</param>
    public static Task<ServiceProcess> Start(int port = 0, params IReadOnlyList<(string Name, string Value)> settings) =>
        Start(["--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)], settings);

    /// <summary>Starts it where its configuration says.</summary>
    /// <param name="settings">Environment variables of the process beside its parent's.</param>
    public static Task<ServiceProcess> StartAsConfigured(params IReadOnlyList<(string Name, string Value)> settings) => Start([], settings);

    private static async Task<ServiceProcess> Start(string[] options, IReadOnlyList<(string Name, string Value)> settings)
    {
        string service = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static attribute => attribute.Key == "Service").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { service, "serve" },
        };
        foreach (string option in options) start.ArgumentList.Add(option);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Address_().Match(line) is { Success: true } match) return new ServiceProcess(process, new Uri(match.Value));
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    /// <summary>A client with connections of its own.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = HangGuard.Limit };

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
        await HangGuard.WaitForExitAsync(_process, "The service that was asked to end", CancellationToken.None);
        await _reading;
        return _process.ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (IsRunning) await Kill();
        await _reading;
        _process.Dispose();
    }

    /// <summary>Reads on, since a process whose output nobody reads waits for a reader.</summary>
    private async Task ReadLog()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) _log.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);

    [GeneratedRegex(@"http://[\d.]+:\d+")]
    private static partial Regex Address_();
}
