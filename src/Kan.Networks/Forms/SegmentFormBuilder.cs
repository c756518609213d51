using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Forms that find a segment and evaluate its line from an anchor point.</summary>
internal static class SegmentFormBuilder
{
    /// <summary>Functions that those of the next nodes are compared with.</summary>
    private const int MostKnown = 2;

    public static RowsForm BuildRows(KanLayer layer, PiecewiseLinearFunction?[][] byInput, Rounding rounding,
        CancellationToken cancellation)
    {
        var tables = ImmutableArray.CreateBuilder<SegmentTable>(layer.InputCount);
        foreach (var functions in byInput)
        {
            cancellation.ThrowIfCancellationRequested();
            tables.Add(BuildTable(functions, FormBuilder.UnionOfBreakpoints(functions), rounding));
        }

        var segments = tables.MoveToImmutable();
        return new RowsForm(layer.InputCount, layer.OutputCount, rounding.Round(layer.Biases), segments, FlatEnds(segments));
    }

    public static ElementwiseForm BuildElementwise(KanLayer layer, Rounding rounding)
    {
        var functions = new PiecewiseLinearFunction[layer.InputCount];
        for (int p = 0; p < functions.Length; p++) functions[p] = PiecewiseLinearFunction.Constant(layer.Biases[p]);
        foreach (var edge in layer.Edges) functions[edge.Input] = edge.Function.Shift(layer.Biases[edge.Input]);
        return new ElementwiseForm(BuildActivation(functions, rounding));
    }

    public static ActivationForm BuildActivation(IReadOnlyList<PiecewiseLinearFunction> functions, Rounding rounding)
    {
        if (functions.All(static function => function.Equals(PiecewiseLinearFunction.Relu)))
            return new ActivationForm(functions.Count, IsRelu: true, [], default);

        int segments = functions.Max(static function => function.Slopes.Length);
        var tables = ImmutableArray.CreateBuilder<SegmentTable>(functions.Count);
        var built = new List<(PiecewiseLinearFunction Function, SegmentTable Table)>();
        foreach (var function in functions)
        {
            // The nodes of a layer mostly share one function, and then one table; some may pass it.
            int known = built.FindIndex(other => function.Equals(other.Function));
            if (known < 0)
            {
                if (built.Count == MostKnown) built.RemoveAt(0);
                known = built.Count;
                built.Add((function, Pad(BuildTable([function], [.. function.Breakpoints], rounding), segments)));
            }

            tables.Add(built[known].Table);
        }

        var lanes = tables.MoveToImmutable();
        return new ActivationForm(functions.Count, IsRelu: false, lanes, FlatEnds(lanes));
    }

    /// <summary>The segment table of some functions of one input.</summary>
    private static SegmentTable BuildTable(PiecewiseLinearFunction?[] functions, List<Rational> breakpoints, Rounding rounding)
    {
        int count = breakpoints.Count;
        var knots = rounding.Round(breakpoints);
        var points = ImmutableArray.CreateBuilder<double>(count + 1);
        points.Add(count == 0 ? 0 : knots[0]);
        points.AddRange(knots);

        var values = new double[(count + 1) * functions.Length];
        var slopes = new double[values.Length];
        bool hasExactSlopes = true, hasExactValues = true;
        for (int q = 0; q < functions.Length; q++)
        {
            var function = functions[q];
            if (function is null) continue;

            // The last of the function's own breakpoints so far, the value there, and the segment behind it.
            var (start, valueAtStart) = (function.AnchorPoint, function.AnchorValue);
            int segment = 0;
            for (int j = 0; j <= count; j++)
            {
                // The line of the segment taken at the rounded anchor: rounding a breakpoint moves the switch, not the line.
                var inside = count == 0 ? Rational.Zero : j == 0 ? breakpoints[0] : breakpoints[j - 1];
                for (; j > 0 && segment < function.Breakpoints.Length && function.Breakpoints[segment] <= inside; segment++)
                {
                    valueAtStart += function.Slopes[segment] * (function.Breakpoints[segment] - start);
                    start = function.Breakpoints[segment];
                }

                var slope = function.Slopes[segment];
                var value = valueAtStart + slope * (Rational.FromDouble(points[j]) - start);
                values[(j * functions.Length) + q] = rounding.Round(value);
                slopes[(j * functions.Length) + q] = rounding.Round(slope);
                hasExactSlopes = hasExactSlopes && Rational.FromDouble(slopes[(j * functions.Length) + q]) == slope;
                hasExactValues = hasExactValues && Rational.FromDouble(values[(j * functions.Length) + q]) == value;
            }
        }

        return new SegmentTable(knots, points.MoveToImmutable(), ImmutableArray.Create(values), ImmutableArray.Create(slopes))
        {
            HasExactKnots = knots.Zip(breakpoints, static (knot, breakpoint) => Rational.FromDouble(knot) == breakpoint)
                .All(static isSame => isSame),
            HasExactSlopes = hasExactSlopes,
            HasExactValues = hasExactValues,
        };
    }

    /// <summary>Pads a one-output table with segments behind knots that no number is at or above.</summary>
    private static SegmentTable Pad(SegmentTable table, int segments)
    {
        int missing = segments - table.SegmentCount;
        return table with
        {
            Knots = Extend(table.Knots, double.NaN),
            Points = Extend(table.Points, table.Points[table.Points.Length - 1]),
            Values = Extend(table.Values, table.Values[table.Values.Length - 1]),
            Slopes = Extend(table.Slopes, table.Slopes[table.Slopes.Length - 1]),
        };

        ImmutableArray<double> Extend(ImmutableArray<double> numbers, double last) =>
            numbers.AddRange(Enumerable.Repeat(last, missing));
    }

    private static FiniteEnds FlatEnds(ImmutableArray<SegmentTable> tables)
    {
        bool low = false, high = false;
        foreach (var table in tables)
        {
            int width = table.Slopes.Length / table.SegmentCount;
            for (int q = 0; q < width; q++)
            {
                low |= table.Slopes[q] == 0;
                high |= table.Slopes[table.Slopes.Length - width + q] == 0;
            }
        }

        return new FiniteEnds(low, high);
    }
}
