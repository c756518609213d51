using System;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// The knots of a curve that nodes share, where all are multiples of one step. Between two multiples lies no knot, so a row of numbers for
/// each, its anchor point, value and slope, serves every number there, and the row is found by arithmetic for all lanes at once.
/// </summary>
/// <remarks>
/// <para>
/// A number x is first brought between the multiple below the first knot and the last knot; NaN becomes the lower one. Then c is the whole
/// number nearest to x / step, or one of the two nearest: the scale is off by half a unit in the last place, which for at most 2^20
/// steps is a sixteenth, and the multiply-add rounds once, to a whole number. So c is the count of whole steps below x or one more, and
/// since c * step is exact, one comparison with it says which. <see cref="TryCreate"/> checks what this takes: the multiples are floats.
/// </para>
/// </remarks>
/// <param name="Step">The distance of two multiples.</param>
/// <param name="First">The first knot, in steps.</param>
/// <param name="Last">The last knot, in steps.</param>
internal readonly record struct CurveGrid(double Step, int First, int Last)
{
    /// <summary>Numbers of a row: anchor point, value and slope, and one that fills it up to a vector of four.</summary>
    public const int RowLength = 4;

    /// <summary>Rows beyond which a table would take more than a quarter of the second-level cache.</summary>
    private const int MostRows = 1 << 14;

    /// <summary>Steps from 0 up to which the nearest multiple is found.</summary>
    private const int MostSteps = 1 << 20;

    // Far from where products with the scale or the step would leave the floats.
    private const double LeastStep = 1.0 / (1L << 40), MostStep = 1L << 40;

    /// <summary>Rows: one below the first knot, and one from each multiple on.</summary>
    public int Rows => Last - First + 2;

    /// <summary>Numbers of the table.</summary>
    public int Length => Rows * RowLength;

    /// <summary>About the steps in a unit of length: the float nearest to it.</summary>
    public float Scale => (float)(1 / Step);

    /// <summary>The grid of an activation; null where knots have no step in common, or one that is too short.</summary>
    public static CurveGrid? TryCreate(ActivationForm activation, Precision precision)
    {
        if (precision != Precision.Single || SharedCurve.TableOf(activation) is not { } curve) return null;
        var knots = curve.Knots;
        if (knots.Any(static knot => double.IsNaN(knot) || double.IsInfinity(knot))) return null;
        double first = knots[0], last = knots[knots.Length - 1], least = Math.Max(LeastStep, (last - first) / (MostRows - 2)), step = 0;
        foreach (double knot in knots)
        {
            // Remainders are exact, so this is the greatest common divisor of the knots.
            for (double rest = Math.Abs(knot); rest != 0;) (step, rest) = (rest, step % rest);
            if (step < least && step != 0) return null;
        }

        double from = Math.Floor(first / step), to = Math.Floor(last / step), most = Math.Max(Math.Abs(from - 1), Math.Abs(to));
        if (!(step >= least && step <= MostStep && most <= MostSteps && IsShort(step, most))) return null;
        return new CurveGrid(step, (int)from, (int)to);
    }

    /// <summary>Whether all multiples up to one are floats: the digits of the step and those of the count fit together.</summary>
    private static bool IsShort(double step, double most)
    {
        while (Math.Floor(step) != step) step *= 2;
        while (step % 2 == 0) step /= 2;
        return step * most <= 1 << 24;
    }
}
