using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Kan.Tool;

namespace Kan.Build;

/// <summary>
/// Runs the kan tool as a process without a shell: its arguments are few and plain, everything that items say goes to its standard input,
/// and it answers in records.
/// </summary>
internal sealed class ToolProcess
{
    private readonly object _lock = new();
    private Process? _process;

    /// <summary>Whether it was stopped from outside.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="host">The program that runs a dll.</param>
    /// <param name="arguments">The tool and its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="report">Takes each record as it comes.</param>
    /// <returns>The exit code, and what it wrote to its standard error; null if it was stopped.</returns>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public (int ExitCode, string Errors)? Run(string host, string[] arguments, string input, Action<string[]> report)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(host, string.Join(" ", arguments.Select(ArgumentText.Quote)))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        lock (_lock)
        {
            if (IsCancelled) return null;
            process.Start();
            _process = process;
        }

        try
        {
            // Each stream has its own thread: a full pipe would stop the process.
            var errors = new StringBuilder();
            var reader = new Thread(() => errors.Append(process.StandardError.ReadToEnd()));
            var writer = new Thread(() => Send(process, input));
            reader.Start();
            writer.Start();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                foreach (string[] record in Records.Read(line)) report(record);
            }

            reader.Join();
            writer.Join();
            process.WaitForExit();
            return IsCancelled ? null : (process.ExitCode, errors.ToString().Trim());
        }
        finally
        {
            lock (_lock) _process = null;
        }
    }

    /// <summary>Stops it.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            IsCancelled = true;
            try
            {
                _process?.Kill();
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
            {
                // It has ended by itself.
            }
        }
    }

    private static void Send(Process process, string input)
    {
        try
        {
            byte[] bytes = new UTF8Encoding(false).GetBytes(input);
            process.StandardInput.BaseStream.Write(bytes, 0, bytes.Length);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code and its errors say why.
        }
    }
}
