using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Rewrites a network into one with fewer segments and edges whose outputs stay within a tolerance on a box of inputs. The error is spent
/// where it saves most, and the certificate covers the whole network: it is computed with outward rounding from the exact difference of
/// all edges, and no sample enters it.
/// </summary>
public static class RangeCompressor
{
    // Of the tolerance: what a round aims at, and what need not be improved.
    private const double Aim = 0.985, Near = 0.97;

    private const int Rounds = 9;

    // Boxes of more inputs are not split: each doubling takes all of them.
    private const int MostSplitInputs = 6;

    // Bounded boxes, and boxes times edges: about a second.
    private const int MostParts = 16_000;
    private const long SplitWork = 400_000;

    // Shares of the tolerance that factors of layers may take.
    private static readonly double[] s_shares = [1, 0.5];

    /// <summary>A smaller network within a tolerance, after a simplification that is exact.</summary>
    /// <param name="network">The network.</param>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="tolerance">The largest acceptable |after - before| of an output, above 0.</param>
    /// <param name="options">The options of the simplification; null for the defaults.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The network, with a certified <see cref="SimplificationResult.ErrorBound"/> of at most the tolerance.</returns>
    /// <exception cref="ArgumentException">A wrong number of intervals, or an empty one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not a positive finite number.</exception>
    public static SimplificationResult Compress(
        KanNetwork network, IReadOnlyList<InputRange> box, double tolerance, SimplificationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be a positive finite number.");
        options ??= new SimplificationOptions();
        var exact = RangeSimplifier.Simplify(network, box, options, cancellation);
        var f = exact.Network;
        var ranges = ReachedRanges.Of(f, box, options.Bounds, cancellation);
        var weights = Weights(f, ranges);
        var finder = new EdgeChoices(options.Goal, tolerance, f.Layers.Sum(static layer => layer.Edges.Length), new LargestError());
        EdgeGroup[] groups = [.. f.Layers.SelectMany((layer, l) => finder.Of(layer, l, ranges[l], weights[l + 1]))];
        var whole = FactoredNetwork.Of(f);
        var best = Spend(whole);
        foreach (double share in s_shares)
        {
            // What takes less than all leaves some for edges of the other layers.
            if (RangeFactors.Find(f, ranges, weights, tolerance * share, options.Goal, cancellation) is not { } factored) break;
            var found = Spend(factored);
            if (found.Bound <= tolerance && found.Network.SizeBy(options.Goal) < best.Network.SizeBy(options.Goal)) best = found;
        }

        return best.Bound > 0 ? Finish(exact, best.Network, best.Bound, options, cancellation) : exact;

        (FactoredNetwork Network, double Bound) Spend(FactoredNetwork start)
        {
            EdgeGroup[] open = [.. groups.Where(group => start.Parts[group.Layer].Second is null)];
            var allotment = new ErrorAllotment(open,
                (group, i, error) => error * weights[group.Layer + 1][f.Layers[group.Layer].Edges[group.Edges[i]].Output]);
            double least = ReferenceEquals(start, whole) ? 0 : Bound(f, start.Product(cancellation), ranges, cancellation);
            var kept = (Network: start, Bound: least, Numbers: double.PositiveInfinity);
            double total = tolerance * Aim, tooMuch = double.PositiveInfinity;
            for (int round = 0; round < Rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                int[] choices = allotment.Spend(total);
                var g = start.With(Apply(f, open, choices));
                double numbers = open.Select((group, i) => group.Choices[choices[i]].Numbers).Sum();
                double bound = Bound(f, g.Product(cancellation), ranges, cancellation);
                if (bound <= tolerance && numbers < kept.Numbers) kept = (g, bound, numbers);
                if (bound <= tolerance && (bound >= Near * tolerance
                    || choices.Select((choice, i) => open[i].Choices[choice].Numbers).All(static own => own == 0))) break;
                if (bound > tolerance) tooMuch = Math.Min(tooMuch, total);
                double next = bound > 0 ? total * Math.Clamp(tolerance * Aim / bound, 0.1, 4) : total * 4;

                // Between what fits and what does not, once both are known.
                if (bound <= tolerance && next >= tooMuch) next = (total + tooMuch) / 2;
                if (!(next > 0) || next == total) break;
                total = next;
            }

            return (kept.Network, kept.Bound);
        }
    }

    /// <summary>A certified bound of the difference of two networks of one shape.</summary>
    internal static double Bound(
        KanNetwork f, KanNetwork g, InputRange[][] ranges, CancellationToken cancellation, int mostParts = MostParts) =>
        new DifferenceBound(f, g, ranges).Of(Math.Min(mostParts, PartsOf(f)), cancellation);

    /// <summary>The exact passes once more, which find what errors made constant, affine or unread.</summary>
    internal static SimplificationResult Finish(SimplificationResult exact, FactoredNetwork compressed, double bound,
        SimplificationOptions options, CancellationToken cancellation)
    {
        var after = RangeSimplifier.Simplify(compressed.Network, exact.Box, options, cancellation);
        var run = new SimplificationRun(compressed.Network, exact.Box, options.Goal, cancellation) { Round = exact.Rounds + 1 };
        var factored = new List<FactoredLayer>();
        for (int l = 0; l < compressed.Parts.Count; l++)
        {
            var (before, part) = (exact.Network.Layers[l], compressed.Parts[l]);
            if (part.Second is null) NoteEdges(run, l, before, part.First);
            else
            {
                run.Note(SimplificationKind.FactoredLayer, l, before.Edges.Select(static edge => edge.Input).Distinct(),
                    before.Edges.Length - part.Layers.Sum(static layer => (long)layer.Edges.Length),
                    LayerSize.SegmentsOf(before) - part.SizeBy(SimplificationGoal.Segments));
                factored.Add(new FactoredLayer(l, part.First.OutputCount, LayerSize.NumbersOf(before),
                    part.SizeBy(SimplificationGoal.Tables)));
            }
        }

        return after with
        {
            Steps = [.. exact.Steps, .. run.Steps, .. after.Steps.Select(step => step with { Round = step.Round + exact.Rounds + 1 })],
            Rounds = exact.Rounds + 1 + after.Rounds,
            Before = exact.Before,
            ErrorBound = Rational.FromDouble(bound),
            Factored = [.. factored],
        };
    }

    private static void NoteEdges(SimplificationRun run, int l, KanLayer before, KanLayer after)
    {
        var kept = after.Edges.ToDictionary(static edge => (edge.Input, edge.Output), static edge => edge.Function);
        KanEdge[] pruned = [.. before.Edges.Where(edge => !kept.TryGetValue((edge.Input, edge.Output), out _))];
        KanEdge[] shortened =
            [.. before.Edges.Where(edge => kept.TryGetValue((edge.Input, edge.Output), out var function)
            && function.Slopes.Length < edge.Function.Slopes.Length)];
        run.Note(SimplificationKind.ShortenedEdge, l, shortened.Select(static edge => edge.Input).Distinct(), 0,
            shortened.Sum(edge => (long)edge.Function.Slopes.Length - kept[(edge.Input, edge.Output)].Slopes.Length));
        run.Note(SimplificationKind.PrunedEdge, l, pruned.Select(static edge => edge.Input).Distinct(), pruned.Length,
            pruned.Sum(static edge => (long)edge.Function.Slopes.Length));
    }

    private static int PartsOf(KanNetwork network)
    {
        int inputs = network.Layers[0].Edges.Select(static edge => edge.Input).Distinct().Count();
        return inputs > MostSplitInputs
            ? 1
            : (int)Math.Clamp(SplitWork / Math.Max(1, network.Layers.Sum(static layer => layer.Edges.Length)), 1, MostParts);
    }

    internal static KanNetwork Apply(KanNetwork network, EdgeGroup[] groups, int[] choices)
    {
        var functions = network.Layers.Select(static layer => layer.Edges.Select(static edge => edge.Function).ToArray()).ToArray();
        for (int g = 0; g < groups.Length; g++)
        {
            for (int i = 0; i < groups[g].Edges.Length && choices[g] > 0; i++)
                functions[groups[g].Layer][groups[g].Edges[i]] = groups[g].Choices[choices[g]].Functions[i];
        }

        return new KanNetwork(network.Layers.Select((layer, l) =>
        {
            var biases = layer.Biases.ToArray();
            var edges = new List<KanEdge>(layer.Edges.Length);
            for (int e = 0; e < layer.Edges.Length; e++)
            {
                var function = functions[l][e];
                if (function.IsConstant) biases[layer.Edges[e].Output] += function.AnchorValue;
                else edges.Add(layer.Edges[e] with { Function = function });
            }

            return new KanLayer(layer.InputCount, layer.OutputCount, edges, [.. biases]);
        }));
    }

    /// <summary>
    /// By level and node, the largest change of an output for a change of the node, roughly: it only decides where errors are spent.
    /// </summary>
    private static double[][] Weights(KanNetwork network, InputRange[][] ranges)
    {
        int outputs = network.OutputCount;
        var weights = new double[network.Layers.Length + 1][];
        var paths = new double[outputs, outputs];
        for (int r = 0; r < outputs; r++) paths[r, r] = 1;
        weights[^1] = [.. Enumerable.Repeat(1.0, outputs)];
        for (int l = network.Layers.Length - 1; l > 0; l--)
        {
            var layer = network.Layers[l];
            var next = new double[outputs, layer.InputCount];
            foreach (var edge in layer.Edges)
            {
                var (low, high) = ranges[l][edge.Input];
                double steepness = new EnclosedFunction(edge.Function)
                    .SlopesOn(new Interval(EnclosedFunction.Enclose(low).Low, EnclosedFunction.Enclose(high).High)).Magnitude;
                for (int r = 0; r < outputs; r++) next[r, edge.Input] += paths[r, edge.Output] * steepness;
            }

            paths = next;
            weights[l] = [.. Enumerable.Range(0, layer.InputCount)
                .Select(p => Math.Max(1e-12, Enumerable.Range(0, outputs).Max(r => next[r, p])))];
        }

        weights[0] = [];
        return weights;
    }
}
