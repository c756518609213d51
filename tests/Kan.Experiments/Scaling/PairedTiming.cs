using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Kan.Experiments.Scaling;

/// <summary>
/// Times of several networks on the same inputs: medians of rounds in which they take turns, so that noise meets all of them.
/// </summary>
internal static class PairedTiming
{
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(2);

    /// <summary>The microseconds of one call of each network.</summary>
    /// <param name="networks">What is timed.</param>
    /// <param name="inputs">Samples that are taken in turn.</param>
    /// <param name="outputCount">Outputs of each network.</param>
    /// <param name="rounds">Times that each is measured.</param>
    /// <param name="warmUp">How long each runs before, so that the JIT has optimised it.</param>
    public static double[] Microseconds(IReadOnlyList<IFloatNetwork> networks, float[][] inputs, int outputCount, int rounds,
        TimeSpan warmUp)
    {
        var outputs = new float[outputCount];
        int[] calls = [.. networks.Select(network => WarmUp(network, inputs, outputs, warmUp))];
        var times = new double[networks.Count, rounds];
        for (int round = 0; round < rounds; round++)
        {
            for (int n = 0; n < networks.Count; n++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int call = 0; call < calls[n]; call++) networks[n].Evaluate(inputs[call % inputs.Length], outputs);
                // In ticks of the clock: a TimeSpan has tenths of a microsecond, which a single call may not take.
                times[n, round] = (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency / calls[n];
            }
        }

        return [.. Enumerable.Range(0, networks.Count)
            .Select(n => Enumerable.Range(0, rounds).Select(round => times[n, round]).Order().ElementAt(rounds / 2))];
    }

    /// <summary>Runs a network for a while.</summary>
    /// <returns>The calls that fill a round.</returns>
    private static int WarmUp(IFloatNetwork network, float[][] inputs, float[] outputs, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        do network.Evaluate(inputs[calls++ % inputs.Length], outputs);
        while (Stopwatch.GetElapsedTime(start) < duration);
        return Math.Max(1, (int)(calls * (s_round / Stopwatch.GetElapsedTime(start))));
    }
}
