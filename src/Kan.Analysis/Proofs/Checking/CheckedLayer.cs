using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Kan.Analysis.Proofs;

/// <summary>A layer as the checker reads it from the exact network; none of the prover's code.</summary>
internal sealed class CheckedLayer
{
    private readonly (int Input, double Weight)[][] _rows = [];

    public CheckedLayer(KanLayer layer)
    {
        Inputs = layer.InputCount;
        Outputs = layer.OutputCount;
        IsDiagonal = layer.IsDiagonal;
        IsAffine = layer.IsAffine && !IsDiagonal;
        var biases = layer.Biases.ToArray();
        Pieces = new CheckedPiece[IsAffine ? 0 : Inputs][];
        for (int p = 0; p < Pieces.Length; p++) Pieces[p] = [];
        if (!IsAffine)
        {
            foreach (var group in layer.Edges.GroupBy(static edge => edge.Input))
                Pieces[group.Key] = [.. group.Select(static edge => new CheckedPiece(edge))];
        }
        else
        {
            foreach (var edge in layer.Edges) biases[edge.Output] += edge.Function.AnchorValue;
            var rows = layer.Edges.ToLookup(static edge => edge.Output, static edge => (edge.Input, edge.Function.Slopes[0].ToDouble()));
            _rows = [.. Enumerable.Range(0, Outputs).Select(q => rows[q].ToArray())];
            if (layer.Edges.Length * 8L >= (long)Inputs * Outputs) Dense = [.. _rows.Select(row => Whole(row, (Inputs + 7) & ~7))];
        }

        Biases = new double[(Outputs + 7) & ~7];
        for (int q = 0; q < Outputs; q++) Biases[q] = biases[q].ToDouble();
        AreBiasesExact =
            [.. biases.Select(static bias => double.IsFinite(bias.ToDouble()) && Rational.FromDouble(bias.ToDouble()) == bias)];
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public bool IsAffine { get; }

    public bool IsDiagonal { get; }

    /// <summary>The nearest doubles to the biases, in whole vectors.</summary>
    public double[] Biases { get; }

    public bool[] AreBiasesExact { get; }

    /// <summary>Of an affine layer: the weights by output, in whole vectors; null if most are zero.</summary>
    public double[][]? Dense { get; }

    /// <summary>Of a layer that is not affine: the functions of each input.</summary>
    public CheckedPiece[][] Pieces { get; }

    /// <summary>Of an affine layer: the weights of an output that are not zero.</summary>
    public ReadOnlySpan<(int Input, double Weight)> Row(int output) => _rows[output];

    private static double[] Whole((int Input, double Weight)[] row, int length)
    {
        double[] weights = new double[length];
        foreach (var (input, weight) in row) weights[input] = weight;
        return weights;
    }
}

/// <summary>The function of an edge, as slope and intercept of each segment.</summary>
internal sealed class CheckedPiece
{
    // More than what is lost where numbers or products are too small for a double, next to numbers up to 1e100.
    private const double Least = 1e-200;

    private readonly double[] _knots, _slopes, _intercepts;
    private readonly bool[] _areExact, _areInterceptsExact;
    private readonly double _blur;

    public CheckedPiece(KanEdge edge)
    {
        var f = edge.Function;
        Output = edge.Output;
        _knots = [.. f.Breakpoints.Select(static knot => knot.ToDouble())];
        _slopes = [.. f.Slopes.Select(static slope => slope.ToDouble())];
        _intercepts = [.. Enumerable.Range(0, _slopes.Length).Select(segment => f.InterceptOf(segment).ToDouble())];
        _areInterceptsExact =
            [.. _intercepts.Select((value, segment) => double.IsFinite(value) && Rational.FromDouble(value) == f.InterceptOf(segment))];
        _areExact =
            [.. _slopes.Select((slope, segment) => _areInterceptsExact[segment] && double.IsFinite(slope)
            && Rational.FromDouble(slope) == f.Slopes[segment])];
        for (int i = 0; i < _knots.Length; i++)
        {
            // Between a breakpoint and the double next to it the function is on the other segment.
            double size = Math.Abs(_knots[i]), beside = Math.BitIncrement(size) - size;
            if (!double.IsFinite(size) || Rational.FromDouble(_knots[i]) != f.Breakpoints[i])
                _blur += (2 * beside * (Math.Abs(_slopes[i]) + Math.Abs(_slopes[i + 1]))) + Least;
        }
    }

    public int Output { get; }

    public bool Bends(double low, double high)
    {
        foreach (double knot in _knots)
        {
            if (!(knot <= low || knot >= high)) return true;
        }

        return false;
    }

    /// <summary>
    /// The slope and the intercept on an interval within a segment; null if it is in none, or if a double does not hold them.
    /// </summary>
    public (double Slope, double Intercept)? LineOn(double low, double high)
    {
        int s = 0;
        while (s < _knots.Length && _knots[s] <= low) s++;
        return _blur == 0 && _areExact[s] && low < high && (s == _knots.Length || high <= _knots[s]) ? (_slopes[s], _intercepts[s]) : null;
    }

    /// <summary>Adds the knots strictly inside an interval.</summary>
    public void AddInside(double low, double high, List<(double X, double Value, double Error)> points)
    {
        foreach (double knot in _knots)
        {
            if (knot > low && knot < high) points.Add((knot, 0, 0));
        }
    }

    /// <summary>The value at a point, by the segment on the side of another point, and the most it can be off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Value, double Error) At(double x, double towards)
    {
        int s = 0;
        while (s < _knots.Length && (_knots[s] < x || (_knots[s] == x && towards > x))) s++;
        double product = _slopes[s] * x;
        if ((_slopes[s] == 0 && _areExact[s]) || (x == 0 && _areInterceptsExact[s])) return (_intercepts[s], _blur);
        if (_areExact[s] && Math.FusedMultiplyAdd(_slopes[s], x, -product) == 0 && Math.Abs(product) > Least)
        {
            // Two numbers and their sum: what is left over is exact.
            double sum = product + _intercepts[s], part = sum - product;
            if ((product - (sum - part)) + (_intercepts[s] - part) == 0) return (sum, _blur);
        }

        return (product + _intercepts[s], ((Math.Abs(product) + Math.Abs(_intercepts[s])) * 1e-15) + Least + _blur);
    }
}
