using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan;

/// <summary>
/// Looks where two networks of the same shape differ: at a node of the first layer that is not the same in both. It climbs, in doubles, to
/// points at which the node takes different values and the outputs depend on it.
/// </summary>
internal sealed class DirectedSearch(KanNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box, EquivalenceOptions options, CancellationToken cancellation)
{
    private const int MostNodes = 4;
    private const int Climbs = 24;
    private const int Steps = 6;

    private readonly Random _random = new(options.Seed);

    /// <summary>Points at which the networks probably differ; each is worth an exact evaluation.</summary>
    public IEnumerable<Rational[]> Points()
    {
        if (options.SampleCount == 0 || !left.Widths.SequenceEqual(right.Widths)) yield break;
        var network = new ApproximateNetwork(left);
        foreach (var difference in Differences().Take(MostNodes))
        {
            int found = 0;
            for (int climb = 0; climb < Climbs && found < options.SampleCount / MostNodes; climb++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Climb(network, difference, climb) is not { } point) continue;
                found++;
                yield return point;
            }
        }
    }

    /// <summary>The nodes of the first layer that differs. The layers before it are equal, so both networks pass it the same values.</summary>
    private IEnumerable<Difference> Differences()
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
                if (byOutput.Contains(q) || !bias.IsZero) yield return new Difference(l, q, [.. byOutput[q]], bias);
            }

            yield break;
        }
    }

    private Rational[]? Climb(ApproximateNetwork network, Difference difference, int climb)
    {
        // In turn the node itself and what one of its edges reads are driven up and down.
        bool feeds = climb % 2 == 0 || difference.Layer == 0 || difference.Terms.Length == 0;
        int level = feeds ? difference.Layer + 1 : difference.Layer;
        int driven = feeds ? difference.Output : difference.Terms[_random.Next(difference.Terms.Length)].Input;
        double[] x = Start(climb);
        for (int step = 0; step < Steps; step++)
        {
            double[][] values = network.Evaluate(x);
            double[] weights = [.. values[^1].Select(_ => 1 + _random.NextDouble())];
            if (network.Gradient(values, network.LayerCount, weights, difference.Layer + 1)[difference.Output] != 0 && difference.Shows(values[difference.Layer]))
            {
                return Array.ConvertAll(x, Rational.FromDouble);
            }

            double[] target = new double[values[level].Length];
            target[driven] = climb % 4 < 2 ? 1 : -1;
            double[] gradient = network.Gradient(values, level, target, 0);
            for (int p = 0; p < x.Length; p++)
            {
                if (gradient[p] != 0 && _random.NextDouble() < 0.7) x[p] = End(p, gradient[p] > 0);
            }
        }

        return null;
    }

    /// <summary>Most inputs at one end, some at the other, as in pictures: the share changes from climb to climb.</summary>
    private double[] Start(int climb)
    {
        double share = (climb % 6) switch { 0 => 0.02, 1 => 0.1, 2 => 0.2, 3 => 0.35, 4 => 0.5, _ => 0.8 };
        return [.. Enumerable.Range(0, left.InputCount).Select(p => End(p, _random.NextDouble() < share))];
    }

    /// <summary>A double inside the interval, near one of its ends.</summary>
    private double End(int input, bool high)
    {
        if (box is null) return high ? 16 : -16;
        double low = box[input].Low.ToDouble(), top = box[input].High.ToDouble();
        double end = high ? top : low;
        var exact = Rational.FromDouble(double.IsFinite(end) ? end : 0);
        return exact >= box[input].Low && exact <= box[input].High ? exact.ToDouble() : low + ((top - low) / 2);
    }

    /// <summary>A node and by how much it differs: the sum of functions of the nodes before it, and a constant.</summary>
    private sealed record Difference(int Layer, int Output, (int Input, PiecewiseLinearFunction Function)[] Terms, Rational Bias)
    {
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
    }
}
