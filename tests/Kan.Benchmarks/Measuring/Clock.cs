using System.Diagnostics;

namespace Kan.Benchmarks.Measuring;

/// <summary>The clock at its own resolution; a TimeSpan counts in steps of 100 ns.</summary>
internal static class Clock
{
    public static long Now => Stopwatch.GetTimestamp();

    public static double NanosecondsSince(long start) => (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
}
