using System;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>
/// One function in segment form that all nodes of a layer share, with many segments. Its range is cut into equal buckets; the bucket of a
/// number says which knots are below it, but for the few in the bucket itself, which are compared. However many segments there are, a
/// number costs a handful of loads.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CurveTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>Numbers of a segment: its anchor point, value and slope, and the knot at its end.</summary>
    private const int Point = 0, Value = 1, Slope = 2, End = 3, Numbers = 4;

    /// <summary>
    /// Buckets for each segment to begin with, and at most: with so many, one comparison is enough for curves as they are approximated.
    /// </summary>
    private const int FewestBuckets = 2, MostBuckets = 16;

    /// <summary>More buckets than this are not made, however many segments there are.</summary>
    private const int BucketLimit = 1 << 20;

    /// <summary>
    /// Panels that are looked up together: what one writes number by number is not read as a vector before it has reached the cache.
    /// </summary>
    private const int Panels = 4;

    private readonly T[] _segments;
    private readonly int[] _first;
    private readonly T _low;
    private readonly T _span;
    private readonly T _scale;
    private readonly int _steps;

    private CurveTable(T[] segments, T low, T span, int buckets)
    {
        _segments = segments;
        _low = low;
        _span = span;

        // Where knots do not differ, or do by more than there are numbers, one bucket holds all.
        var scale = T.CreateSaturating(buckets) / span;
        if (!(T.IsFinite(scale) && T.IsFinite(span)))
        {
            _span = T.Zero;
            scale = T.Zero;
            buckets = 0;
        }

        _scale = scale;
        _first = new int[buckets + 2];
        int count = (segments.Length / Numbers) - 1;
        for (int j = 0; j < count; j++) _first[BucketOf(segments[(j * Numbers) + End]) + 1]++;
        foreach (int knots in _first) _steps = Math.Max(_steps, knots);
        for (int b = 1; b < _first.Length; b++) _first[b] += _first[b - 1];
        for (int b = 0; b < _first.Length; b++) _first[b] *= Numbers;
    }

    /// <summary>The table of a curve.</summary>
    /// <param name="table">The first anchor point, value and slope, then the knot, value and slope of each further segment.</param>
    /// <param name="knotCount">Knots, at least 1, not decreasing.</param>
    public static CurveTable<T> Create(ref T table, int knotCount)
    {
        var segments = new T[(knotCount + 1) * Numbers];
        for (int j = 0; j <= knotCount; j++)
        {
            for (int i = 0; i < End; i++) segments[(j * Numbers) + i] = Unsafe.Add(ref table, (3 * j) + i);
            segments[(j * Numbers) + End] = j < knotCount ? Unsafe.Add(ref table, 3 * (j + 1)) : T.NaN;
        }

        T low = segments[End], span = segments[(knotCount * Numbers) + Point] - low;
        var best = new CurveTable<T>(segments, low, span, Math.Min(BucketLimit, FewestBuckets * knotCount));
        for (int buckets = 2 * FewestBuckets; best._steps > 1 && buckets <= MostBuckets
            && (long)buckets * knotCount <= BucketLimit; buckets *= 2)
        {
            var finer = new CurveTable<T>(segments, low, span, buckets * knotCount);
            if (finer._steps < best._steps) best = finer;
        }

        return best;
    }

    /// <summary>The curve at the numbers of some panels: fma(slope, x - point, value).</summary>
    /// <typeparam name="TPanel">The panel.</typeparam>
    /// <param name="x">The numbers; NaN stays NaN.</param>
    /// <param name="result">Receives the values; may be where the numbers are.</param>
    /// <param name="panels">The number of panels.</param>
    /// <param name="low">Whether a difference of negative infinity becomes the lowest finite number.</param>
    /// <param name="high">Whether a difference of positive infinity becomes the highest finite number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply<TPanel>(ref T x, ref T result, int panels, bool low, bool high)
        where TPanel : struct, IPanel<T, TPanel>
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        Span<T> memory = stackalloc T[3 * Panels * (64 / sizeof(float))];
        ref T points = ref memory[0], values = ref memory[Panels * lanes], slopes = ref memory[2 * Panels * lanes];
        ref var segments = ref _segments[0];
        for (int done = 0; done < panels; done += Panels)
        {
            int count = Math.Min(Panels, panels - done) * lanes;
            ref var from = ref Unsafe.Add(ref x, done * lanes);
            ref var to = ref Unsafe.Add(ref result, done * lanes);
            FindBuckets<TPanel>(ref from, ref points, count);
            if (typeof(T) == typeof(float) && Fma.IsSupported && _steps == 1)
            {
                ApplySquares(ref Unsafe.As<T, float>(ref from), ref Unsafe.As<T, float>(ref points), ref Unsafe.As<T, float>(ref to), count,
                    low, high);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                nint at = Segment(ref segments, Unsafe.Add(ref from, i), SegmentSearch.Row(ref Unsafe.Add(ref points, i)));
                Unsafe.Add(ref points, i) = Unsafe.Add(ref segments, at + Point);
                Unsafe.Add(ref values, i) = Unsafe.Add(ref segments, at + Value);
                Unsafe.Add(ref slopes, i) = Unsafe.Add(ref segments, at + Slope);
            }

            for (int i = 0; i < count; i += lanes)
            {
                var distance = TPanel.Subtract(TPanel.Load(in Unsafe.Add(ref from, i)), TPanel.Load(in Unsafe.Add(ref points, i)));
                if (low) distance = TPanel.AtLeast(distance, TPanel.Splat(T.MinValue));
                if (high) distance = TPanel.AtMost(distance, TPanel.Splat(T.MaxValue));
                TPanel.Store(TPanel.Fma(TPanel.Load(in Unsafe.Add(ref slopes, i)), distance, TPanel.Load(in Unsafe.Add(ref values, i))),
                    ref Unsafe.Add(ref to, i));
            }
        }
    }

    /// <summary>The buckets of some numbers, in the form that <see cref="SegmentSearch.Row"/> reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FindBuckets<TPanel>(ref T from, ref T buckets, int count)
        where TPanel : struct, IPanel<T, TPanel>
    {
        TPanel lowest = TPanel.Splat(_low), span = TPanel.Splat(_span), scale = TPanel.Splat(_scale),
            origin = TPanel.Splat(T.CreateTruncating(Origin));
        for (int i = 0; i < count; i += 64 / Unsafe.SizeOf<T>())
        {
            // Below the range, and NaN, is 0; beyond it its length.
            var along = TPanel.AtMost(TPanel.AtLeast(TPanel.Zero, TPanel.Subtract(TPanel.Load(in Unsafe.Add(ref from, i)), lowest)), span);
            TPanel.Store(TPanel.Fma(along, scale, origin), ref Unsafe.Add(ref buckets, i));
        }
    }

    /// <summary>Where the numbers of the segment of a number are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Segment(ref T segments, T number, nint bucket)
    {
        nint at = Unsafe.Add(ref _first[0], bucket);
        for (int step = _steps; step > 0; step--) at += number >= Unsafe.Add(ref segments, at + End) ? Numbers : 0;
        return at;
    }

    /// <summary>Four numbers at a time: their segments are rows of a square, whose columns are their points, values and slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplySquares(ref float from, ref float buckets, ref float to, int count, bool low, bool high)
    {
        ref float segments = ref Unsafe.As<T, float>(ref _segments[0]);
        ref int first = ref _first[0];
        for (int i = 0; i < count; i += 4)
        {
            Vector128<float> a = Row(ref from, ref buckets, ref segments, ref first, i),
                b = Row(ref from, ref buckets, ref segments, ref first, i + 1);
            Vector128<float> c = Row(ref from, ref buckets, ref segments, ref first, i + 2),
                d = Row(ref from, ref buckets, ref segments, ref first, i + 3);
            Vector128<float> lowAb = Sse.UnpackLow(a, b), lowCd = Sse.UnpackLow(c, d);
            var distance = Vector128.LoadUnsafe(ref from, (nuint)i) - Sse.MoveLowToHigh(lowAb, lowCd);
            if (low) distance = Small.AtLeast(distance, Vector128.Create(float.MinValue));
            if (high) distance = Small.AtMost(distance, Vector128.Create(float.MaxValue));
            var slopes = Sse.MoveLowToHigh(Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
            Vector128.FusedMultiplyAdd(slopes, distance, Sse.MoveHighToLow(lowCd, lowAb)).StoreUnsafe(ref to, (nuint)i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Row(ref float from, ref float buckets, ref float segments, ref int first, nint i)
        {
            nint at = Unsafe.Add(ref first, SegmentSearch.Row(ref Unsafe.Add(ref buckets, i)));
            at += Unsafe.Add(ref from, i) >= Unsafe.Add(ref segments, at + End) ? Numbers : 0;
            return Vector128.LoadUnsafe(ref Unsafe.Add(ref segments, at));
        }
    }

    /// <summary>Counting from 2^23 (2^52 for doubles) leaves the count in the low bits of the number.</summary>
    private static double Origin => Unsafe.SizeOf<T>() == sizeof(float) ? 1 << 23 : 1L << 52;

    /// <summary>
    /// The bucket of a number, as vectors compute it. It does not decrease where numbers do not, so that knots of buckets below are below.
    /// </summary>
    private int BucketOf(T number)
    {
        var along = T.Min(T.Max(T.Zero, number - _low), _span);
        var row = T.FusedMultiplyAdd(along, _scale, T.CreateTruncating(Origin));
        return (int)SegmentSearch.Row(ref row);
    }
}
