using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace Kan.Networks;

/// <summary>
/// A continuous piecewise-linear function on all of R: k breakpoints b_1 &lt; ... &lt; b_k, k + 1 slopes a_0 ... a_k and one
/// anchor value, exact. The end segments extend to infinity. Immutable, and always in canonical form: neighboring slopes differ and
/// the anchor is at b_1 (at 0 where there is no breakpoint), so two functions are equal exactly when their parts are.
/// </summary>
public sealed class PiecewiseLinearFunction : IEquatable<PiecewiseLinearFunction>
{
    // The values at the breakpoints, once they were needed.
    private Rational[]? _values;

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

    /// <summary>A constant.</summary>
    public static PiecewiseLinearFunction Constant(Rational value) => Linear(Rational.Zero, value);

    /// <summary>The function with these breakpoints and slopes that takes a value at a point.</summary>
    /// <param name="breakpoints">k strictly increasing numbers.</param>
    /// <param name="slopes">k + 1 slopes, left to right.</param>
    /// <param name="point">Any point.</param>
    /// <param name="value">The value there.</param>
    /// <exception cref="ArgumentException">The counts do not fit, or the breakpoints do not increase.</exception>
    public static PiecewiseLinearFunction FromSlopes(IReadOnlyList<Rational> breakpoints, IReadOnlyList<Rational> slopes, Rational point,
        Rational value)
    {
        if (slopes.Count != breakpoints.Count + 1)
            throw new ArgumentException($"{breakpoints.Count} breakpoints need {breakpoints.Count + 1} slopes, not {slopes.Count}.",
                nameof(slopes));
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
    public static PiecewiseLinearFunction FromKnots(IReadOnlyList<Rational> knots, IReadOnlyList<Rational> values, Rational leftSlope,
        Rational rightSlope)
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
        if (knots.Count < 2) throw new ArgumentException("Extending the end segments requires at least two knots.", nameof(knots));
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
        const int Few = 16;
        if (Breakpoints.Length > Few)
        {
            int left = SegmentLeftOf(x) - 1;
            return ValuesAtBreakpoints()[left] + Slopes[left + 1] * (x - Breakpoints[left]);
        }

        var value = AnchorValue;
        int i = 1;
        for (; i < Breakpoints.Length && Breakpoints[i] < x; i++) value += Slopes[i] * (Breakpoints[i] - Breakpoints[i - 1]);
        return value + Slopes[i] * (x - Breakpoints[i - 1]);
    }

    /// <summary>
    /// The values at the breakpoints, summed up once, so that many evaluations of a long function take time in proportion to its length.
    /// </summary>
    private Rational[] ValuesAtBreakpoints()
    {
        if (_values is { } known) return known;
        var values = new Rational[Breakpoints.Length];
        values[0] = AnchorValue;
        for (int i = 1; i < values.Length; i++) values[i] = values[i - 1] + Slopes[i] * (Breakpoints[i] - Breakpoints[i - 1]);
        _values = values;
        return values;
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

    /// <summary>The number of breakpoints strictly left of a point.</summary>
    private int SegmentLeftOf(Rational x)
    {
        int segment = SegmentOf(x);
        return segment > 0 && Breakpoints[segment - 1] == x ? segment - 1 : segment;
    }

    /// <summary>The slope just right of a point.</summary>
    public Rational SlopeRightOf(Rational x) => Slopes[SegmentOf(x)];

    /// <summary>The slope just left of a point.</summary>
    public Rational SlopeLeftOf(Rational x) => Slopes[SegmentLeftOf(x)];

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
    public PiecewiseLinearFunction Shift(Rational value) =>
        value.IsZero ? this : new PiecewiseLinearFunction(Breakpoints, Slopes, AnchorValue + value);

    /// <summary>x -> this(inner(x)), exact: breaks where inner does, and where inner crosses a breakpoint of this.</summary>
    /// <remarks>The time is proportional to the breakpoints of the result, apart from a binary search for each segment of inner.</remarks>
    public PiecewiseLinearFunction Compose(PiecewiseLinearFunction inner)
    {
        if (IsConstant) return this;
        if (IsAffine) return new(inner.Breakpoints, [.. inner.Slopes.Select(slope => Slopes[0] * slope)], Evaluate(inner.AnchorValue));
        if (inner.IsConstant) return Constant(Evaluate(inner.AnchorValue));
        if (inner.IsAffine) return ComposeLine(inner.Slopes[0], inner.AnchorValue);

        var breakpoints = new List<Rational>();
        var slopes = new List<Rational>();
        var point = inner.AnchorPoint;
        var value = inner.AnchorValue;
        int last = inner.Breakpoints.Length;
        for (int segment = 0; segment <= last; segment++)
        {
            if (segment > 0) breakpoints.Add(inner.Breakpoints[segment - 1]);
            if (segment > 1)
            {
                value += inner.Slopes[segment - 1] * (inner.Breakpoints[segment - 1] - point);
                point = inner.Breakpoints[segment - 1];
            }

            // The values that inner passes through on this segment, from left to right; null stands for an infinity.
            var slope = inner.Slopes[segment];
            Rational? start = segment > 0 ? value : null;
            Rational? end = segment == last ? null : segment == 0 ? value : value + slope * (inner.Breakpoints[segment] - point);
            AddCrossings(breakpoints, slopes, slope, point, value, start, end);
        }

        return FromSlopes(breakpoints, slopes, inner.AnchorPoint, Evaluate(inner.AnchorValue));
    }

    /// <summary>x -> this(slope * x + intercept): a falling line turns the order of the segments.</summary>
    private PiecewiseLinearFunction ComposeLine(Rational slope, Rational intercept)
    {
        int k = Breakpoints.Length;
        bool isOne = slope == Rational.One, falls = slope.Sign < 0;
        if (isOne && intercept.IsZero) return this;
        var breakpoints = ImmutableArray.CreateBuilder<Rational>(k);
        var slopes = ImmutableArray.CreateBuilder<Rational>(k + 1);
        for (int i = 0; i < k; i++)
        {
            var offset = Breakpoints[falls ? k - 1 - i : i] - intercept;
            breakpoints.Add(isOne ? offset : offset / slope);
        }

        for (int i = 0; i <= k; i++) slopes.Add(Slopes[falls ? k - i : i] * slope);
        return new(breakpoints.MoveToImmutable(), slopes.MoveToImmutable(), falls ? Evaluate(Breakpoints[k - 1]) : AnchorValue);
    }

    /// <summary>What this makes of a line through (point, value) whose values run from start to end.</summary>
    private void AddCrossings(List<Rational> breakpoints, List<Rational> slopes, Rational slope, Rational point, Rational value,
        Rational? start, Rational? end)
    {
        if (slope.IsZero)
        {
            slopes.Add(Rational.Zero);
            return;
        }

        if (slope.Sign > 0)
        {
            int own = start is { } low ? SegmentOf(low) : 0;
            slopes.Add(Slopes[own] * slope);
            for (; own < Breakpoints.Length && (end is not { } high || Breakpoints[own] < high); own++)
            {
                breakpoints.Add(point + (Breakpoints[own] - value) / slope);
                slopes.Add(Slopes[own + 1] * slope);
            }

            return;
        }

        int above = start is { } top ? SegmentLeftOf(top) : Breakpoints.Length;
        slopes.Add(Slopes[above] * slope);
        for (; above > 0 && (end is not { } bottom || Breakpoints[above - 1] > bottom); above--)
        {
            breakpoints.Add(point + (Breakpoints[above - 1] - value) / slope);
            slopes.Add(Slopes[above - 1] * slope);
        }
    }

    /// <summary>The sum of any number of functions, exact.</summary>
    public static PiecewiseLinearFunction Sum(IEnumerable<PiecewiseLinearFunction> functions)
    {
        var terms = functions.Where(static function => !function.IsZero).ToList();
        if (terms.Count == 0) return Zero;
        if (terms.Count == 1) return terms[0];
        var kinks = new List<(Rational Point, Rational Kink)>();
        var slopes = new List<Rational> { Rational.Zero };
        foreach (var term in terms)
        {
            slopes[0] += term.Slopes[0];
            for (int i = 0; i < term.Breakpoints.Length; i++) kinks.Add((term.Breakpoints[i], term.Slopes[i + 1] - term.Slopes[i]));
        }

        kinks.Sort(static (a, b) => a.Point.CompareTo(b.Point));
        var breakpoints = new List<Rational>();
        foreach (var (point, kink) in kinks)
        {
            if (breakpoints.Count > 0 && breakpoints[breakpoints.Count - 1] == point)
            {
                slopes[slopes.Count - 1] += kink;
                continue;
            }

            breakpoints.Add(point);
            slopes.Add(slopes[slopes.Count - 1] + kink);
        }

        var first = breakpoints.Count == 0 ? Rational.Zero : breakpoints[0];
        var value = Rational.Zero;
        foreach (var term in terms) value += term.Evaluate(first);
        return FromSlopes(breakpoints, slopes, first, value);
    }

    /// <summary>
    /// The function with the fewest breakpoints that equals this one on a closed interval: its first and last segment there extend to
    /// infinity. On a single point it is constant.
    /// </summary>
    /// <exception cref="ArgumentException">The interval is empty.</exception>
    public PiecewiseLinearFunction RestrictTo(Rational low, Rational high)
    {
        if (low > high) throw new ArgumentException($"The interval from {low} to {high} is empty.", nameof(high));
        if (low == high) return Constant(Evaluate(low));
        int first = SegmentOf(low), last = SegmentLeftOf(high);
        if (first == 0 && last == Breakpoints.Length) return this;
        var breakpoints = Breakpoints.Skip(first).Take(last - first).ToArray();
        return FromSlopes(breakpoints, [.. Slopes.Skip(first).Take(last - first + 1)], low, Evaluate(low));
    }

    /// <summary>The least and the greatest value on a closed interval, exact.</summary>
    /// <exception cref="ArgumentException">The interval is empty.</exception>
    public (Rational Least, Rational Greatest) RangeOn(Rational low, Rational high)
    {
        if (low > high) throw new ArgumentException($"The interval from {low} to {high} is empty.", nameof(high));
        var value = Evaluate(low);
        var (least, greatest) = (value, value);
        var point = low;
        for (int i = SegmentOf(low); point < high; i++)
        {
            var next = i < Breakpoints.Length ? Rational.Min(Breakpoints[i], high) : high;
            value += Slopes[i] * (next - point);
            point = next;
            least = Rational.Min(least, value);
            greatest = Rational.Max(greatest, value);
        }

        return (least, greatest);
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

    private static void RequireIncreasing(IReadOnlyList<Rational> numbers, string parameterName)
    {
        for (int i = 1; i < numbers.Count; i++)
        {
            if (numbers[i - 1] >= numbers[i])
                throw new ArgumentException($"The numbers must increase, but number {i} ({numbers[i]}) does not exceed number {i - 1} "
                    + $"({numbers[i - 1]}).", parameterName);
        }
    }
}
