using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
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
        var digits = Digits.Load(Digits.TestRows).Take(session.Choose(1500, 10));
        page.Text($"The two networks of the sample: a ReLU network 784-128-64-10, and a KAN 784-32-10 of four segments for each edge. "
            + $"Each is converted, and what it becomes is compared with it in four ways: by proof, for all inputs "
            + $"(`Equivalence.Decide`); by exact rational outputs on the {Figures.Count(digits.Count)} test digits; and in double and in "
            + $"float on the same digits, where a KAN computes in the form that the compiler picks and a ReLU network in compressed "
            + $"rows, so that the orders of the sums differ. \"Identical\" counts digits where all ten outputs are the same numbers.");
        var fromRelu = FromRelu(page, session, digits);
        var fromKan = FromKan(page, session, digits);
        Conclude(page, fromRelu, fromKan);
        return page;
    }

    private static List<Comparison> FromRelu(Page page, Session session, Digits digits)
    {
        page.Heading("ReLU network to KAN (Theorem 1)");
        var relu = TrainedModels.Mlp().ToReluNetwork();
        var original = Original.Of(digits, new Subject(relu));
        KanNetwork? fused = null, separate = null;
        ReluNetwork? back = null;
        List<Comparison> rows =
        [
            Compare("KAN, fused", () => new Subject(fused = relu.ToKan())),
            Compare("KAN, separate", () => new Subject(separate = relu.ToKan(ReluEmbedding.Separate))),
            Compare("KAN, fused, and a ReLU network again", () => new Subject(back = relu.ToKan().ToRelu().Fuse())),
        ];
        Write(page, rows);
        page.Table(["network", "affine maps or layers", "edges", "numbers that are not 0"],
        [
            ["the ReLU network", Figures.Count(relu.Layers.Length), "", Figures.Count(relu.NonZeroCount)],
            Row("KAN, fused", fused!), Row("KAN, separate", separate!),
            ["ReLU network again", Figures.Count(back!.Layers.Length), "", Figures.Count(back.NonZeroCount)],
        ]);
        page.Text("Counted are weights and biases of ReLU networks, and slopes and biases of the KANs; all breakpoints are 0.");
        var bits = DigitComparison.InFloatingPoint<float>(digits, new Subject(TrainedModels.Mlp().ToNetwork()), new Subject(fused!));
        page.Text($"Compiled, the imported network and its fused KAN are the same code: identical float outputs for "
            + $"{Figures.Count(bits.Identical)} of {Figures.Count(bits.Count)} digits, of which "
            + $"{Figures.Count(DigitComparison.Correct(digits, fused!))} are read as labelled.");
        return rows;

        Comparison Compare(string name, Func<Subject> convert) => original.Compare(session, name, convert);

        static IReadOnlyList<string> Row(string name, KanNetwork network) =>
        [
            name, Figures.Count(network.Layers.Length), Figures.Count(network.Layers.Sum(static layer => (long)layer.Edges.Length)),
            Figures.Count(network.Layers.Sum(static layer => layer.Biases.Count(static bias => !bias.IsZero)
                + layer.Edges.Sum(static edge => (long)edge.Function.Slopes.Count(static slope => !slope.IsZero)))),
        ];
    }

    private static List<Comparison> FromKan(Page page, Session session, Digits digits)
    {
        page.Heading("KAN to ReLU network (Theorem 2)");
        var kan = TrainedModels.Kan().ToNetwork();
        var original = Original.Of(digits, new Subject(kan));
        List<Comparison> rows =
        [
            .. Enum.GetValues<ReluUnits>()
                .Select(units => original.Compare(session, $"ReLU network, {NameOf(units)}", () => new Subject(kan.ToRelu(units)))),
            original.Compare(session, "ReLU network, merged and fused", () => new Subject(kan.ToRelu().Fuse())),
            original.Compare(session, "ReLU network, merged and fused, and a KAN again", () => new Subject(kan.ToRelu().Fuse().ToKan())),
        ];
        Write(page, rows);
        var report = ConversionReport.Of(kan);
        page.Table(["network", "units", "numbers that are not 0", "free numbers", "bytes, compressed rows", "bytes, full matrices"],
        [
            ["the KAN, each edge by itself", "", Figures.Count(report.Kan.NonZeroCount), Figures.Count(report.Kan.ParameterCount), "", ""],
            ["the KAN, breakpoints by input", "", "", Figures.Count(report.Kan.SharedParameterCount), "", ""],
            Row("separate, factored", report.Separate), Row("separate, fused", report.SeparateFused),
            Row("merged, factored", report.Merged), Row("merged, fused", report.MergedFused),
            Row("fewest, factored", ConversionReport.SizeOf(kan.ToRelu(ReluUnits.Fewest))),
        ]);
        page.Text("The KAN has k breakpoints, k + 1 slopes and one value for each edge, or the breakpoints of an input once for all its "
            + "edges. A ReLU network counts all weights and biases; free numbers exclude the 1 and -1 that only select which input a "
            + "unit reads, and count a breakpoint once that two units turn at. \"Separate\" gives each edge its own units, as Lemma 2 is "
            + "written; \"merged\" shares them between the edges of an input; \"fewest\" also turns units away from a segment on which "
            + "all edges of an input are flat. \"Fused\" multiplies affine maps out: Theorem 3's depth.");
        return rows;

        static string NameOf(ReluUnits units) => units switch
        {
            ReluUnits.Separate => "separate",
            ReluUnits.Merged => "merged",
            _ => "fewest units",
        };

        static IReadOnlyList<string> Row(string name, ReluSize size) =>
            [name, Figures.Count(size.UnitCount), Figures.Count(size.NonZeroCount), Figures.Count(size.FreeParameterCount),
                Figures.Bytes(size.SparseByteCount), Figures.Bytes(size.DenseByteCount)];
    }

    private static void Write(Page page, List<Comparison> rows)
    {
        page.Table(["converted to", "proof", "identical, exactly", "identical, double", "identical, float", "same class, float",
            "largest difference, double", "float"], rows.Select(static row => (IReadOnlyList<string>)
        [
            row.Name, $"{row.Proof.Verdict} ({row.Proof.Method})", Part(row.IdenticalExactly, row.Count),
                Part(row.InDouble.Identical, row.Count), Part(row.InFloat.Identical, row.Count),
            Part(row.InFloat.SameClass, row.Count), Figures.Scientific(row.InDouble.LargestDifference),
                Figures.Scientific(row.InFloat.LargestDifference),
        ]));
        page.Table(["conversion to", "seconds", "memory requested", "memory kept", "seconds of the proof"],
            rows.Select(static row => (IReadOnlyList<string>)
            [row.Name, Figures.Short(row.Seconds), Figures.Bytes(row.AllocatedBytes), Figures.Bytes(row.KeptBytes),
            Figures.Short(row.ProofSeconds)]));

        static string Part(int part, int whole) => FormattableString.Invariant($"{part:N0} of {whole:N0}");
    }

    private static void Conclude(Page page, List<Comparison> fromRelu, List<Comparison> fromKan)
    {
        var all = fromRelu.Concat(fromKan).ToList();
        int proved = all.Count(static row => row.Proof.IsProved), exact = all.Count(static row => row.IdenticalExactly == row.Count);
        double slowest = all.Max(static row => row.Seconds);
        int flipped = all.Sum(static row => row.Count - row.InFloat.SameClass);
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"{proved} of {all.Count} conversions of trained networks are proved equal for all "
            + $"inputs, and {exact} give the same exact outputs on all {all[0].Count:N0} test digits; each takes at most {slowest:F1} s "
            + $"and allocates at most {Figures.Bytes(all.Max(static row => row.AllocatedBytes))}; in float {flipped} of "
            + $"{all.Sum(static row => row.Count):N0} comparisons change the class");
        page.Claim =
            FormattableString.Invariant(
            $"Theorems 1 and 2 {(proved == all.Count ? "hold on trained networks without any rounding" : "are not confirmed for all trained networks")}: {proved} of {all.Count} conversions are proved equal on all of R^784, and what differs in float is the order of sums alone. ")
            + "Fused, Theorem 1 adds no number at all and separate one edge for each unit; \"no additional non-zero parameters\" of "
            + "Theorem 2 depends on how one counts, as the last table shows, and is lost by the fused form that Theorem 3's depth needs.";
    }

    /// <summary>A network and its exact outputs, with which others are compared.</summary>
    private sealed record Original(Digits Digits, Subject Network, Rational[][] Outputs)
    {
        public static Original Of(Digits digits, Subject network) => new(digits, network, DigitComparison.Exactly(digits, network));

        public Comparison Compare(Session session, string name, Func<Subject> convert)
        {
            session.Report($"{name}");
            var work = Work.Measure(convert);
            long start = Stopwatch.GetTimestamp();
            var proof = Network.DecideWhetherEqual(work.Value);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            int identical = DigitComparison.Exactly(Digits, work.Value).Zip(Outputs)
                .Count(static pair => pair.First.SequenceEqual(pair.Second));
            return new Comparison(
                name, work.Seconds, work.AllocatedBytes, work.KeptBytes, proof, seconds, Digits.Count, identical,
                DigitComparison.InFloatingPoint<double>(Digits, Network, work.Value),
                DigitComparison.InFloatingPoint<float>(Digits, Network, work.Value));
        }
    }

    /// <summary>A conversion, what it took, and how its result compares with the original.</summary>
    private sealed record Comparison(
        string Name, double Seconds, long AllocatedBytes, long KeptBytes, EquivalenceResult Proof, double ProofSeconds, int Count,
        int IdenticalExactly, Agreement InDouble, Agreement InFloat);
}
