using System;
using System.Collections.Generic;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Workers;

namespace Kan.Fuzzing.Running;

/// <summary>What became of the cases of one engine.</summary>
internal sealed class Tally(FuzzEngine engine, long wanted)
{
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);

    public FuzzEngine Engine => engine;

    /// <summary>The cases that were asked for.</summary>
    public long Wanted => wanted;

    /// <summary>The number of the next segment.</summary>
    public long NextSegment { get; set; }

    public long Cases { get; private set; }

    public SortedDictionary<string, long> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>The outcomes that differ.</summary>
    public int DistinctOutcomes => _signatures.Count;

    /// <summary>The share of the cases that have been begun, from 0 to 1.</summary>
    public double Share => wanted == 0 ? 1 : Math.Min(1, NextSegment * engine.SegmentLength / (double)wanted);

    /// <summary>The case that took longest, and how long by the clock.</summary>
    public (string Genome, long Milliseconds) Slowest { get; private set; } = ("", -1);

    /// <summary>Adds a segment.</summary>
    /// <param name="answer">The cases that the worker survived.</param>
    /// <param name="lost">The cases that it did not survive.</param>
    /// <param name="foreign">Those that it does not survive without the code under test either.</param>
    public void Add(SegmentAnswer answer, int lost, int foreign)
    {
        Cases += answer.Cases + lost + foreign;
        foreach (var (outcome, count) in answer.Outcomes) Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + count;
        if (lost > 0) Outcomes["fault"] = Outcomes.GetValueOrDefault("fault") + lost;
        if (foreign > 0) Outcomes["compiler fails alone"] = Outcomes.GetValueOrDefault("compiler fails alone") + foreign;
        _signatures.UnionWith(answer.Signatures);
        if (answer.SlowestMilliseconds > Slowest.Milliseconds) Slowest = (answer.Slowest, answer.SlowestMilliseconds);
    }
}
