using System;
using System.Globalization;

namespace Kan.Benchmarks.Reporting;

/// <summary>Numbers as tables show them: three digits that count.</summary>
internal static class Format
{
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return "-";
        int digits = value == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 3);
        return value.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    public static string Times(double ratio) => Number(ratio) + "x";

    public static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Bytes(double bytes) => bytes >= 1 << 20 ? Number(bytes / (1 << 20)) + " MiB" : bytes >= 1 << 10
        ? Number(bytes / (1 << 10)) + " KiB"
        : Number(bytes) + " B";
}
