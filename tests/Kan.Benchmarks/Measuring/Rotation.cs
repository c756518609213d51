using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Benchmarks.Measuring;

/// <summary>What is timed: a number of units of work, and a number that depends on all of them.</summary>
internal sealed record Contestant(string Name, Func<int, float> Work);

/// <summary>
/// Times contestants in turn, round after round, in one process: figures of one round were taken within milliseconds of each other, so
/// their ratio says more on a machine that drifts than the ratio of two averages.
/// </summary>
internal sealed class Rotation
{
    private const int LeastPasses = 3, MostPasses = 8;
    private const double Settled = 0.1;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, double[]> _nanoseconds;

    private Rotation(Dictionary<string, double[]> nanoseconds) => _nanoseconds = nanoseconds;

    /// <summary>Runs the contestants: warm up, find a block of the wanted time, then rounds in alternating order.</summary>
    public static Rotation Run(IReadOnlyList<Contestant> contestants, Effort effort)
    {
        int[] counts = WarmUp(contestants, effort);
        var times = contestants.ToDictionary(static contestant => contestant.Name, _ => new double[effort.Rounds]);
        for (int round = 0; round < effort.Rounds; round++)
        {
            for (int i = 0; i < contestants.Count; i++)
            {
                int which = round % 2 == 0 ? i : contestants.Count - 1 - i;
                times[contestants[which].Name][round] = Time(contestants[which], counts[which]) / counts[which];
            }
        }

        return new Rotation(times);
    }

    public bool Has(string name) => _nanoseconds.ContainsKey(name);

    /// <summary>The median over rounds, in nanoseconds for each unit.</summary>
    public double Median(string name) => Statistics.Median(_nanoseconds[name]);

    /// <summary>The fastest round.</summary>
    public double Minimum(string name) => _nanoseconds[name].Min();

    /// <summary>The median over rounds of how many times as long one takes as another.</summary>
    public double Ratio(string name, string over) =>
        Statistics.Median([.. _nanoseconds[name].Zip(_nanoseconds[over], static (a, b) => a / b)]);

    /// <summary>The ratio of the fastest rounds.</summary>
    public double MinimumRatio(string name, string over) => Minimum(name) / Minimum(over);

    /// <summary>
    /// Runs each contestant until none gets faster, and finds how many units fill a block. The runtime replaces the code of first calls in
    /// the background, in steps, whenever nothing new has been called for a while: hence the pauses.
    /// </summary>
    private static int[] WarmUp(IReadOnlyList<Contestant> contestants, Effort effort)
    {
        var fastest = new double[contestants.Count];
        Array.Fill(fastest, double.MaxValue);
        bool settled = false;
        for (int pass = 0; pass < LeastPasses || (!settled && pass < MostPasses); pass++)
        {
            settled = true;
            for (int i = 0; i < fastest.Length; i++)
            {
                double time = TimePerUnit(contestants[i], effort);
                settled &= time > fastest[i] * (1 - Settled);
                fastest[i] = Math.Min(fastest[i], time);
            }

            Thread.Sleep(s_pause);
        }

        return Array.ConvertAll(fastest, time => Math.Max(1, (int)(effort.Block.TotalNanoseconds / time)));
    }

    /// <summary>The shortest time of a unit in the blocks that fit the warm-up.</summary>
    private static double TimePerUnit(Contestant contestant, Effort effort)
    {
        long start = Clock.Now;
        int count = 1;
        double perUnit = double.MaxValue;
        while (Clock.NanosecondsSince(start) < effort.WarmUp.TotalNanoseconds || perUnit == double.MaxValue)
        {
            double time = Time(contestant, count);
            if (time < effort.Block.TotalNanoseconds / 4) count *= 2;
            else perUnit = Math.Min(perUnit, time / count);
        }

        return perUnit;
    }

    private static double Time(Contestant contestant, int count)
    {
        long start = Clock.Now;
        Sink.Take(contestant.Work(count));
        return Clock.NanosecondsSince(start);
    }
}

/// <summary>How long to measure.</summary>
internal sealed record Effort(int Rounds, TimeSpan Block, TimeSpan WarmUp, int LatencyCalls)
{
    public static Effort Full { get; } = new(60, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60), 100_000);

    public static Effort Quick { get; } = new(12, TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(40), 10_000);
}

/// <summary>Where results go, so that no computation is without use.</summary>
internal static class Sink
{
    private static float s_sum;

    public static void Take(float value) => s_sum += value;

    public static float Sum => s_sum;
}
