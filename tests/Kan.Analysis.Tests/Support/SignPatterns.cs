using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis.Tests.Support;

/// <summary>
/// Cells by trying everything: every combination of segments of all nodes, each with a linear program in rationals for a point inside.
/// </summary>
internal static class SignPatterns
{
    /// <summary>The combinations that have an interior, as text, with the map of the outputs as rows of coefficients and a constant.</summary>
    public static Dictionary<string, Rational[][]> Of(KanNetwork network, IReadOnlyList<InputRange> box)
    {
        int n = network.InputCount;
        var inputs = new Rational[n][];
        var sides = new List<(Rational[] Normal, Rational Bound)>();
        for (int p = 0; p < n; p++)
        {
            inputs[p] = new Rational[n + 1];
            inputs[p][p] = Rational.One;
            sides.Add((inputs[p][..n], box[p].High));
            sides.Add((Negative(inputs[p][..n]), -box[p].Low));
        }

        var found = new Dictionary<string, Rational[][]>();
        Visit(0, inputs, sides, []);
        return found;

        void Visit(int layer, Rational[][] values, List<(Rational[] Normal, Rational Bound)> within, List<string> segments)
        {
            if (layer == network.Layers.Length)
            {
                found.Add(string.Join(";", segments), values);
                return;
            }

            var breakpoints = Enumerable.Range(0, values.Length).Select(p => network.Layers[layer].Edges.Where(edge => edge.Input == p)
                .SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order().ToArray()).ToArray();
            Choose(0, within, []);

            void Choose(int node, List<(Rational[] Normal, Rational Bound)> sofar, List<int> chosen)
            {
                if (node == values.Length)
                {
                    Visit(layer + 1, Next(network.Layers[layer], values, breakpoints, chosen), sofar,
                        [.. segments, string.Join(",", chosen)]);
                    return;
                }

                Rational[] row = values[node][..n], own = breakpoints[node];
                for (int s = 0; s <= own.Length; s++)
                {
                    var more = sofar.ToList();
                    if (row.All(static value => value.IsZero))
                    {
                        // A constant belongs to the segment right of the breakpoint that it is on.
                        if (own.Count(level => level <= values[node][n]) != s) continue;
                    }
                    else
                    {
                        if (s < own.Length) more.Add((row, own[s] - values[node][n]));
                        if (s > 0) more.Add((Negative(row), values[node][n] - own[s - 1]));
                        if (more.Count > sofar.Count && !HasInside(more, n)) continue;
                    }

                    Choose(node + 1, more, [.. chosen, s]);
                }
            }
        }
    }

    private static Rational[] Negative(Rational[] row) => [.. row.Select(static value => -value)];

    private static Rational[][] Next(KanLayer layer, Rational[][] values, Rational[][] breakpoints, List<int> segments)
    {
        int width = values[0].Length;
        var next = layer.Biases.Select(bias => new Rational[width]).ToArray();
        for (int q = 0; q < next.Length; q++) next[q][^1] = layer.Biases[q];
        foreach (var edge in layer.Edges)
        {
            // The line through the middle of the segment, found from two values of the function.
            var own = breakpoints[edge.Input];
            int s = segments[edge.Input];
            Rational left = s > 0 ? own[s - 1] : (own.Length > 0 ? own[0] - 2 : 0), right = s < own.Length ? own[s] : left + 1;
            var slope = (edge.Function.Evaluate(right) - edge.Function.Evaluate(left)) / (right - left);
            next[edge.Output][^1] += edge.Function.Evaluate(left) - (slope * left);
            for (int j = 0; j < width; j++) next[edge.Output][j] += slope * values[edge.Input][j];
        }

        return next;
    }

    /// <summary>Whether the largest t with a x + t &lt;= b for all sides is positive.</summary>
    private static bool HasInside(List<(Rational[] Normal, Rational Bound)> sides, int n)
    {
        LinearConstraint[] constraints = [.. sides.Select(static side => new LinearConstraint([.. side.Normal, 1], side.Bound))];
        var start = new Rational[n + 1];
        var direction = new Rational[n + 1];
        start[n] = sides.Select(static side => side.Bound).Aggregate(Rational.Min) - 1;
        direction[n] = 1;
        return LinearProgram.Maximize(constraints, start, direction).Point[n].Sign > 0;
    }
}
