using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;

namespace Kan.Benchmarks.Measuring;

/// <summary>Runs this program again in a process of its own: a first call, other vectors, or a listing of the JIT.</summary>
internal static class Child
{
    /// <summary>What the command line of a child begins with.</summary>
    public const string Argument = "--child";

    /// <summary>The numbers that a child prints, by name.</summary>
    public static IReadOnlyDictionary<string, double> Numbers(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in Run(environment, arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('=');
            numbers.Add(parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    /// <summary>Prints a number for <see cref="Numbers"/>.</summary>
    public static void Report(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:R}"));

    /// <summary>What it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        start.ArgumentList.Add(Argument);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
