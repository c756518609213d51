using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A node that is not the same in two networks although all layers before it are, and by how much it differs.</summary>
/// <param name="Layer">The layer whose output it is.</param>
/// <param name="Output">The node.</param>
/// <param name="Terms">The difference of its edges, for each node of the layer before where there is one.</param>
/// <param name="Bias">The difference of its biases.</param>
internal sealed record NodeDifference(int Layer, int Output, (int Input, PiecewiseLinearFunction Function)[] Terms, Rational Bias)
{
    /// <summary>
    /// The nodes of the first layer that differs. The layers before it are equal, so both networks pass it the same values.
    /// </summary>
    /// <param name="left">A network.</param>
    /// <param name="right">A network of the same widths.</param>
    public static IEnumerable<NodeDifference> Of(KanNetwork left, KanNetwork right)
    {
        for (int l = 0; l < left.Layers.Length; l++)
        {
            KanLayer a = left.Layers[l], b = right.Layers[l];
            if (EquivalenceDecision.SameLayer(a, b)) continue;
            var terms = new Dictionary<(int Input, int Output), PiecewiseLinearFunction>();
            foreach (var edge in a.Edges) terms.Add((edge.Input, edge.Output), edge.Function);
            foreach (var edge in b.Edges)
            {
                terms.TryGetValue((edge.Input, edge.Output), out var own);
                if (edge.Function.Equals(own)) terms.Remove((edge.Input, edge.Output));
                else terms[(edge.Input, edge.Output)] = (own ?? PiecewiseLinearFunction.Zero) - edge.Function;
            }

            // What is left of an edge that only the left network has is the edge itself.
            var byOutput = terms.ToLookup(static term => term.Key.Output, static term => (term.Key.Input, term.Value));
            for (int q = 0; q < a.OutputCount; q++)
            {
                var bias = a.Biases[q] - b.Biases[q];
                if (byOutput.Contains(q) || !bias.IsZero) yield return new NodeDifference(l, q, [.. byOutput[q]], bias);
            }

            yield break;
        }
    }

    /// <summary>Whether the node differs where the nodes before it have these values.</summary>
    public bool Shows(double[] values)
    {
        var sum = Bias;
        foreach (var (input, function) in Terms)
        {
            if (!double.IsFinite(values[input])) return false;
            sum += function.Evaluate(Rational.FromDouble(values[input]));
        }

        return !sum.IsZero;
    }

    /// <summary>
    /// Values of single nodes before this one at which an edge differs, the largest differences first: a short bump shows nowhere else.
    /// </summary>
    public IEnumerable<(int Input, Rational Value)> Places() => Terms
        .SelectMany(static term => Candidates(term.Function.Breakpoints)
            .Select(value => (term.Input, Value: value, Size: Rational.Abs(term.Function.Evaluate(value)))))
        .Where(static place => !place.Size.IsZero)
        .OrderByDescending(static place => place.Size)
        .Select(static place => (place.Input, place.Value));

    private static IEnumerable<Rational> Candidates(IReadOnlyList<Rational> breakpoints) => breakpoints.Count == 0
        ? [Rational.One]
        : [.. breakpoints, breakpoints[0] - Rational.One, breakpoints[^1] + Rational.One];
}
