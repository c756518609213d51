using System;

namespace Kan.Analysis;

/// <summary>The segments of the nodes of each step: which cell it is.</summary>
internal readonly struct SegmentKey(int[][] segments) : IEquatable<SegmentKey>
{
    private readonly int[][] _segments = segments;

    public bool Equals(SegmentKey other)
    {
        for (int i = 0; i < _segments.Length; i++)
        {
            if (!_segments[i].AsSpan().SequenceEqual(other._segments[i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is SegmentKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int[] step in _segments)
        {
            foreach (int segment in step) hash.Add(segment);
        }

        return hash.ToHashCode();
    }
}
