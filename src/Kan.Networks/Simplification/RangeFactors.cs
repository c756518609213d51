using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Makes layers two of fewer numbers where a certificate for all inputs in the ranges allows it, the first layer first. Directions are
/// those that matter for inputs anywhere in their ranges; only the certificate decides.
/// </summary>
internal static class RangeFactors
{
    // Points at which a rank that cannot do is seen without exact arithmetic, and boxes that are bounded for one that may.
    private const int Points = 16, MostParts = 256;

    /// <summary>The network with factors, of the least ranks that were found to keep a tolerance; null if no layer has any.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranges">By level the ranges of its nodes.</param>
    /// <param name="weights">By level and node, how much an output may change for a change of it.</param>
    /// <param name="tolerance">The largest certified difference of an output.</param>
    /// <param name="goal">What is kept small.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static FactoredNetwork? Find(
        KanNetwork network, InputRange[][] ranges, double[][] weights, double tolerance, SimplificationGoal goal,
        CancellationToken cancellation)
    {
        var layers = new List<(int Index, Candidate Candidate)>();
        for (int l = 0; l < network.Layers.Length; l++)
        {
            if (Candidate.TryCreate(network.Layers[l], ranges[l], weights[l + 1], goal, cancellation) is { } own) layers.Add((l, own));
        }

        var found = FactoredNetwork.Of(network);
        bool isFactored = false;
        double[][] points = PointsOf(ranges[0]);
        double[][] expected = Outputs(network, points);
        for (int i = 0; i < layers.Count; i++)
        {
            var (l, candidate) = layers[i];
            double allowed = tolerance * (i + 1) / layers.Count;
            int tooFew = 0, enough = candidate.MostRank;
            if (enough < 1 || !Keeps(With(enough))) continue;
            while (enough - tooFew > 1)
            {
                int rank = (enough + tooFew) / 2;
                if (Keeps(With(rank))) enough = rank;
                else tooFew = rank;
            }

            var next = With(enough);
            if (next.Parts[l].SizeBy(goal) >= LayerSize.By(goal, network.Layers[l])) continue;
            (found, isFactored) = (next, true);

            FactoredNetwork With(int rank) =>
                new([.. found.Parts.Select((part, index) => index == l ? candidate.Factors(rank) : part)]);

            bool Keeps(FactoredNetwork some)
            {
                cancellation.ThrowIfCancellationRequested();
                double[][] outputs = Outputs(some.Network, points);
                for (int point = 0; point < outputs.Length; point++)
                {
                    for (int q = 0; q < outputs[point].Length; q++)
                    {
                        if (!(Math.Abs(outputs[point][q] - expected[point][q]) <= allowed)) return false;
                    }
                }

                return RangeCompressor.Bound(network, some.Product(cancellation), ranges, cancellation, MostParts) <= allowed;
            }
        }

        return isFactored ? found : null;
    }

    private static double[][] Outputs(KanNetwork network, double[][] points)
    {
        var sampled = new SampledNetwork(network);
        return Array.ConvertAll(points, sampled.Outputs);
    }

    /// <summary>Corners of the box, and points inside: the same ones each time.</summary>
    private static double[][] PointsOf(InputRange[] box)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Points).Select(i => box.Select(range =>
        {
            double share = i % 2 == 0 ? random.Next(2) : random.NextDouble();
            return range.Low.ToDouble() + (share * (range.High.ToDouble() - range.Low.ToDouble()));
        }).ToArray())];
    }

    /// <summary>A layer, and the directions in which its outputs vary.</summary>
    private sealed class Candidate
    {
        private readonly KanLayer _layer;
        private readonly TermBlock _block;
        private readonly LowRankBasis _basis;
        private readonly double[] _means, _termMeans;

        private Candidate(
            KanLayer layer, TermBlock block, InputRange[] ranges, double[] weights, SimplificationGoal goal, CancellationToken cancellation)
        {
            (_layer, _block) = (layer, block);
            double[][] terms = LowRankBasis.AtPoints(block, ranges);
            _termMeans = Array.ConvertAll(terms, static values => values.Average());
            _means = Means(layer, block, ranges);
            _basis = LowRankBasis.OfRanges(terms, block, Array.ConvertAll(weights, static weight => weight * weight), cancellation);
            long ofNode = LayerSize.By(goal, Factors(1).First) + layer.OutputCount;
            MostRank = (int)Math.Min(Math.Min(layer.OutputCount, block.Terms.Length) - 1, LayerSize.By(goal, layer) / ofNode);
        }

        /// <summary>The largest rank that may save numbers.</summary>
        public int MostRank { get; }

        public static Candidate? TryCreate(
            KanLayer layer, InputRange[] ranges, double[] weights, SimplificationGoal goal, CancellationToken cancellation) =>
            LowRankBasis.BlockOf(layer, ranges) is { } block
                ? new Candidate(layer, block, ranges, weights, goal, cancellation)
                : null;

        /// <summary>The two layers of a rank, of floats.</summary>
        public LayerFactors Factors(int rank)
        {
            int outputs = _layer.OutputCount;
            var (down, up) = _basis.Factors(_block, rank);
            double[] biases = [.. _means];
            for (int k = 0; k < rank; k++)
            {
                double mean = 0;
                for (int t = 0; t < _termMeans.Length; t++) mean += TermBlock.Number(down.Weights[t, k]).ToDouble() * _termMeans[t];
                for (int q = 0; q < outputs; q++) biases[q] -= TermBlock.Number(up.Weights[k, q]).ToDouble() * mean;
            }

            return new LayerFactors(
                new KanLayer(_layer.InputCount, rank, down.Edges(down.Weights)),
                new KanLayer(rank, outputs, up.Edges(up.Weights),
                    [.. biases.Select(static bias => double.IsFinite(bias) ? Rational.FromDouble(bias) : Rational.Zero)]));
        }

        /// <summary>
        /// The means of the outputs where those of the terms are as measured: edges are their terms and constants, and constants are known
        /// at one point.
        /// </summary>
        private double[] Means(KanLayer layer, TermBlock block, InputRange[] ranges)
        {
            double[] means = [.. layer.Biases.Select(static bias => bias.ToDouble())];
            foreach (var edge in layer.Edges) means[edge.Output] += edge.Function.Evaluate(ranges[edge.Input].Low).ToDouble();
            for (int t = 0; t < block.Terms.Length; t++)
            {
                double low = block.Terms[t].Function.Evaluate(ranges[block.Terms[t].Input].Low).ToDouble();
                for (int q = 0; q < means.Length; q++) means[q] += block.Weights[t, q] * (_termMeans[t] - low);
            }

            return means;
        }
    }
}
