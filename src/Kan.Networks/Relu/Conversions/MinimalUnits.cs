using System;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>Whether one ReLU unit for each breakpoint is enough.</summary>
public enum MinimalUnitsAnswer
{
    /// <summary>k units are enough.</summary>
    Sufficient,

    /// <summary>No k units compute the function; k + 1 do.</summary>
    Insufficient,

    /// <summary>Not decided: too many breakpoints for an exact search.</summary>
    Undecided,
}

/// <summary>Whether k units compute a function of k breakpoints, and which.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="LeftFacing">If they are: the zero-based indices of the breakpoints whose units face left, ReLU(b - x).</param>
/// <param name="Explanation">Why, in a sentence.</param>
public sealed record MinimalUnitsDecision(MinimalUnitsAnswer Answer, ImmutableArray<int> LeftFacing, string Explanation);

/// <summary>
/// Decides whether a piecewise-linear function of k breakpoints is a constant and k ReLU units. One unit has one kink, so there must be one
/// at each breakpoint, with that kink; the slope far left is then minus the sum of the kinks of the units turned left. So k units are
/// enough exactly when some subset of the kinks D_i sums to -a_0: a subset-sum problem in exact rationals.
/// </summary>
public static class MinimalUnits
{
    /// <summary>
    /// The maximum number of breakpoints for which all subsets are searched; beyond it only the cheap tests and a table of short sums
    /// answer.
    /// </summary>
    public const int MostSearchedBreakpoints = 40;

    /// <summary>Decides whether k units are enough.</summary>
    /// <remarks>
    /// A flat segment settles it at once: the units left of it turn left. Sums out of reach, or not divisible by the
    /// common divisor of the kinks, exclude it. Then come a table of all sums, where they are short, and meeting in the middle.
    /// </remarks>
    public static MinimalUnitsDecision Decide(PiecewiseLinearFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        int k = function.Breakpoints.Length;
        int flat = function.Slopes.IndexOf(Rational.Zero);
        if (flat >= 0) return new(MinimalUnitsAnswer.Sufficient, [.. Enumerable.Range(0, flat)], $"Segment {flat} is flat, so the units "
            + $"to the left of it face left.");
        if (k == 0)
            return new(MinimalUnitsAnswer.Insufficient, [], "Without a breakpoint there is no unit, but the function is not constant.");

        Rational[] kinks = [.. Enumerable.Range(0, k).Select(i => function.Slopes[i + 1] - function.Slopes[i])];
        var target = -function.Slopes[0];
        var common = kinks.Append(target)
            .Aggregate(BigInteger.One, static (multiple, number) => multiple
                / BigInteger.GreatestCommonDivisor(multiple, number.Denominator) * number.Denominator);
        var problem = new SubsetSum([.. kinks.Select(kink => kink.Numerator * (common / kink.Denominator))],
            target.Numerator * (common / target.Denominator));
        return problem.Solve(MostSearchedBreakpoints) switch
        {
            (true, var subset) => new(MinimalUnitsAnswer.Sufficient, subset, "A subset of the kinks sums to minus the slope far left."),
            (false, _) => new(MinimalUnitsAnswer.Insufficient, [], "No subset of the kinks sums to minus the slope far left."),
            _ => new(MinimalUnitsAnswer.Undecided, [],
                $"The subsets of {k} kinks are searched for at most {MostSearchedBreakpoints} breakpoints."),
        };
    }
}
