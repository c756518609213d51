using System;
using System.Globalization;
using System.Linq;

namespace Kan.Tool;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class NumberText
{
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Three digits of a measure or a bound.</summary>
    public static string Short(double value) =>
        double.IsInfinity(value) ? "none" : value.ToString("0.##E+0", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>Three digits of a bound, not below it.</summary>
    public static string Above(double value)
    {
        string text = Short(value);
        if (!(value > 0) || !double.IsFinite(value) || double.Parse(text, CultureInfo.InvariantCulture) >= value) return text;
        string next = Short(value + (0.01 * Math.Pow(10, Math.Floor(Math.Log10(value)))));
        return double.Parse(next, CultureInfo.InvariantCulture) >= value ? next : Of(value);
    }

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun.</summary>
    public static string Count(long value, string noun) => Count(value) + " " + noun + (value == 1 ? "" : "s");

    /// <summary>Bytes in the unit that fits.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => Count(bytes) + " B",
        < 10_000_000 => (bytes / 1000.0).ToString("0.#", CultureInfo.InvariantCulture) + " kB",
        _ => (bytes / 1_000_000.0).ToString("0.#", CultureInfo.InvariantCulture) + " MB",
    };

    /// <summary>A vector; a long one by its beginning.</summary>
    public static string Vector(double[] values, int most = 16)
    {
        string shown = string.Join(", ", values.Take(most).Select(Of));
        return values.Length > most ? $"({shown}, ... {values.Length} numbers)" : $"({shown})";
    }

    public static double[] Of(System.Collections.Immutable.ImmutableArray<Rational> values) =>
        [.. values.Select(static value => value.ToDouble())];

    public static string Range(InputRange range) => $"[{Of(range.Low.ToDouble())}, {Of(range.High.ToDouble())}]";
}
