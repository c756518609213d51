using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Minimal;

/// <summary>Families of functions for which one kind of network needs more numbers than the other, and why.</summary>
internal sealed class EqualBudgetsExperiment : IExperiment
{
    private const int BytesOfFloat = 4;

    public string Name => "equal-budgets";

    public string Question => "Which functions does one kind of network compute with fewer numbers than the other?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Equal budgets") { IsExact = true };
        page.Text("The third open question of the paper: at equal numbers of parameters, do KANs compute other functions than ReLU "
            + "networks? Here are three families of functions with proved lower bounds, and networks of both kinds that are counted as "
            + "the library makes them. A KAN has 2 k + 2 numbers for an edge of k breakpoints. A ReLU network is counted dense, with all "
            + "entries of its matrices and all biases, or sparse, with those that are not 0; \"free\" is sparse without weights of 1 and "
            + "-1 that only select an input, and with a breakpoint at which two units turn to either side counted once. What such counts "
            + "mean in bytes and time is measured on the page about [scaling](scaling.md).");
        page.Text("A lower bound that holds for both: a network of fixed shape with N numbers computes functions of dimension N at most. "
            + "So almost every function of a family of dimension d needs d numbers, in a network of any depth of either kind.");
        var curves = WriteCurves(page, session);
        var hinges = WriteHinges(page, session);
        var tents = WriteTents(page, session);
        var (n, last) = (curves[^1].Size, curves[^1]);
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"a layer of {n} x {n} curves takes {Figures.Count(last.Kan)} numbers as a KAN, "
            + $"{Figures.Count(last.Relu.NonZeroCount)} in a sparse hidden layer of ReLU units and {Figures.Count(last.DenseBound)} at "
            + $"least in a dense one; sums of dense hinges take exactly twice as many numbers in two layers of a KAN as in a hidden "
            + $"layer; iterated tents need depth in both");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"Counted sparse, both kinds of network compute these families with numbers that differ "
            + $"by constant factors, and neither can compute more than a part of measure 0 of a family with fewer numbers than its "
            + $"dimension: nothing here sets KANs apart as a class. Two conventions do make a difference. In one hidden layer, dense "
            + $"matrices cost a layer of curves a factor that grows with n ({(double)last.DenseBound / last.Kan:F0} at n = {n}), since "
            + $"each unit reads one input and all its other weights are 0; edges with 2 k + 2 numbers each cost a layer of hinges a "
            + $"factor of {hinges:F0}, or nearly 2 k + 2 where every edge has k breakpoints, since a weight is one number. "
            + $"Regions are no measure of either: the tent of {tents.Folds} folds has "
            + $"{Figures.Count(tents.Pieces)} of them with {tents.Numbers} numbers.");
        return page;
    }

    private static List<CurveSize> WriteCurves(Page page, Session session)
    {
        const int K = Families.Breakpoints;
        var sizes = new List<CurveSize>();
        foreach (int n in session.Choose<int[]>([1, 2, 3, 4, 8, 16, 32], [1, 2]))
        {
            session.Report($"{n} x {n} curves");
            var kan = Families.Curves(n);
            var relu = kan.ToRelu();
            EqualFunctions.Require($"{n} x {n} curves", kan, relu.ToKan());
            var size = ConversionReport.SizeOf(relu);
            long units = (long)n * n * K;
            if (size.UnitCount < units) throw new InvalidOperationException($"{size.UnitCount} units where {units} are needed.");
            sizes.Add(new CurveSize(n, ConversionReport.Of(kan).Kan.ParameterCount, size)
            {
                Dimension = ((long)n * n * ((2 * K) + 1)) + n,
                UnitBound = units,
                DenseBound = (units * ((2 * n) + 1)) + n,
            });
        }

        page.Heading("Layers of curves: dense ReLU networks need more");
        page.Text($"n outputs, each a sum of n functions of one input with k = {K} breakpoints, all different: one KAN layer. Its "
            + $"dimension is n^2 (2 k + 1) + n, for only the sum of the n constants of an output matters. A ReLU network of one hidden "
            + $"layer needs a unit for each of the n^2 k hyperplanes x_p = b on which an output bends, with or without an affine term, "
            + $"because a unit bends along one hyperplane. So its matrices have n^2 k (2 n + 1) + n entries at least. The networks are "
            + $"proved equal on all of R^n.");
        string[] header =
        [
            "n", "dimension", "KAN: numbers", "ReLU: units, at least", "here", "free numbers", "sparse", "dense, at least", "here",
                "dense / KAN, at least",
        ];
        page.Table(header, sizes.Select(static size => (IReadOnlyList<string>)
        [
            $"{size.Size}", Figures.Count(size.Dimension), Figures.Count(size.Kan), Figures.Count(size.UnitBound),
                Figures.Count(size.Relu.UnitCount),
            Figures.Count(size.Relu.FreeParameterCount), Figures.Count(size.Relu.NonZeroCount), Figures.Count(size.DenseBound),
                Figures.Count(size.Dense),
            Figures.Short((double)size.DenseBound / size.Kan),
        ]));
        page.Chart("curves", "Numbers of a layer of n x n curves", Charts.Lines(
            $"A layer of n x n curves of {K} breakpoints",
            new ChartAxis("n", IsLogarithmic: true),
            new ChartAxis("numbers", IsLogarithmic: true),
            [
                Curve("KAN", static size => size.Kan), Curve("ReLU, sparse", static size => size.Relu.NonZeroCount),
                    Curve("ReLU, dense", static size => size.Dense),
                Curve("dense, lower bound", static size => size.DenseBound) with { IsDashed = true, Style = 2 },
                Curve("dimension", static size => size.Dimension) with { IsDashed = true, Style = 0 },
            ]));
        return sizes;

        Curve Curve(string name, Func<CurveSize, long> number) =>
            new(name, [.. sizes.Select(size => ((double)size.Size, (double)number(size), 0.0))]);
    }

    /// <summary>Writes the section; the factor that holds for every n.</summary>
    private static double WriteHinges(Page page, Session session)
    {
        var rows = new List<(int Size, long Dimension, long Relu, long Kan, long Uniform)>();
        foreach (int n in session.Choose<int[]>([2, 3, 4, 8, 16, 32, 64], [2, 3]))
        {
            session.Report($"{n} hinges of {n} inputs");
            var relu = Families.Hinges(n);
            var kan = Families.HingesAsKan(relu);
            EqualFunctions.Require($"{n} hinges", relu.ToKan(), kan);
            long numbers = relu.NonZeroCount, own = ConversionReport.Of(kan).Kan.ParameterCount;
            if (numbers != (long)n * (n + 2) || own != 2L * n * (n + 2))
                throw new InvalidOperationException($"{n} hinges: {numbers} and {own} numbers.");
            rows.Add((n, (long)n * (n + 1), numbers, own, 4L * n * (n + 1)));
        }

        page.Heading("Sums of hinges: KANs of two layers need more");
        page.Text("f(x) = sum of w_i ReLU(a_i x + t_i), n hinges of n inputs; no w_i, t_i and no number in a_i is 0, no two a_i are "
            + "parallel, and in each the first n - 1 numbers are positive, the last negative. A hidden layer of ReLU units needs a unit "
            + "for each of the n hyperplanes, which has the n weights of its hyperplane, none of them 0, a bias and a weight behind it: "
            + "n (n + 2) numbers, exactly. (With each w_i scaled to 1 or -1, the dimension is n (n + 1).)");
        page.Text("A KAN of two layers needs n^2 + n edges, n of which bend. Where all inputs are larger than all breakpoints of inner "
            + "edges, the inner edges are affine and each hidden node has one gradient; all n hyperplanes pass through there, since a_i "
            + "has numbers of both signs. Each needs a node whose gradient is parallel to a_i, so there are n different nodes; each of "
            + "them has n inner edges that are not constant, and an outer edge that bends. That is 2 n^2 + 4 n numbers, exactly: a "
            + "network that has as many is proved equal on all of R^n. If every edge has the same number k of breakpoints, as in KANs "
            + "with a grid, it is (2 k + 2) (n^2 + n).");
        string[] header = ["n", "dimension", "ReLU: numbers, exact", "KAN: numbers, exact", "ratio", "every edge with k = 1"];
        page.Table(header, rows.Select(static row => (IReadOnlyList<string>)
        [
            $"{row.Size}", Figures.Count(row.Dimension), Figures.Count(row.Relu), Figures.Count(row.Kan),
            Figures.Short((double)row.Kan / row.Relu), Figures.Count(row.Uniform),
        ]));
        page.Chart("hinges", "Numbers of a sum of n hinges of n inputs", Charts.Lines(
            "A sum of n hinges of n inputs", new ChartAxis("n", IsLogarithmic: true), new ChartAxis("numbers", IsLogarithmic: true),
            [
                Points("ReLU", rows.Select(static row => (row.Size, row.Relu))),
                    Points("KAN", rows.Select(static row => (row.Size, row.Kan))),
                Points("KAN, every k = 1", rows.Select(static row => (row.Size, row.Uniform))),
                Points("dimension", rows.Select(static row => (row.Size, row.Dimension))) with { IsDashed = true, Style = 0 },
            ]));
        page.Text("The factor is one of counting: stored as weights, the edges that are lines have one number each, as the compiler "
            + "keeps them, and it disappears. For deeper KANs no lower bound is claimed.");
        return (double)rows[^1].Kan / rows[^1].Relu;
    }

    private static (int Folds, long Pieces, long Numbers) WriteTents(Page page, Session session)
    {
        var rows = new List<(int Folds, long Edge, long Chain, long Layers, long Hidden)>();
        for (int j = 1; j <= session.Choose(12, 3); j++)
        {
            session.Report($"{j} folds");
            var edge = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, Tents.Edge(j))])]);
            var chain = Tents.Chain(j);
            var layers = Tents.Layers(j);
            EqualFunctions.Require($"{j} folds", edge, chain);
            EqualFunctions.Require($"{j} folds", edge, layers.ToKan());
            long hidden = (2L * edge.Layers[0].Edges[0].Function.Breakpoints.Length) + 2;
            rows.Add((j, ConversionReport.Of(edge).Kan.ParameterCount, ConversionReport.Of(chain).Kan.ParameterCount, layers.NonZeroCount,
                hidden));
        }

        page.Heading("Iterated tents: both need depth");
        page.Text("T(x) = min(2 x, 2 - 2 x) applied j times has 2^j pieces, see [minimal forms](minimal-forms.md). One layer of a KAN is "
            + "one edge of 2^(j + 1) numbers, and no other; one hidden layer of ReLU units with an affine term needs 2^j - 1 units, so "
            + "2^(j + 1) numbers, those of 1 and -1 not counted. With depth both need numbers in proportion to j, and j breakpoints or "
            + "units at least. All networks are proved equal on all of R.");
        string[] header = ["j", "pieces", "KAN, one edge", "ReLU, one hidden layer", "KAN, chain of edges", "ReLU, layers of two units"];
        page.Table(header, rows.Select(static row => (IReadOnlyList<string>)
        [
            $"{row.Folds}", Figures.Count(1L << row.Folds), Figures.Count(row.Edge), Figures.Count(row.Hidden), Figures.Count(row.Chain),
            Figures.Count(row.Layers),
        ]));
        page.Chart("tents", "Numbers of the tent of j folds", Charts.Lines(
            "The tent of j folds", new ChartAxis("j"), new ChartAxis("numbers", IsLogarithmic: true),
            [
                Points("one layer, either", rows.Select(static row => (row.Folds, row.Edge))),
                Points("KAN, chain", rows.Select(static row => (row.Folds, row.Chain))),
                Points("ReLU, layers", rows.Select(static row => (row.Folds, row.Layers))),
            ]));
        return (rows[^1].Folds, 1L << rows[^1].Folds, rows[^1].Chain);
    }

    private static Curve Points(string name, IEnumerable<(int X, long Y)> points) =>
        new(name, [.. points.Select(static point => ((double)point.X, (double)point.Y, 0.0))]);

    private sealed record CurveSize(int Size, long Kan, ReluSize Relu)
    {
        public required long Dimension { get; init; }

        public required long UnitBound { get; init; }

        public required long DenseBound { get; init; }

        public long Dense => Relu.DenseByteCount / BytesOfFloat;
    }
}
