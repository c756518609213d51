using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Minimal;

/// <summary>What the page says about functions of two variables.</summary>
internal static class PlaneSection
{
    private static readonly int[][] s_shapes = [[3], [2, 2], [3, 2], [2, 2, 2]];

    /// <summary>Squares that are tried until the network that is built from the bends in one is the function everywhere.</summary>
    private static readonly int[] s_reaches = [64, 4096, 1 << 20];

    public static IReadOnlyList<PlaneResult> Write(Page page, Session session)
    {
        page.Heading("Two variables");
        page.Text("Continuous piecewise-linear functions with finitely many pieces, represented exactly on the whole plane. A bend is a "
            + "line or a part of one across which the gradient jumps, by a multiple of the normal of the line. ReLU networks may have an "
            + "affine term, and at \"any depth\" every unit may read the inputs and all units before it; the bends of a KAN are its "
            + "distinct breakpoints, counted once for a node whichever edges have them.");
        WriteTheorems(page, session);
        page.Heading("Fourteen functions");
        session.Report($"functions of two variables");
        var results = PlaneFunction.All.Select(PlaneResult.Of).ToList();
        WriteTables(page, results);
        WriteObstacles(page, results);
        return results;
    }

    /// <summary>The network that <see cref="TwoLayerKan"/> builds for a function, proved equal to it on the whole plane.</summary>
    /// <exception cref="InvalidOperationException">None of the squares holds all bends.</exception>
    public static KanNetwork Build(KanNetwork network)
    {
        foreach (int reach in s_reaches)
        {
            var built = TwoLayerKan.Of(network, PlaneBends.Of(network, reach));
            if (Equivalence.Decide(network, built, options: EqualFunctions.Options).IsProved) return built;
        }

        throw new InvalidOperationException("No square holds all bends.");
    }

    private static void WriteTheorems(Page page, Session session)
    {
        int each = session.Choose(10, 2), most = 0, total = 0;
        foreach (int[] shape in s_shapes)
        {
            for (int seed = 1; seed <= each; seed++)
            {
                session.Report($"a KAN of two layers for a random network {string.Join('-', shape)}");
                most = Math.Max(most, PlaneResult.HiddenNodes(Build(RandomFunctions.Layered(shape, seed).ToKan())));
                total++;
            }
        }

        page.Text("What holds for all such functions:");
        page.Text("- **At any depth, the fewest units of a ReLU network are the fewest bends of a KAN.** An edge is a line and one unit "
            + "for each of its breakpoints, max(z - b, 0) at node z, whatever other edges share it; the rest is affine. The other way "
            + "round, a unit is one breakpoint. So where shape is free the architectures do not differ in what they need, only in how "
            + "many numbers they keep for it.\n"
            + "- **One hidden layer of ReLU units, with an affine term, computes f exactly if f bends equally along whole lines, and "
            + "then needs one unit for each line.** A unit bends along one whole line, equally everywhere. So every line needs a unit, "
            + "and two points of a line with different jumps exclude every such network; otherwise f less the units has no bend left. "
            + "Without the affine term it takes none, one or two units more: none if the jumps along some of the lines, as vectors, add "
            + "up to minus the gradient of the affine term, so that turning their units round removes it; one if they do so up to a "
            + "multiple of one of the normals, since a unit more has to share a line with another and face the other way; and otherwise "
            + "two, which make any affine term.\n"
            + "- **One layer of a KAN computes f exactly if all bends are horizontal or vertical.** On each box of a grid through them f "
            + "is affine, and continuity across sides makes the derivative by x the same in all boxes of a column, that by y in all of a "
            + "row.\n"
            + "- **Two layers of a KAN compute every f.** A node with inner edges A (x - p) and B (y - q) in one quadrant around (p, q), "
            + "0 outside, and w max(z, 0) behind them bends obliquely on one ray from (p, q), by w (A, B), and along axes. Such nodes "
            + "take away all oblique bends, one for each point at which the jump changes along a line and one more for a line that bends "
            + "everywhere; what is left is one layer, and one node more. "
            + $"So a function that is not affine is a KAN of 1 or 2 layers and a ReLU network of 1 or 2 hidden layers (Theorem 2), and "
            + $"its bends tell which. Of {total} random networks of one to three hidden layers, {total} such KANs are proved equal on "
            + $"the whole plane, with {most} hidden nodes at most.\n"
            + "- **In three variables two layers are not enough: no KAN of two layers computes max(x, y, z).** Its inner edges have "
            + "finitely many breakpoints, so there is a t that none of them has. Near (t, t, t) they are affine, and the network bends "
            + "along whole planes; but on the plane x = y the jump is not 0 where x > z and 0 where x < z, as near to (t, t, t) as one "
            + "likes. Three layers are enough.");
        RequireThreeLayers();
    }

    /// <summary>max(x, y, z) as a KAN of three layers.</summary>
    private static void RequireThreeLayers()
    {
        var relu = PiecewiseLinearFunction.Relu;
        var identity = PiecewiseLinearFunction.Identity;
        var three = new KanNetwork(
        [
            new KanLayer(3, 3, [new(0, 0, identity), new(1, 0, -identity), new(1, 1, identity), new(2, 2, identity)]),
            new KanLayer(3, 2, [new(0, 0, relu), new(1, 0, identity), new(2, 0, -identity), new(2, 1, identity)]),
            new KanLayer(2, 1, [new(0, 0, relu), new(1, 0, identity)]),
        ]);
        var formula = UnitNetwork.Of(3, static (network, inputs) => network.Max(network.Max(inputs[1], inputs[2]), inputs[0]));
        EqualFunctions.Require("max(x, y, z)", formula.ToKan(), three);
    }

    private static void WriteTables(Page page, List<PlaneResult> results)
    {
        page.Text("A single number is an exact minimum: the lower bound is proved as below, and a network that has it is proved equal to "
            + "the formula on the whole plane. Two numbers are a lower bound and what the best network known has. \"No\" is a proof that "
            + "there is none. Each column is a separate minimum: for the median and the last function the KAN with the fewest bends has "
            + "three hidden nodes.");
        string[] header =
        [
            "function", "regions", "lines of bends", "ReLU, one hidden layer: units", "without affine term",
                "any depth: units, or bends of a KAN",
            "KAN: layers", "two layers: hidden nodes", "two layers: bends", "built from the bends: nodes",
        ];
        page.Table(header, results.Select(static result => (IReadOnlyList<string>)
        [
            result.Function.Name, $"{result.Bends.RegionCount}", $"{result.Bends.Lines.Count}",
            result.HiddenLayer is { } layer ? $"{layer.Units.Count}" : "no",
                result.PlainHiddenLayer is { } plain ? $"{plain.UnitCount}" : "no",
            $"{result.Units}", result.IsAdditive ? "1" : "2", $"{result.Nodes}", $"{result.TwoLayerBends}",
                $"{PlaneResult.HiddenNodes(result.Built)}",
        ]));
        page.Text("Lower bounds:");
        page.Text("- *Units.* u units have at most 2^u cells, which are convex, so the function has at most as many regions in any "
            + "square; and they bend on at most 2^u - 1 lines, because the form of a unit is affine for each pattern of the units before "
            + "it. One unit bends along a whole line.\n"
            + "- *Hidden nodes.* f = g(a(x) + b(y)) has the gradient g' (a', b') at almost every point. So where the gradient is not 0, "
            + "the derivative by x is 0 exactly if a' is, which depends on x alone, and that by y if b' is; and the quotients f_x / f_y "
            + "at the corners of a rectangle, if no derivative is 0 there, have the same product over both diagonals. Points that break "
            + "one of these rules exclude a single node. Oblique bends need one at least.\n"
            + "- *Bends of two layers.* They are units, so the bound of units holds. Inner breakpoints are lines x = b and y = b. On "
            + "each box between them the inner edges are affine, so that the network bends along whole lines there, at most one for each "
            + "outer breakpoint. So each point at which the jump changes along a line is on one of these lines, there are at least as "
            + "many outer breakpoints as lines of bends in any box, and one at least if there are oblique bends. The bound is the "
            + "minimum over all ways to place the lines: at the coordinates of vertices, or between them, where only those bends are "
            + "counted that meet a box whatever the exact place.");
        page.Text("The numbers of the networks above, those with the fewest units and those with the fewest hidden nodes. A ReLU network "
            + "is counted with its weights that are not 0 and a constant for each unit and for the output, a KAN with 2 k + 2 numbers "
            + "for an edge of k breakpoints. These are upper bounds: that no network has fewer is not claimed.");
        page.Table(["function", "ReLU: units", "numbers", "KAN: edges", "segments", "numbers", "fewer numbers"],
            results.Select(static result =>
        {
            var kan = ConversionReport.Of(result.Function.FewestNodes).Kan;
            long relu = result.Function.Units.NumberCount, own = kan.ParameterCount;
            int segments =
                result.Function.FewestNodes.Layers.Sum(static layer => layer.Edges.Sum(static edge => edge.Function.Slopes.Length));
            return (IReadOnlyList<string>)
            [
                result.Function.Name, $"{result.Function.Units.Units.Count}", $"{relu}", $"{kan.EdgeCount}", $"{segments}", $"{own}",
                relu < own ? "ReLU" : relu > own ? "KAN" : "equal",
            ];
        }));
    }

    private static void WriteObstacles(Page page, List<PlaneResult> results)
    {
        page.Heading("Obstacles");
        page.Text("The points that exclude one hidden layer of ReLU units, with the jumps across the line there as multiples of its "
            + "normal, and those that exclude a single hidden node, with the gradients there.");
        var excluded = results.Where(static result => result.HiddenLayerObstacle is not null || result.NodeObstacle is not null);
        page.Table(["function", "no hidden layer", "no single node"], excluded.Select(static result => (IReadOnlyList<string>)
            [result.Function.Name, Show(result.HiddenLayerObstacle), Show(result.NodeObstacle)]));
    }

    private static string Show(JumpObstacle? obstacle) => obstacle is { } jump
        ? $"{jump.Line}: {jump.FirstJump} at {Show(jump.First)}, {jump.SecondJump} at {Show(jump.Second)}"
        : "";

    private static string Show(NodeObstacle? obstacle) => obstacle is null
        ? ""
        : string.Join(", ",
            obstacle.Points.Select(static point => $"({point.ByX}, {point.ByY}) at {Show(new PlanePoint(point.X, point.Y))}"));

    private static string Show(PlanePoint point) => $"({point.X}, {point.Y})";
}
