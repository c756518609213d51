using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A layer prepared for walking over cells: for each input where its functions bend, for each edge its lines.</summary>
internal sealed class CellLayer
{
    private readonly (KanEdge Edge, Rational[] Intercepts)[] _edges;
    private readonly Rational[] _biases;

    public CellLayer(KanLayer layer)
    {
        Breakpoints = new List<Rational>[layer.InputCount];
        for (int p = 0; p < Breakpoints.Length; p++) Breakpoints[p] = [];
        foreach (var edge in layer.Edges)
            Breakpoints[edge.Input] = PiecewiseLinearFunction.Union(Breakpoints[edge.Input], edge.Function.Breakpoints);
        _edges = [.. layer.Edges.Select(static edge => (edge, Intercepts(edge.Function)))];
        _biases = [.. layer.Biases];
    }

    /// <summary>For each input the breakpoints of all its edges, increasing.</summary>
    public List<Rational>[] Breakpoints { get; }

    /// <summary>The outputs as linear forms, where every input stays on the segment of a point.</summary>
    public LinearForm[] Apply(LinearForm[] inputs, Rational[] point)
    {
        int n = point.Length;
        var rows = new Rational[_biases.Length][];
        for (int q = 0; q < rows.Length; q++) rows[q] = new Rational[n];
        var constants = (Rational[])_biases.Clone();
        var values = inputs.Select(input => input.At(point)).ToArray();
        foreach (var (edge, intercepts) in _edges)
        {
            int segment = edge.Function.SegmentOf(values[edge.Input]);
            var slope = edge.Function.Slopes[segment];
            constants[edge.Output] += intercepts[segment];
            if (slope.IsZero) continue;
            var input = inputs[edge.Input];
            constants[edge.Output] += slope * input.Constant;
            for (int j = 0; j < n; j++) rows[edge.Output][j] += slope * input.Row[j];
        }

        return [.. rows.Zip(constants, static (row, constant) => new LinearForm(row, constant))];
    }

    private static Rational[] Intercepts(PiecewiseLinearFunction function)
    {
        var intercepts = new Rational[function.Slopes.Length];
        intercepts[0] = function.AnchorValue - function.Slopes[0] * function.AnchorPoint;
        for (int i = 1; i < intercepts.Length; i++)
            intercepts[i] = intercepts[i - 1] + (function.Slopes[i - 1] - function.Slopes[i]) * function.Breakpoints[i - 1];
        return intercepts;
    }
}
