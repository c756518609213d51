using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>Finds the segments of many inputs at once, without a branch on data.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SegmentSearch
{
    /// <summary>
    /// For each lane the row of its segment, which is a first row and the number of knots at or below the lane, and the distance from the
    /// anchor point of that segment. NaN is in segment 0 and keeps its distance NaN; no input gives a row outside the table.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <typeparam name="TPanel">The panel.</typeparam>
    /// <param name="x">One panel of inputs.</param>
    /// <param name="table">
    /// A panel of first rows, counted from 2^23 (2^52 for doubles), one of first anchor points, then <paramref name="knotCount"/> panels of
    /// knots.
    /// </param>
    /// <param name="knotCount">Knots for each lane.</param>
    /// <param name="segment">Receives the rows in the form that <see cref="Row"/> reads.</param>
    /// <returns>x - point.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TPanel Find<T, TPanel>(TPanel x, ref T table, int knotCount, ref T segment)
        where T : unmanaged
        where TPanel : struct, IPanel<T, TPanel>
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        var one = TPanel.Splat(One<T>());

        // Counting from 2^23 (2^52 for doubles) leaves the count in the low bits of the number: no conversion is needed to index with it.
        var count = TPanel.Load(in table);
        var point = TPanel.Load(in Unsafe.Add(ref table, lanes));
        for (int i = 1; i <= knotCount; i++)
        {
            var knot = TPanel.Load(in Unsafe.Add(ref table, (i + 1) * lanes));
            point = TPanel.Choose(x, knot, knot, point);
            count = TPanel.Choose(x, knot, TPanel.Add(count, one), count);
        }

        TPanel.Store(count, ref segment);
        return TPanel.Subtract(x, point);
    }

    /// <summary>
    /// The same for knots at equal distances: the knot nearest to each lane, and one comparison with it. The compiler has made sure that
    /// this gives the segment and the point that comparisons with all knots give.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <typeparam name="TPanel">The panel.</typeparam>
    /// <param name="x">One panel of inputs.</param>
    /// <param name="table">
    /// Panels of knots in a unit of length, of distances between knots, of the length of the grid, of first rows, as for
    /// <see cref="Find"/>, and of first knots.
    /// </param>
    /// <param name="segment">Receives the rows in the form that <see cref="Row"/> reads.</param>
    /// <returns>x - point.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TPanel FindUniform<T, TPanel>(TPanel x, ref T table, ref T segment)
        where T : unmanaged
        where TPanel : struct, IPanel<T, TPanel>
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        TPanel one = TPanel.Splat(One<T>()), zero = TPanel.Zero;
        var step = TPanel.Load(in Unsafe.Add(ref table, lanes));
        var firstRow = TPanel.Load(in Unsafe.Add(ref table, 3 * lanes));
        var low = TPanel.Load(in Unsafe.Add(ref table, 4 * lanes));

        // Below the grid, and NaN, is 0; beyond it its length. Adding the first row rounds to a whole number.
        var along = TPanel.AtMost(TPanel.AtLeast(zero, TPanel.Subtract(x, low)), TPanel.Load(in Unsafe.Add(ref table, 2 * lanes)));
        var row = TPanel.Fma(along, TPanel.Load(in table), firstRow);
        var index = TPanel.Subtract(row, firstRow);
        var knot = TPanel.Fma(index, step, low);
        var before = TPanel.Fma(TPanel.AtLeast(TPanel.Subtract(index, one), zero), step, low);
        TPanel.Store(TPanel.Choose(x, knot, TPanel.Add(row, one), row), ref segment);
        return TPanel.Subtract(x, TPanel.Choose(x, knot, knot, before));
    }

    /// <summary>The row that <see cref="Find"/> stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row<T>(ref T segment)
        where T : unmanaged => unchecked(typeof(T) == typeof(float)
            ? (nint)(Unsafe.As<T, uint>(ref segment) - 0x4B000000u)
            : (nint)(Unsafe.As<T, ulong>(ref segment) & 0xFFFFFFFFu));

    /// <summary>
    /// The functions of one panel of lanes in segment form: fma(slope, x - point, value).
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <typeparam name="TPanel">The panel.</typeparam>
    /// <param name="x">One panel of inputs.</param>
    /// <param name="table">Panels of first points, values and slopes, then for each knot panels of knots, values and slopes.</param>
    /// <param name="knotCount">Knots for each lane.</param>
    /// <param name="low">Whether a difference of negative infinity becomes <paramref name="lowest"/>.</param>
    /// <param name="high">Whether a difference of positive infinity becomes <paramref name="highest"/>.</param>
    /// <param name="lowest">The lowest finite number.</param>
    /// <param name="highest">The highest finite number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TPanel Apply<T, TPanel>(TPanel x, ref T table, int knotCount, bool low, bool high, T lowest, T highest)
        where T : unmanaged
        where TPanel : struct, IPanel<T, TPanel>
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        var point = TPanel.Load(in table);
        var value = TPanel.Load(in Unsafe.Add(ref table, lanes));
        var slope = TPanel.Load(in Unsafe.Add(ref table, 2 * lanes));
        for (int i = 1; i <= knotCount; i++)
        {
            ref var segment = ref Unsafe.Add(ref table, 3 * i * lanes);
            var knot = TPanel.Load(in segment);
            point = TPanel.Choose(x, knot, knot, point);
            value = TPanel.Choose(x, knot, TPanel.Load(in Unsafe.Add(ref segment, lanes)), value);
            slope = TPanel.Choose(x, knot, TPanel.Load(in Unsafe.Add(ref segment, 2 * lanes)), slope);
        }

        var distance = TPanel.Subtract(x, point);
        if (low) distance = TPanel.AtLeast(distance, TPanel.Splat(lowest));
        if (high) distance = TPanel.AtMost(distance, TPanel.Splat(highest));
        return TPanel.Fma(slope, distance, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(1) : Unsafe.BitCast<double, T>(1);
}
