using System;
using System.Linq;
using Kan.Interchange.Curves;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>Curves that bend together keep their errors, and take fewer knots than they would apart.</summary>
public sealed class SharedKnotsTests
{
    private static readonly RealFunction[] s_curves =
    [
        RealFunction.Sin(3.0 * RealFunction.X), RealFunction.Exp(RealFunction.X), RealFunction.Silu(4.0 * RealFunction.X),
            RealFunction.Abs(RealFunction.X),
        RealFunction.Spline([-2, -1, 0, 1, 2, 3, 4], [1, -1, 2], 3),
    ];

    private static readonly Func<double,
        double>[] s_values = [static x => Math.Sin(3 * x), Math.Exp, static x => 4 * x / (1 + Math.Exp(-4 * x)), Math.Abs];

    [Theory]
    [InlineData(1e-1)]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    public void Each_curve_keeps_its_error(double error)
    {
        var interval = new Interval(-1.3, 2.1);
        double[] errors = [error, 2 * error, error, error, error / 2];
        var shared = SharedKnots.TryBuild(s_curves, errors, interval, mostKnots: 100_000)!;
        Assert.Equal(interval.Low, shared.Knots[0]);
        Assert.Equal(interval.High, shared.Knots[^1]);
        for (int i = 0; i < s_curves.Length; i++)
        {
            Assert.InRange(shared.Errors[i], 0, errors[i]);
            var function = shared.Function(i);

            // Another way to the same claim, over the finished function.
            Assert.InRange(Approximation.CertifiedError(s_curves[i], function, interval), 0, errors[i] * (1 + 1e-9));
            if (i >= s_values.Length) continue;
            for (int sample = 0; sample <= 500; sample++)
            {
                double x = interval.Low + ((interval.High - interval.Low) * sample / 500);
                Assert.InRange(Math.Abs(function.Evaluate(x) - s_values[i](x)), 0, shared.Errors[i] + 1e-12);
            }
        }

        int apart = s_curves.Zip(errors).Sum(pair => Approximation.Of(pair.First, interval, pair.Second).Function.Breakpoints.Length);
        Assert.True(shared.Knots.Count < apart);
    }

    [Fact]
    public void None_where_a_curve_has_no_bound_or_too_many_knots_are_needed()
    {
        Assert.Null(SharedKnots.TryBuild([RealFunction.X, 1.0 / RealFunction.X], [1, 1], new Interval(-1, 1), 1000));
        Assert.Null(SharedKnots.TryBuild([RealFunction.Exp(RealFunction.X), RealFunction.X], [1e-6, 1], new Interval(-1, 1), 10));
    }
}
