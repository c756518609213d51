using System.Diagnostics.Metrics;

namespace Kan.Panels;

/// <summary>What compiled networks count, while something listens.</summary>
internal static class Measurements
{
    /// <summary>The meter of all counters. There is one in a process, made when a counter is first looked at.</summary>
    public static Meter Meter { get; } = new("Kan");
}
