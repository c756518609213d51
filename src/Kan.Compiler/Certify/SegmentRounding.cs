using System;

namespace Kan.Compiler.Certify;

/// <summary>
/// The rounding of functions in segment form, <c>fma(a[j], x - point[j], v[j])</c>, for the inputs of an interval. The numbers of the table
/// decide, not the breakpoints of a function: an anchor far away makes the terms large however small their sum is.
/// </summary>
/// <param name="Error">A bound of |computed - exact| for an exact input.</param>
/// <param name="Magnitude">A bound of |computed| and of |exact|.</param>
internal readonly record struct SegmentRounding(double Error, double Magnitude)
{
    /// <param name="table">The table of the input.</param>
    /// <param name="output">Which of its functions.</param>
    /// <param name="interval">The inputs.</param>
    /// <param name="type">The number type.</param>
    /// <param name="watch">Sees the differences and results.</param>
    public static SegmentRounding Of(SegmentTable table, int output, Enclosure interval, NumberType type, OverflowWatch watch)
    {
        int width = table.Values.Length / table.SegmentCount;
        double error = 0, magnitude = 0, moved = 0, bends = 0;
        for (int j = 0; j < table.SegmentCount; j++)
        {
            double knot = j == 0 ? double.NegativeInfinity : table.Knots[j - 1],
                next = j < table.Knots.Length ? table.Knots[j] : double.PositiveInfinity;
            if (double.IsNaN(knot)) break;
            if (double.IsNaN(next)) next = double.PositiveInfinity;
            double slope = table.Slopes[(j * width) + output], value = table.Values[(j * width) + output];
            if (j > 0 && !table.HasExactKnots && knot >= interval.Low && knot <= interval.High)
            {
                // A number is at or above a breakpoint exactly when it is at or above the knot, unless the breakpoint was rounded down and
                // the number is the knot: then it is computed on the next line, and past those of all breakpoints that were rounded to the
                // same knot.
                double before = table.Slopes[((j - 1) * width) + output];
                double bend = Outward.Sum(Outward.Up(Math.Abs(slope - before)),
                    Outward.Sum(type.Rounding(Math.Abs(slope)), type.Rounding(Math.Abs(before))));
                bends = j > 1 && table.Knots[j - 2] == knot ? Outward.Sum(bends, bend) : bend;
                moved = Math.Max(moved, Outward.Product(bends, type.Rounding(Math.Abs(knot))));
            }

            double from = Math.Max(interval.Low, knot), to = Math.Min(interval.High, next);
            if (from > to) continue;
            var difference = new Enclosure(from, to) - Enclosure.Exactly(table.Points[j]);
            watch.See(difference.Magnitude, "a difference of an input and a breakpoint");

            // The difference, the result, the value and the slope round, once each, unless they are known to be exact: x - 0 is x, and so
            // is fma(1, x, 0).
            double off = table.Points[j] == 0 ? 0 : type.Rounding(difference.Magnitude);
            double offSlope = table.HasExactSlopes ? 0 : type.Rounding(Math.Abs(slope));
            double offValue = table.HasExactValues ? 0 : type.Rounding(Math.Abs(value));
            var line = Enclosure.Exactly(value) + (Enclosure.Exactly(slope) * difference);
            double result = Outward.Sum(line.Magnitude, Outward.Product(Math.Abs(slope), off));
            watch.See(result, "the value of an edge");
            double offResult = value == 0 && (slope == 0 || Math.Abs(slope) == 1) ? 0 : type.Rounding(result);
            double own = Outward.Sum(
                Outward.Sum(Outward.Product(Math.Abs(slope), off), Outward.Product(offSlope, difference.Magnitude)),
                Outward.Sum(offValue, offResult));
            error = Math.Max(error, own);
            magnitude = Math.Max(magnitude, Outward.Sum(result, offResult));
        }

        error = Outward.Sum(error, moved);
        return new SegmentRounding(error, Outward.Sum(magnitude, error));
    }
}
