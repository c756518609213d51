using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Workers;

/// <summary>Limits of one case. Time is that of the processor which the worker uses, so a busy machine changes nothing.</summary>
/// <param name="CpuSeconds">The most seconds of processor time.</param>
/// <param name="HeapMegabytes">The most memory of managed objects, in MiB.</param>
internal sealed record CaseLimits(int CpuSeconds, int HeapMegabytes);

/// <summary>A case that the worker did not survive.</summary>
/// <param name="Index">The case; -1 where none was running.</param>
/// <param name="Genome">What it is made of.</param>
/// <param name="Key">How the worker ended.</param>
/// <param name="Details">What it said.</param>
internal sealed record LostWorker(long Index, Genome Genome, string Key, string Details);

/// <summary>A worker, started when it is needed and killed when a case exceeds a limit.</summary>
/// <param name="limits">What a case may use.</param>
/// <param name="isOptimized">
/// Whether all code is optimized before it first runs, which makes starting slow and the depth of the stack repeatable.
/// </param>
internal sealed class WorkerProcess(CaseLimits limits, bool isOptimized = false) : IDisposable
{
    // Of the clock, without any processor time used: only where threads wait for each other for good.
    private static readonly TimeSpan s_standstill = TimeSpan.FromMinutes(20);

    // Files in memory, where the system has them: each case writes some.
    private const string Memory = "/dev/shm";

    private readonly StringBuilder _errors = new();
    private Process? _process;
    private ProgressFile? _progress;
    private string _folder = "";

    /// <summary>Runs one command.</summary>
    /// <param name="command">The line for the worker.</param>
    /// <param name="lost">What happened, where there is no answer.</param>
    public SegmentAnswer? Run(string command, out LostWorker? lost)
    {
        lost = null;
        var process = _process ?? Start();
        var answer = Task.FromResult<string?>(null);
        try
        {
            process.StandardInput.WriteLine(command);
            process.StandardInput.Flush();
            answer = process.StandardOutput.ReadLineAsync();
        }
        catch (IOException)
        {
            // It ended before the command; seen below.
        }

        string? end = Watch(process, answer);
        if (end is null && answer.IsCompletedSuccessfully && answer.Result is { Length: > 0 } line)
            return JsonSerializer.Deserialize<SegmentAnswer>(line)!;
        var (index, genome) = _progress!.Current;
        process.WaitForExit();
        lock (_errors) lost = new LostWorker(index, genome, end ?? Describe(process.ExitCode), _errors.ToString());
        Dispose();
        return null;
    }

    public void Dispose()
    {
        if (_process is not { } process) return;
        _process = null;
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        _progress!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits for the answer; gives the limit that was exceeded.</summary>
    private string? Watch(Process process, Task<string?> answer)
    {
        long count = _progress!.Count;
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        while (!answer.Wait(TimeSpan.FromMilliseconds(100)))
        {
            try
            {
                var now = process.TotalProcessorTime;
                if (_progress.Count != count)
                {
                    count = _progress.Count;
                    cpu = now;
                    clock.Restart();
                }

                string? limit = (now - cpu).TotalSeconds > limits.CpuSeconds ? "hang: more than the processor time of a case"
                    : clock.Elapsed > s_standstill ? "hang: no progress and no work" : null;
                if (limit is null) continue;
                process.Kill();
                return limit;
            }
            catch (InvalidOperationException)
            {
                // It has ended; the answer is complete at once.
            }
        }

        return null;
    }

    private static string Describe(int exitCode) => "crash: the process ended with code " + exitCode.ToString(CultureInfo.InvariantCulture);

    private Process Start()
    {
        _folder =
            Directory.CreateDirectory(Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(),
            "kan-fuzzing-" + Guid.NewGuid().ToString("N"))).FullName;
        _progress = ProgressFile.Open(Path.Combine(_folder, "progress"));
        lock (_errors) _errors.Clear();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add("worker");
        start.ArgumentList.Add(_folder);
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + ((long)limits.HeapMegabytes << 20).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        if (isOptimized) start.Environment["DOTNET_TieredCompilation"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                // The start says what happened, the end of a stack who began it.
                if (_errors.Length > 60_000) _errors.Remove(10_000, 20_000);
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        return _process;
    }
}
