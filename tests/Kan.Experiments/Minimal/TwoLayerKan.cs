using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>One hidden node of a KAN of two inputs: outer(first(x) + second(y)).</summary>
internal readonly record struct HiddenNode(PiecewiseLinearFunction First, PiecewiseLinearFunction Second, PiecewiseLinearFunction Outer);

/// <summary>
/// Every continuous piecewise-linear function of two variables as a KAN of two layers. A node whose inner edges are A (x - p) and B (y - q)
/// in one quadrant around (p, q) and 0 elsewhere bends obliquely on one ray from (p, q) alone. Such nodes take all oblique bends away; what
/// is left is affine on each box of a grid, where continuity makes it a function of x plus a function of y: one node more.
/// </summary>
internal static class TwoLayerKan
{
    /// <summary>The network, from the bends of a function.</summary>
    public static KanNetwork Of(KanNetwork network, PlaneBends bends)
    {
        var nodes = bends.Lines.Where(static line => line.Line.IsOblique).SelectMany(NodesOf).ToList();
        var oblique = Create(nodes);

        // All that is left bends at these alone.
        var lines = bends.Lines.Select(static line => line.Line).ToList();
        var xs = Knots(lines.Where(static line => line.B.IsZero), nodes.SelectMany(static node => node.First.Breakpoints));
        var ys = Knots(lines.Where(static line => line.A.IsZero), nodes.SelectMany(static node => node.Second.Breakpoints));
        Rational x0 = xs[0], y0 = ys[0], atOrigin = Rest(x0, y0);
        var first = PiecewiseLinearFunction.FromKnots(xs, [.. xs.Select(x => Rest(x, y0))]);
        var second = PiecewiseLinearFunction.FromKnots(ys, [.. ys.Select(y => Rest(x0, y) - atOrigin)]);
        if (nodes.Count == 0) return new KanNetwork([new KanLayer(2, 1, [new KanEdge(0, 0, first), new KanEdge(1, 0, second)])]);
        if (first.IsConstant && second.IsConstant) return Create(nodes, first.AnchorValue + second.AnchorValue);
        return Create([.. nodes, new HiddenNode(first, second, PiecewiseLinearFunction.Identity)]);

        Rational Rest(Rational x, Rational y) => network.Evaluate([x, y])[0] - oblique.Evaluate([x, y])[0];
    }

    /// <summary>A KAN of two layers from its hidden nodes.</summary>
    public static KanNetwork Create(IReadOnlyList<HiddenNode> nodes, Rational constant = default)
    {
        if (nodes.Count == 0) return new KanNetwork([new KanLayer(2, 1, [], [constant])]);
        var inner = nodes.SelectMany(static (node, q) => new[] { new KanEdge(0, q, node.First), new KanEdge(1, q, node.Second) });
        var outer = nodes.Select(static (node, p) => new KanEdge(p, 0, node.Outer));
        return new KanNetwork([new KanLayer(2, nodes.Count, inner), new KanLayer(nodes.Count, 1, outer, [constant])]);
    }

    /// <summary>The distinct breakpoints of all nodes: a unit of a ReLU network each.</summary>
    public static int BendCount(KanNetwork network) => network.Layers.Sum(static layer =>
        layer.Edges.SelectMany(static edge => edge.Function.Breakpoints.Select(point => (edge.Input, point))).Distinct().Count());

    /// <summary>The nodes for one line: the whole line, if it bends between no changes unequal to 0, and a ray for each change.</summary>
    private static IEnumerable<HiddenNode> NodesOf(LineBends bends)
    {
        var line = bends.Line;
        int reference = Math.Max(0, bends.Jumps.ToList().FindIndex(static jump => jump.IsZero));
        if (!bends.Jumps[reference].IsZero)
        {
            yield return new HiddenNode(
                PiecewiseLinearFunction.Linear(line.A, -line.C),
                PiecewiseLinearFunction.Linear(line.B, Rational.Zero),
                bends.Jumps[reference] * PiecewiseLinearFunction.Relu);
        }

        for (int i = 0; i < bends.Changes.Count; i++)
        {
            // Away from the reference, along the direction (-B, A) or against it.
            bool isAlong = i >= reference;
            var jump = isAlong ? bends.Jumps[i + 1] - bends.Jumps[i] : bends.Jumps[i] - bends.Jumps[i + 1];
            var start = line.PointAt(bends.Changes[i]);
            yield return new HiddenNode(
                Half(line.A, start.X, isRight: line.B.Sign < 0 == isAlong),
                Half(line.B, start.Y, isRight: line.A.Sign > 0 == isAlong),
                jump * PiecewiseLinearFunction.Relu);
        }
    }

    /// <summary>slope (x - point) on one side of a point, 0 on the other.</summary>
    private static PiecewiseLinearFunction Half(Rational slope, Rational point, bool isRight) =>
        PiecewiseLinearFunction.FromSlopes([point], isRight ? [Rational.Zero, slope] : [slope, Rational.Zero], point, Rational.Zero);

    /// <summary>The sorted union, with a point more on each side, so that the slopes at the ends are known.</summary>
    private static Rational[] Knots(IEnumerable<BendLine> lines, IEnumerable<Rational> breakpoints)
    {
        Rational[] knots = [.. lines.Select(static line => line.C).Concat(breakpoints).Distinct().Order()];
        return knots.Length == 0 ? [0, 1] : [knots[0] - 1, .. knots, knots[^1] + 1];
    }
}
