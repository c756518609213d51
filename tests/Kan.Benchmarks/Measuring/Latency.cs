using System;
using Kan.Benchmarks.Engines;

namespace Kan.Benchmarks.Measuring;

/// <summary>How the times of single calls are distributed, in nanoseconds; the time of reading the clock is taken off.</summary>
internal readonly record struct Latency(double P50, double P99, double P999, double Max)
{
    public static Latency Of(Engine engine, int calls)
    {
        var clock = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long start = Clock.Now;
            clock[i] = Clock.NanosecondsSince(start);
        }

        double overhead = Statistics.Median(clock);
        engine.Many(calls / 10);
        var times = new double[calls];
        float sum = 0;
        for (int i = 0; i < calls; i++)
        {
            long start = Clock.Now;
            sum += engine.One(i);
            times[i] = Clock.NanosecondsSince(start);
        }

        Sink.Take(sum);
        Array.Sort(times);
        double At(double share) => Math.Max(0, Statistics.Quantile(times, share) - overhead);
        return new Latency(At(0.5), At(0.99), At(0.999), At(1));
    }
}
