using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Minimal;

/// <summary>What the page says about functions of one variable.</summary>
internal static class OneVariableSection
{
    private const int MostBreakpoints = 10;
    private const int FunctionsEach = 200;
    private const int MostFolds = 8;

    public static void Write(Page page, Session session)
    {
        page.Heading("One variable");
        page.Text("A function of k breakpoints is one KAN edge, with 2 k + 2 numbers: k breakpoints, k + 1 slopes and a value. No other "
            + "KAN of one layer is that function. ReLU networks of one hidden layer:");
        page.Text("- **With an affine term, exactly k units.** A sum of units bends only where one of them does, and a unit bends at "
            + "most once; slope and constant far left, and a unit for each breakpoint, are the function.\n- **Without, k or k + 1 "
            + "units.** With k units there is one at each breakpoint, with its jump, facing right or left; the slope far left is minus "
            + "the sum of the jumps of those that face left. So k units are enough exactly if some of the jumps sum to minus the slope "
            + "far left (`MinimalUnits`), and k + 1 always are if k > 0. A line that is not constant takes 2.\n- **Numbers.** Almost "
            + "every function of k breakpoints needs at least 2 k + 2 numbers that can be chosen, in networks of any depth of either "
            + "kind: the outputs of a network of fixed shape are semialgebraic in its N numbers, so that its functions are a set of "
            + "dimension N at most, and there are countably many shapes. The KAN edge has just as many. So has the ReLU network with an "
            + "affine term, if weights of 1 and -1 are not counted: k places, k jumps, a slope and a constant. If they are, it has 3 k + 2.");
        WriteRandom(page, session);
        WriteDepth(page, session);
        WriteTents(page, session);
    }

    private static void WriteRandom(Page page, Session session)
    {
        var rows = new List<IReadOnlyList<string>>();
        for (int k = 1; k <= session.Choose(MostBreakpoints, 3); k++)
        {
            session.Report($"{k} breakpoints");
            int fewer = 0, deep = 0;
            foreach (var function in RandomFunctions.WithBreakpoints(k, FunctionsEach))
            {
                var plain = OneVariable.WithoutAffineTerm(function);
                var affine = OneVariable.WithAffineTerm(function);
                Require(function, plain.ToKan());
                Require(function, affine.ToKan());
                if (affine.Units.Count != k || plain.UnitCount - k is not (0 or 1))
                    throw new InvalidOperationException($"{function}: {affine.Units.Count} and {plain.UnitCount} units.");
                if (plain.UnitCount == k) fewer++;
                if (OneVariable.TwoUnits(function) is not { } two) continue;
                Require(function, two.ToKan());
                deep++;
            }

            rows.Add(
            [
                $"{k}", $"{k}", $"{fewer}", $"{FunctionsEach - fewer}", k == 3 ? $"{deep}" : "",
                $"{OneVariable.UnitsForPieces(k)}", $"{OneVariable.UnitsForAlmostAll(k)}", $"{(2 * k) + 2}",
            ]);
        }

        page.Text($"{FunctionsEach} random functions for each k, breakpoints and slopes integers in [-9, 9] and [-3, 3]. All networks "
            + $"are proved equal to the function, on all of R. The last columns are lower bounds for networks of any depth in which "
            + $"every unit may read the inputs and all units before it: each unit at most doubles the number of pieces, and u units have "
            + $"u (u + 1) / 2 + u + 2 numbers that matter.");
        string[] header =
        [
            "k", "units, affine term", "functions: k units without", "k + 1", "2 units, one reading the other",
            "units, any depth, at least", "for almost all", "numbers for almost all, at least",
        ];
        page.Table(header, rows);
    }

    private static void WriteDepth(Page page, Session session)
    {
        int count = session.Choose(100, 10);
        foreach (var function in RandomFunctions.OfTwoUnits(count)) Require(function, OneVariable.TwoUnits(function)!.ToKan());
        page.Text($"Depth can save units. The smallest case can be decided: **a function of three breakpoints is two units and an affine "
            + $"term exactly if its jumps satisfy D_1 (b_2 - b_1) = D_3 (b_3 - b_2).** The first unit bends at one place, and what the "
            + $"second rectifies has at most one zero on each side of it, so that the first place is b_2; the value there is reached "
            + $"from both zeros, with slopes in the ratio of D_1 to D_3. Of {count} random functions that satisfy this, {count} networks "
            + $"of two units are proved equal. All others need three units at any depth.");
    }

    private static void WriteTents(Page page, Session session)
    {
        var rows = new List<IReadOnlyList<string>>();
        for (int j = 1; j <= session.Choose(MostFolds, 3); j++)
        {
            session.Report($"{j} folds");
            var edge = Tents.Edge(j);
            var chain = Tents.Chain(j);
            var units = Tents.Units(j);
            var layers = Tents.Layers(j);
            var plain = OneVariable.WithoutAffineTerm(edge);
            Require(edge, chain);
            Require(edge, units.ToKan());
            Require(edge, layers.ToKan());
            Require(edge, plain.ToKan());
            int bends = TwoLayerKan.BendCount(chain);
            if (edge.Slopes.Length != 1 << j || OneVariable.UnitsForPieces(edge.Breakpoints.Length) != units.Units.Count || bends != j)
                throw new InvalidOperationException($"The tent of {j} folds is not what it should be.");
            rows.Add(
            [
                $"{j}", Figures.Count(edge.Slopes.Length), Figures.Count(ConversionReport.Of(Network(edge)).Kan.ParameterCount),
                $"{bends}", Figures.Count(ConversionReport.Of(chain).Kan.ParameterCount),
                Figures.Count(edge.Breakpoints.Length), Figures.Count(plain.UnitCount), $"{units.Units.Count}",
                new Enclosure(Tents.LeastInLayers(j), layers.UnitCount).ToString(), Figures.Count(layers.NonZeroCount),
            ]);
        }

        page.Text("The tent T(x) = min(2 x, 2 - 2 x) applied j times has 2^j pieces, the most that j units can make. So j units are the "
            + "exact minimum where units may read the input, and j bends are that of a KAN; one layer of either kind needs 2^j - 1, "
            + "exactly. In layers without affine terms a layer of one unit is of no use, since no piece is constant: the unit would make "
            + "one, or pass its form on unchanged. So each layer has two units or more, n units multiply the pieces by n + 1 at most, "
            + "and one layer alone needs 2^j. For j = 3 two layers of two units are excluded too: they make 6 bends at most, because the "
            + "first two units face away from each other and no form in them has zeros on all three pieces. Depth does the same for both "
            + "architectures; edges of many pieces are no substitute for it.");
        string[] header =
        [
            "j", "pieces", "one edge: numbers", "chain of edges: bends", "numbers", "one hidden layer, affine term: units", "without",
            "any depth, affine terms: units", "layers without: units", "numbers, not 0",
        ];
        page.Table(header, rows);
    }

    private static KanNetwork Network(PiecewiseLinearFunction function) => new([new KanLayer(1, 1, [new KanEdge(0, 0, function)])]);

    private static void Require(PiecewiseLinearFunction function, KanNetwork network) =>
        EqualFunctions.Require(function.ToString(), Network(function), network);
}
