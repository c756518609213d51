using System;

namespace Kan.Compiler.Certify;

/// <summary>
/// The partial sums of a layer while terms are added: what each may be, and how far it may be off. The k-th addition is off by u |s_k|, and
/// |s_k| is far below the sum of |terms| where signs mix.
/// </summary>
internal sealed class PrefixSums
{
    private readonly Enclosure[] _exact;
    private readonly double[] _error;
    private readonly int _sums;
    private readonly NumberType _type;
    private readonly OverflowWatch _watch;

    public PrefixSums(LayerForm form, Precision precision, NumberType type, OverflowWatch watch)
    {
        _sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        _exact = new Enclosure[form.OutputCount * _sums];
        _error = new double[_exact.Length];
        _type = type;
        _watch = watch;
        for (int q = 0; q < form.OutputCount; q++)
        {
            _exact[q * _sums] = Enclosure.Exactly(form.Biases[q]);
            _error[q * _sums] = type.Rounding(Math.Abs(form.Biases[q]));
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
            // Between the additions of one term only its last value is known by sign. What they round makes the sums before them grow, by u each.
            double between = Outward.Sum(Outward.Sum(_exact[at].Magnitude, _error[at]), term.Swing) * (1 + (2 * term.Additions * _type.Unit));
            _watch.See(between, "a partial sum");
            _error[at] = Outward.Sum(_error[at], Outward.Product(term.Additions - 1, _type.Rounding(between)));
        }

        Take(at, exact, term.Error);
    }

    /// <summary>The error of an output's sum. Ends the sum.</summary>
    public double Finish(int output)
    {
        int start = output * _sums;
        for (int half = _sums / 2; half > 0; half /= 2)
        {
            for (int i = start; i < start + half; i++) Take(i, _exact[i + half], _error[i + half]);
        }

        return _error[start];
    }

    /// <summary>s = fl(s + term): |computed - exact| grows by the error of the term and the rounding of what is computed.</summary>
    private void Take(int at, Enclosure exact, double error)
    {
        _exact[at] += exact;
        double carried = Outward.Sum(_error[at], error), computed = Outward.Sum(_exact[at].Magnitude, carried);
        _watch.See(computed, "a partial sum");
        _error[at] = Outward.Sum(carried, _type.Rounding(computed));
    }
}
