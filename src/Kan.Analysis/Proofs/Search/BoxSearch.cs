using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Analysis.Proofs;

/// <summary>Why a search ended.</summary>
internal enum SearchEnd
{
    Proved,
    Refuted,
    OutOfTime,
    OutOfParts,
    NoSplitLeft,
}

/// <summary>Cases with one box: concrete attacks, then branch and bound.</summary>
internal sealed class BoxSearch
{
    // Parts that are examined before any is split: the same whatever the number of threads, so that the answer is.
    private const int Together = 8;

    // Points from which all cases are attacked, and those from which the ones are that the bounds of the whole box leave open.
    private const int FirstStarts = 1, Starts = 40;

    // Open parts among which the farthest from being settled is looked for.
    private const int MostRanked = 4000;

    private readonly Examiner[] _workers;
    private readonly ProverOptions _options;
    private readonly Func<bool> _isOutOfTime;
    private readonly double[] _low, _high;
    private readonly int[] _cases;

    public BoxSearch(Examiner[] workers, ImmutableArray<InputRange> box, int[] cases, ProverOptions options, Func<bool> isOutOfTime)
    {
        _workers = workers;
        _options = options;
        _isOutOfTime = isOutOfTime;
        _cases = cases;
        _low = [.. box.Select(static range => Outward(range.Low, -1))];
        _high = [.. box.Select(static range => Outward(range.High, 1))];
    }

    public ProofNode Root { get; } = new();

    public Violation? Violation { get; private set; }

    public int PartCount { get; private set; }

    public double Share { get; private set; }

    public SearchEnd Run(CancellationToken cancellation)
    {
        // The bounds of the whole box settle most cases of large networks, for which points take far longer than bounds.
        var starts = new Random(_options.Seed);
        if (TryPoints(_cases, 0, FirstStarts, starts, cancellation)) return SearchEnd.Refuted;
        var stack = new List<Part>();
        stack.Add(new Part(_low, _high, [], null, _cases, Root, 1, 0, null, 0));
        var parts = new Part[Together];
        var results = new Examined[Together];
        var random = new Random(_options.Seed + 1);
        int nextAttack = 500, rounds = 0;
        while (stack.Count > 0)
        {
            int count = 0;
            if (stack.Count is > Together and < MostRanked) parts[count++] = Take(stack, Farthest(stack));
            while (count < Together && stack.Count > 0) parts[count++] = Take(stack, stack.Count - 1);
            int examined = Examine(parts, results, count, cancellation);
            PartCount += examined;
            for (int i = examined - 1; i >= 0; i--)
            {
                if (results[i].Violation is { } violation)
                {
                    Violation = violation;
                    return SearchEnd.Refuted;
                }

                var (part, result) = (parts[i], results[i]);
                part.Proof.Claims.AddRange(result.Claims);
                if (result.IsEmpty || result.Open.Length == 0)
                {
                    Share += part.Share;
                    continue;
                }

                if (PartCount == 1 && TryPoints(result.Open, FirstStarts, Starts, starts, cancellation)) return SearchEnd.Refuted;
                if (result.Level < 0) return SearchEnd.NoSplitLeft;
                Split(part, result, stack);
            }

            if (examined < count) return SearchEnd.OutOfTime;
            if (PartCount >= nextAttack)
            {
                nextAttack = PartCount * 3 / 2;
                if (TryParts(stack, random, cancellation)) return SearchEnd.Refuted;
            }

            // A violation can be so rare that only many points find one: they get a share of the work, less of it where points take long.
            if (++rounds % (_low.Length <= Examiner.FewInputs ? 1 : 8) == 0 && TryPoint(rounds, random, cancellation))
                return SearchEnd.Refuted;
            _options.Progress?.Report(new ProofProgress(Share, PartCount, stack.Count));
            if (stack.Count == 0) break;
            if (_isOutOfTime()) return SearchEnd.OutOfTime;
            if (PartCount + stack.Count > _options.PartLimit) return SearchEnd.OutOfParts;
        }

        return SearchEnd.Proved;
    }

    /// <summary>Examines parts, the first ones of them where time is up before the last one is begun.</summary>
    /// <returns>How many.</returns>
    private int Examine(Part[] parts, Examined[] results, int count, CancellationToken cancellation)
    {
        int taken = 0;
        int workers = Math.Min(count, _workers.Length);
        if (workers == 1) Work(0);
        else Parallel.For(0, workers, Work);
        return taken;

        void Work(int worker)
        {
            while (Take() is var place and >= 0) results[place] = _workers[worker].Examine(parts[place], cancellation);
        }

        int Take()
        {
            lock (results)
            {
                return taken == count || (taken > 0 && _isOutOfTime()) ? -1 : taken++;
            }
        }
    }

    private static void Split(Part part, Examined result, List<Part> stack)
    {
        var node = part.Proof;
        (node.Level, node.Node, node.At, node.Below, node.Above) = (result.Level, result.Node, result.At, new ProofNode(), new ProofNode());
        foreach (bool isAbove in (bool[])[true, false])
        {
            double[] low = part.Low, high = part.High;
            var sides = part.Sides;
            var known = result.Known;
            if (result.Level == 0)
            {
                if (isAbove) (low = [.. low])[result.Node] = result.At;
                else (high = [.. high])[result.Node] = result.At;
            }
            else
            {
                sides = [.. sides, new NodePart(result.Level, result.Node, result.At, isAbove)];
                known = known!.Clamp(result.Level, result.Node, result.At, isAbove);
            }

            stack.Add(new Part(low, high, sides, known, result.Open, isAbove ? node.Above : node.Below, part.Share / 2, part.Depth + 1,
                result.Checked, result.Score));
        }
    }

    /// <summary>Descends from the middle, from corners and from random points, in turns over some cases.</summary>
    private bool TryPoints(int[] cases, int first, int end, Random random, CancellationToken cancellation)
    {
        const int Steps = 40;
        for (int start = first; start < end; start++)
        {
            foreach (int index in cases)
            {
                if (_isOutOfTime()) return false;
                double[] x = new double[_low.Length];
                for (int p = 0; p < x.Length; p++)
                {
                    double at = start == 0 ? 0.5 : start < 4 ? random.Next(2) : random.NextDouble();
                    x[p] = at switch { 0 => _low[p], 1 => _high[p], _ => _low[p] + (at * (_high[p] - _low[p])) };
                }

                Violation = _workers[0].Descend(index, x, _low, _high, Steps, 0.25, cancellation);
                if (Violation is not null) return true;
            }
        }

        return false;
    }

    /// <summary>Descends from a random point towards one of the cases, in turns.</summary>
    private bool TryPoint(int turn, Random random, CancellationToken cancellation)
    {
        double[] x = [.. _low.Select((low, p) => low + (random.NextDouble() * (_high[p] - low)))];
        Violation = _workers[0].Descend(_cases[turn % _cases.Length], x, _low, _high, 40, 0.25, cancellation);
        return Violation is not null;
    }

    private static Part Take(List<Part> parts, int index)
    {
        var part = parts[index];
        parts.RemoveAt(index);
        return part;
    }

    private static int Farthest(List<Part> parts)
    {
        int farthest = parts.Count - 1;
        for (int i = farthest; i >= 0; i--)
        {
            if (parts[i].Score < parts[farthest].Score) farthest = i;
        }

        return farthest;
    }

    /// <summary>Descends from random points in the parts that are farthest from being settled.</summary>
    private bool TryParts(List<Part> parts, Random random, CancellationToken cancellation)
    {
        const int Parts = 16, Starts = 4, Steps = 30;
        foreach (var part in parts.OrderBy(static part => part.Score).Take(Parts))
        {
            for (int start = 0; start < Starts; start++)
            {
                if (_isOutOfTime()) return false;
                double[] x = [.. part.Low.Select((low, p) => low + (random.NextDouble() * (part.High[p] - low)))];
                int index = part.Open[start % part.Open.Length];

                // Within the part, and then wherever the slopes lead.
                Violation = _workers[0].Descend(index, x, part.Low, part.High, Steps, 0.25, cancellation)
                    ?? _workers[0].Descend(index, x, _low, _high, Steps, 0.01, cancellation);
                if (Violation is not null) return true;
            }
        }

        return false;
    }

    /// <summary>The nearest double on the outer side.</summary>
    private static double Outward(Rational exact, int side)
    {
        double nearest = exact.ToDouble();
        if (!double.IsFinite(nearest)) return nearest;
        int order = Rational.FromDouble(nearest).CompareTo(exact);
        return order == 0 || order == side ? nearest : side < 0 ? Math.BitDecrement(nearest) : Math.BitIncrement(nearest);
    }
}
