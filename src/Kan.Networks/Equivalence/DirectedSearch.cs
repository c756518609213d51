using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Looks where two networks of the same shape differ: at a node of the first layer that is not the same in both. It climbs, in doubles, to
/// points at which the node takes different values and the outputs depend on it; and it aims, exactly in the end, at values of single nodes
/// between which an edge differs.
/// </summary>
internal sealed class DirectedSearch(KanNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box, EquivalenceOptions options,
    CancellationToken cancellation)
{
    private const int MostNodes = 4;
    private const int MostPlaces = 4;
    private const int Climbs = 24;
    private const int Aims = 6;
    private const int Steps = 6;
    private const int Brackets = 16;
    private const int Bisections = 40;

    private readonly Random _random = new(options.Seed);
    private readonly ApproximateNetwork _network = new(left);

    /// <summary>Whether two networks can be compared node by node.</summary>
    public static bool Applies(KanNetwork left, KanNetwork right) => left.Widths.SequenceEqual(right.Widths);

    /// <summary>Points at which the networks probably differ; each is worth an exact evaluation.</summary>
    public IEnumerable<Rational[]> Points()
    {
        if (options.SampleCount == 0) yield break;
        foreach (var difference in NodeDifference.Of(left, right).Take(MostNodes))
        {
            int found = 0;
            for (int climb = 0; climb < Climbs && found < options.SampleCount / MostNodes; climb++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Climb(difference, climb) is not { } point) continue;
                found++;
                yield return point;
            }

            foreach (var (input, value) in difference.Places().Take(MostPlaces))
            {
                for (int aim = 0; aim < Aims; aim++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (Aim(difference, input, value, aim) is { } point) yield return point;
                }
            }
        }
    }

    private Rational[]? Climb(NodeDifference difference, int climb)
    {
        // In turn the node itself and what one of its edges reads are driven up and down.
        bool feeds = climb % 2 == 0 || difference.Layer == 0 || difference.Terms.Length == 0;
        int level = feeds ? difference.Layer + 1 : difference.Layer;
        int driven = feeds ? difference.Output : difference.Terms[_random.Next(difference.Terms.Length)].Input;
        double[] x = Start(climb);
        for (int step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] values = _network.Evaluate(x);
            if (Reaches(difference, values) && difference.Shows(values[difference.Layer])) return Exact(x);
            Drive(x, values, level, driven, up: climb % 4 < 2, climb);
        }

        return null;
    }

    /// <summary>
    /// A point at which a node of the layer before the difference has a value: between points where it is below and above, found by
    /// climbing, the value is on the way. Where the node is affine on the last short part of it, the point is exact.
    /// </summary>
    private Rational[]? Aim(NodeDifference difference, int node, Rational value, int aim)
    {
        double[] x = Start(aim);
        if (difference.Layer == 0)
        {
            if (box is not null && (value < box[node].Low || value > box[node].High)) return null;
            x[node] = value.ToDouble();
            if (!Reaches(difference, _network.Evaluate(x))) return null;
            var point = Exact(x);
            point[node] = value;
            return point;
        }

        double goal = value.ToDouble();
        double[]? below = null, above = null;
        for (int step = 0; step < Brackets && (below is null || above is null); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] values = _network.Evaluate(x);
            if (values[difference.Layer][node] <= goal) below = [.. x];
            else above = [.. x];

            // Edges that rise and fall have their extremes between the ends.
            if (step % 2 == 0) Drive(x, values, difference.Layer, node, up: above is null, aim);
            else x = Middle(aim);
        }

        if (below is null || above is null) return null;
        for (int i = 0; i < Bisections; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] middle = [.. below.Zip(above, static (a, b) => a + ((b - a) / 2))];
            if (_network.Evaluate(middle)[difference.Layer][node] <= goal) below = middle;
            else above = middle;
        }

        return Reaches(difference, _network.Evaluate(below)) ? Meet(Exact(below), Exact(above), difference.Layer, node, value) : null;
    }

    /// <summary>Where the node takes the value on the way between two points, if it is affine there.</summary>
    private Rational[] Meet(Rational[] from, Rational[] to, int level, int node, Rational value)
    {
        Rational start = ValueAt(from), end = ValueAt(to);
        if (start == end) return from;
        var t = Rational.Min(Rational.Max((value - start) / (end - start), Rational.Zero), Rational.One);
        return [.. from.Zip(to, (a, b) => a + (t * (b - a)))];

        Rational ValueAt(Rational[] point)
        {
            foreach (var layer in left.Layers.Take(level)) point = layer.Evaluate(point);
            return point[node];
        }
    }

    /// <summary>Whether the outputs depend on the node.</summary>
    private bool Reaches(NodeDifference difference, double[][] values)
    {
        double[] weights = [.. values[^1].Select(_ => 1 + _random.NextDouble())];
        return _network.Gradient(values, _network.LayerCount, weights, difference.Layer + 1)[difference.Output] != 0;
    }

    /// <summary>Moves most inputs to the end that raises, or lowers, a node.</summary>
    private void Drive(double[] x, double[][] values, int level, int node, bool up, int attempt)
    {
        double[] target = new double[values[level].Length];
        target[node] = up ? 1 : -1;
        double[] gradient = _network.Gradient(values, level, target, 0);
        for (int p = 0; p < x.Length; p++)
        {
            if (gradient[p] != 0 && _random.NextDouble() < 0.7) x[p] = End(p, gradient[p] > 0, attempt);
        }
    }

    /// <summary>Most inputs at one end, some at the other, as in pictures: the share changes from attempt to attempt.</summary>
    private double[] Start(int attempt)
    {
        double share = (attempt % 6) switch { 0 => 0.02, 1 => 0.1, 2 => 0.2, 3 => 0.35, 4 => 0.5, _ => 0.8 };
        return [.. Enumerable.Range(0, left.InputCount).Select(p => End(p, _random.NextDouble() < share, attempt))];
    }

    /// <summary>A point somewhere between the ends.</summary>
    private double[] Middle(int attempt) => [.. Enumerable.Range(0, left.InputCount).Select(p =>
    {
        double low = End(p, high: false, attempt);
        return low + ((End(p, high: true, attempt) - low) * _random.NextDouble());
    })];

    /// <summary>An end of the interval, or the double next to it; everywhere, one of several ends in turn.</summary>
    private double End(int input, bool high, int attempt)
    {
        if (box is null) return (high ? 16 : -16) << (3 * (attempt % 3));
        double end = (high ? box[input].High : box[input].Low).ToDouble();
        return Math.Clamp(end, -double.MaxValue, double.MaxValue);
    }

    /// <summary>The point itself, but inside the box where an end of it is not a double.</summary>
    private Rational[] Exact(double[] x) => [.. x.Select((value, p) =>
    {
        var exact = Rational.FromDouble(value);
        return box is null ? exact : Rational.Min(Rational.Max(exact, box[p].Low), box[p].High);
    })];
}
