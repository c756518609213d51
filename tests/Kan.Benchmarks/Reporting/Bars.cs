using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;

namespace Kan.Benchmarks.Reporting;

/// <summary>What the project sets out to reach, and what was measured.</summary>
internal static class Bars
{
    private sealed record Bar(string Goal, string Number, double Bound, bool AtMost, Func<double, string> Show);

    private static readonly Bar[] s_bars = [.. All()];

    public static Table Compare(Results results)
    {
        var table = new Table { Title = "Goals", Columns = ["goal", "measured", "reached"] };
        foreach (var bar in s_bars)
        {
            double? value = results.Number(bar.Number);
            string reached = value is not { } number ? "" : (bar.AtMost ? number <= bar.Bound : number >= bar.Bound) ? "yes" : "**no**";
            string machine = results.Number(bar.Number + "/machine") is { } noise ? $" (the machine alone: {bar.Show(noise)})" : "";
            table.Rows.Add([bar.Goal, value is { } measured ? bar.Show(measured) + machine : "not measured", reached]);
        }

        int count = table.Rows.Count(static row => row[2] == "yes");
        table.Notes.Add($"{count} of {s_bars.Length} reached. \"No slower\" allows for 3 % of noise.");
        return table;
    }

    private static IEnumerable<Bar> All()
    {
        const double NoSlower = 0.97;
        yield return Times("KAN [2,5,1], one sample: 100 times as fast as ONNX Runtime", "single/KAN [2,5,1]/ratio/" + EngineSet.Onnx, 100);
        yield return Times("KAN [2,5,1], one sample: no slower than C, edge by edge", "single/KAN [2,5,1]/ratio/" + EngineSet.CEdges,
            NoSlower);
        yield return Times("KAN [2,5,1], one sample: no slower than C, rows by hand", "single/KAN [2,5,1]/ratio/" + EngineSet.CRows,
            NoSlower);
        yield return Times("MLP 64-32-10, one sample: 35 times as fast as ONNX Runtime", "single/MLP 64-32-10/ratio/" + EngineSet.Onnx, 35);
        yield return Times("MLP 64-32-10, one sample: no slower than C", "single/MLP 64-32-10/ratio/" + EngineSet.C, NoSlower);
        yield return Times("MLP 784-128-64-10, one sample: 2.2 times as fast as ONNX Runtime",
            "single/MLP 784-128-64-10/ratio/" + EngineSet.Onnx, 2.2);
        yield return Share("MLP 784-128-64-10, one sample: 85 % of the speed of streaming loads", "single/MLP 784-128-64-10/stream", 0.85);
        yield return Times("MLP 784-128-64-10, one sample: no slower than C", "single/MLP 784-128-64-10/ratio/" + EngineSet.C, NoSlower);
        yield return Times("KAN [64,32,10], one sample: 60 times as fast as ONNX Runtime", "single/KAN [64,32,10]/ratio/" + EngineSet.Onnx,
            60);
        yield return Times("KAN [64,32,10], one sample: 10 times as fast as C, edge by edge",
            "single/KAN [64,32,10]/ratio/" + EngineSet.CEdges, 10);
        yield return Times("KAN [64,32,10], one sample: no slower than C, rows by hand", "single/KAN [64,32,10]/ratio/" + EngineSet.CRows,
            NoSlower);
        yield return new Bar("MNIST KAN, one sample: at most 0.54 of the time of the MLP", "single/MNIST KAN [784,32,10]/mlp", 0.54,
            AtMost: true, Format.Number);
        foreach (string network in (string[])["MLP 784-128-64-10", "MLP 256-256-256-10"])
        {
            yield return Times($"{network}, batch of 1,024: 1.25 times as fast as ONNX Runtime",
                $"batch/{network}/1024/ratio/{EngineSet.Onnx}", 1.25);
            yield return Share($"{network}, batch of 1,024: 75 % of the multiply-add peak", $"batch/{network}/1024/peak", 0.75);
        }

        yield return Times("KAN [64,32,10], batch of 1,024: 25 times as fast as ONNX Runtime",
            "batch/KAN [64,32,10]/1024/ratio/" + EngineSet.Onnx, 25);
        foreach (var workload in Workloads.Workload.All)
            yield return new Bar($"{workload.Name}, one sample: P99.9 at most 3 times P50", $"single/{workload.Name}/tail", 3, AtMost: true,
                Format.Times);
        foreach (string network in (string[])["KAN [2,5,1]", "MLP 64-32-10", "MLP 784-128-64-10", "KAN [64,32,10]"])
        {
            yield return new Bar($"{network}, one sample: without AVX-512 at most twice the time", $"avx2/{network}/ratio", 2, AtMost: true,
                Format.Times);
            yield return Times($"{network}, one sample: ahead of ONNX Runtime without AVX-512", $"avx2/{network}/onnx", 1);
        }

        yield return new Bar("Build with a network of 110,000 parameters: at most 2.5 s more", "build/110000/added", 2.5, AtMost: true,
            Seconds);
        yield return new Bar("Build with a network of 1,000,000 parameters: at most 9 s more", "build/1000000/added", 9, AtMost: true,
            Seconds);
        yield return new Bar("Form of a layer: the pick at most 1.15 times the best", "forms/worst", 1.15, AtMost: true, Format.Times);
        yield return new Bar("Cancellation while a network of 1,000,000 parameters is compiled: at most 100 ms", "cancellation/worst", 100,
            AtMost: true, static value => Format.Number(value) + " ms");
    }

    private static Bar Times(string goal, string number, double bound) => new(goal, number, bound, AtMost: false, Format.Times);

    private static Bar Share(string goal, string number, double bound) => new(goal, number, bound, AtMost: false, Format.Percent);

    private static string Seconds(double value) => Format.Number(value) + " s";
}
