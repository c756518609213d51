using System.Globalization;
using Kan.Experiments.Learning;

namespace Kan.Experiments.Reports;

/// <summary>Numbers as the pages print them.</summary>
internal static class Figures
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits.</summary>
    public static string Short(double number) => number.ToString(number is >= 1000 or <= -1000 ? "N0" : "G3", CultureInfo.InvariantCulture);

    public static string Scientific(double number) => number == 0 ? "0" : number.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>A part of the whole and its spread, as percent.</summary>
    public static string Percent(Spread part) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * part.Mean:F2} ± {100 * part.Deviation:F2} %");

    /// <summary>A difference of parts and its spread, in percentage points.</summary>
    public static string Points(Spread part) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * part.Mean:+0.00;-0.00} ± {100 * part.Deviation:F2}");

    /// <summary>A count and its spread.</summary>
    public static string Spread(Spread count) => string.Create(CultureInfo.InvariantCulture, $"{count.Mean:N0} ± {count.Deviation:N0}");

    public static string Bytes(double count) => count switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{count:F0} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{count / (1 << 10):F1} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{count / (1 << 20):F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / (1 << 30):F1} GiB"),
    };
}
