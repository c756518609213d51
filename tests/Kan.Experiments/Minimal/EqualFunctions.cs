using System;
using System.Threading;

namespace Kan.Experiments.Minimal;

/// <summary>Equality of networks, as a condition of going on.</summary>
internal static class EqualFunctions
{
    // The answers must not depend on the clock.
    private static readonly EquivalenceOptions s_options = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    /// <summary>Proves that two networks are the same function, for all inputs.</summary>
    /// <exception cref="InvalidOperationException">They differ, or are not proved equal.</exception>
    public static void Require(string name, KanNetwork expected, KanNetwork actual)
    {
        var result = Equivalence.Decide(expected, actual, options: s_options);
        if (!result.IsProved) throw new InvalidOperationException($"{name}: {result}");
    }
}
