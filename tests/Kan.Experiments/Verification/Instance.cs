using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Experiments.Verification;

/// <summary>One question of a benchmark of the verification competition, and what is published about it.</summary>
/// <param name="Benchmark">The folder.</param>
/// <param name="Network">The file of the network, without .gz.</param>
/// <param name="Property">The file of the property, without .gz.</param>
/// <param name="Expected">sat, unsat or unknown: what the majority of the tools said.</param>
/// <param name="Published">Seconds by tool; NaN where it did not answer.</param>
internal sealed record Instance(string Benchmark, string Network, string Property, string Expected, IReadOnlyList<double> Published)
{
    public static IReadOnlyList<string> Tools { get; } = ["alpha-beta-CROWN", "nnenum", "Marabou"];

    /// <summary>The instances of a benchmark whose network is there.</summary>
    public static IReadOnlyList<Instance> Read(string folder, string benchmark)
    {
        string path = Path.Combine(folder, benchmark);
        return [.. File.ReadLines(Path.Combine(path, "expected.csv")).Skip(1).Where(static line => line.Length > 0).Select(line =>
        {
            string[] cells = line.Split(',');
            return new Instance(benchmark, cells[0], cells[1], cells[2],
                [.. cells.Skip(5)
                .Select(static cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                    ? seconds
                    : double.NaN)]);
        }).Where(instance => File.Exists(Path.Combine(path, "onnx", instance.Network + ".gz")))];
    }
}

/// <summary>What came of an instance.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Verdict">sat, unsat or unknown.</param>
/// <param name="Seconds">Processor time, reading included.</param>
/// <param name="CheckSeconds">Of that, what the separate checker took.</param>
/// <param name="Parts">The parts examined.</param>
/// <param name="Limit">The seconds that it was given.</param>
internal sealed record Outcome(Instance Instance, string Verdict, double Seconds, double CheckSeconds, int Parts, double Limit)
{
    private const int Columns = 9;

    /// <summary>The outcomes of a results file, the last one for each instance.</summary>
    public static IReadOnlyList<Outcome> ReadAll(string file, IEnumerable<Instance> instances)
    {
        var last = new Dictionary<(string, string, string), string[]>();
        foreach (string[] cells in File.ReadLines(file).Select(static line => line.Split(','))
            .Where(static cells => cells.Length == Columns)) last[(cells[0], cells[1], cells[2])] = cells;
        return [.. instances.Where(instance => last.ContainsKey((instance.Benchmark, instance.Network, instance.Property)))
            .Select(instance =>
        {
            string[] cells = last[(instance.Benchmark, instance.Network, instance.Property)];
            double Number(int cell) => double.Parse(cells[cell], CultureInfo.InvariantCulture);
            return new Outcome(instance, cells[4], Number(5), Number(6), (int)Number(7), Number(8));
        })];
    }

    public bool IsDecided => Verdict != "unknown";

    /// <summary>Whether it contradicts what is expected.</summary>
    public bool IsWrong => IsDecided && Instance.Expected is "sat" or "unsat" && Verdict != Instance.Expected;

    public string ToLine() =>
        FormattableString.Invariant(
            $"{Instance.Benchmark},{Instance.Network},{Instance.Property},{Instance.Expected},{Verdict},{Seconds:F3},{CheckSeconds:F3},{Parts},{Limit}");
}
