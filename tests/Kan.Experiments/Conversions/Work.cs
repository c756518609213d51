using System;
using System.Diagnostics;

namespace Kan.Experiments.Conversions;

/// <summary>What a piece of work took.</summary>
/// <param name="Value">What it made.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="AllocatedBytes">The memory it asked for on the way.</param>
/// <param name="KeptBytes">The memory that what it made takes.</param>
internal readonly record struct Work<T>(T Value, double Seconds, long AllocatedBytes, long KeptBytes);

/// <summary>Measures work of some size, once.</summary>
internal static class Work
{
    public static Work<T> Measure<T>(Func<T> work)
    {
        long kept = GC.GetTotalMemory(forceFullCollection: true), allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        var value = work();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        kept = GC.GetTotalMemory(forceFullCollection: true) - kept;
        GC.KeepAlive(value);
        return new Work<T>(value, seconds, allocated, Math.Max(0, kept));
    }
}
