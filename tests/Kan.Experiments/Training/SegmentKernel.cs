using System;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>
/// Piecewise-linear functions of K breakpoints in the lanes of vectors, in terms of their slopes:
/// f(x) = f(b_1) + a_0 min(x - b_1, 0) + sum of a_i min(max(x - b_i, 0), b_(i+1) - b_i) + a_K max(x - b_K, 0).
/// The slopes enter linearly, so that each gets as gradient the length of its segment that x has passed.
/// </summary>
/// <remarks>Row i of the breakpoints holds b_(i+1), row i of the slopes a_i; rows are <c>stride</c> vectors apart.</remarks>
internal static class SegmentKernel
{
    /// <summary>f(x) - f(b_1), added to a sum.</summary>
    public static Vector<T> Add<T>(Vector<T> sum, Vector<T> x, ReadOnlySpan<Vector<T>> breakpoints, ReadOnlySpan<Vector<T>> slopes,
        int stride)
    {
        var lower = breakpoints[0];
        sum += slopes[0] * Vector.Min(x - lower, Vector<T>.Zero);
        int i = stride;
        for (; i < breakpoints.Length; i += stride)
        {
            var upper = breakpoints[i];
            sum += slopes[i] * Vector.Min(Vector.Max(x - lower, Vector<T>.Zero), upper - lower);
            lower = upper;
        }

        return sum + (slopes[i] * Vector.Max(x - lower, Vector<T>.Zero));
    }

    /// <summary>f'(x), of the segment on the right where x is a breakpoint.</summary>
    public static Vector<T> Slope<T>(Vector<T> x, ReadOnlySpan<Vector<T>> breakpoints, ReadOnlySpan<Vector<T>> slopes, int stride)
    {
        var slope = slopes[0];
        for (int i = 0; i < breakpoints.Length; i += stride)
            slope = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, breakpoints[i]), slopes[i + stride], slope);
        return slope;
    }

    /// <summary>Adds the gradients by the slopes.</summary>
    public static void AddSlopeGradients<T>(Vector<T> dy, Vector<T> x, ReadOnlySpan<Vector<T>> breakpoints, Span<Vector<T>> gradients,
        int stride)
    {
        var lower = breakpoints[0];
        gradients[0] += dy * Vector.Min(x - lower, Vector<T>.Zero);
        int i = stride;
        for (; i < breakpoints.Length; i += stride)
        {
            var upper = breakpoints[i];
            gradients[i] += dy * Vector.Min(Vector.Max(x - lower, Vector<T>.Zero), upper - lower);
            lower = upper;
        }

        gradients[i] += dy * Vector.Max(x - lower, Vector<T>.Zero);
    }

    /// <summary>
    /// Adds the gradients by the breakpoints while slopes and f(b_1) stay: a later breakpoint moves the values on its right by the kink,
    /// the first one moves all of them.
    /// </summary>
    public static void AddBreakpointGradients<T>(
        Vector<T> dy, Vector<T> x, ReadOnlySpan<Vector<T>> breakpoints, ReadOnlySpan<Vector<T>> slopes, Span<Vector<T>> gradients,
        int stride)
    {
        gradients[0] -= dy * Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, breakpoints[0]), slopes[stride], slopes[0]);
        for (int i = stride; i < breakpoints.Length; i += stride)
        {
            var kink = slopes[i] - slopes[i + stride];
            gradients[i] += dy * Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, breakpoints[i]), kink, Vector<T>.Zero);
        }
    }
}
