using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Analysis.Proofs;

namespace Kan.Analysis;

/// <summary>Bounds of all nodes of a network on a box by linear relaxations, which are substituted back to the inputs.</summary>
public static class RelaxedBounds
{
    /// <summary>
    /// Bounds the nodes. The arithmetic is double, with bounds of its rounding, so that the intervals hold for the exact network.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>By level (0: the inputs, l: the outputs of layer l - 1) and node the interval; null if a bound is not finite.</returns>
    public static IReadOnlyList<IReadOnlyList<InputRange?>> Of(KanNetwork network, IReadOnlyList<InputRange> box,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(box);
        if (box.Count != network.InputCount) throw new ArgumentException($"A box for {network.InputCount} inputs needs "
            + $"{network.InputCount} intervals, not {box.Count}.", nameof(box));
        double[] low = [.. box.Select(static range => Down(range.Low))], high = [.. box.Select(static range => -Down(-range.High))];
        if (!low.All(double.IsFinite) || !high.All(double.IsFinite)) return [];
        var bounded = new ProofNetwork(network, cancellation);
        var pass = new BoundPass(bounded);
        if (!pass.Run(low, high, known: null)) return [];
        return
        [
            .. Enumerable.Range(0, bounded.Depth + 1)
                .Select(level => (IReadOnlyList<InputRange?>)[.. Enumerable.Range(0, bounded.Sizes[level])
                    .Select(q => Range(pass.Low[level][q], pass.High[level][q]))]),
        ];
    }

    private static InputRange? Range(double low, double high) =>
        double.IsFinite(low) && double.IsFinite(high) && low <= high
            ? new InputRange(Rational.FromDouble(low), Rational.FromDouble(high))
            : null;

    private static double Down(Rational value)
    {
        double nearest = value.ToDouble();
        return double.IsFinite(nearest) && Rational.FromDouble(nearest) > value ? Math.BitDecrement(nearest) : nearest;
    }
}
