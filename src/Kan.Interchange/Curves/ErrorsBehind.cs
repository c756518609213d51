using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// Bounds the error of each output by carrying the errors of all nodes to it through the slopes that the layers behind may have: the
/// network and its approximation differ by the sum over layers of (what is behind the layer, approximated) of the layer minus the same of
/// its approximation, and each of these differences is at most the error of the layer's nodes times a product of slopes of piecewise-linear
/// edges where the nodes may be.
/// </summary>
internal sealed class ErrorsBehind
{
    // Products of intervals: about a second.
    private const long MostProducts = 50_000_000;

    private readonly List<(KanLayer Layer, Interval[] Slopes, Interval[] Errors)> _layers = [];

    /// <summary>Adds the next layer.</summary>
    /// <param name="layer">The layer, approximated.</param>
    /// <param name="bounds">
    /// What its edges do on all that their inputs may hold, of the network, its approximation, and what is between them.
    /// </param>
    /// <param name="edgeErrors">The errors of its edges.</param>
    public void Add(KanLayer layer, EdgeBounds[] bounds, Dictionary<(int Input, int Output), Interval> edgeErrors)
    {
        var errors = new Interval[layer.OutputCount];
        foreach (var (edge, error) in edgeErrors) errors[edge.Output] += error;
        _layers.Add((layer, Array.ConvertAll(bounds, static bound => bound.Slopes), errors));
    }

    /// <summary>A bound for each output; null if that takes too long.</summary>
    public double[]? Total()
    {
        int outputs = _layers[^1].Layer.OutputCount;
        if (outputs * _layers.Sum(static layer => (long)layer.Slopes.Length) > MostProducts) return null;
        var totals = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            ExactWork.Charge(0);
            var behind = new Interval[outputs];
            behind[o] = 1.0;
            Interval total = 0.0;
            for (int l = _layers.Count - 1; l >= 0; l--)
            {
                var (layer, slopes, errors) = _layers[l];
                for (int q = 0; q < errors.Length; q++)
                {
                    if (errors[q].High > 0) total += behind[q].Magnitude * (Interval)errors[q].High;
                }

                if (l == 0) break;
                var before = new Interval[layer.InputCount];
                for (int e = 0; e < slopes.Length; e++)
                {
                    var edge = layer.Edges[e];
                    before[edge.Input] += slopes[e] * behind[edge.Output];
                }

                behind = before;
            }

            totals[o] = total.IsUndefined ? double.PositiveInfinity : total.High;
        }

        return totals;
    }
}
