using System;
using System.Collections.Immutable;

namespace Kan.Compiler.Certify;

/// <summary>
/// The partial sums of a layer while terms are added: what each may be, and how far it may be off. The k-th addition is off by u |s_k|, and
/// |s_k| is far below the sum of |terms| where signs mix.
/// </summary>
internal sealed class PrefixSums : IAddition<PrefixSum>
{
    private readonly PrefixSum[] _prefixes;
    private readonly ImmutableArray<SumAddition> _tree;
    private readonly int _sums;
    private readonly NumberType _type;
    private readonly OverflowWatch _watch;

    /// <param name="form">The form of the layer.</param>
    /// <param name="exactBiases">For each output what its bias was rounded from; null where that is not known.</param>
    /// <param name="precision">The number type.</param>
    /// <param name="type">The number type too.</param>
    /// <param name="watch">Sees what is computed.</param>
    public PrefixSums(LayerForm form, ReadOnlySpan<Rational?> exactBiases, Precision precision, NumberType type, OverflowWatch watch)
    {
        _sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        _tree = SumTree.Additions(_sums);
        _prefixes = new PrefixSum[form.OutputCount * _sums];
        _type = type;
        _watch = watch;
        for (int q = 0; q < form.OutputCount; q++)
        {
            double bias = form.Biases[q];
            bool isExact = exactBiases[q] is { } exact && Enclosure.Of(exact) == Enclosure.Exactly(bias);
            _prefixes[q * _sums] = new PrefixSum(Enclosure.Exactly(bias), default, isExact ? 0 : type.Rounding(Math.Abs(bias)));
        }
    }

    /// <summary>Adds the term of an edge; edges come in the order of inputs.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="exact">Holds the exact term.</param>
    /// <param name="term">Its rounding.</param>
    public void Add(KanEdge edge, Enclosure exact, TermRounding term)
    {
        int at = (edge.Output * _sums) + (edge.Input % _sums);
        if (term.Additions > 1)
        {
            // Between the additions of one term only its last value is known by sign. What they round makes the sums before them grow, by u
            // each.
            var (before, drift, error) = _prefixes[at];
            double between = Outward.Sum(Outward.Sum(Plus(before, drift).Magnitude, error), term.Swing)
                * (1 + (2 * term.Additions * _type.Unit));
            _watch.See(between, "a partial sum");
            _prefixes[at] = new PrefixSum(before, drift, Outward.Sum(error, Outward.Product(term.Additions - 1, _type.Rounding(between))));
        }

        _prefixes[at] = Add(_prefixes[at], new PrefixSum(exact, term.Drift, term.Error));
    }

    /// <summary>The error of an output's sum. Ends the sum.</summary>
    public double Finish(int output)
    {
        var total = SumTree.Total(this, _prefixes, _tree, output * _sums);
        return Outward.Sum(total.Drift.Magnitude, total.Error);
    }

    /// <summary>s = fl(s + term): |computed - exact| grows by the error of the term and the rounding of what is computed.</summary>
    public PrefixSum Add(PrefixSum left, PrefixSum right)
    {
        Enclosure exact = left.Exact + right.Exact, drift = Plus(left.Drift, right.Drift);
        double carried = Outward.Sum(left.Error, right.Error), computed = Outward.Sum(Plus(exact, drift).Magnitude, carried);
        _watch.See(computed, "a partial sum");
        return new PrefixSum(exact, drift, Outward.Sum(carried, _type.Rounding(computed)));
    }

    /// <summary>Nothing stays nothing, which outward rounding would not leave it.</summary>
    private static Enclosure Plus(Enclosure left, Enclosure right) => right == default ? left : left == default ? right : left + right;
}

/// <summary>A partial sum on its way.</summary>
/// <param name="Exact">Holds the exact sum.</param>
/// <param name="Drift">Holds what the rounding of weights adds to it.</param>
/// <param name="Error">A bound of how far the computed one is off the sum of both.</param>
internal readonly record struct PrefixSum(Enclosure Exact, Enclosure Drift, double Error);
