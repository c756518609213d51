using System;
using System.Collections.Generic;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>Compares claims with dense samples of functions that are computed another way.</summary>
internal static class Samples
{
    /// <summary>An approximation, cancelled with the test.</summary>
    public static Kan.Networks.Approximation Approximate(RealFunction function, Interval domain, double error,
        ApproximationOptions? options = null) =>
        Kan.Networks.Approximation.Of(function, domain, error, options, TestContext.Current.CancellationToken);

    /// <summary>Requires that no sample is farther from the function than the certified bound.</summary>
    /// <param name="approximation">The claim.</param>
    /// <param name="function">The same function in doubles.</param>
    /// <param name="low">The first sample.</param>
    /// <param name="high">The last sample.</param>
    /// <param name="count">How many.</param>
    /// <returns>The largest distance met.</returns>
    public static double AssertWithin(Kan.Networks.Approximation approximation, Func<double, double> function, double low, double high,
        int count = 2000)
    {
        double most = 0;
        foreach (double x in Points(approximation, low, high, count))
        {
            double expected = function(x), actual = approximation.Function.Evaluate(x), distance = Math.Abs(expected - actual);

            // What the sampled function itself rounds is not part of the claim.
            double allowed = approximation.ErrorBound + (1e-13 * (1 + Math.Abs(expected)));
            Assert.True(distance <= allowed,
                $"At {x:R} the approximation is {actual:R}, the function {expected:R}; the claim is {approximation.ErrorBound:R}.");
            most = Math.Max(most, distance);
        }

        return most;
    }

    /// <summary>Evenly spaced points, and the breakpoints with the middles between them, where errors peak.</summary>
    private static IEnumerable<double> Points(Kan.Networks.Approximation approximation, double low, double high, int count)
    {
        for (int i = 0; i <= count; i++) yield return Math.Min(high, low + ((high - low) * i / count));
        double left = low;
        foreach (var breakpoint in approximation.Function.Breakpoints)
        {
            double right = breakpoint.ToDouble();
            if (right < low || right > high) continue;
            yield return right;
            yield return 0.5 * (left + right);
            left = right;
        }
    }
}
