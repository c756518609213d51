using System.Collections.Generic;

namespace Kan.Fuzzing.Workers;

/// <summary>A finding that the worker survived.</summary>
/// <param name="Index">The case.</param>
/// <param name="Genome">What it is made of, minimised.</param>
/// <param name="Key">The promise that was broken.</param>
/// <param name="Details">What happened.</param>
internal sealed record FoundFault(long Index, string Genome, string Key, string Details);

/// <summary>What became of a segment, or of one case.</summary>
/// <param name="Cases">The cases that were run.</param>
/// <param name="Outcomes">How many cases had each outcome.</param>
/// <param name="Signatures">The outcomes that differ.</param>
/// <param name="Faults">The findings, one for each key.</param>
/// <param name="Slowest">The genome that took longest.</param>
/// <param name="SlowestMilliseconds">How long it took by the clock, which also depends on what else the machine does.</param>
internal sealed record SegmentAnswer(long Cases, Dictionary<string, long> Outcomes, IReadOnlyList<string> Signatures,
    IReadOnlyList<FoundFault> Faults, string Slowest, long SlowestMilliseconds);
