using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Recognises phi_(q,p) = w_(q,p) s_p + c_(q,p): one shape for each input. A ReLU layer followed by an affine one is such a layer.
/// </summary>
internal static class Factorization
{
    /// <summary>
    /// The shape of each input, 0 at its anchor; null if some input has edges that are not multiples of each other up to constants,
    /// or where a shape has slopes that the number type lacks, since the factors would then round twice.
    /// </summary>
    public static PiecewiseLinearFunction[]? TryFactor(PiecewiseLinearFunction?[][] byInput, Precision precision)
    {
        var shapes = new PiecewiseLinearFunction[byInput.Length];
        for (int p = 0; p < byInput.Length; p++)
        {
            var edges = byInput[p].Where(static function => function is { IsConstant: false }).Select(static function => function!)
                .ToList();
            if (edges.Count == 0)
            {
                shapes[p] = PiecewiseLinearFunction.Identity;
                continue;
            }

            // The steepest slope becomes 1, so that ReLU is found as itself; an edge alone is its own shape where that rounds.
            var own = edges[0].Shift(-edges[0].AnchorValue);
            var unit = (Rational.One / Steepest(own)) * own;
            bool isExact = unit.Slopes.All(slope => IsRepresentable(slope, precision));
            if (!isExact && edges.Count > 1) return null;
            shapes[p] = isExact ? unit : own;
            if (!edges.All(edge => IsMultiple(edge, shapes[p]))) return null;
        }

        return shapes;
    }

    /// <summary>w such that function = w * shape + constant.</summary>
    public static Rational Weight(PiecewiseLinearFunction function, PiecewiseLinearFunction shape) =>
        function.IsConstant ? Rational.Zero : Steepest(function) / Steepest(shape);

    private static bool IsMultiple(PiecewiseLinearFunction function, PiecewiseLinearFunction shape)
    {
        if (!function.Breakpoints.SequenceEqual(shape.Breakpoints)) return false;
        var weight = Weight(function, shape);
        for (int i = 0; i < function.Slopes.Length; i++)
        {
            if (function.Slopes[i] != weight * shape.Slopes[i]) return false;
        }

        return true;
    }

    /// <summary>The slope of the greatest magnitude, the last of those that are equal.</summary>
    public static Rational Steepest(PiecewiseLinearFunction function)
    {
        var steepest = Rational.Zero;
        foreach (var slope in function.Slopes)
        {
            if (Rational.Abs(slope) >= Rational.Abs(steepest)) steepest = slope;
        }

        return steepest;
    }

    private static bool IsRepresentable(Rational value, Precision precision)
    {
        double rounded = precision == Precision.Single ? value.ToSingle() : value.ToDouble();
        return !double.IsInfinity(rounded) && Rational.FromDouble(rounded) == value;
    }
}
