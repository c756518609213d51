using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Scaling;

/// <summary>What the ReLU network of a KAN costs in memory and time, dense, sparse and compiled.</summary>
internal sealed class ScalingExperiment : IExperiment
{
    private const int FixedBreakpoints = 7;
    private const int FixedWidth = 32;

    /// <summary>The engines; those that share a style compute the same matrices.</summary>
    private static readonly (Engine Engine, string Name, int Style)[] s_engines =
    [
        (Engine.DenseSeparate, "dense", 0), (Engine.SparseSeparate, "CSR", 0), (Engine.DenseMerged, "dense, merged", 1),
            (Engine.SparseMerged, "CSR, merged", 1),
        (Engine.DenseFused, "dense, fused", 2), (Engine.SparseFused, "CSR, fused", 2), (Engine.CompiledRelu, "compiled Relu", 3),
        (Engine.CompiledClamp, "compiled Clamp", 4), (Engine.CompiledRows, "compiled Rows", 6),
    ];

    public string Name => "scaling";

    public string Question => "What does the ReLU network of a KAN cost, dense, sparse and compiled, as widths and segments grow?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "From KAN to ReLU network: time and memory");
        page.Text($"KANs of widths n-n-n whose edges have k breakpoints, shared by the edges of an input as in pykan, become ReLU "
            + $"networks by Theorem 2 and are evaluated in float, one sample at a time on one thread. \"Dense\" and \"CSR\" are the "
            + $"network as printed, k + 1 units for each edge, with full matrices (vectorised dot products) and with compressed rows; "
            + $"\"merged\" shares units between the edges of an input; \"fused\" multiplies affine maps out, which gives Theorem 3's "
            + $"depth. \"Compiled\" is code of this project with the ReLU units, as clamped differences, and as rows of values and slopes.");
        page.Text($"Times are microseconds for a sample, medians of rounds in which the engines take turns; all engines are first "
            + $"checked against the exact network. Full matrices past {Figures.Bytes(ScalingCase.Budget)} are not built: their size is "
            + $"given, their time is not. A fused network of more than three million entries is only counted.");

        int[] widths = session.Choose<int[]>([8, 16, 32, 64, 128, 192, 256], [4, 8]);
        int[] breakpoints = session.Choose<int[]>([1, 3, 7, 15, 31, 63], [1, 3]);
        var byWidth = Sweep(session, widths.Select(static n => (n, FixedBreakpoints)));
        var byBreakpoints = Sweep(session, breakpoints.Select(static k => (FixedWidth, k)));
        Write(page, "width", "Growing width", FormattableString.Invariant($"k = {FixedBreakpoints}"), "n", byWidth,
            static run => run.Case.Width);
        Write(page, "segments", "Growing number of breakpoints", FormattableString.Invariant($"n = {FixedWidth}"), "k", byBreakpoints,
            static run => run.Case.Breakpoints);
        WriteCounts(page, byWidth);
        Conclude(page, byWidth);
        return page;
    }

    private static List<Measured> Sweep(Session session, IEnumerable<(int Width, int Breakpoints)> cases)
    {
        var runs = new List<Measured>();
        foreach (var (width, breakpoints) in cases)
        {
            session.Report($"n = {width}, k = {breakpoints}");
            var scaling = new ScalingCase(width, breakpoints);
            runs.Add(new Measured(scaling, scaling.Measure(session.Choose(15, 3), TimeSpan.FromMilliseconds(session.Choose(600, 20)))));
            GC.Collect();
        }

        return runs;
    }

    private static void Write(Page page, string part, string heading, string fixedText, string symbol, List<Measured> runs, Func<Measured,
        int> size)
    {
        page.Heading($"{heading}, {fixedText}");
        page.Text("Microseconds for one sample:");
        page.Table(["engine", .. runs.Select(run => FormattableString.Invariant($"{symbol} = {size(run)}"))],
            s_engines.Select(engine => (IReadOnlyList<string>)
            [engine.Name, .. runs.Select(run => double.IsNaN(run.Costs[engine.Engine].Microseconds)
            ? "-"
            : Figures.Short(run.Costs[engine.Engine].Microseconds))]));
        page.Text("Memory of weights, indices and tables:");
        page.Table(["engine", .. runs.Select(run => FormattableString.Invariant($"{symbol} = {size(run)}"))],
            s_engines.Select(engine => (IReadOnlyList<string>)
            [engine.Name,
            .. runs.Select(run => double.IsNaN(run.Costs[engine.Engine].Bytes) ? "-" : Figures.Bytes(run.Costs[engine.Engine].Bytes))]));
        var x = new ChartAxis(symbol, IsLogarithmic: true);
        page.Chart($"{part}-time", $"Time of a sample by {symbol}",
            Charts.Lines($"Time of a sample, {fixedText}", x, new ChartAxis("microseconds", IsLogarithmic: true),
            Curves(runs, size, static cost => cost.Microseconds)));
        page.Chart($"{part}-memory", $"Memory by {symbol}",
            Charts.Lines($"Memory, {fixedText}", x, new ChartAxis("bytes", IsLogarithmic: true),
            Curves(runs, size, static cost => cost.Bytes)));
    }

    private static IReadOnlyList<Curve> Curves(List<Measured> runs, Func<Measured, int> size, Func<Cost, double> value) =>
        [.. s_engines.Select(engine =>
            new Curve(engine.Name, [.. runs.Where(run => !double.IsNaN(value(run.Costs[engine.Engine])))
                .Select(run => ((double)size(run), value(run.Costs[engine.Engine]), 0.0))])
            { IsDashed = engine.Name.Contains("CSR", StringComparison.Ordinal), Style = engine.Style })];

    private static void WriteCounts(Page page, List<Measured> runs)
    {
        page.Heading("Nonzero parameters");
        page.Text("The KAN is counted with k breakpoints for each input and k + 2 numbers for each edge; the ReLU networks with all "
            + "weights and biases that are not 0, those of 1 and -1 included.");
        page.Table(["n", "KAN", "separate", "merged", "fused"], runs.Select(static run => (IReadOnlyList<string>)
        [
            Figures.Count(run.Case.Width), Figures.Count(run.Case.ParameterCount), Figures.Count(run.Case.Entries.Separate),
            Figures.Count(run.Case.Entries.Merged), Figures.Count(run.Case.Entries.Fused),
        ]));
    }

    private static void Conclude(Page page, List<Measured> runs)
    {
        var dense = runs.FindLast(static run => !double.IsNaN(run.Costs[Engine.DenseSeparate].Microseconds))!;
        var largest = runs[^1];
        double speed = Ratio(dense, Engine.DenseSeparate, Engine.SparseSeparate),
            compiled = Ratio(largest, Engine.SparseSeparate, Engine.CompiledRows);
        string where = FormattableString.Invariant($"n = {dense.Case.Width}");
        page.Result = string.Create(CultureInfo.InvariantCulture, $"at {where}, k = {FixedBreakpoints} the dense ReLU network takes "
            + $"{Figures.Bytes(dense.Costs[Engine.DenseSeparate].Bytes)} and {speed:F0} times as long as CSR; at n = "
            + $"{largest.Case.Width} compiled rows are {compiled:F0} times as fast as CSR");
        page.Claim = string.Create(CultureInfo.InvariantCulture, $"\"Very wide and sparse\" is right: a dense implementation needs "
            + $"{Figures.Bytes(dense.Costs[Engine.DenseSeparate].Bytes)} at {where} and runs into the "
            + $"{Figures.Bytes(ScalingCase.Budget)} limit soon after, while CSR grows with the parameters; but \"no additional "
            + $"parameters\" holds for the factored network only, fusing it to Theorem 3's depth multiplies the nonzeros by "
            + $"{(double)largest.Case.Entries.Fused / largest.Case.Entries.Separate:F0} at n = {largest.Case.Width}. "
            + $"Even in CSR the ReLU network is not how a KAN should be computed: compiled rows take "
            + $"{Figures.Short(largest.Costs[Engine.CompiledRows].Microseconds)} us where CSR takes "
            + $"{Figures.Short(largest.Costs[Engine.SparseSeparate].Microseconds)} us, and hardly notice how many segments there are.");

        static double Ratio(Measured run, Engine slow, Engine fast) => run.Costs[slow].Microseconds / run.Costs[fast].Microseconds;
    }

    private sealed record Measured(ScalingCase Case, IReadOnlyDictionary<Engine, Cost> Costs);
}
