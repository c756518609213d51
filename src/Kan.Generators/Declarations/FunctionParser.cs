using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Declarations;

/// <summary>Reads the function that <c>Breakpoints</c>, <c>Slopes</c> and <c>ValueAtZero</c> of an attribute give.</summary>
internal static class FunctionParser
{
    private const string Breakpoints = nameof(Breakpoints);
    private const string Slopes = nameof(Slopes);
    private const string ValueAtZero = nameof(ValueAtZero);

    /// <summary>The function; null, with the reasons in <paramref name="problems"/>, where there is none.</summary>
    /// <param name="attribute">A complete attribute.</param>
    /// <param name="subject">What it is the function of.</param>
    /// <param name="precision">The numbers must be finite in this type.</param>
    /// <param name="problems">Takes the mistakes.</param>
    public static FunctionSpec? Parse(AttributeData attribute, string subject, Precision precision, List<Problem> problems)
    {
        int before = problems.Count;
        var breakpoints = AttributeReader.Numbers(attribute, Breakpoints);
        var slopes = AttributeReader.Numbers(attribute, Slopes);
        double valueAtZero = AttributeReader.Number(attribute, ValueAtZero);
        if (breakpoints.Length > DeclarationLimits.Breakpoints || slopes.Length > DeclarationLimits.Breakpoints + 1)
        {
            bool isBreakpoints = breakpoints.Length > DeclarationLimits.Breakpoints;
            problems.Add(new Problem(Descriptors.NetworkTooLarge, new Place.Argument(attribute, isBreakpoints ? Breakpoints : Slopes),
                subject.Trim('\''),
                isBreakpoints ? Large(breakpoints.Length, "breakpoints", DeclarationLimits.Breakpoints)
                : Large(slopes.Length, "slopes", DeclarationLimits.Breakpoints + 1)));
            return null;
        }

        RequireFinite(attribute, Breakpoints, breakpoints, subject, precision, problems);
        RequireFinite(attribute, Slopes, slopes, subject, precision, problems);
        RequireFinite(attribute, ValueAtZero, valueAtZero, -1, subject, precision, problems);
        RequireIncreasing(attribute, breakpoints, subject, problems);
        if (slopes.Length != breakpoints.Length + 1)
        {
            problems.Add(new Problem(Descriptors.WrongSlopeCount, new Place.Argument(attribute, Slopes), subject,
                Count(slopes.Length, "slope"), Count(breakpoints.Length, "breakpoint"), Text(breakpoints.Length + 1))
            { Properties = DiagnosticProperties.Of(DiagnosticProperties.Numbers, slopes) });
        }

        return problems.Count > before ? null : new FunctionSpec(Bits(breakpoints), Bits(slopes), NumberBits.From(valueAtZero));
    }

    private static void RequireIncreasing(AttributeData attribute, ImmutableArray<double> breakpoints, string subject,
        List<Problem> problems)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        int found = 0;
        for (int i = 1; i < breakpoints.Length && found < DeclarationLimits.Mistakes; i++)
        {
            if (!(breakpoints[i] <= breakpoints[i - 1])) continue;
            if (found++ == 0) properties = DiagnosticProperties.Of(DiagnosticProperties.Numbers, breakpoints);
            problems.Add(new Problem(Descriptors.BreakpointsDoNotIncrease, new Place.Argument(attribute, Breakpoints, i),
                Text(i), subject, Text(breakpoints[i]), Text(i - 1), Text(breakpoints[i - 1]))
            { Properties = properties });
        }
    }

    private static void RequireFinite(AttributeData attribute, string property, ImmutableArray<double> values, string subject,
        Precision precision, List<Problem> problems)
    {
        int most = problems.Count + DeclarationLimits.Mistakes;
        for (int i = 0; i < values.Length && problems.Count < most; i++)
            RequireFinite(attribute, property, values[i], i, subject, precision, problems);
    }

    private static void RequireFinite(AttributeData attribute, string property, double value, int index, string subject,
        Precision precision, List<Problem> problems)
    {
        bool single = precision == Precision.Single;
        double rounded = single ? (float)value : value;
        if (!double.IsNaN(rounded) && !double.IsInfinity(rounded)) return;
        string name = index < 0 ? property : property + "[" + Text(index) + "]";
        problems.Add(new Problem(Descriptors.NumberIsNotFinite, new Place.Argument(attribute, property, index), name, subject, Text(value),
            single ? "float" : "double"));
    }

    private static EquatableArray<NumberBits> Bits(ImmutableArray<double> values) => ImmutableArray.CreateRange(values, NumberBits.From);

    /// <summary>What is too large, for <see cref="Descriptors.NetworkTooLarge"/>.</summary>
    public static string Large(long count, string noun, long most) =>
        string.Format(CultureInfo.InvariantCulture, "it has {0:N0} {1}, and the most is {2:N0}", count, noun, most);

    private static string Count(int count, string noun) => Text(count) + " " + noun + (count == 1 ? "" : "s");

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
