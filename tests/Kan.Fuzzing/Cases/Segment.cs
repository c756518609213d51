using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Fuzzing.Cases;

/// <summary>
/// A run of consecutive cases with a corpus of its own: a case with an outcome not seen before in the segment becomes a parent of later
/// ones. So a case follows from the engine, the seed and its index alone; the cases before it in the segment are run again to know the
/// corpus.
/// </summary>
/// <param name="engine">What makes and judges the cases.</param>
/// <param name="seed">The seed of the run.</param>
/// <param name="number">The number of the segment, from 0.</param>
/// <param name="skipped">Cases that a process did not survive, and that are therefore not run.</param>
/// <param name="run">Judges a case that is about to be run.</param>
internal sealed class Segment(FuzzEngine engine, int seed, long number, IReadOnlySet<long> skipped, Func<long, Genome, Verdict> run)
{
    private const int LargestCorpus = 400, MostSteps = 12;

    private readonly List<Genome> _corpus = [];
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);

    /// <summary>The first case.</summary>
    public long First => number * engine.SegmentLength;

    /// <summary>The outcomes that differ.</summary>
    public IReadOnlyCollection<string> Signatures => _signatures;

    /// <summary>Runs the cases of the segment from its first one on.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>Each case with what became of it.</returns>
    public IEnumerable<(long Index, Genome Genome, Verdict Verdict)> Run(long count)
    {
        for (long index = First; index < First + Math.Min(count, engine.SegmentLength); index++)
        {
            var genome = GenomeOf(index);
            if (skipped.Contains(index)) continue;
            var verdict = run(index, genome);
            if (_signatures.Add(verdict.Signature) && _corpus.Count < LargestCorpus) _corpus.Add(genome);
            yield return (index, genome, verdict);
        }
    }

    /// <summary>The genome of the case that follows those that were run.</summary>
    private Genome GenomeOf(long index)
    {
        // Each seed as it is, once.
        if (index < engine.SeedCount) return new Genome((int)index, 0, []);
        var random = FuzzRandom.Of(engine.Name, seed, index);
        int variant = random.Next(1 << 16);
        bool isChild = _corpus.Count > 0 && !random.OneIn(3);
        var parent = isChild ? random.Pick(_corpus) : new Genome(random.Next(engine.SeedCount), variant, []);
        var steps = ImmutableArray.CreateBuilder<int>();
        steps.AddRange(parent.Steps);
        for (int i = random.Next(1, isChild ? 3 : 5); i > 0; i--) steps.Add(random.NextStep());
        while (steps.Count > MostSteps) steps.RemoveAt(random.Next(steps.Count));
        return new Genome(parent.Seed, variant, steps.ToImmutable());
    }
}
