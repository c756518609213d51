using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Kan.Experiments.Data;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Conversions;

/// <summary>Both conversions on networks that were trained on handwritten digits.</summary>
internal sealed class MnistMlpExperiment : IExperiment
{
    public string Name => "mnist-mlp";

    public string Question => "Are trained networks and what they convert to the same functions, and how large are they?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Trained networks, converted");
        var digits = Digits.Load(Digits.TestRows).Take(session.Choose(1500, 20));
        int exactCount = session.Choose(100, 2);
        page.Text($"The two networks of the sample: a ReLU network 784-128-64-10, and a KAN 784-32-10 of four segments for each edge. Each is converted, and compared with its original in four ways: by proof, for all inputs (`Equivalence.Decide`); by exact rational outputs on {exactCount} test digits; and in double and in float on all {Figures.Count(digits.Count)}, where the KAN computes in the form that the compiler picks and the ReLU network in compressed rows, so that the orders of the sums differ. \"Identical\" counts digits where all ten outputs are the same numbers.");
        var mlp = FromRelu(page, session, digits, exactCount);
        var kan = FromKan(page, session, digits, exactCount);
        Conclude(page, mlp, kan);
        return page;
    }

    private static List<Comparison> FromRelu(Page page, Session session, Digits digits, int exactCount)
    {
        page.Heading("ReLU network to KAN (Theorem 1)");
        var relu = TrainedModels.Mlp().ToReluNetwork();
        var rows = new List<Comparison>();
        foreach (var embedding in Enum.GetValues<ReluEmbedding>())
        {
            session.Report($"ReLU network to KAN, {embedding}");
            var work = Work.Measure(() => relu.ToKan(embedding));
            rows.Add(Comparison.Of(embedding == ReluEmbedding.Fused ? "KAN, fused" : "KAN, separate", work, relu, work.Value, digits, exactCount, () => Equivalence.Decide(relu, work.Value)));
        }

        Write(page, rows);
        page.Table(["network", "layers", "edges", "numbers that are not 0"],
        [
            ["the ReLU network", Figures.Count(relu.Layers.Length), "", Figures.Count(relu.NonZeroCount)],
            .. rows.Select(static row =>
            {
                var size = ConversionReport.Of(row.Kan).Kan;
                return (IReadOnlyList<string>)[row.Name, Figures.Count(size.Depth), Figures.Count(size.EdgeCount), Figures.Count(row.Kan.Layers.Sum(static layer => layer.Biases.Count(static bias => !bias.IsZero) + layer.Edges.Sum(static edge => edge.Function.Slopes.Count(static slope => !slope.IsZero))))];
            }),
        ]);
        page.Text("Counted are weights and biases of the ReLU network, and slopes and biases of the KANs; all breakpoints are 0.");
        var bits = DigitComparison.Compiled<float>(digits, TrainedModels.Mlp().ToNetwork(), rows[0].Kan);
        page.Text($"Compiled, the imported network and its fused KAN are the same code: identical float outputs for {Figures.Count(bits.Identical)} of {Figures.Count(bits.Count)} digits, of which {Figures.Count(DigitComparison.Correct(digits, rows[0].Kan))} are read as labelled.");
        return rows;
    }

    private static List<Comparison> FromKan(Page page, Session session, Digits digits, int exactCount)
    {
        page.Heading("KAN to ReLU network (Theorem 2)");
        var kan = TrainedModels.Kan().ToNetwork();
        var rows = new List<Comparison>();
        foreach (var units in Enum.GetValues<ReluUnits>())
        {
            session.Report($"KAN to ReLU network, {units}");
            var work = Work.Measure(() => kan.ToRelu(units));
            rows.Add(Comparison.Of(units == ReluUnits.Merged ? "ReLU network, merged" : "ReLU network, separate", work, work.Value, kan, digits, exactCount, () => Equivalence.Decide(kan, work.Value)));
        }

        Write(page, rows);
        var report = ConversionReport.Of(kan);
        page.Table(["network", "units", "numbers that are not 0", "free numbers", "bytes, compressed rows", "bytes, full matrices"],
        [
            ["the KAN", "", Figures.Count(report.Kan.NonZeroCount), Figures.Count(report.Kan.SharedParameterCount), "", ""],
            Row("separate, factored", report.Separate), Row("separate, fused", report.SeparateFused),
            Row("merged, factored", report.Merged), Row("merged, fused", report.MergedFused),
        ]);
        page.Text($"The KAN counts breakpoints, slopes and values edge by edge; as free numbers it counts the breakpoints of an input once. A ReLU network counts all weights and biases; free numbers leave out the 1 and -1 that only say which input a unit reads, and count a breakpoint once that two units turn at. \"Fused\" is Theorem 3's depth.");
        return rows;

        static IReadOnlyList<string> Row(string name, ReluSize size) =>
            [name, Figures.Count(size.UnitCount), Figures.Count(size.NonZeroCount), Figures.Count(size.FreeParameterCount), Figures.Bytes(size.SparseByteCount), Figures.Bytes(size.DenseByteCount)];
    }

    private static void Write(Page page, List<Comparison> rows)
    {
        page.Table(["converted to", "proof", "seconds", "identical, exactly", "identical, double", "identical, float", "same class, float", "largest difference, double", "float"], rows.Select(static row => (IReadOnlyList<string>)
        [
            row.Name, $"{row.Proof.Verdict} ({row.Proof.Method})", Figures.Short(row.ProofSeconds), Part(row.Exact), Part(row.InDouble), Part(row.InFloat),
            FormattableString.Invariant($"{row.InFloat.SameClass} of {row.InFloat.Count}"), Figures.Scientific(row.InDouble.LargestDifference), Figures.Scientific(row.InFloat.LargestDifference),
        ]));
        page.Table(["conversion to", "milliseconds", "memory asked for", "memory kept"], rows.Select(static row => (IReadOnlyList<string>)
            [row.Name, Figures.Short(1000 * row.Seconds), Figures.Bytes(row.AllocatedBytes), Figures.Bytes(row.KeptBytes)]));

        static string Part(Agreement agreement) => FormattableString.Invariant($"{agreement.Identical} of {agreement.Count}");
    }

    private static void Conclude(Page page, List<Comparison> fromRelu, List<Comparison> fromKan)
    {
        var all = fromRelu.Concat(fromKan).ToList();
        int proved = all.Count(static row => row.Proof.IsProved), exact = all.Count(static row => row.Exact.Identical == row.Exact.Count);
        double slowest = all.Max(static row => row.Seconds);
        int flipped = all.Sum(static row => row.InFloat.Count - row.InFloat.SameClass);
        page.Result = FormattableString.Invariant($"{proved} of {all.Count} conversions of trained networks are proved equal for all inputs, and {exact} of {all.Count} give the same exact outputs on every digit tried; each takes at most {slowest:F1} s; in float {flipped} of {all.Sum(static row => row.InFloat.Count):N0} digits change class");
        page.Claim = FormattableString.Invariant($"Theorems 1 and 2 hold on trained networks to the last digit: {proved} of {all.Count} conversions are proved equal on all of R^784, and what differs in float is the order of sums alone. ")
            + FormattableString.Invariant($"Fused, Theorem 1 adds no number at all and separate one edge for each of the {fromRelu[1].Kan.Layers.Where(static layer => layer.IsDiagonal).Sum(static layer => layer.Edges.Length)} units; \"no additional non-zero parameters\" of Theorem 2 depends on how one counts, as the last table shows, and is lost by the fused form of Theorem 3.");
    }

    /// <summary>A conversion and how its result compares with the original.</summary>
    private sealed record Comparison(string Name, KanNetwork Kan, double Seconds, long AllocatedBytes, long KeptBytes, EquivalenceResult Proof, double ProofSeconds, Agreement Exact, Agreement InDouble, Agreement InFloat)
    {
        public static Comparison Of<T>(string name, Work<T> work, ReluNetwork relu, KanNetwork kan, Digits digits, int exactCount, Func<EquivalenceResult> prove)
        {
            long start = Stopwatch.GetTimestamp();
            var proof = prove();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return new Comparison(
                name, kan, work.Seconds, work.AllocatedBytes, work.KeptBytes, proof, seconds,
                DigitComparison.Exactly(digits, exactCount, relu.Evaluate, kan.Evaluate),
                DigitComparison.InFloatingPoint<double>(digits, relu, kan), DigitComparison.InFloatingPoint<float>(digits, relu, kan));
        }
    }
}
