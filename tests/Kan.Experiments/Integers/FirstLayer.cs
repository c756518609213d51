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
        var integers = network.Form.Layers[0];
        _m = layer.OutputCount;
        var edges = layer.Edges.ToLookup(static edge => edge.Input);
        int n = layer.InputCount;
        (_points, _values, _errors) = (new float[n][], new float[n][], new float[n][]);
        int knots = 0;
        for (int p = 0; p < n; p++)
        {
            var codes = network.Form.Input(p);
            var points = new SortedSet<float> { network.Low[p], network.High[p] };
            foreach (double bend in edges[p].SelectMany(static edge => edge.Function.Breakpoints).Distinct().Select(static x => x.ToDouble()))
            {
                // Both sides of the points between its code and the next ones.
                foreach (double off in new[] { 0, -0.499, -0.501, 0.499, 0.501 })
                {
                    float point = (float)((Math.Round(bend / codes.Scale) + off) * codes.Scale);
                    if (point > network.Low[p] && point < network.High[p]) points.Add(off == 0 ? (float)bend : point);
                }
            }

            foreach (float end in new[] { network.Low[p], network.High[p] })
            {
                float point = (float)((Math.Floor(end / (double)codes.Scale) + (end == network.Low[p] ? 1.499 : -0.501)) * codes.Scale);
                if (point > network.Low[p] && point < network.High[p]) points.Add(point);
            }

            _points[p] = [.. points];
            _values[p] = new float[_points[p].Length * _m];
            _errors[p] = new float[_points[p].Length * _m];
            foreach (var edge in edges[p])
            {
                for (int k = 0; k < _points[p].Length; k++)
                {
                    double exact = edge.Function.Breakpoints.IsEmpty
                        ? edge.Function.AnchorValue.ToDouble() + (edge.Function.Slopes[0].ToDouble() * _points[p][k])
                        : edge.Function.Evaluate(Rational.FromSingle(_points[p][k])).ToDouble();
                    _values[p][(k * _m) + edge.Output] += (float)exact;
                    _errors[p][(k * _m) + edge.Output] -= (float)exact;
                }
            }

            for (int k = 0; k < _points[p].Length; k++)
            {
                int code = (int)Math.Clamp(Math.Round(_points[p][k] / codes.Scale) + codes.Zero, network.Form.LowestInput, codes.Most);
                for (int q = 0; q < _m; q++)
                {
                    double own;
                    if (integers.Curves is { } curves)
                    {
                        var (segment, weight) = curves.Place(p, code);
                        int at = ((knots + segment) * _m) + q;
                        own = ((curves.Whole - weight) * curves.Values[at]) + (weight * curves.Values[at + _m]);
                    }
                    else own = integers.Weight(p, q) * (double)(code - codes.Zero);
                    _errors[p][(k * _m) + q] += (float)(integers.Units[q] * own);
                }
            }

            if (integers.Curves is not null) knots += integers.Curves.KnotsOf(p).Length;
        }
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
                    own += direction[q] * (kind == 0 ? _errors[p][at] : kind == 1 ? _values[p][at] : _values[p][at] + (100 * _errors[p][at]));
                }

                if (own > most) (best, most) = (k, own);
            }

            sample[p] = _points[p][best];
        }
    }
}
