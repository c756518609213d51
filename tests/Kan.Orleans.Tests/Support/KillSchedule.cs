using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Orleans.Tests.Support;

/// <summary>Who is killed.</summary>
internal enum Victim
{
    Silos,
    Coordinator,
    Database,
}

/// <summary>A kill.</summary>
/// <param name="Victim">Who is killed.</param>
/// <param name="Silos">Which silos, if silos are.</param>
/// <param name="AfterResults">The number of files of results that are waited for.</param>
/// <param name="Delay">The time after that.</param>
internal sealed record Kill(Victim Victim, ImmutableArray<int> Silos, int AfterResults, TimeSpan Delay);

/// <summary>The kills of one job, which a seed decides.</summary>
internal sealed record KillSchedule(int Seed, ImmutableArray<Kill> Kills)
{
    public static KillSchedule Of(int seed)
    {
        var random = new Random(seed);
        int[] moments = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(36)).Order()];
        return new KillSchedule(seed, [.. moments.Select(moment => Next(random, moment))]);
    }

    public override string ToString() =>
        $"seed {Seed}: " + string.Join(", ", Kills.Select(static kill => $"{kill.Victim} {string.Join('+', kill.Silos)} after "
            + $"{kill.AfterResults} and {kill.Delay.TotalMilliseconds} ms"));

    private static Kill Next(Random random, int moment)
    {
        var victim = random.Next(8) switch { 0 => Victim.Database, < 4 => Victim.Coordinator, _ => Victim.Silos };
        int[] silos = [.. Enumerable.Range(0, Cluster.SiloCount)];
        random.Shuffle(silos);

        // One of them mostly, sometimes two, seldom all.
        int count = random.Next(10) switch { < 7 => 1, < 9 => 2, _ => Cluster.SiloCount };
        return new Kill(victim, victim == Victim.Silos ? [.. silos.Take(count)] : [], moment, TimeSpan.FromMilliseconds(random.Next(200)));
    }
}
