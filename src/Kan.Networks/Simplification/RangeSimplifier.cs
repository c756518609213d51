using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Rewrites a network into one with fewer parts that is the same function on a box of inputs, exactly. Outside of the box it may be
/// another function, unlike what <see cref="NetworkSimplifier"/> makes.
/// </summary>
/// <remarks>
/// Each pass replaces parts by parts that are equal for all values which the nodes take on the box, as sound bounds enclose them: <see
/// cref="SimplificationKind"/> lists the reasons. Passes run in rounds until none finds anything. The result depends on the network, the
/// box and the bounds alone.
/// </remarks>
public static class RangeSimplifier
{
    /// <summary>The same function on a box, simplified.</summary>
    /// <param name="network">The network.</param>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    /// <exception cref="ArgumentException">A wrong number of intervals, or an empty one.</exception>
    public static SimplificationResult Simplify(KanNetwork network, IReadOnlyList<InputRange> box, SimplificationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(box);
        InputBox.Validate(box, network.InputCount);
        options ??= new SimplificationOptions();
        var folded = NetworkSimplifier.Simplify(network, cancellation);
        var run = new SimplificationRun(folded, box, options.Goal, cancellation);
        bool isFinished = false;
        for (; run.Round <= options.RoundLimit && !isFinished; run.Round++)
        {
            int steps = run.Steps.Count;
            ReachPass.Apply(run, options.Bounds);
            DropPass.Apply(run);
            MultiplesPass.Apply(run);
            LinearNodesPass.Apply(run);
            isFinished = run.Steps.Count == steps;
            if (isFinished) break;
            Fold(run);
        }

        return new SimplificationResult
        {
            Network = run.ToNetwork(),
            Box = [.. box],
            Steps = [.. run.Steps],
            Rounds = Math.Min(run.Round, options.RoundLimit),
            IsFinished = isFinished,
            Before = SimplificationSize.Of(folded),
            After = SimplificationSize.Of(run.ToNetwork()),
        };
    }

    /// <summary>Layers that have become diagonal move into their neighbors, unless functions of many pieces multiply theirs.</summary>
    private static void Fold(SimplificationRun run)
    {
        var folded = NetworkSimplifier.Simplify(run.ToNetwork(), run.Cancellation);
        if (folded.Layers.Sum(run.SizeOf) > run.Layers.Sum(run.SizeOf)) return;
        run.Layers.Clear();
        run.Layers.AddRange(folded.Layers);
    }
}
