using System;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// Brings an approximation to a form that compilers share between nodes: a multiple of a shape whose steepest slope is 1 and whose slopes
/// are floats, so that the edges behind an activation are exact multiples of one shape whatever their weights are.
/// </summary>
internal static class CurveShape
{
    /// <summary>The function in that form with its error; as it was where that error would be larger than allowed.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="function">A function near it.</param>
    /// <param name="error">A bound of their distance.</param>
    /// <param name="interval">Where.</param>
    /// <param name="allowed">The largest error allowed.</param>
    public static (PiecewiseLinearFunction Function, double Error) Of(RealFunction curve, PiecewiseLinearFunction function, double error,
        Interval interval, double allowed)
    {
        if (function.IsAffine || !(interval.Low < interval.High)) return (function, error);
        var steepest = function.Slopes.Select(Rational.Abs).Aggregate(Rational.Max);
        float scale = steepest.ToSingle();
        if (!(scale > 0) || !float.IsFinite(scale)) return (function, error);
        var shaped = Shaped(function, steepest, Rational.FromSingle(scale));
        double bound = Approximation.CertifiedError(curve, shaped, interval);
        return bound <= allowed ? (shaped, bound) : (function, error);
    }

    private static PiecewiseLinearFunction Shaped(PiecewiseLinearFunction function, Rational steepest, Rational scale)
    {
        var points = function.Breakpoints;
        var slopes = new Rational[function.Slopes.Length];
        Rational goal = function.AnchorValue, reached = goal;
        for (int i = 0; i < slopes.Length; i++)
        {
            // Inside, the slope that makes good what rounding the last one lost.
            var wanted = function.Slopes[i];
            if (i > 0 && i < points.Length)
            {
                goal += function.Slopes[i] * (points[i] - points[i - 1]);
                wanted = (goal - reached) / (points[i] - points[i - 1]);
            }

            bool isSteepest = Rational.Abs(function.Slopes[i]) == steepest;
            float share = isSteepest ? function.Slopes[i].Sign : Math.Clamp((wanted / scale).ToSingle(), -1, 1);
            slopes[i] = Rational.FromSingle(share) * scale;
            if (i > 0 && i < points.Length) reached += slopes[i] * (points[i] - points[i - 1]);
        }

        return PiecewiseLinearFunction.FromSlopes(points, slopes, points[0], function.AnchorValue);
    }
}
