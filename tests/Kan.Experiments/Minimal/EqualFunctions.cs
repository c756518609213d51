using System;
using System.Threading;

namespace Kan.Experiments.Minimal;

/// <summary>Equality of networks, as a condition of going on.</summary>
internal static class EqualFunctions
{
    /// <summary>Answers that do not depend on the clock.</summary>
    public static EquivalenceOptions Options { get; } = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    /// <summary>Proves that two networks are the same function, for all inputs.</summary>
    /// <exception cref="InvalidOperationException">They differ, or are not proved equal.</exception>
    public static void Require(string name, KanNetwork expected, KanNetwork actual)
    {
        var result = Equivalence.Decide(expected, actual, options: Options);
        if (!result.IsProved) throw new InvalidOperationException($"{name}: {result}");
    }
}
