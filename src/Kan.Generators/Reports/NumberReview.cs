using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Reports;

/// <summary>What rounding to the number type makes of the numbers of a sound declaration, and which of them say nothing.</summary>
internal static class NumberReview
{
    private const string Breakpoints = nameof(Breakpoints), Slopes = nameof(Slopes), ValueAtZero = nameof(ValueAtZero);

    /// <summary>The review of numbers in an attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="subject">What the numbers are the function of.</param>
    /// <param name="precision">The number type.</param>
    public static IEnumerable<Problem> OfAttribute(AttributeData attribute, string subject, Precision precision)
    {
        double[] breakpoints = [.. AttributeReader.Numbers(attribute, Breakpoints)],
            slopes = [.. AttributeReader.Numbers(attribute, Slopes)];
        for (int i = 1; i < breakpoints.Length; i++)
        {
            if (precision == Precision.Single && (float)breakpoints[i] == (float)breakpoints[i - 1])
                yield return Collapse(new Place.Argument(attribute, Breakpoints, i), i, subject, breakpoints[i - 1], breakpoints[i],
                    precision);
        }

        for (int i = 0; i < breakpoints.Length; i++)
        {
            if (slopes[i] == slopes[i + 1])
                yield return new Problem(Descriptors.BreakpointHasNoEffect, new Place.Argument(attribute, Breakpoints, i), Text(i), subject,
                    Text(breakpoints[i]), Text(slopes[i]));
        }

        if (precision == Precision.Double) yield break;
        var numbers = breakpoints.Select(static (value, i) => (Property: Breakpoints, Index: i, Value: value))
            .Concat(slopes.Select(static (value, i) => (Property: Slopes, Index: i, Value: value)))
            .Append((Property: ValueAtZero, Index: -1, Value: AttributeReader.Number(attribute, ValueAtZero)))
            .Where(static number => (float)number.Value != number.Value).ToArray();
        if (numbers.Length == 0) yield break;
        var (property, index, first) = numbers[0];
        string name = index < 0 ? property : property + "[" + Text(index) + "]";
        yield return new Problem(Descriptors.NumberIsRoundedToType, new Place.Argument(attribute, property, index),
            name, subject, Text(first), "float", Text((double)(float)first), More(numbers.Length - 1));
    }

    /// <summary>The review of a function that was compiled from C#.</summary>
    /// <param name="place">The method.</param>
    /// <param name="subject">Its name.</param>
    /// <param name="functions">Its functions, one for each input.</param>
    /// <param name="precision">The number type.</param>
    public static IEnumerable<Problem> OfFunctions(Place place, string subject, IReadOnlyList<PiecewiseLinearFunction> functions,
        Precision precision)
    {
        foreach (var function in functions)
        {
            for (int i = 1; i < function.Breakpoints.Length; i++)
            {
                if (Round(function.Breakpoints[i], precision) != Round(function.Breakpoints[i - 1], precision)) continue;
                yield return Collapse(place, i, subject, function.Breakpoints[i - 1].ToDouble(), function.Breakpoints[i].ToDouble(),
                    precision);
                break;
            }
        }

        var numbers = functions.SelectMany(static function => function.Breakpoints.Select(static value => ("Breakpoint", value))
            .Concat(function.Slopes.Select(static value => ("Slope", value))))
            .Where(number => !IsExact(number.value, precision)).ToArray();
        if (numbers.Length == 0) yield break;
        var (name, first) = numbers[0];
        yield return new Problem(Descriptors.NumberIsRoundedToType, place,
            name, subject, Exact(first), Type(precision), Text(Round(first, precision)), More(numbers.Length - 1));
    }

    private static Problem Collapse(Place place, int index, string subject, double before, double after, Precision precision) => new(
        Descriptors.BreakpointsCollapse, place, Text(index - 1), Text(index), subject, Text(before), Text(after), Type(precision),
        precision == Precision.Single ? Text((float)after) : Text(after));

    private static double Round(Rational value, Precision precision) => precision == Precision.Single ? value.ToSingle() : value.ToDouble();

    private static bool IsExact(Rational value, Precision precision)
    {
        double rounded = Round(value, precision);
        return !double.IsInfinity(rounded) && Rational.FromDouble(rounded) == value;
    }

    private static string More(int count) => count == 0 ? "" : ", and likewise for " + Text(count) + " more of its numbers";

    private static string Type(Precision precision) => precision == Precision.Single ? "float" : "double";

    // A short fraction is what was meant, such as 1/3; a long one is a decimal number that the compiler rounded.
    private static string Exact(Rational value) =>
        value.Denominator < 1_000_000 && BigInteger.Abs(value.Numerator) < long.MaxValue ? value.ToString() : Text(value.ToDouble());

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
