using System;
using System.Collections.Generic;
using System.Globalization;

namespace Kan.Analysis;

/// <summary>Round numbers along an axis.</summary>
internal static class AxisTicks
{
    /// <summary>About a number of multiples of 1, 2 or 5 times a power of ten within a range.</summary>
    public static IEnumerable<(double Value, string Text)> Between(double low, double high, int about)
    {
        double rough = (high - low) / about;
        if (!(rough > 0) || !double.IsFinite(rough)) yield break;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 15);
        for (double i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (step * 1e-9); i++)
        {
            // Adding 0 takes the sign of -0.
            double value = Math.Round(i * step, decimals) + 0.0;
            yield return (value, Text(value, decimals));
        }
    }

    // Far from 1 decimals would not fit next to an axis.
    private static string Text(double value, int decimals) => value == 0 || Math.Abs(value) is >= 1e-4 and < 1e6
        ? value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
