using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>The order in which the questions are asked: cheap proofs, then points, then exhaustive ones.</summary>
internal sealed class EquivalenceDecision(Comparand left, Comparand right, IReadOnlyList<InputRange>? box, EquivalenceOptions options,
    CancellationToken cancellation)
{
    private readonly CounterexampleSearch _search = new(left, right, box, options, cancellation);
    private EquivalenceMethod _method;
    private BranchComparison? _cells;

    /// <summary>The answer.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled; <see cref="OutOfTime"/> says how far the decision got.
    /// </exception>
    public EquivalenceResult Decide()
    {
        _method = EquivalenceMethod.NormalForm;
        var (a, b) = Normalize(standardScale: false);
        if (SameLayers(a, b)) return ProvedByForm;
        var (first, second) = (a, b);
        if (a.Layers.Length > 1 || b.Layers.Length > 1)
        {
            (a, b) = Normalize(standardScale: true);
            if (SameLayers(a, b)) return ProvedByForm;
        }

        // Both are layers now, unequal: some edge differs, and the point where it does refutes.
        _method = EquivalenceMethod.SingleLayer;
        if (a.Layers.Length == 1 && b.Layers.Length == 1) return LayersDiffer(a.Layers[0], b.Layers[0]);
        _method = EquivalenceMethod.Composition;
        if (left.Network.InputCount == 1 && AlongTheInput(a, b) is { } decided) return decided;
        _method = EquivalenceMethod.Search;

        // The networks as given show best where they differ: in the normal form a change moves on through the biases.
        (KanNetwork Left, KanNetwork Right)[] forms = [(left.Network, right.Network), (first, second), (a, b)];
        var sameShape = forms.FirstOrDefault(static pair => DirectedSearch.Applies(pair.Left, pair.Right));
        if (sameShape.Left is not null && _search.TryDirected(sameShape.Left, sameShape.Right) is { } directed)
            return Refuted(directed, EquivalenceMethod.Search);
        if (_search.TryPoints() is { } point) return Refuted(point, EquivalenceMethod.Search);
        var cells = _cells = new BranchComparison(a, b, box, options.CellLimit, options.LinearProgramLimit, cancellation);
        if (cells.AreFormsEqual) return ProvedByForm;
        if (_search.TryLines(a, b) is { } onLine) return Refuted(onLine, EquivalenceMethod.Search);
        if (left.Network.InputCount > options.CellInputLimit)
            return Undecided(EquivalenceMethod.Search, $"The normal forms differ, {Shown}, and cells are visited for at most "
                + $"{options.CellInputLimit} inputs, not {left.Network.InputCount}.");

        _method = EquivalenceMethod.Cells;
        var outcome = cells.Run();
        if (outcome == BranchOutcome.Zero)
            return Proved(EquivalenceMethod.Cells,
                $"On each of {cells.CellCount} cells both networks are the same function.") with
            { CellCount = cells.CellCount };
        if (outcome == BranchOutcome.Different && _search.Verify(cells.Difference!) is { } found)
            return Refuted(found, EquivalenceMethod.Cells) with { CellCount = cells.CellCount };
        return Undecided(EquivalenceMethod.Cells,
            $"The normal forms differ, {Shown}, and both are the same function on the {cells.CellCount} cells visited before the limit.");
    }

    /// <summary>The answer where the time limit ended <see cref="Decide"/>.</summary>
    public EquivalenceResult OutOfTime()
    {
        string seconds = options.TimeLimit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        string reached = _method switch
        {
            EquivalenceMethod.NormalForm => "while the networks were converted to their normal forms",
            EquivalenceMethod.SingleLayer =>
                "while a point was sought at which the normal forms, single layers that differ, take different values",
            EquivalenceMethod.Composition => "while the functions of the one input were composed; the normal forms differ",
            EquivalenceMethod.Search => $"while a point was sought; the normal forms differ, and {Shown}",
            _ => $"while cells were visited; the normal forms differ, {Shown}, and both are the same function on "
                + $"{_cells?.CellCount ?? 0} cells",
        };
        return Undecided(_method, $"The time limit of {seconds} s was reached {reached}.") with { IsOutOfTime = true };
    }

    private string Shown => $"{_search.PointCount} points and {_search.LineCount} lines show no difference";

    private (KanNetwork Left, KanNetwork Right) Normalize(bool standardScale) =>
        (NetworkNormalizer.Normalize(left.Network, box, standardScale, cancellation),
            NetworkNormalizer.Normalize(right.Network, box, standardScale, cancellation));

    private EquivalenceResult LayersDiffer(KanLayer a, KanLayer b)
    {
        var point = LayerDifference.Find(a, b, box);
        return _search.Verify(point) is { } found
            ? Refuted(found, EquivalenceMethod.SingleLayer)
            : Undecided(EquivalenceMethod.SingleLayer, "The normal forms are layers that differ, but no point shows it.");
    }

    private EquivalenceResult? AlongTheInput(KanNetwork a, KanNetwork b)
    {
        var line = _search.CompareOnAxis(a, b);
        if (line is not { } difference) return null;
        if (difference.IsEqual)
            return Proved(EquivalenceMethod.Composition, "Both compose to the same piecewise-linear functions of the input.");
        return _search.Verify(difference.Point!) is { } found ? Refuted(found, EquivalenceMethod.Composition) : null;
    }

    private EquivalenceResult ProvedByForm => Proved(EquivalenceMethod.NormalForm, "Both networks have the same normal form.");

    private EquivalenceResult Proved(EquivalenceMethod method, string explanation) =>
        new() { Verdict = EquivalenceVerdict.Proved, Method = method, Explanation = explanation, SampleCount = _search.PointCount };

    private EquivalenceResult Undecided(EquivalenceMethod method, string explanation) =>
        new()
        {
            Verdict = EquivalenceVerdict.Undecided,
            Method = method,
            Explanation = explanation,
            SampleCount = _search.PointCount,
            CellCount = _cells?.CellCount ?? 0
        };

    private EquivalenceResult Refuted(Counterexample counterexample, EquivalenceMethod method)
    {
        int output = Enumerable.Range(0, counterexample.Left.Length).First(i => counterexample.Left[i] != counterexample.Right[i]);
        return new()
        {
            Verdict = EquivalenceVerdict.Refuted,
            Method = method,
            Explanation =
                $"Output {output} differs at the point given, by {counterexample.Difference.ToDouble():R} at most over all outputs.",
            Counterexample = counterexample,
            SampleCount = _search.PointCount,
        };
    }

    private static bool SameLayers(KanNetwork a, KanNetwork b) =>
        a.Layers.Length == b.Layers.Length && a.Layers.Zip(b.Layers).All(static pair => SameLayer(pair.First, pair.Second));

    internal static bool SameLayer(KanLayer a, KanLayer b) => ReferenceEquals(a, b)
        || (a.InputCount == b.InputCount
            && a.OutputCount == b.OutputCount
            && a.Biases.SequenceEqual(b.Biases)
            && a.Edges.SequenceEqual(b.Edges));
}
