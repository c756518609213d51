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

    /// <summary>A layer; the breakpoints of its nodes are those of another layer with the same inputs, or its own.</summary>
    public LayerTable(KanLayer layer, KanLayer? levels = null)
    {
        OutputCount = layer.OutputCount;
        Nodes = new NodeLevels[layer.InputCount];
        _segments = new Segment[layer.InputCount][];
        _biases = layer.Biases;
        _biasDenominator = layer.Biases.Aggregate(BigInteger.One,
            static (common, bias) => Integers.LeastCommonMultiple(common, bias.Denominator));

        var edges = layer.Edges.ToLookup(static edge => edge.Input);
        var bends = (levels ?? layer).Edges.ToLookup(static edge => edge.Input);
        for (int p = 0; p < Nodes.Length; p++)
        {
            var breakpoints = bends[p].SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order().ToArray();
            Nodes[p] = new NodeLevels(breakpoints);
            _segments[p] = [.. Enumerable.Range(0, breakpoints.Length + 1)
                .Select(s => new Segment(edges[p], s == 0 ? null : breakpoints[s - 1]))];
        }

        CommonDenominator = _segments.SelectMany(static own => own).Aggregate(
            _biasDenominator,
            static (common, segment) => Integers.LeastCommonMultiple(common, segment.Denominator));
    }

    /// <summary>The breakpoints of each input node.</summary>
    public NodeLevels[] Nodes { get; }

    public int OutputCount { get; }

    /// <summary>A common denominator of all segments and biases; long where the parameters are not binary floats.</summary>
    public BigInteger CommonDenominator { get; }

    /// <summary>The map of the outputs where each input is on its given segment and is given by a map itself.</summary>
    public IntegerMap Apply(IntegerMap inputs, int[] segments)
    {
        var common = _biasDenominator;
        for (int p = 0; p < segments.Length; p++) common = Integers.LeastCommonMultiple(common, _segments[p][segments[p]].Denominator);
        var sums = Start(inputs, common);
        for (int p = 0; p < segments.Length; p++) Add(sums, inputs, common, p, segments[p], 1);
        return IntegerMap.Reduce(inputs.Dimension, sums, inputs.Denominator * common);
    }

    /// <summary>The biases as constants of a map over the denominator of the inputs times a common one.</summary>
    public BigInteger[] Start(IntegerMap inputs, BigInteger common)
    {
        int width = inputs.Dimension + 1;
        var sums = new BigInteger[OutputCount * width];
        for (int q = 0; q < OutputCount; q++) sums[(q * width) + width - 1] = _biases[q].Over(inputs.Denominator * common);
        return sums;
    }

    /// <summary>Adds sign times what one input contributes on a segment.</summary>
    public void Add(BigInteger[] sums, IntegerMap inputs, BigInteger common, int input, int segment, int sign)
    {
        var (lines, own) = (_segments[input][segment].Lines, _segments[input][segment].Denominator);
        if (lines.Length == 0) return;
        int width = inputs.Dimension + 1;
        var factor = sign * (common / own);
        var unit = factor * inputs.Denominator;
        var row = inputs.Row(input);
        var scaled = new BigInteger[width];
        for (int j = 0; j < width; j++) scaled[j] = factor * row[j];
        foreach (var (output, slope, intercept) in lines)
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
                static (common, line) =>
                Integers.LeastCommonMultiple(Integers.LeastCommonMultiple(common, line.Slope.Denominator), line.Intercept.Denominator));
            Lines = [.. lines.Select(line => (line.Output, line.Slope.Over(Denominator), line.Intercept.Over(Denominator)))];
        }

        public BigInteger Denominator { get; }

        public (int Output, BigInteger Slope, BigInteger Intercept)[] Lines { get; }
    }
}
