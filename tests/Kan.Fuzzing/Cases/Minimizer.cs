using System;

namespace Kan.Fuzzing.Cases;

/// <summary>Makes findings smaller.</summary>
internal static class Minimizer
{
    /// <summary>A genome with the same fault from which no single step can be left out.</summary>
    /// <param name="genome">A genome with a fault.</param>
    /// <param name="faultOf">The key of the fault of a genome; null where it has none.</param>
    public static Genome Reduce(Genome genome, Func<Genome, string?> faultOf)
    {
        string? key = faultOf(genome);
        if (key is null) return genome;

        // From the end: the last steps made the difference to a parent that was sound.
        for (int i = genome.Steps.Length - 1; i >= 0; i--)
        {
            var shorter = genome with { Steps = genome.Steps.RemoveAt(i) };
            if (faultOf(shorter) != key) continue;
            genome = shorter;
            i = genome.Steps.Length;
        }

        return genome;
    }
}
