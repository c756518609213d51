using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// Bounds of all nodes as <see cref="RelaxedBounds"/> gives them, narrowed by proofs: where no input is found that takes a node to one of
/// the breakpoints it may reach, the prover is asked whether there is none.
/// </summary>
public static class ProvedBounds
{
    // Proofs that are tried, and the parts of each: some seconds for networks of a hundred thousand weights.
    private const int MostProofs = 48, MostParts = 400;

    private const int Points = 48, Starts = 3, Steps = 6, Seed = 1;

    /// <summary>Bounds the nodes; the same on every machine.</summary>
    /// <param name="network">The network.</param>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>By level (0: the inputs, l: the outputs of layer l - 1) and node the interval; null if a bound is not finite.</returns>
    public static IReadOnlyList<IReadOnlyList<InputRange?>> Of(KanNetwork network, IReadOnlyList<InputRange> box,
        CancellationToken cancellation = default)
    {
        var relaxed = RelaxedBounds.Of(network, box, cancellation);
        if (relaxed.Count == 0) return relaxed;
        var bounds = relaxed.Select(static level => level.ToArray()).ToArray();
        int proofs = 0;

        // The sums of the first layer are bounded exactly as they are.
        for (int level = 2; level < network.Layers.Length; level++)
        {
            var breakpoints = BreakpointsOf(network.Layers[level]);
            if (breakpoints.All(static own => own.Length == 0)) continue;
            var search = new NodeSearch(new KanNetwork(network.Layers.Take(level)), box);
            for (int q = 0; q < breakpoints.Length; q++)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (int sign in (int[])[1, -1])
                {
                    if (bounds[level][q] is not { } range) continue;

                    // The breakpoints between what is seen and what is bounded, the nearest first.
                    double seen = search.Seen(q, sign);
                    var open = breakpoints[q].Where(point => sign > 0
                        ? point.ToDouble() >= seen && point < range.High
                        : point.ToDouble() <= seen && point > range.Low).ToArray();
                    if (open.Length == 0) continue;
                    seen = search.Climb(q, sign);
                    open = [.. open.Where(point => sign > 0 ? point.ToDouble() >= seen : point.ToDouble() <= seen)];
                    if (open.Length == 0 || proofs++ >= MostProofs) continue;
                    var limit = sign > 0 ? open[0] : open[^1];
                    if (IsProved(network, level, q, box, limit, sign, cancellation))
                        bounds[level][q] = sign > 0 ? range with { High = limit } : range with { Low = limit };
                }
            }
        }

        return bounds;
    }

    /// <summary>Whether a node is never beyond a limit.</summary>
    private static bool IsProved(KanNetwork network, int level, int node, IReadOnlyList<InputRange> box, Rational limit, int sign,
        CancellationToken cancellation)
    {
        var last = network.Layers[level - 1];
        var alone = new KanLayer(last.InputCount, 1,
            last.Edges.Where(edge => edge.Output == node).Select(static edge => edge with { Output = 0 }), [last.Biases[node]]);
        var beyond = new LinearCondition([-sign], [], sign * limit, IsStrict: true);
        var statement = new OutputStatement([new ForbiddenCase([.. box], [beyond])]);
        var options = new ProverOptions { TimeLimit = Timeout.InfiniteTimeSpan, PartLimit = MostParts };
        return Prover.Prove(new KanNetwork([.. network.Layers.Take(level - 1), alone]), statement, options, cancellation)
            .Verdict == ProofVerdict.Proved;
    }

    /// <summary>By node the breakpoints of all that it feeds, increasing.</summary>
    private static Rational[][] BreakpointsOf(KanLayer layer)
    {
        var byInput = layer.Edges.ToLookup(static edge => edge.Input);
        return [.. Enumerable.Range(0, layer.InputCount)
            .Select(p => byInput[p].SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order().ToArray())];
    }

    /// <summary>Looks for inputs that take nodes far, in double: it decides what is tried, and nothing else.</summary>
    private sealed class NodeSearch
    {
        private readonly ApproximateNetwork _network;
        private readonly double[] _low, _high, _least, _most;
        private readonly double[][] _points;
        private readonly int _level, _nodes;

        public NodeSearch(KanNetwork network, IReadOnlyList<InputRange> box)
        {
            _network = new ApproximateNetwork(network);
            _low = [.. box.Select(static range => range.Low.ToDouble())];
            _high = [.. box.Select(static range => range.High.ToDouble())];
            _level = network.Layers.Length;
            _nodes = network.OutputCount;
            _least = [.. Enumerable.Repeat(double.PositiveInfinity, _nodes)];
            _most = [.. Enumerable.Repeat(double.NegativeInfinity, _nodes)];
            var random = new Random(Seed);
            _points = new double[Points][];
            for (int i = 0; i < Points; i++)
            {
                int kind = i % 3;
                _points[i] =
                    [.. _low.Select((low, p) => low
                    + ((_high[p] - low) * (i == 0 ? 0.5 : kind == 0 ? random.NextDouble() : random.Next(kind + 1) == 0 ? 0 : 1)))];
                See(_points[i]);
            }
        }

        /// <summary>The greatest value seen of a node (the least for sign -1).</summary>
        public double Seen(int node, int sign) => sign > 0 ? _most[node] : _least[node];

        /// <summary>The same after steps to the corner where the slopes at a point lead.</summary>
        public double Climb(int node, int sign)
        {
            double[] weights = new double[_nodes];
            weights[node] = sign;
            for (int start = 0; start < Starts; start++)
            {
                double[] x = _points[start];
                double best = double.NegativeInfinity;
                for (int step = 0; step < Steps; step++)
                {
                    var gradient = _network.Gradient(_network.Evaluate(x), _level, weights, 0);
                    x = [.. gradient.Select((slope, p) => slope > 0 ? _high[p] : slope < 0 ? _low[p] : x[p])];
                    double value = sign * See(x)[node];
                    if (!(value > best)) break;
                    best = value;
                }
            }

            return Seen(node, sign);
        }

        private double[] See(double[] x)
        {
            double[] values = _network.Evaluate(x)[_level];
            for (int q = 0; q < _nodes; q++) (_least[q], _most[q]) = (Math.Min(_least[q], values[q]), Math.Max(_most[q], values[q]));
            return values;
        }
    }
}
