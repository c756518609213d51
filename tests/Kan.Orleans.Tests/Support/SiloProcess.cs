using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Kan.Testing;

namespace Kan.Orleans.Tests.Support;

/// <summary>A silo as a separate process, which is started again whenever it ends, as a service manager does.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _database, _model, _wait;
    private readonly int _port = FreePort(), _gateway = FreePort();
    private readonly ConcurrentQueue<string> _log = [];
    private Process _process;
    private volatile bool _isReady, _isEnding;

    /// <param name="database">The database of the cluster.</param>
    /// <param name="model">The network that it serves.</param>
    /// <param name="wait">How long it waits before each batch of rows, in milliseconds.</param>
    public SiloProcess(string database, string model, int wait)
    {
        (_database, _model, _wait) = (database, model, wait.ToString(CultureInfo.InvariantCulture));
        _process = Start();
    }

    /// <summary>Its address without the generation, which each start has a new one of.</summary>
    public string Endpoint => $"127.0.0.1:{_port}";

    /// <summary>What its processes said last.</summary>
    public string Log => string.Join('\n', _log);

    public Task UntilReadyAsync(CancellationToken token) =>
        HangGuard.UntilAsync(() => _isReady, $"the silo {Endpoint} is ready: {Log}", token);

    /// <summary>Ends the process with SIGKILL.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            _isReady = false;
            _process.Kill();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isEnding) return;
            _isEnding = true;
            _process.Kill();
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Kan.Orleans.Silo.dll"), $"{_port}", $"{_gateway}", _database, _model])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAN_TEST_WAIT"] = _wait },
        };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => StartAgain(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Read(string? line)
    {
        if (line is null) return;
        if (line == "ready") _isReady = true;
        else _log.Enqueue(line);
        while (_log.Count > 100) _log.TryDequeue(out _);
    }

    private void StartAgain(Process ended)
    {
        lock (_lock)
        {
            _isReady = false;
            ended.Dispose();
            if (!_isEnding) _process = Start();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
