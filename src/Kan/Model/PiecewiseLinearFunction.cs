using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace Kan;

/// <summary>
/// A continuous piecewise-linear function on all of R: k breakpoints b_1 &lt; ... &lt; b_k, k + 1 slopes a_0 ... a_k and one
/// anchor value, exact. The end segments extend to infinity. Immutable, and always in canonical form: neighbouring slopes differ and
/// the anchor is at b_1 (at 0 where there is no breakpoint), so two functions are equal exactly when their parts are.
/// </summary>
public sealed class PiecewiseLinearFunction : IEquatable<PiecewiseLinearFunction>
{
    private PiecewiseLinearFunction(ImmutableArray<Rational> breakpoints, ImmutableArray<Rational> slopes, Rational anchorValue)
    {
        Breakpoints = breakpoints;
        Slopes = slopes;
        AnchorValue = anchorValue;
    }

    /// <summary>The function that is 0 everywhere.</summary>
    public static PiecewiseLinearFunction Zero { get; } = Linear(Rational.Zero, Rational.Zero);

    /// <summary>x.</summary>
    public static PiecewiseLinearFunction Identity { get; } = Linear(Rational.One, Rational.Zero);

    /// <summary>max(x, 0).</summary>
    public static PiecewiseLinearFunction Relu { get; } =
        FromSlopes([Rational.Zero], [Rational.Zero, Rational.One], Rational.Zero, Rational.Zero);

    /// <summary>b_1 &lt; ... &lt; b_k; at each of them the slope changes.</summary>
    public ImmutableArray<Rational> Breakpoints { get; }

    /// <summary>a_0 ... a_k: a_i holds between b_i and b_(i+1).</summary>
    public ImmutableArray<Rational> Slopes { get; }

    /// <summary>b_1, or 0 where there is no breakpoint.</summary>
    public Rational AnchorPoint => Breakpoints.IsEmpty ? Rational.Zero : Breakpoints[0];

    /// <summary>The value at <see cref="AnchorPoint"/>.</summary>
    public Rational AnchorValue { get; }

    /// <summary>Whether there is no breakpoint.</summary>
    public bool IsAffine => Breakpoints.IsEmpty;

    /// <summary>Whether the value is the same everywhere.</summary>
    public bool IsConstant => Breakpoints.IsEmpty && Slopes[0].IsZero;

    /// <summary>Whether the value is 0 everywhere.</summary>
    public bool IsZero => IsConstant && AnchorValue.IsZero;

    /// <summary>slope * x + intercept.</summary>
    public static PiecewiseLinearFunction Linear(Rational slope, Rational intercept) => new([], [slope], intercept);

    /// <summary>The same value everywhere.</summary>
    public static PiecewiseLinearFunction Constant(Rational value) => Linear(Rational.Zero, value);

    /// <summary>The function with these breakpoints and slopes that takes a value at a point.</summary>
    /// <param name="breakpoints">k strictly increasing numbers.</param>
    /// <param name="slopes">k + 1 slopes, left to right.</param>
    /// <param name="point">Any point.</param>
    /// <param name="value">The value there.</param>
    /// <exception cref="ArgumentException">The counts do not fit, or the breakpoints do not increase.</exception>
    public static PiecewiseLinearFunction FromSlopes(IReadOnlyList<Rational> breakpoints, IReadOnlyList<Rational> slopes, Rational point, Rational value)
    {
        if (slopes.Count != breakpoints.Count + 1)
            throw new ArgumentException($"{breakpoints.Count} breakpoints need {breakpoints.Count + 1} slopes, not {slopes.Count}.", nameof(slopes));
        RequireIncreasing(breakpoints, nameof(breakpoints));

        var keptBreakpoints = ImmutableArray.CreateBuilder<Rational>(breakpoints.Count);
        var keptSlopes = ImmutableArray.CreateBuilder<Rational>(slopes.Count);
        keptSlopes.Add(slopes[0]);
        for (int i = 0; i < breakpoints.Count; i++)
        {
            if (slopes[i] == slopes[i + 1]) continue;
            keptBreakpoints.Add(breakpoints[i]);
            keptSlopes.Add(slopes[i + 1]);
        }

        var relative = new PiecewiseLinearFunction(keptBreakpoints.ToImmutable(), keptSlopes.ToImmutable(), Rational.Zero);
        return new PiecewiseLinearFunction(relative.Breakpoints, relative.Slopes, value - relative.Evaluate(point));
    }

    /// <summary>The function through (knot, value) pairs; beyond the end knots the given slopes hold.</summary>
    /// <exception cref="ArgumentException">No knot, counts that differ, or knots that do not increase.</exception>
    public static PiecewiseLinearFunction FromKnots(IReadOnlyList<Rational> knots, IReadOnlyList<Rational> values, Rational leftSlope, Rational rightSlope)
    {
        if (knots.Count == 0) throw new ArgumentException("At least one knot is needed.", nameof(knots));
        if (values.Count != knots.Count)
            throw new ArgumentException($"{knots.Count} knots need {knots.Count} values, not {values.Count}.", nameof(values));
        RequireIncreasing(knots, nameof(knots));
        var slopes = new Rational[knots.Count + 1];
        slopes[0] = leftSlope;
        slopes[knots.Count] = rightSlope;
        for (int i = 1; i < knots.Count; i++) slopes[i] = (values[i] - values[i - 1]) / (knots[i] - knots[i - 1]);
        return FromSlopes(knots, slopes, knots[0], values[0]);
    }

    /// <summary>The function through at least two (knot, value) pairs whose end segments extend.</summary>
    /// <exception cref="ArgumentException">Fewer than two knots, counts that differ, or knots that do not increase.</exception>
    public static PiecewiseLinearFunction FromKnots(IReadOnlyList<Rational> knots, IReadOnlyList<Rational> values)
    {
        if (knots.Count < 2) throw new ArgumentException("End segments extend from at least two knots.", nameof(knots));
        if (values.Count != knots.Count)
            throw new ArgumentException($"{knots.Count} knots need {knots.Count} values, not {values.Count}.", nameof(values));
        RequireIncreasing(knots, nameof(knots));
        int last = knots.Count - 1;
        var left = (values[1] - values[0]) / (knots[1] - knots[0]);
        var right = (values[last] - values[last - 1]) / (knots[last] - knots[last - 1]);
        return FromKnots(knots, values, left, right);
    }

    /// <summary>The exact value at a point.</summary>
    public Rational Evaluate(Rational x)
    {
        if (Breakpoints.IsEmpty) return AnchorValue + Slopes[0] * x;
        if (x <= Breakpoints[0]) return AnchorValue + Slopes[0] * (x - Breakpoints[0]);
        var value = AnchorValue;
        int i = 1;
        for (; i < Breakpoints.Length && Breakpoints[i] < x; i++) value += Slopes[i] * (Breakpoints[i] - Breakpoints[i - 1]);
        return value + Slopes[i] * (x - Breakpoints[i - 1]);
    }

    /// <summary>
    /// The nearest double to the exact value at a double; NaN for NaN, and the limit for an infinity.
    /// </summary>
    public double Evaluate(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (!double.IsInfinity(x)) return Evaluate(Rational.FromDouble(x)).ToDouble();
        var slope = x > 0 ? Slopes[Slopes.Length - 1] : Slopes[0];
        if (!slope.IsZero) return slope.Sign * x;
        return Evaluate(x > 0 ? Breakpoints.LastOrDefault() : AnchorPoint).ToDouble();
    }

    /// <summary>The index of the segment that holds a point: the number of breakpoints at or left of it.</summary>
    public int SegmentOf(Rational x)
    {
        int low = 0, high = Breakpoints.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Breakpoints[middle] <= x) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>The slope just right of a point.</summary>
    public Rational SlopeRightOf(Rational x) => Slopes[SegmentOf(x)];

    /// <summary>The slope just left of a point.</summary>
    public Rational SlopeLeftOf(Rational x)
    {
        int segment = SegmentOf(x);
        return segment > 0 && Breakpoints[segment - 1] == x ? Slopes[segment - 1] : Slopes[segment];
    }

    /// <summary>The value at 0 of the line that holds on a segment.</summary>
    public Rational InterceptOf(int segment)
    {
        var point = segment == 0 ? AnchorPoint : Breakpoints[segment - 1];
        return Evaluate(point) - Slopes[segment] * point;
    }

    /// <summary>Exact sum.</summary>
    public static PiecewiseLinearFunction operator +(PiecewiseLinearFunction left, PiecewiseLinearFunction right)
    {
        if (left.IsZero) return right;
        if (right.IsZero) return left;
        var breakpoints = Union(left.Breakpoints, right.Breakpoints);
        var slopes = new Rational[breakpoints.Count + 1];
        slopes[0] = left.Slopes[0] + right.Slopes[0];
        for (int i = 0; i < breakpoints.Count; i++) slopes[i + 1] = left.SlopeRightOf(breakpoints[i]) + right.SlopeRightOf(breakpoints[i]);
        var point = breakpoints.Count == 0 ? Rational.Zero : breakpoints[0];
        return FromSlopes(breakpoints, slopes, point, left.Evaluate(point) + right.Evaluate(point));
    }

    /// <summary>Exact difference.</summary>
    public static PiecewiseLinearFunction operator -(PiecewiseLinearFunction left, PiecewiseLinearFunction right) => left + -right;

    /// <summary>The negative.</summary>
    public static PiecewiseLinearFunction operator -(PiecewiseLinearFunction function) => -Rational.One * function;

    /// <summary>Exact multiple.</summary>
    public static PiecewiseLinearFunction operator *(Rational factor, PiecewiseLinearFunction function) => factor.IsZero
        ? Zero
        : new(function.Breakpoints, [.. function.Slopes.Select(slope => factor * slope)], factor * function.AnchorValue);

    /// <summary>Adds a constant.</summary>
    public PiecewiseLinearFunction Shift(Rational value) => new(Breakpoints, Slopes, AnchorValue + value);

    /// <summary>x -> this(inner(x)), exact: breaks where inner does, and where inner crosses a breakpoint of this.</summary>
    public PiecewiseLinearFunction Compose(PiecewiseLinearFunction inner)
    {
        if (IsConstant) return this;
        if (inner.IsConstant) return Constant(Evaluate(inner.AnchorValue));
        var candidates = new List<Rational>(inner.Breakpoints);
        for (int segment = 0; segment < inner.Slopes.Length; segment++)
        {
            var slope = inner.Slopes[segment];
            if (slope.IsZero) continue;
            var intercept = inner.InterceptOf(segment);
            foreach (var target in Breakpoints)
            {
                var crossing = (target - intercept) / slope;
                if ((segment == 0 || crossing > inner.Breakpoints[segment - 1])
                    && (segment == inner.Breakpoints.Length || crossing < inner.Breakpoints[segment]))
                    candidates.Add(crossing);
            }
        }

        return Interpolate(candidates, x => Evaluate(inner.Evaluate(x)));
    }

    /// <summary>The pointwise maximum, exact.</summary>
    public static PiecewiseLinearFunction Max(PiecewiseLinearFunction left, PiecewiseLinearFunction right) =>
        right + Relu.Compose(left - right);

    /// <summary>The pointwise minimum, exact.</summary>
    public static PiecewiseLinearFunction Min(PiecewiseLinearFunction left, PiecewiseLinearFunction right) =>
        left - Relu.Compose(left - right);

    /// <summary>The pointwise absolute value, exact.</summary>
    public PiecewiseLinearFunction Abs() => Max(this, -this);

    /// <inheritdoc/>
    public bool Equals(PiecewiseLinearFunction? other) => other is not null
        && (ReferenceEquals(this, other)
            || (AnchorValue == other.AnchorValue && Slopes.SequenceEqual(other.Slopes) && Breakpoints.SequenceEqual(other.Breakpoints)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PiecewiseLinearFunction);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = AnchorValue.GetHashCode();
        foreach (var slope in Slopes) hash = unchecked((hash * 31) + slope.GetHashCode());
        foreach (var breakpoint in Breakpoints) hash = unchecked((hash * 31) + breakpoint.GetHashCode());
        return hash;
    }

    /// <summary>Breakpoints, slopes and anchor, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("breakpoints [");
        text.Append(string.Join(", ", Breakpoints)).Append("], slopes [").Append(string.Join(", ", Slopes));
        return text.Append("], f(").Append(AnchorPoint).Append(") = ").Append(AnchorValue).ToString();
    }

    /// <summary>The sorted union of two increasing sequences.</summary>
    internal static List<Rational> Union(IReadOnlyList<Rational> left, IReadOnlyList<Rational> right)
    {
        var union = new List<Rational>(left.Count + right.Count);
        int i = 0, j = 0;
        while (i < left.Count || j < right.Count)
        {
            int order = i == left.Count ? 1 : j == right.Count ? -1 : left[i].CompareTo(right[j]);
            union.Add(order <= 0 ? left[i] : right[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return union;
    }

    /// <summary>The piecewise-linear function that bends at most at the candidates and agrees with an evaluation everywhere.</summary>
    private static PiecewiseLinearFunction Interpolate(List<Rational> candidates, Func<Rational, Rational> evaluate)
    {
        if (candidates.Count == 0)
        {
            var atZero = evaluate(Rational.Zero);
            return Linear(evaluate(Rational.One) - atZero, atZero);
        }

        candidates.Sort();
        var knots = new List<Rational>(candidates.Count);
        foreach (var candidate in candidates)
        {
            if (knots.Count == 0 || knots[knots.Count - 1] != candidate) knots.Add(candidate);
        }

        var first = knots[0];
        var last = knots[knots.Count - 1];
        var values = knots.ConvertAll(knot => evaluate(knot));
        return FromKnots(knots, values, values[0] - evaluate(first - 1), evaluate(last + 1) - values[values.Count - 1]);
    }

    private static void RequireIncreasing(IReadOnlyList<Rational> numbers, string parameterName)
    {
        for (int i = 1; i < numbers.Count; i++)
        {
            if (numbers[i - 1] >= numbers[i])
                throw new ArgumentException($"The numbers must increase, but number {i} ({numbers[i]}) does not exceed number {i - 1} ({numbers[i - 1]}).", parameterName);
        }
    }
}
