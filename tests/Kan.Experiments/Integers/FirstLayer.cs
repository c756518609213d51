using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Integers;

/// <summary>
/// Inputs that drive the sums of the first layer, or their errors, as far as they go in some direction: a sum over inputs is the largest
/// where each of its terms is.
/// </summary>
internal sealed class FirstLayer
{
    private readonly int _m;
    private readonly float[][] _points;
    private readonly float[][] _values, _errors;

    private FirstLayer(AttackedNetwork network)
    {
        var layer = network.Exact.Layers[0];
        var edges = layer.Edges.ToLookup(static edge => edge.Input);
        int n = layer.InputCount, knots = 0;
        _m = layer.OutputCount;
        (_points, _values, _errors) = (new float[n][], new float[n][], new float[n][]);
        for (int p = 0; p < n; p++)
        {
            _points[p] = PointsOf(network, p, edges[p]);
            _values[p] = new float[_points[p].Length * _m];
            foreach (var edge in edges[p])
            {
                for (int k = 0; k < _points[p].Length; k++)
                    _values[p][(k * _m) + edge.Output] += (float)Value(edge.Function, _points[p][k]);
            }

            _errors[p] = [.. _values[p].Select((value, i) => (float)(Integer(network, p, knots, _points[p][i / _m], i % _m) - value))];
            if (network.Form.Layers[0].Curves is { } curves) knots += curves.KnotsOf(p).Length;
        }
    }

    private static double Value(PiecewiseLinearFunction function, float x) => function.Breakpoints.IsEmpty
        ? function.AnchorValue.ToDouble() + (function.Slopes[0].ToDouble() * x)
        : function.Evaluate(Rational.FromSingle(x)).ToDouble();

    /// <summary>Both ends, breakpoints, and both sides of the points between two codes that are next to them.</summary>
    private static float[] PointsOf(AttackedNetwork network, int p, IEnumerable<KanEdge> edges)
    {
        var codes = network.Form.Input(p);
        float low = network.Low[p], high = network.High[p];
        var points = new SortedSet<float> { low, high };
        foreach (double bend in edges.SelectMany(static edge => edge.Function.Breakpoints).Distinct().Select(static x => x.ToDouble()))
        {
            Add(bend);
            foreach (double off in new[] { -0.499, -0.501, 0.499, 0.501 }) Add((Math.Round(bend / codes.Scale) + off) * codes.Scale);
        }

        Add((Math.Floor(low / (double)codes.Scale) + 1.499) * codes.Scale);
        Add((Math.Floor(high / (double)codes.Scale) - 0.501) * codes.Scale);
        return [.. points];

        void Add(double point)
        {
            if (point > low && point < high) points.Add((float)point);
        }
    }

    /// <summary>What the integers make of an input.</summary>
    private double Integer(AttackedNetwork network, int p, int knots, float x, int q)
    {
        var (codes, layer) = (network.Form.Input(p), network.Form.Layers[0]);
        int code = (int)Math.Clamp(Math.Round(x / codes.Scale) + codes.Zero, network.Form.LowestInput, codes.Most);
        if (layer.Curves is not { } curves) return layer.Units[q] * (double)layer.Weight(p, q) * (code - codes.Zero);
        var (segment, weight) = curves.Place(p, code);
        int at = ((knots + segment) * _m) + q;
        return (double)layer.Units[q] * (((curves.Whole - weight) * curves.Values[at]) + (weight * curves.Values[at + _m]));
    }

    /// <summary>The first layer; null if it is no longer the one that was declared.</summary>
    public static FirstLayer? Of(AttackedNetwork network) =>
        network.Form.Layers[0] is { } own && own.OutputCount == network.Exact.Layers[0].OutputCount && !own.IsIdentity
            && (own.Curves is null) == network.Exact.Layers[0].IsAffine
            ? new FirstLayer(network)
            : null;

    /// <summary>Points of an input where its functions bend, or that are ends of its range.</summary>
    public float[] Points(int input) => _points[input];

    /// <summary>The sample that is furthest in a random direction of sums, of their errors, or of both.</summary>
    public void Drive(Random random, Span<float> sample)
    {
        double[] direction = new double[_m];
        double share = Math.Pow(random.NextDouble(), 2);
        for (int q = 0; q < _m; q++)
        {
            if (random.NextDouble() < share) direction[q] = (random.NextDouble() * 2) - 1;
        }

        direction[random.Next(_m)] = random.Next(2) == 0 ? 1 : -1;
        int kind = random.Next(3);
        for (int p = 0; p < sample.Length; p++)
        {
            int best = 0;
            double most = double.NegativeInfinity;
            for (int k = 0; k < _points[p].Length; k++)
            {
                double own = 0;
                for (int q = 0; q < _m; q++)
                {
                    int at = (k * _m) + q;
                    own += direction[q] * ((kind == 0 ? 0 : _values[p][at]) + (kind == 1 ? 0 : (kind == 0 ? 1 : 100) * _errors[p][at]));
                }

                if (own > most) (best, most) = (k, own);
            }

            sample[p] = _points[p][best];
        }
    }
}
