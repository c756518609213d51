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

    private readonly List<Entry> _layers = [];

    /// <summary>A layer of edges, or one over an image.</summary>
    /// <param name="Layer">The layer of edges.</param>
    /// <param name="Window">The layer over an image, where it is one.</param>
    /// <param name="Slopes">The slopes of the edges.</param>
    /// <param name="Errors">
    /// What the layer itself adds to the error of its outputs; of a layer over an image, what they have in all.
    /// </param>
    private sealed record Entry(KanLayer? Layer, WindowBounds? Window, Interval[] Slopes, Interval[] Errors)
    {
        public long Products => Window?.TapCount ?? Slopes.Length;
    }

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
        _layers.Add(new Entry(layer, null, Array.ConvertAll(bounds, static bound => bound.Slopes), errors));
    }

    /// <summary>Adds the next layer, one over an image, which is not approximated.</summary>
    /// <param name="window">The layer.</param>
    /// <param name="errors">The errors of its outputs.</param>
    public void Add(WindowBounds window, Interval[] errors) => _layers.Add(new Entry(null, window, [], errors));

    /// <summary>A bound for each output; null if that takes too long.</summary>
    public double[]? Total()
    {
        int outputs = _layers[^1].Errors.Length;
        if (outputs * _layers.Sum(static layer => layer.Products) > MostProducts) return null;
        var totals = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            ExactWork.Charge(0);
            var behind = new Interval[outputs];
            behind[o] = 1.0;
            totals[o] = Total(behind);
        }

        return totals;
    }

    private double Total(Interval[] behind)
    {
        Interval total = 0.0;
        double least = double.PositiveInfinity;
        for (int l = _layers.Count - 1; l >= 0; l--)
        {
            var (layer, window, slopes, errors) = _layers[l];
            if (window is { IsMaximum: true })
            {
                // The slopes of each input of a maximum may be 1, and count as often as there are inputs. Its outputs are off by no more
                // than one of them.
                double here = Bound(total + Carried(behind, errors));
                if (here < least) least = here;
            }
            else if (window is null)
            {
                total += Carried(behind, errors);
            }

            if (l == 0) break;
            if (window is not null)
            {
                behind = window.Behind(behind);
                continue;
            }

            var before = new Interval[layer!.InputCount];
            for (int e = 0; e < slopes.Length; e++)
            {
                var edge = layer.Edges[e];
                before[edge.Input] += slopes[e] * behind[edge.Output];
            }

            behind = before;
        }

        return Math.Min(least, Bound(total));
    }

    private static Interval Carried(Interval[] behind, Interval[] errors)
    {
        Interval total = 0.0;
        for (int q = 0; q < errors.Length; q++)
        {
            if (errors[q].High > 0) total += behind[q].Magnitude * (Interval)errors[q].High;
        }

        return total;
    }

    private static double Bound(Interval total) => total.IsUndefined ? double.PositiveInfinity : total.High;
}
