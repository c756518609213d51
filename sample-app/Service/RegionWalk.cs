using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SampleApp.Service;

/// <summary>Which linear region a drawing is in, and where strokes leave it, found by walking in the direction of the last stroke.</summary>
internal static class RegionWalk
{
    private const int StepsBack = 32;
    private const int StepsAhead = 16;
    private const double FarthestStrokes = 2;
    private const int Halvings = 12;

    public static Region From(IClassifier classifier, float[] pixels, float[]? previous)
    {
        var map = new Fingerprint(classifier);
        ulong here = map.At(pixels);
        string id = here.ToString("x16", CultureInfo.InvariantCulture);
        if (previous is null || pixels.AsSpan().SequenceEqual(previous)) return new Region(id, 0, null);

        var point = new float[pixels.Length];
        int crossed = 0;
        ulong last = map.At(previous);
        for (int step = 1; step <= StepsBack; step++)
        {
            ulong next = map.At(Along(previous, pixels, (double)step / StepsBack, point));
            if (next != last) crossed++;
            last = next;
        }

        return new Region(id, crossed, Ahead(map, here, pixels, previous, point));
    }

    /// <summary>The least part of another such stroke that changes the region, by steps and then by halving.</summary>
    private static double? Ahead(Fingerprint map, ulong here, float[] pixels, float[] previous, float[] point)
    {
        double inside = 0;
        for (int step = 1; step <= StepsAhead; step++)
        {
            double outside = step * FarthestStrokes / StepsAhead;
            if (map.At(Along(previous, pixels, 1 + outside, point)) == here)
            {
                inside = outside;
                continue;
            }

            for (int i = 0; i < Halvings; i++)
            {
                double middle = (inside + outside) / 2;
                if (map.At(Along(previous, pixels, 1 + middle, point)) == here) inside = middle;
                else outside = middle;
            }

            return outside;
        }

        return null;
    }

    private static float[] Along(float[] from, float[] to, double part, float[] point)
    {
        for (int p = 0; p < point.Length; p++) point[p] = (float)Math.Clamp(from[p] + (part * (to[p] - from[p])), 0, 1);
        return point;
    }

    private sealed class Fingerprint(IClassifier classifier)
    {
        private readonly float[] _map = new float[classifier.OutputCount * (classifier.InputCount + 1)];

        /// <summary>A hash of the affine map at a point: equal maps have equal hashes.</summary>
        public ulong At(float[] point)
        {
            int size = classifier.OutputCount * classifier.InputCount;
            classifier.Explain(point, _map.AsSpan(0, size), _map.AsSpan(size));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes<float>(_map), hash);
            return BinaryPrimitives.ReadUInt64BigEndian(hash);
        }
    }
}
