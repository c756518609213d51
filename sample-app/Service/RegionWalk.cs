using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SampleApp.Service;

/// <summary>
/// Which linear region a drawing is in, and where strokes leave it. The way of the last stroke is walked from bend to bend: values and
/// slopes of all nodes say where the next one is. A bend is a border of regions where the slopes of the outputs change.
/// </summary>
internal static class RegionWalk
{
    /// <summary>How far ahead a border is looked for, in strokes like the last one.</summary>
    private const double FarthestStrokes = 2;

    /// <summary>Steps begin this far behind a bend, in strokes; pieces that are shorter are passed over.</summary>
    private const double Nudge = 1e-9;

    /// <summary>The least change of an output's slope, relative to the largest, that is not a rounding.</summary>
    private const double LeastChange = 1e-9;

    public static Region From(IClassifier classifier, NumericNetwork network, float[] pixels, float[]? previous)
    {
        string id = Fingerprint(classifier, pixels).ToString("x16", CultureInfo.InvariantCulture);
        if (previous is null || pixels.AsSpan().SequenceEqual(previous)) return new Region(id, 0, null);

        var way = new Way(network, previous, pixels);
        int crossed = 0;
        for (double at = 0; (at = way.NextBorder(at, 1)) < 1;) crossed++;
        double ahead = way.NextBorder(1, 1 + FarthestStrokes);
        return new Region(id, crossed, ahead < 1 + FarthestStrokes ? ahead - 1 : null);
    }

    /// <summary>A hash of the affine map at a point: equal maps have equal hashes.</summary>
    public static ulong Fingerprint(IClassifier classifier, float[] point)
    {
        int size = classifier.OutputCount * classifier.InputCount;
        var map = new float[size + classifier.OutputCount];
        classifier.Explain(point, map.AsSpan(0, size), map.AsSpan(size));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes<float>(map), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>The way x(t) from one drawing, t = 0, to another, t = 1, and on; pixels stop at paper and at ink.</summary>
    private sealed class Way
    {
        private readonly NumericNetwork _network;
        private readonly List<int> _moving = [];
        private readonly float[] _from;
        private readonly float[] _to;
        private readonly double[] _still;

        public Way(NumericNetwork network, float[] from, float[] to)
        {
            (_network, _from, _to) = (network, from, to);
            _still = network.Layers[0].Biases;
            for (int p = 0; p < from.Length; p++)
            {
                if (from[p] != to[p]) _moving.Add(p);
                else foreach (var edge in network.Layers[0].EdgesOf(p)) _still[edge.Output] += edge.Evaluate(from[p]);
            }
        }

        /// <summary>The first border after t, or the end where there is none before it.</summary>
        public double NextBorder(double t, double end)
        {
            var (slopes, next, _) = Step(t);
            while (next < end)
            {
                var (after, further, turned) = Step(next);
                if (!turned && Differ(slopes, after)) return next;
                (slopes, next) = (after, further);
            }

            return end;
        }

        private static bool Differ(double[] left, double[] right)
        {
            double scale = 0, change = 0;
            for (int q = 0; q < left.Length; q++)
            {
                scale = Math.Max(scale, Math.Max(Math.Abs(left[q]), Math.Abs(right[q])));
                change = Math.Max(change, Math.Abs(left[q] - right[q]));
            }

            return change > LeastChange * scale;
        }

        /// <summary>
        /// What holds just after t: the slopes of the outputs, the next bend of a node or of the way, and whether the way itself bends at
        /// t.
        /// </summary>
        private (double[] Slopes, double Next, bool Turned) Step(double t)
        {
            double start = t + Nudge, next = double.PositiveInfinity;
            bool turned = false;
            var sums = new Line((double[])_still.Clone(), new double[_still.Length]);
            foreach (int p in _moving)
            {
                double speed = (double)_to[p] - _from[p], x = _from[p] + (start * speed), stop = ((speed > 0 ? 1 : 0) - _from[p]) / speed;
                turned |= Math.Abs(stop - t) <= Nudge;
                if (stop <= start) (x, speed) = (speed > 0 ? 1 : 0, 0);
                else next = Math.Min(next, stop);
                Add(_network.Layers[0].EdgesOf(p), x, speed, sums, start, ref next);
            }

            for (int l = 1; l < _network.Layers.Count; l++)
            {
                var inputs = sums;
                sums = new Line(_network.Layers[l].Biases, new double[_network.Layers[l].OutputCount]);
                for (int p = 0; p < inputs.Values.Length; p++)
                    Add(_network.Layers[l].EdgesOf(p), inputs.Values[p], inputs.Slopes[p], sums, start, ref next);
            }

            return (sums.Slopes, next, turned);
        }

        /// <summary>
        /// Adds what the edges of one node make of its value and of the slope of that value, and finds the next of their bends.
        /// </summary>
        private static void Add(ReadOnlySpan<NumericEdge> edges, double x, double speed, Line sums, double start, ref double next)
        {
            foreach (var edge in edges)
            {
                int segment = edge.SegmentOf(x);
                var (value, slope) = edge.Line(x, segment);
                sums.Values[edge.Output] += value;
                sums.Slopes[edge.Output] += slope * speed;
                int bend = speed > 0 ? segment : segment - 1;
                if (speed != 0 && bend >= 0 && bend < edge.Breakpoints.Length)
                    next = Math.Min(next, start + ((edge.Breakpoints[bend] - x) / speed));
            }
        }

        private readonly record struct Line(double[] Values, double[] Slopes);
    }
}
