using System;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// The directions in which the outputs of a layer vary, those that matter most first: the eigenvectors of their second moments, errors of
/// outputs counted by their importance. Of all maps through r nodes, the projection on the first r directions has the least mean square
/// of errors, the sum of the eigenvalues of the others (Eckart and Young, 1936).
/// </summary>
internal sealed class LowRankBasis
{
    /// <summary>Outputs of a layer past which none is made: rotations take the cube of them.</summary>
    private const int MostOutputs = 512;

    // What the importance of an output is at least, of the largest: its root is divided by.
    private const double LeastImportance = 1e-8;

    // Points of a range at which edges are averaged.
    private const int Points = 16;

    private readonly double[] _roots;
    private readonly double[][] _vectors;

    private LowRankBasis(double[] moments, double[] roots, CancellationToken cancellation)
    {
        (Values, _vectors) = SymmetricEigen.Of(moments, roots.Length, cancellation);
        _roots = roots;
    }

    /// <summary>The terms of a layer that may have factors; null if it has too few of them, or nodes too few or too many.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ranges">The ranges of its inputs.</param>
    public static TermBlock? BlockOf(KanLayer layer, InputRange[] ranges) =>
        layer.OutputCount is >= 2 and <= MostOutputs && layer.InputCount >= 2
        && TermBlock.Together(layer, ranges) is { Terms.Length: >= 2 } block
            ? block
            : null;

    /// <summary>By direction what it costs to leave it out, falling.</summary>
    public double[] Values { get; }

    /// <summary>What an output adds to the node of a direction.</summary>
    public double Down(int direction, int output) => _roots[output] * _vectors[direction][output];

    /// <summary>What the node of a direction adds to an output.</summary>
    public double Up(int direction, int output) => _vectors[direction][output] / _roots[output];

    /// <summary>The two matrices through the first directions: terms into nodes, and nodes into outputs.</summary>
    /// <param name="block">The terms of the layer.</param>
    /// <param name="rank">The number of directions.</param>
    public (TermBlock Down, TermBlock Up) Factors(TermBlock block, int rank)
    {
        int outputs = _roots.Length;
        int[] nodes = [.. Enumerable.Range(0, rank)];
        var down = new double[block.Terms.Length, rank];
        var up = new double[rank, outputs];
        for (int k = 0; k < rank; k++)
        {
            for (int q = 0; q < outputs; q++)
            {
                up[k, q] = Up(k, q);
                double share = Down(k, q);
                for (int t = 0; t < block.Terms.Length; t++) down[t, k] += share * block.Weights[t, q];
            }
        }

        return (new TermBlock(nodes, block.Terms, down), new TermBlock([.. Enumerable.Range(0, outputs)],
            [.. nodes.Select(static k => new EdgeTerm(k, PiecewiseLinearFunction.Identity, IsBend: false))], up));
    }

    /// <summary>The basis for rows of outputs.</summary>
    /// <param name="rows">By sample the outputs.</param>
    /// <param name="means">Their means.</param>
    /// <param name="importance">What a squared error of each output counts for.</param>
    /// <param name="prior">By term what its numbers count for without any sample.</param>
    /// <param name="weights">By term, then output, these numbers.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static LowRankBasis OfRows(
        double[][] rows, double[] means, double[] importance, double[] prior, double[,] weights, CancellationToken cancellation)
    {
        double[] roots = Roots(importance);
        var moments = new Moments(roots);
        foreach (double[] row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            moments.Add(q => row[q] - means[q], 1.0 / rows.Length);
        }

        for (int t = 0; t < prior.Length; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            int term = t;
            moments.Add(q => weights[term, q], prior[t]);
        }

        return new LowRankBasis(moments.ToMatrix(), roots, cancellation);
    }

    /// <summary>The basis for inputs that are anywhere in their ranges, as likely here as there, and independent of each other.</summary>
    /// <param name="terms">By term its values at points of the range of its input.</param>
    /// <param name="block">The terms.</param>
    /// <param name="importance">What a squared error of each output counts for.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static LowRankBasis OfRanges(double[][] terms, TermBlock block, double[] importance, CancellationToken cancellation)
    {
        double[] roots = Roots(importance);
        var moments = new Moments(roots);
        double[] means = Array.ConvertAll(terms, static values => values.Average());
        for (int first = 0, end; first < terms.Length; first = end)
        {
            cancellation.ThrowIfCancellationRequested();
            for (end = first + 1; end < terms.Length && block.Terms[end].Input == block.Terms[first].Input; end++) { }
            int from = first, to = end;
            if (end == first + 1)
            {
                moments.Add(q => block.Weights[from, q], terms[first].Average(value => (value - means[from]) * (value - means[from])));
                continue;
            }

            for (int point = 0; point < Points; point++)
            {
                int at = point;
                moments.Add(q => Enumerable.Range(from, to - from).Sum(t => block.Weights[t, q] * (terms[t][at] - means[t])), 1.0 / Points);
            }
        }

        return new LowRankBasis(moments.ToMatrix(), roots, cancellation);
    }

    /// <summary>By term its values at points of the range of its input, in even steps.</summary>
    public static double[][] AtPoints(TermBlock block, InputRange[] ranges) => [.. block.Terms.Select(term =>
    {
        var function = new SampledFunction(term.Function);
        double low = ranges[term.Input].Low.ToDouble(), high = ranges[term.Input].High.ToDouble();
        return Enumerable.Range(0, Points).Select(i => function.At(low + ((high - low) * (i + 0.5) / Points))).ToArray();
    })];

    private static double[] Roots(double[] importance)
    {
        double least = LeastImportance * importance.Max();
        return [.. importance.Select(own => least > 0 && double.IsFinite(own) ? Math.Sqrt(Math.Max(own, least)) : 1)];
    }

    /// <summary>Sums of products of outputs, weighted by the roots of their importance.</summary>
    private sealed class Moments(double[] roots)
    {
        private readonly double[] _sums = new double[roots.Length * roots.Length];
        private readonly double[] _own = new double[roots.Length];

        public void Add(Func<int, double> output, double weight)
        {
            if (!(weight > 0)) return;
            int count = roots.Length;
            for (int q = 0; q < count; q++) _own[q] = roots[q] * output(q);
            for (int q = 0; q < count; q++) EliminationSystem.Add(_sums.AsSpan(q * count, q + 1), _own.AsSpan(0, q + 1), weight * _own[q]);
        }

        /// <summary>The whole matrix; what is not finite counts as nothing, and the result is judged so.</summary>
        public double[] ToMatrix()
        {
            int count = roots.Length;
            for (int q = 0; q < count; q++)
            {
                for (int p = 0; p <= q; p++)
                {
                    double sum = _sums[(q * count) + p];
                    if (!double.IsFinite(sum)) sum = 0;
                    (_sums[(q * count) + p], _sums[(p * count) + q]) = (sum, sum);
                }
            }

            return _sums;
        }
    }
}
