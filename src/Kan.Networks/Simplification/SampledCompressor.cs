using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>What a compressed network must keep on samples: one of the two, or both.</summary>
public sealed record SampledLimit
{
    /// <summary>The largest acceptable |after - before| of an output on a sample.</summary>
    public double Difference { get; init; } = double.PositiveInfinity;

    /// <summary>The share of samples, from 0 to 1, whose largest output must stay the same one.</summary>
    public double Answers { get; init; }
}

/// <summary>What was found on the samples.</summary>
/// <param name="Result">
/// The network; its <see cref="SimplificationResult.ErrorBound"/> is certified for all inputs in the box, and seldom near what samples
/// show.
/// </param>
/// <param name="Difference">The largest |after - before| of an output on a sample, in double arithmetic.</param>
/// <param name="Answers">The share of samples whose largest output stayed the same one.</param>
public sealed record SampledResult(SimplificationResult Result, double Difference, double Answers);

/// <summary>
/// Rewrites a network into one with fewer segments and edges that keeps a limit on samples: an estimate for inputs like them, not a
/// promise. Errors are spent where the samples say that they matter least; <see cref="RangeCompressor"/> has the promise for all inputs,
/// and saves less.
/// </summary>
public static class SampledCompressor
{
    private const int Rounds = 16;

    // Of so many samples every fourth is not fitted to: the limit then also holds for rows that nothing was made for.
    private const int FewSamples = 256, NotFitted = 4;

    // How near two rates must be for the search to end.
    private const double Precise = 1.1;

    // What no sample feels still costs a little.
    private const double LeastWeight = 1e-9;

    /// <summary>A smaller network that keeps a limit on samples, after a simplification that is exact.</summary>
    /// <param name="network">The network.</param>
    /// <param name="box">A closed interval for each input; on it, the certified bound of the result holds.</param>
    /// <param name="samples">Rows of inputs.</param>
    /// <param name="limit">What must be kept.</param>
    /// <param name="options">The options of the simplification; null for the defaults.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="ArgumentException">
    /// A wrong number of intervals or an empty one, no samples, a row of another length or with a number that is not finite, or a limit
    /// that keeps nothing.
    /// </exception>
    public static SampledResult Compress(
        KanNetwork network, IReadOnlyList<InputRange> box, IReadOnlyList<double[]> samples, SampledLimit limit,
        SimplificationOptions? options = null, CancellationToken cancellation = default)
    {
        if (samples.Count == 0) throw new ArgumentException("There are no samples.", nameof(samples));
        if (samples.FirstOrDefault(row => row.Length != network.InputCount || !row.All(double.IsFinite)) is not null)
            throw new ArgumentException($"A sample is not {network.InputCount} finite numbers.", nameof(samples));
        if (!(limit.Difference >= 0) || limit.Answers is not (>= 0 and <= 1)
            || (double.IsPositiveInfinity(limit.Difference) && limit.Answers == 0))
            throw new ArgumentException(
                "The limit needs a difference that is not negative, a share of answers above 0 and at most 1, or both.", nameof(limit));
        options ??= new SimplificationOptions();
        var exact = RangeSimplifier.Simplify(network, box, options, cancellation);
        var f = exact.Network;
        var before = new SampledNetwork(f);
        double[][][] rows = [.. samples.Select(before.Values)];
        double[][] expected = [.. rows.Select(static row => row[^1])];
        var ranges = ReachedRanges.Of(f, box, options.Bounds, cancellation);
        double[][] weights = [.. before.Sensitivities(rows)
            .Select(static level => level.Select(static weight => Math.Max(LeastWeight, weight)).ToArray())];
        double scale = expected.Max(static outputs => outputs.Max(Math.Abs));
        var finder = new EdgeChoices(options.Goal, scale > 0 ? scale : 1, f.Layers.Sum(static layer => layer.Edges.Length),
            new SampledError(ByNode(rows)));
        EdgeGroup[] groups = [.. f.Layers.SelectMany((layer, l) => finder.Of(layer, l, ranges[l], weights[l + 1]))];

        // Errors of edges are taken as independent of each other, so that their squares add.
        var allotment = new ErrorAllotment(groups,
            (group, i, error) => Square(error * weights[group.Layer + 1][f.Layers[group.Layer].Edges[group.Edges[i]].Output]));
        var whole = FactoredNetwork.Of(f);
        var best = (Found: whole, Difference: 0.0, Answers: 1.0);
        double least = 0, most = allotment.Total, total = most;
        for (int round = 0; round < Rounds && total > 0; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var g = RangeCompressor.Apply(f, groups, allotment.Spend(total));
            var (difference, answers) = Compare(new SampledNetwork(g), samples, expected);
            bool isKept = difference <= limit.Difference && answers >= limit.Answers;
            if (isKept) (best, least) = ((FactoredNetwork.Of(g), difference, answers), total);
            else most = total;
            if (isKept && total == most) break;

            // The totals span many powers of ten: halved in their logarithm until one is known to fit.
            total = least > 0 ? Math.Sqrt(least * most) : most / 16;
        }

        double[][][] fitted = [.. rows.Where((_, i) => rows.Length < FewSamples || i % NotFitted != NotFitted - 1)];
        if (SampledElimination.TryCreate(f, ranges, fitted, weights, options.Goal, cancellation) is { } elimination)
        {
            foreach (bool isFactored in (bool[])[false, true])
            {
                if (Search(elimination, isFactored, samples, expected, limit, cancellation) is { } found
                    && NumbersOf(found.Found.Network, options.Goal) < NumbersOf(best.Found.Network, options.Goal)) best = found;
            }
        }

        if (ReferenceEquals(best.Found, whole)) return new SampledResult(exact, 0, 1);

        // Factors are one layer exactly, so that the certificate of networks of one shape is theirs.
        double bound = RangeCompressor.Bound(f, best.Found.Product(cancellation), ranges, cancellation);
        return new SampledResult(RangeCompressor.Finish(exact, best.Found, bound, options, cancellation), best.Difference, best.Answers);
    }

    private static long NumbersOf(KanNetwork network, SimplificationGoal goal)
    {
        // Nodes that nothing reads any more go later.
        var size = SimplificationSize.Of(NetworkSimplifier.Simplify(network));
        return goal == SimplificationGoal.Tables ? size.Numbers : size.Segments;
    }

    /// <summary>The smallest network found that keeps the limit, once terms are taken out and the others tuned.</summary>
    private static (FactoredNetwork Found, double Difference, double Answers)? Search(
        SampledElimination elimination, bool isFactored, IReadOnlyList<double[]> samples, double[][] expected, SampledLimit limit,
        CancellationToken cancellation)
    {
        double[] rates = [.. elimination.Rates.Where(static rate => rate > 0)];
        if (rates.Length == 0) return null;
        (FactoredNetwork, double, double)? best = null;
        double least = 0, most = rates[^1], rate = rates[rates.Length / 2];
        while (true)
        {
            bool isKept = false;
            foreach (var g in elimination.At(rate, isFactored, limit.Answers > 0, cancellation))
            {
                var (difference, answers) = Compare(new SampledNetwork(g.Network), samples, expected);
                isKept = difference <= limit.Difference && answers >= limit.Answers;
                if (!isKept) continue;
                best = (g, difference, answers);
                break;
            }

            if (isKept) least = rate;
            else most = rate;
            if (most <= rates[0] || (least > 0 && most / least < Precise)) return best;
            rate = least > 0 ? Math.Sqrt(least * most) : most / 16;
        }
    }

    private static double Square(double x) => x * x;

    private static double[][][] ByNode(double[][][] rows) =>
        [.. rows[0].Select((level, l) => level.Select((_, node) => rows.Select(row => row[l][node]).ToArray()).ToArray())];

    private static (double Difference, double Answers) Compare(SampledNetwork network, IReadOnlyList<double[]> samples, double[][] expected)
    {
        double difference = 0;
        int same = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            double[] outputs = network.Outputs(samples[i]);
            for (int q = 0; q < outputs.Length; q++) difference = Math.Max(difference, Math.Abs(outputs[q] - expected[i][q]));
            if (Answer(outputs) == Answer(expected[i])) same++;
        }

        return (difference, (double)same / samples.Count);
    }

    private static int Answer(double[] outputs) => Array.IndexOf(outputs, outputs.Max());
}
