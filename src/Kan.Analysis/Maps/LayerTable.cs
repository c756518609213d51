using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Analysis;

/// <summary>
/// A layer arranged by input node: the union of the breakpoints of its edges, and for each segment between them the lines of all edges
/// as integers over one denominator.
/// </summary>
internal sealed class LayerTable
{
    private readonly Segment[][] _segments;
    private readonly ImmutableArray<Rational> _biases;
    private readonly BigInteger _biasDenominator;

    public LayerTable(KanLayer layer)
    {
        OutputCount = layer.OutputCount;
        Nodes = new NodeLevels[layer.InputCount];
        _segments = new Segment[layer.InputCount][];
        _biases = layer.Biases;
        _biasDenominator = layer.Biases.Aggregate(BigInteger.One, static (common, bias) => Integers.LeastCommonMultiple(common, bias.Denominator));

        var edges = layer.Edges.ToLookup(static edge => edge.Input);
        for (int p = 0; p < Nodes.Length; p++)
        {
            var breakpoints = edges[p].SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order().ToArray();
            Nodes[p] = new NodeLevels(breakpoints);
            _segments[p] = [.. Enumerable.Range(0, breakpoints.Length + 1).Select(s => new Segment(edges[p], s == 0 ? null : breakpoints[s - 1]))];
        }
    }

    /// <summary>The breakpoints of each input node.</summary>
    public NodeLevels[] Nodes { get; }

    public int OutputCount { get; }

    /// <summary>The map of the outputs where each input lies on its given segment and is given by a map itself.</summary>
    public IntegerMap Apply(IntegerMap inputs, int[] segments)
    {
        var common = BigInteger.One;
        for (int p = 0; p < segments.Length; p++) common = Integers.LeastCommonMultiple(common, _segments[p][segments[p]].Denominator);
        var denominator = Integers.LeastCommonMultiple(inputs.Denominator * common, _biasDenominator);

        int width = inputs.Dimension + 1;
        var sums = new BigInteger[OutputCount * width];
        for (int q = 0; q < OutputCount; q++) sums[(q * width) + width - 1] = _biases[q].Over(denominator);
        var scaled = new BigInteger[width];
        for (int p = 0; p < segments.Length; p++)
        {
            var segment = _segments[p][segments[p]];
            if (segment.Lines.Length == 0) continue;
            var unit = denominator / segment.Denominator;
            var factor = unit / inputs.Denominator;
            var row = inputs.Row(p);
            for (int j = 0; j < width; j++) scaled[j] = row[j].IsZero ? BigInteger.Zero : factor * row[j];
            foreach (var (output, slope, intercept) in segment.Lines)
            {
                int start = output * width;
                if (!slope.IsZero)
                {
                    for (int j = 0; j < width; j++)
                    {
                        if (!scaled[j].IsZero) sums[start + j] += slope * scaled[j];
                    }
                }

                if (!intercept.IsZero) sums[start + width - 1] += intercept * unit;
            }
        }

        return IntegerMap.Reduce(inputs.Dimension, sums, denominator);
    }

    /// <summary>The lines slope x + intercept that the edges of one input follow on one segment.</summary>
    private sealed class Segment
    {
        public Segment(IEnumerable<KanEdge> edges, Rational? left)
        {
            var lines = new List<(int Output, Rational Slope, Rational Intercept)>();
            foreach (var edge in edges)
            {
                int own = left is { } start ? edge.Function.SegmentOf(start) : 0;
                var slope = edge.Function.Slopes[own];
                var intercept = edge.Function.InterceptOf(own);
                if (!slope.IsZero || !intercept.IsZero) lines.Add((edge.Output, slope, intercept));
            }

            Denominator = lines.Aggregate(
                BigInteger.One,
                static (common, line) => Integers.LeastCommonMultiple(Integers.LeastCommonMultiple(common, line.Slope.Denominator), line.Intercept.Denominator));
            Lines = [.. lines.Select(line => (line.Output, line.Slope.Over(Denominator), line.Intercept.Over(Denominator)))];
        }

        public BigInteger Denominator { get; }

        public (int Output, BigInteger Slope, BigInteger Intercept)[] Lines { get; }
    }
}
