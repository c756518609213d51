using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>Some edges of one input that are replaced together, and what may stand for them, from what they are to constants.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Edges">The indices of the edges in it.</param>
/// <param name="Choices">What may stand for them; the first is the edges as they are.</param>
internal sealed record EdgeGroup(int Layer, int[] Edges, IReadOnlyList<EdgeChoice> Choices);

/// <summary>Functions for some edges.</summary>
/// <param name="Functions">One for each edge.</param>
/// <param name="Errors">How far each is from the edge on the values of its input.</param>
/// <param name="Numbers">The numbers that they take.</param>
internal sealed record EdgeChoice(PiecewiseLinearFunction[] Functions, double[] Errors, double Numbers);

/// <summary>Finds what may stand for edges.</summary>
/// <param name="goal">Whether edges of one input that share breakpoints go on to share them.</param>
/// <param name="tolerance">
/// The error of an output that there is to spend: choices that would take all of it, or a share that no one notices, are not looked for.
/// </param>
/// <param name="edgeCount">The edges over which it is spent.</param>
/// <param name="measure">How far functions are from edges.</param>
internal sealed class EdgeChoices(SimplificationGoal goal, double tolerance, int edgeCount, EdgeMeasure measure)
{
    // How much larger errors may be than the tolerance, since errors of all edges at once are rarer than their sum says; and how much
    // smaller than an equal share.
    private const double MostOverTolerance = 8, LeastShare = 1.0 / 64;

    // Breakpoints of an input past which some are kept by their place, rather than others left out one by one.
    private const int Few = 24;

    // Errors that are tried, each larger than the one before by the root of the root of 2: segments grow with the root of the error.
    private const int MostErrors = 72;
    private const double Step = 1.189207115002721;

    /// <summary>The groups of a layer on the ranges of its inputs; edges of one input stay together where they share breakpoints.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its index.</param>
    /// <param name="ranges">The ranges of its inputs.</param>
    /// <param name="weights">How much an error of each of its outputs counts.</param>
    public IEnumerable<EdgeGroup> Of(KanLayer layer, int index, InputRange[] ranges, double[] weights)
    {
        bool isFactored = !layer.IsAffine && Factorization.TryFactor(LayerSize.ByInput(layer), Precision.Single) is not null;
        bool isShared = !isFactored && goal == SimplificationGoal.Tables && IsShared(layer);
        int[][] byInput = [.. Enumerable.Range(0, layer.Edges.Length).GroupBy(e => layer.Edges[e].Input)
            .Select(static group => group.ToArray())];
        foreach (int[] edges in byInput)
        {
            var node = new NodePlace(index, layer.Edges[edges[0]].Input, ranges[layer.Edges[edges[0]].Input]);
            if (node.Range.Low == node.Range.High) continue;
            if (isShared && edges.Length > 1 && edges.Any(e => !layer.Edges[e].Function.IsAffine))
            {
                yield return new EdgeGroup(index, edges,
                    Shared([.. edges.Select(e => layer.Edges[e].Function)], node, edges.Max(e => weights[layer.Edges[e].Output])));
                continue;
            }

            // A lone edge is its own shape.
            bool isWeight = isFactored && edges.Length > 1;
            foreach (int e in edges)
            {
                var function = layer.Edges[e].Function;
                var choices = isWeight || function.IsAffine
                    ? [Whole([function], 1), Constant([function], node)]
                    : Alone(function, node, weights[layer.Edges[e].Output]);
                yield return new EdgeGroup(index, [e], choices);
            }
        }
    }

    /// <summary>Whether the breakpoints of each input are, by and large, those of each of its edges.</summary>
    private static bool IsShared(KanLayer layer)
    {
        const double Most = 1.5;
        var union = layer.Edges.GroupBy(static edge => edge.Input)
            .Sum(static edges => edges.Count() * (double)edges.SelectMany(static edge => edge.Function.Breakpoints).Distinct().Count());
        return union <= Most * layer.Edges.Sum(static edge => (double)edge.Function.Breakpoints.Length);
    }

    private static EdgeChoice Whole(PiecewiseLinearFunction[] functions, double numbers) =>
        new(functions, new double[functions.Length], numbers);

    private EdgeChoice Constant(PiecewiseLinearFunction[] functions, NodePlace node) =>
        Measured(functions, [.. functions.Select(static _ => PiecewiseLinearFunction.Zero)], node, 0);

    /// <summary>Functions shifted to where their errors are least, and these errors.</summary>
    private EdgeChoice Measured(PiecewiseLinearFunction[] functions, PiecewiseLinearFunction[] others, NodePlace node, double numbers)
    {
        var errors = new double[functions.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            (var shift, errors[i]) = measure.Of(functions[i] - others[i], node);
            others[i] = others[i].Shift(shift);
        }

        return new EdgeChoice(others, errors, numbers);
    }

    /// <summary>An edge by itself: paths of the fewest segments within errors that grow until nothing but a constant is left.</summary>
    private List<EdgeChoice> Alone(PiecewiseLinearFunction function, NodePlace node, double weight)
    {
        var range = node.Range;
        var constant = Constant([function], node);
        List<EdgeChoice> choices = [Whole([function], function.Slopes.Length)];
        double low = range.Low.ToDouble(), high = range.High.ToDouble();
        double[] x = [low, .. function.Breakpoints.Where(point => point > range.Low && point < range.High)
            .Select(static point => point.ToDouble()).Where(point => point > low && point < high).Distinct(), high];
        if (low < high)
        {
            double[] values = Array.ConvertAll(x, point => function.Evaluate(Rational.FromDouble(point)).ToDouble());
            int known = -1;
            foreach (double error in Errors(constant.Errors[0], weight))
            {
                if (TubePath.Find(x, values, error) is not { } path) continue;
                int segments = path.Knots.Length - 1;
                if (segments >= function.Slopes.Length) break;

                // Paths of as many segments within less are no worse.
                if (segments == known) choices.RemoveAt(choices.Count - 1);
                known = segments;
                choices.Add(Measured([function],
                    [PiecewiseLinearFunction.FromKnots(Array.ConvertAll(path.Knots, Rational.FromDouble),
                    Array.ConvertAll(path.Values, Rational.FromDouble))], node, segments));
            }
        }

        choices.Add(constant);
        return choices;
    }

    /// <summary>The errors to try, falling from that of a constant.</summary>
    private IEnumerable<double> Errors(double constant, double weight)
    {
        double error = Math.Min(constant, MostOverTolerance * tolerance / weight) / Step,
            least = LeastShare * tolerance / (weight * edgeCount);
        for (int i = 0; i < MostErrors && error > least; i++, error /= Step) yield return error;
    }

    /// <summary>Edges with common breakpoints, of which some are kept for all.</summary>
    private List<EdgeChoice> Shared(PiecewiseLinearFunction[] functions, NodePlace node, double weight)
    {
        var range = node.Range;
        List<Rational> knots = [range.Low, .. functions.SelectMany(static function => function.Breakpoints)
            .Where(point => point > range.Low && point < range.High).Distinct().Order(), range.High];
        double Numbers(int segments) => (segments - 1) + (2.0 * segments * functions.Length);
        var constant = Constant(functions, node);
        List<EdgeChoice> choices = [Whole(functions, Numbers(knots.Count - 1))];
        foreach (var kept in knots.Count <= Few ? OneByOne(functions, knots) : ByPlace(functions, knots, constant.Errors.Max(), weight))
        {
            PiecewiseLinearFunction[] others =
                [.. functions.Select(function => PiecewiseLinearFunction.FromKnots(kept, measure.ValuesAt(kept, function, knots, node)))];
            choices.Add(Measured(functions, others, node, Numbers(kept.Count - 1)));
        }

        choices.Add(constant);
        return choices;
    }

    /// <summary>Breakpoints are left out one by one, each time the one that matters least.</summary>
    private static IEnumerable<List<Rational>> OneByOne(PiecewiseLinearFunction[] functions, List<Rational> knots)
    {
        while (knots.Count > 2)
        {
            int least = Enumerable.Range(1, knots.Count - 2)
                .MinBy(i => functions.Max(function => Sag(function, knots[i - 1], knots[i], knots[i + 1])));
            knots = [.. knots.Where((_, i) => i != least)];
            yield return knots;
        }
    }

    /// <summary>From each breakpoint the farthest that a line to it stays within an error of all edges, for errors that fall.</summary>
    private IEnumerable<List<Rational>> ByPlace(PiecewiseLinearFunction[] functions, List<Rational> knots, double constant, double weight)
    {
        double[] x = [.. knots.Select(static knot => knot.ToDouble())];
        double[][] values = [.. functions.Select(function => knots.Select(knot => function.Evaluate(knot).ToDouble()).ToArray())];
        int known = -1;
        foreach (double error in Errors(constant, weight))
        {
            List<Rational> kept = [knots[0]];
            for (int at = 0; at + 1 < x.Length;)
            {
                at = Farthest(x, values, at, error);
                kept.Add(knots[at]);
            }

            if (kept.Count >= knots.Count) yield break;
            if (kept.Count != known) yield return kept;
            known = kept.Count;
        }
    }

    /// <summary>
    /// The last breakpoint for which all lines from one stay within an error of the breakpoints between: those before leave a cone of
    /// slopes.
    /// </summary>
    private static int Farthest(double[] x, double[][] values, int from, double error)
    {
        var (low, high) = (new double[values.Length], new double[values.Length]);
        Array.Fill(low, double.NegativeInfinity);
        Array.Fill(high, double.PositiveInfinity);
        int last = from + 1;
        for (int i = from + 1; i < x.Length; i++)
        {
            bool isPossible = true, isWithin = true;
            for (int f = 0; f < values.Length; f++)
            {
                double length = x[i] - x[from], rise = values[f][i] - values[f][from], slope = rise / length;
                isWithin &= slope >= low[f] && slope <= high[f];
                low[f] = Math.Max(low[f], (rise - error) / length);
                high[f] = Math.Min(high[f], (rise + error) / length);
                isPossible &= low[f] <= high[f];
            }

            if (isWithin) last = i;
            if (!isPossible) break;
        }

        return last;
    }

    /// <summary>How far a value is from the line between its neighbors.</summary>
    private static double Sag(PiecewiseLinearFunction function, Rational left, Rational middle, Rational right)
    {
        double a = function.Evaluate(left).ToDouble(), b = function.Evaluate(middle).ToDouble(), c = function.Evaluate(right).ToDouble();
        double share = ((middle - left) / (right - left)).ToDouble();
        return Math.Abs(b - a - (share * (c - a)));
    }
}
