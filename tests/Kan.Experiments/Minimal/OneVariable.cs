using System;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Minimal;

/// <summary>The smallest ReLU networks of functions of one variable with k breakpoints.</summary>
internal static class OneVariable
{
    /// <summary>k units and an affine term: fewer cannot be, for the sum of units bends nowhere but where units do.</summary>
    public static UnitNetwork WithAffineTerm(PiecewiseLinearFunction function) => UnitNetwork.Of((network, x) =>
    {
        // Right of each breakpoint its unit adds what the slope changes by.
        var value = (function.Slopes[0] * x) + function.InterceptOf(0);
        for (int i = 0; i < function.Breakpoints.Length; i++)
            value += (function.Slopes[i + 1] - function.Slopes[i]) * network.Relu(x - function.Breakpoints[i]);
        return value;
    });

    /// <summary>
    /// The fewest units of one hidden layer without an affine term: k if some of the jumps of the slope sum to minus the slope far left,
    /// otherwise k + 1, or 2 for a line that is not constant.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are too many breakpoints to decide it.</exception>
    public static ReluNetwork WithoutAffineTerm(PiecewiseLinearFunction function) => MinimalUnits.Decide(function).Answer switch
    {
        MinimalUnitsAnswer.Sufficient => function.ToRelu(FunctionUnits.OnePerBreakpoint),
        MinimalUnitsAnswer.Insufficient => function.ToRelu(),
        _ => throw new InvalidOperationException($"Not decided for {function.Breakpoints.Length} breakpoints."),
    };

    /// <summary>
    /// Two units, the second of which reads the first, for a function of three breakpoints; null if there are none. The first bends at one
    /// place, c, and what the second rectifies has a zero on each side of it. So c is the breakpoint in the middle, and the slopes at the
    /// two zeros, whose ratio is that of the jumps there, lead to the same value at c: jump 1 times (b_2 - b_1) is jump 3 times (b_3 -
    /// b_2).
    /// </summary>
    public static UnitNetwork? TwoUnits(PiecewiseLinearFunction function)
    {
        if (function.Breakpoints is not [var first, var middle, var last]) return null;
        Rational[] jumps = [.. Enumerable.Range(0, 3).Select(i => function.Slopes[i + 1] - function.Slopes[i])];
        if (jumps[0] * (middle - first) != jumps[2] * (last - middle)) return null;
        var ratio = (middle - first) / (last - middle);
        return UnitNetwork.Of((network, x) =>
        {
            var bend = network.Relu(x - middle);
            var hat = network.Relu(x - first - ((1 + ratio) * bend));
            var rest = jumps[1] + (jumps[0] * (1 + ratio));
            return (function.Slopes[0] * x) + function.InterceptOf(0) + (jumps[0] * hat) + (rest * bend);
        });
    }

    /// <summary>
    /// Units of any feed-forward network for any function of k breakpoints: each unit at most doubles the number of pieces.
    /// </summary>
    public static int UnitsForPieces(BigInteger breakpoints)
    {
        int units = 0;
        while (BigInteger.One << units < breakpoints + 1) units++;
        return units;
    }

    /// <summary>
    /// Units of any feed-forward network for almost every function of k breakpoints. Apart from its scale, unit i has i numbers that can be
    /// chosen, and the output has 2 more than units: fewer numbers than the 2 k + 2 of the function reach a set of measure 0 alone.
    /// </summary>
    public static int UnitsForAlmostAll(int breakpoints)
    {
        int units = 0;
        while ((units * (units + 1) / 2) + units + 2 < (2 * breakpoints) + 2) units++;
        return Math.Max(units, UnitsForPieces(breakpoints));
    }
}
