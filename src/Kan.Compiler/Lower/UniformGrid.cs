using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// Knots at equal distances, found by arithmetic instead of one comparison for each: the index of the nearest knot, that knot, and one
/// exact comparison with it.
/// </summary>
/// <remarks>
/// <para>
/// For an input x, c = round(min(max(x - low, 0), span) * scale), every operation rounded as the code rounds it, and knot(c) = fma(c, step,
/// low). Rounded operations are monotone, so c never falls as x grows. Hence, when c is m - 1 at every knot b_m and knot(m - 1) is b_m to
/// the bit, an x below b_m has c of at most m - 1 and an x at or above it one of at least m - 1: x is in segment c or c + 1, and the
/// comparison with knot(c) says which. <see cref="TryCreate"/> checks just that, so the segment is the same as by comparing with all knots.
/// </para>
/// </remarks>
/// <param name="Low">The first knot.</param>
/// <param name="Scale">About the knots in a unit of length.</param>
/// <param name="Step">About the distance of two knots.</param>
/// <param name="Span">The last knot less the first, rounded.</param>
internal readonly record struct UniformGrid(double Low, double Scale, double Step, double Span)
{
    /// <summary>Knots from which on arithmetic beats comparing with each of them.</summary>
    private const int FewestKnots = 6;

    /// <summary>The grids of all inputs of a layer, or null where some input has none or comparisons are cheaper.</summary>
    public static UniformGrid[]? TryCreate(RowsForm form, Precision precision)
    {
        if (form.Segments.Max(static table => table.Knots.Length) < FewestKnots) return null;
        var rounding = new Rounding(precision);
        var known = new Dictionary<(double First, double Last, int Count), (ImmutableArray<double> Knots, UniformGrid Grid)>();
        var grids = new UniformGrid[form.InputCount];
        double row = TablePacker.RowZero(precision);
        for (int p = 0; p < grids.Length; p++)
        {
            var knots = form.Segments[p].Knots;
            if (knots.IsEmpty) return null;
            var key = (knots[0], knots[knots.Length - 1], knots.Length);
            if (!known.TryGetValue(key, out var same) || !same.Knots.SequenceEqual(knots))
            {
                if (TryFit(knots, rounding) is not { } grid) return null;
                known[key] = same = (knots, grid);
            }

            if (!same.Grid.Finds(knots, row, rounding)) return null;
            grids[p] = same.Grid;
            row += form.Segments[p].SegmentCount;
        }

        return grids;
    }

    private static UniformGrid? TryFit(ImmutableArray<double> knots, Rounding rounding)
    {
        int last = knots.Length - 1;
        if (last == 0) return new UniformGrid(knots[0], 0, 0, 0);
        Rational low = Rational.FromDouble(knots[0]), length = Rational.FromDouble(knots[last]) - low;
        if (length.Sign <= 0) return null;
        try
        {
            double scale = rounding.Round(last / length), span = rounding.Round(length);
            foreach (double step in new[] { rounding.Round(length / last), rounding.Round(Rational.FromDouble(knots[1]) - low) })
            {
                bool fits = true;
                for (int i = 0; fits && i <= last; i++) fits = rounding.Round(((Rational)i * Rational.FromDouble(step)) + low) == knots[i];
                if (fits) return new UniformGrid(knots[0], scale, step, span);
            }
        }
        catch (System.OverflowException)
        {
            // A distance that does not fit the number type: the knots are compared with one by one.
        }

        return null;
    }

    /// <summary>Whether each knot is its own nearest one, counted from the number that stands for a row.</summary>
    private bool Finds(ImmutableArray<double> knots, double row, Rounding rounding)
    {
        Rational low = Rational.FromDouble(Low), scale = Rational.FromDouble(Scale), first = Rational.FromDouble(row);
        for (int i = 0; i < knots.Length; i++)
        {
            var distance = Rational.FromDouble(rounding.Round(Rational.FromDouble(knots[i]) - low));
            if (rounding.Round((Rational.Min(distance, Rational.FromDouble(Span)) * scale) + first) != row + i) return false;
        }

        return true;
    }
}
