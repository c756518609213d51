using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Tool;

/// <summary>Times of single calls as lines of text.</summary>
internal static class Histogram
{
    private const int Bins = 16, BarWidth = 40;

    /// <summary>Bins of equal width from the fastest call to the time that 99 of 100 calls meet; the last has all slower ones.</summary>
    /// <param name="sorted">Nanoseconds, increasing.</param>
    public static IReadOnlyList<(double From, double To, int Count)> BinsOf(double[] sorted)
    {
        double low = sorted[0], high = Quantile(sorted, 0.99);
        // Whole ticks of the clock, or bins between two ticks would be empty.
        double tick = Math.Max(0.1, sorted.Zip(sorted.Skip(1), static (a, b) => b - a).Where(static gap => gap > 1e-6).DefaultIfEmpty(1)
            .Min());
        double width = Math.Max(tick, Math.Ceiling((high - low) / (Bins - 1) / tick) * tick);
        int bins = Math.Min(Bins, (int)((high - low) / width) + 2);
        var counts = new int[bins];
        foreach (double time in sorted) counts[Math.Clamp((int)(((time - low) / width) + 1e-6), 0, bins - 1)]++;
        return [.. counts.Select((count, i) => (low + (i * width), i == bins - 1 ? sorted[^1] : low + ((i + 1) * width), count))];
    }

    public static IEnumerable<string> Lines(double[] sorted)
    {
        var bins = BinsOf(sorted);
        int most = bins.Max(static bin => bin.Count);
        foreach (var (from, _, count) in bins)
        {
            string share = ((double)count / sorted.Length).ToString("0.0 %", CultureInfo.InvariantCulture).PadLeft(7);
            yield return $"{Time(from),10}  {share}  {new string('#', (int)Math.Ceiling((double)count * BarWidth / most))}";
        }
    }

    public static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    /// <summary>Nanoseconds in the unit that fits.</summary>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => nanoseconds.ToString("0.#", CultureInfo.InvariantCulture) + " ns",
        < 1e6 => (nanoseconds / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " us",
        _ => (nanoseconds / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " ms",
    };
}
