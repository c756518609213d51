using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Kan.Analysis.Proofs;

namespace Kan.Analysis;

/// <summary>
/// Decides whether a network meets a statement for all real inputs in a box: by a proof whose every step is checked apart from it, or by inputs for which it fails.
/// </summary>
/// <remarks>
/// The network is the exact one, as it is read; the arithmetic is double, with bounds of its rounding, so that a proof is a theorem about the exact network. Where
/// numbers overflow or are no numbers, the answer is undecided, never wrong.
/// </remarks>
public static class Prover
{
    /// <summary>Decides a statement.</summary>
    /// <param name="network">The network.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="options">Limits; default ones if null.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <exception cref="ArgumentException">The statement is about another number of inputs or outputs.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ProofResult Prove(KanNetwork network, Statement statement, ProverOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(statement);
        options ??= new ProverOptions();
        return statement switch
        {
            OutputStatement outputs => ProveOutputs(network, outputs, options, cancellation),
            _ => throw new ArgumentException($"Statements of type {statement.GetType().Name} are not supported.", nameof(statement)),
        };
    }

    private static ProofResult ProveOutputs(KanNetwork network, OutputStatement statement, ProverOptions options, CancellationToken cancellation)
    {
        long start = options.TimeProvider.GetTimestamp();
        RequireShape(network, statement);
        if (statement.Cases.IsEmpty) return new ProofResult { Verdict = ProofVerdict.Proved, Explanation = "Nothing is forbidden.", ProvedShare = 1 };
        var bounded = new ProofNetwork(network, cancellation);
        var rows = statement.Cases.Select(static forbidden => forbidden.Conditions.IsEmpty ? [] : Worker.Combinations(forbidden)).ToArray();
        var workers = Enumerable.Range(0, Math.Max(1, options.Workers)).Select(_ => new Worker(network, bounded, statement, rows, options.IsChecked, cancellation)).ToArray();
        int parts = 0;
        double share = 0;
        var groups = GroupsOf(statement);
        var end = SearchEnd.Proved;
        Violation? violation = null;
        foreach (var (box, cases) in groups)
        {
            var search = new BoxSearch(workers, box, cases, options, () => options.TimeLimit != Timeout.InfiniteTimeSpan && options.TimeProvider.GetElapsedTime(start) > options.TimeLimit);
            var own = search.Run(cancellation);
            parts += search.PartCount;
            share += search.Share / groups.Count;
            if (own == SearchEnd.Proved) continue;
            end = own;
            violation = search.Violation;
            if (own is SearchEnd.Refuted or SearchEnd.OutOfTime) break;
        }

        return new ProofResult
        {
            Verdict = end switch { SearchEnd.Proved => ProofVerdict.Proved, SearchEnd.Refuted => ProofVerdict.Refuted, _ => ProofVerdict.Undecided },
            Explanation = end.ToString(),
            Violation = violation,
            PartCount = parts,
            ProvedShare = Math.Min(1, share),
            Elapsed = options.TimeProvider.GetElapsedTime(start),
            CheckTime = workers.Aggregate(TimeSpan.Zero, static (sum, worker) => sum + worker.CheckTime),
        };
    }

    /// <summary>The cases by box, in their order.</summary>
    private static List<(ImmutableArray<InputRange> Box, int[] Cases)> GroupsOf(OutputStatement statement)
    {
        var groups = new List<(ImmutableArray<InputRange> Box, List<int> Cases)>();
        for (int i = 0; i < statement.Cases.Length; i++)
        {
            var box = statement.Cases[i].Box;
            int group = groups.FindIndex(known => known.Box.SequenceEqual(box));
            if (group < 0) groups.Add((box, [i]));
            else groups[group].Cases.Add(i);
        }

        return [.. groups.Select(static group => (group.Box, group.Cases.ToArray()))];
    }

    private static void RequireShape(KanNetwork network, OutputStatement statement)
    {
        foreach (var forbidden in statement.Cases)
        {
            if (forbidden.Box.Length != network.InputCount)
                throw new ArgumentException($"The statement is about {forbidden.Box.Length} inputs, but the network has {network.InputCount}.", nameof(statement));
            if (forbidden.Conditions.FirstOrDefault(condition => condition.Outputs.Length != network.OutputCount) is { } other)
                throw new ArgumentException($"The statement is about {other.Outputs.Length} outputs, but the network has {network.OutputCount}.", nameof(statement));
        }
    }
}
