using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>How far a network and its approximation are apart at some points, in double: what a certificate may be compared with.</summary>
internal static class SampledDistance
{
    /// <summary>The number of points: the middle, random corners, and points inside. Fewer where a point takes long.</summary>
    private const int MostPoints = 256, LeastPoints = 16;

    /// <summary>Products of all points, some tenths of a second of them; and what a curve is in products.</summary>
    private const long MostProducts = 200_000_000, ProductsOfCurve = 200;

    /// <summary>The largest distance of an output, 0 where it is below the rounding of double, and at how many points.</summary>
    public static (double Distance, int Points) Of(IReadOnlyList<CurvedLayer> model, IReadOnlyList<LayerDescription> network,
        Interval[] domain)
    {
        var curved = model.Select(static (layer, i) => new Layer(layer)).ToList();
        var bent = network.Select((layer, i) => model[i].Exact is null ? new Layer(new CurvedLayer(layer)) : curved[i]).ToList();
        int points = PointsOf(model);
        ulong state = 1;
        double most = 0;
        for (int point = 0; point < points; point++)
        {
            double[] inputs = Array.ConvertAll(domain, range => point == 0 ? range.Middle : point <= points / 4 ? Next(ref state) < 0.5
                ? range.Low
                : range.High : range.Low + (Next(ref state) * (range.High - range.Low)));
            double[] expected = inputs, actual = inputs;
            foreach (var layer in curved) expected = layer.Evaluate(expected);
            foreach (var layer in bent) actual = layer.Evaluate(actual);
            for (int i = 0; i < expected.Length; i++)
            {
                double distance = Math.Abs(expected[i] - actual[i]);
                if (distance > most) most = distance;
            }
        }

        return (most, points);
    }

    private static int PointsOf(IReadOnlyList<CurvedLayer> model)
    {
        long windows = model.Sum(static layer => layer.Window?.TapCount ?? 0);
        if (windows == 0) return MostPoints;
        long products = model.Sum(static layer => layer.Window is null ? ProductsOfCurve * layer.Edges.Count : 2 * layer.Window.TapCount);
        return (int)Math.Clamp(MostProducts / Math.Max(1, products), LeastPoints, MostPoints);
    }

    /// <summary>The next number of a fixed sequence in [0, 1), so that a report does not change from run to run.</summary>
    private static double Next(ref ulong state)
    {
        state = unchecked((state * 6364136223846793005) + 1442695040888963407);
        return (state >> 11) * (1.0 / (1L << 53));
    }

    /// <summary>A layer in double.</summary>
    private sealed class Layer
    {
        private readonly WindowBounds? _window;
        private readonly double[] _biases = [];
        private readonly (int Input, int Output, Func<double, double> Function)[] _edges = [];

        public Layer(CurvedLayer layer)
        {
            _window = layer.Window;
            if (_window is not null) return;
            var functions = new Dictionary<object, Func<double, double>>(ReferenceEqualityComparer.Instance);
            if (layer.ExactLayer is { } exact)
            {
                _biases = [.. exact.Biases.Select(static bias => bias.ToDouble())];
                _edges = [.. exact.Edges.Select(edge => (edge.Input, edge.Output, Of(edge.Function, functions)))];
                return;
            }

            _biases = new double[layer.Outputs];
            for (int q = 0; q < layer.Biases.Length; q++) _biases[q] = layer.Biases[q].ToDouble();
            _edges =
                [.. layer.Edges.Select(edge => (edge.Input, edge.Output,
                Scaled(edge.Factor.ToDouble(), edge.Exact is { } function ? Of(function, functions) : x => edge.Curve!.At(x).Middle)))];
        }

        public double[] Evaluate(double[] inputs)
        {
            if (_window is not null) return _window.Evaluate(inputs);
            var outputs = (double[])_biases.Clone();
            foreach (var (input, output, function) in _edges) outputs[output] += function(inputs[input]);
            return outputs;
        }

        private static Func<double, double> Scaled(double factor, Func<double, double> function) => factor == 1 ? function : x =>
            factor * function(x);

        private static Func<double, double> Of(PiecewiseLinearFunction function, Dictionary<object, Func<double, double>> known)
        {
            if (known.TryGetValue(function, out var found)) return found;
            double first = function.Slopes[0].ToDouble(), anchor = function.AnchorValue.ToDouble();
            if (function.IsAffine) return x => anchor + (first * x);
            double[] points = [.. function.Breakpoints.Select(static point => point.ToDouble())],
                slopes = [.. function.Slopes.Select(static slope => slope.ToDouble())];
            double[] values = [.. function.Breakpoints.Select(point => function.Evaluate(point).ToDouble())];
            found = x =>
            {
                int place = Array.BinarySearch(points, x), segment = place >= 0 ? place : ~place, from = Math.Max(0, segment - 1);
                return values[from] + (slopes[segment] * (x - points[from]));
            };
            known.Add(function, found);
            return found;
        }
    }
}
