using System;
using Kan.Forms;

namespace Kan.Compiler.Certify;

/// <summary>
/// The partial sums of a layer while terms are added: what each may be, and so what the rounding of each addition may be. The k-th addition
/// is off by u |s_k|, and |s_k| is far below the sum of |terms| where signs mix.
/// </summary>
internal sealed class PrefixSums
{
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly double[] _mass;
    private readonly double[] _rounded;
    private readonly int[] _additions;
    private readonly int _sums;
    private readonly UnitRoundoff _rounding;

    public PrefixSums(LayerForm form, Precision precision, UnitRoundoff rounding)
    {
        int m = form.OutputCount;
        _sums = SummationOrder.PartialSums(form.InputCount, m, precision);
        _low = new double[m * _sums];
        _high = new double[m * _sums];
        _mass = new double[m * _sums];
        _rounded = new double[m];
        _additions = new int[m];
        _rounding = rounding;
        for (int q = 0; q < m; q++)
        {
            _low[q * _sums] = _high[q * _sums] = form.Biases[q];
            _mass[q * _sums] = Math.Abs(form.Biases[q]);
        }
    }

    /// <summary>Adds the term of an edge; edges come in the order of inputs.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="low">The least exact term.</param>
    /// <param name="high">The largest exact term.</param>
    /// <param name="term">Its rounding.</param>
    public void Add(KanEdge edge, double low, double high, TermRounding term)
    {
        int at = (edge.Output * _sums) + (edge.Input % _sums);
        double before = Largest(at);
        _low[at] += low;
        _high[at] += high;
        _mass[at] += Math.Max(Math.Abs(low), Math.Abs(high));
        double after = Largest(at);

        // Between the additions of one term only its last value is known by sign.
        _rounded[edge.Output] += _rounding.Of(after) + ((term.Additions - 1) * _rounding.Of(before + term.Swing));
        _additions[edge.Output] += term.Additions;
    }

    /// <summary>The error of an output's sum whose terms are off by a total of <paramref name="terms"/>. Ends the sum.</summary>
    public double Finish(int output, double terms)
    {
        int start = output * _sums;
        for (int half = _sums / 2; half > 0; half /= 2)
        {
            for (int i = start; i < start + half; i++)
            {
                _low[i] += _low[i + half];
                _high[i] += _high[i + half];
                _mass[i] += _mass[i + half];
                _rounded[output] += _rounding.Of(Largest(i));
                _additions[output]++;
            }
        }

        // e_k <= (1 + u) (e_(k-1) + term error) + u |s_k|, so that all of it grows by at most (1 + u) an addition.
        return (terms + _rounded[output]) * Math.Exp(_additions[output] * _rounding.Unit) * UnitRoundoff.Slack;
    }

    /// <summary>A bound of |sum|; the mass covers what this analysis itself rounds where terms cancel.</summary>
    private double Largest(int at) => Math.Max(Math.Abs(_low[at]), Math.Abs(_high[at])) + (1e-12 * _mass[at]);
}
