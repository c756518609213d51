using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Analysis.Proofs;

namespace Kan.Analysis;

/// <summary>
/// Decides whether a network meets a statement for all real inputs in a box: by a proof whose every step is checked apart from it, or by
/// inputs for which it fails.
/// </summary>
/// <remarks>
/// The network is the exact one, as it is read; the arithmetic is double, with bounds of its rounding, so that a proof is a theorem about
/// the exact network. Where numbers overflow or are no numbers, the answer is undecided, never wrong.
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
    public static ProofResult Prove(KanNetwork network, Statement statement, ProverOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(statement);
        options ??= new ProverOptions();
        long start = options.TimeProvider.GetTimestamp();
        bool IsOutOfTime() =>
            options.TimeLimit != Timeout.InfiniteTimeSpan && options.TimeProvider.GetElapsedTime(start) > options.TimeLimit;
        RequireShape(network, statement);
        var bounded = new ProofNetwork(network, cancellation);
        List<(ImmutableArray<InputRange> Box, int[] Cases)> groups;
        Func<Examiner> create;
        if (statement is OutputStatement outputs)
        {
            var rows = outputs.Cases.Select(static forbidden => forbidden.Conditions.IsEmpty ? [] : OutputExaminer.Combinations(forbidden))
                .ToArray();
            (groups, create) = (GroupsOf(outputs), () => new OutputExaminer(network, bounded, outputs, rows, options, cancellation));
        }
        else
        {
            var slopes = (SlopeStatement)statement;
            (groups, create) = ([(slopes.Box, [.. Enumerable.Range(0, slopes.Limits.Length)])],
                () => new SlopeExaminer(network, bounded, slopes, options, cancellation));
        }

        var examiners = Enumerable.Range(0, Math.Max(1, options.Workers)).Select(_ => create()).ToArray();
        var roots = new List<ProofNode>();
        var (end, violation, parts, share) = (SearchEnd.Proved, (Violation?)null, 0, 0.0);
        foreach (var (box, cases) in groups)
        {
            var search = new BoxSearch(examiners, box, cases, options, IsOutOfTime);
            var own = search.Run(cancellation);
            roots.Add(search.Root);
            parts += search.PartCount;
            share += search.Share / groups.Count;
            if (own == SearchEnd.Proved) continue;
            (end, violation) = (own, search.Violation);
            if (own is SearchEnd.Refuted or SearchEnd.OutOfTime) break;
        }

        var verdict = end switch
        {
            SearchEnd.Proved => ProofVerdict.Proved,
            SearchEnd.Refuted => ProofVerdict.Refuted,
            _ => ProofVerdict.Undecided
        };
        return new ProofResult
        {
            Verdict = verdict,
            Explanation = Explain(end, parts, share),
            Violation = violation,
            Proof = verdict == ProofVerdict.Proved
                ? new Proof(ContentHash.ComputeUnlessCancelled(network, cancellation), statement.Hash, roots)
                : null,
            PartCount = parts,
            ProvedShare = verdict == ProofVerdict.Proved ? 1 : Math.Min(1, share),
            Elapsed = options.TimeProvider.GetElapsedTime(start),
            CheckTime = examiners.Aggregate(TimeSpan.Zero, static (sum, examiner) => sum + examiner.CheckTime),
        };
    }

    private static string Explain(SearchEnd end, int parts, double share)
    {
        string proved = string.Create(CultureInfo.InvariantCulture,
            $"{100 * Math.Min(1, share):0.##} % of the box is proved, in {parts:N0} parts");
        return end switch
        {
            SearchEnd.Proved => string.Create(CultureInfo.InvariantCulture, $"The statement holds for all real inputs in the box, by "
                + $"bounds of {parts:N0} {(parts == 1 ? "part" : "parts")}."),
            SearchEnd.Refuted => "The statement fails at the inputs given, evaluated exactly.",
            SearchEnd.OutOfTime => $"The time limit was reached: {proved}. More time, a smaller box or a wider limit would help.",
            SearchEnd.OutOfParts => $"The limit on parts was reached: {proved}. A smaller box or a wider limit would help.",
            _ => $"A part cannot be split further: {proved}. The limit is reached exactly there, up to the rounding of the bounds, or "
                + $"numbers are too large; a slightly wider limit would help.",
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

    private static void RequireShape(KanNetwork network, Statement statement)
    {
        var (boxes, outputs) = statement switch
        {
            OutputStatement other =>
                (other.Cases.Select(static forbidden => forbidden.Box.Length),
                    other.Cases.SelectMany(static forbidden => forbidden.Conditions.Select(static condition => condition.Outputs.Length))),
            SlopeStatement slopes =>
                ([slopes.Box.Length],
                    slopes.Limits.Select(limit => limit.Output < network.OutputCount ? network.OutputCount : limit.Output + 1)),
            _ => throw new ArgumentException($"Statements of type {statement.GetType().Name} are not supported.", nameof(statement)),
        };
        if (boxes.FirstOrDefault(count => count != network.InputCount, network.InputCount) is var inputs && inputs != network.InputCount)
            throw new ArgumentException($"The statement is about {inputs} inputs, but the network has {network.InputCount}.",
                nameof(statement));
        if (outputs.FirstOrDefault(count => count != network.OutputCount, network.OutputCount) is var weights
            && weights != network.OutputCount)
            throw new ArgumentException($"The statement is about {weights} outputs, but the network has {network.OutputCount}.",
            nameof(statement));
    }
}
