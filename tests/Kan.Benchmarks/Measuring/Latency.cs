using System;
using System.Runtime.CompilerServices;
using Kan.Benchmarks.Engines;

namespace Kan.Benchmarks.Measuring;

/// <summary>How the times of single calls are distributed, in nanoseconds; the time of reading the clock is taken off.</summary>
/// <param name="P50">The median.</param>
/// <param name="P99">What 99 % of the calls do not exceed.</param>
/// <param name="P999">What 99.9 % of the calls do not exceed.</param>
/// <param name="Max">The longest call.</param>
internal readonly record struct Latency(double P50, double P99, double P999, double Max)
{
    /// <summary>P99.9 in terms of P50.</summary>
    public double Tail => P999 / P50;

    /// <summary>
    /// The calls of an engine, and between them the turns of a loop over registers that takes as long: what the machine alone adds to calls
    /// of that length, at the same moments.
    /// </summary>
    public static (Latency Engine, Latency Spin) Of(Engine engine, int calls)
    {
        double overhead = ClockOverhead(calls);
        engine.Many(calls / 10);
        var times = new double[calls];
        var spins = new double[calls];
        int turns = Turns(Math.Max(1, Median(engine, calls / 10) - overhead));
        float sum = 0;
        for (int i = 0; i < calls; i++)
        {
            long start = Clock.Now;
            sum += engine.One(i);
            times[i] = Clock.NanosecondsSince(start);
            start = Clock.Now;
            sum += Spin(turns);
            spins[i] = Clock.NanosecondsSince(start);
        }

        Sink.Take(sum);
        return (From(times, overhead), From(spins, overhead));
    }

    private static Latency From(double[] times, double overhead)
    {
        Array.Sort(times);
        double At(double share) => Math.Max(0, Statistics.Quantile(times, share) - overhead);
        return new Latency(At(0.5), At(0.99), At(0.999), At(1));
    }

    private static double ClockOverhead(int calls)
    {
        var clock = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long start = Clock.Now;
            clock[i] = Clock.NanosecondsSince(start);
        }

        return Statistics.Median(clock);
    }

    private static double Median(Engine engine, int calls)
    {
        var times = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long start = Clock.Now;
            Sink.Take(engine.One(i));
            times[i] = Clock.NanosecondsSince(start);
        }

        return Statistics.Median(times);
    }

    /// <summary>The turns of <see cref="Spin"/> that take a time.</summary>
    private static int Turns(double nanoseconds)
    {
        const int Many = 100_000;
        double best = double.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long start = Clock.Now;
            Sink.Take(Spin(Many));
            best = Math.Min(best, Clock.NanosecondsSince(start));
        }

        return Math.Max(1, (int)(nanoseconds * Many / best));
    }

    /// <summary>A chain of dependent additions that touches no memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Spin(int turns)
    {
        float value = 1;
        for (int i = 0; i < turns; i++) value += 1e-3f;
        return value;
    }
}
