using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A half-space with its numbers as doubles too, scaled by a power of two so that the largest coefficient is from 1 to 2. The doubles
/// decide a sign where their error allows it, the rationals otherwise.
/// </summary>
internal sealed class RoundedConstraint
{
    /// <summary>What times the number of terms and their size bounds the error of a sum of products of rounded numbers.</summary>
    public const double Unit = 1.0 / (1L << 52);

    /// <summary>More than what products too small for a double can add up to.</summary>
    public const double Tiny = 1e-280;

    private readonly bool _isNormal;

    public RoundedConstraint(LinearConstraint exact)
    {
        Exact = exact;
        Normal = Array.ConvertAll(exact.Normal, static value => value.ToDouble());
        Bound = exact.Bound.ToDouble();
        _isNormal = CellPoint.IsNormalOrZero(Bound) && Normal.All(CellPoint.IsNormalOrZero);
        double largest = 0;
        foreach (double value in Normal) largest = Math.Max(largest, Math.Abs(value));
        if (!_isNormal || largest == 0) return;
        int shift = -Math.ILogB(largest);
        for (int i = 0; i < Normal.Length; i++) Normal[i] = Math.ScaleB(Normal[i], shift);
        Bound = Math.ScaleB(Bound, shift);
        _isNormal = CellPoint.IsNormalOrZero(Bound) && Normal.All(CellPoint.IsNormalOrZero);
    }

    public LinearConstraint Exact { get; }

    public double[] Normal { get; }

    public double Bound { get; }

    /// <summary>Whether the doubles are within half a unit in the last place of the scaled numbers.</summary>
    public bool IsNormal => _isNormal;

    /// <summary>The other side of the same hyperplane.</summary>
    public RoundedConstraint Reverse() =>
        new(new LinearConstraint(Array.ConvertAll(Exact.Normal, static value => -value), -Exact.Bound));

    /// <summary>1 for a point strictly inside, 0 for one on the border, -1 for one outside.</summary>
    public int SlackSign(CellPoint point)
    {
        if (_isNormal && point.IsNormal)
        {
            double slack = Bound, size = Math.Abs(Bound);
            for (int i = 0; i < Normal.Length; i++)
            {
                double term = Normal[i] * point.Values[i];
                slack -= term;
                size += Math.Abs(term);
            }

            double error = (size * ((Normal.Length + 8) * Unit)) + Tiny;
            if (slack > error) return 1;
            if (slack < -error) return -1;
        }

        return Exact.SlackAt(point.Exact).Sign;
    }

    /// <summary>The slack at a point, rounded.</summary>
    public double SlackAt(double[] point)
    {
        double slack = Bound;
        for (int i = 0; i < Normal.Length; i++) slack -= Normal[i] * point[i];
        return slack;
    }
}
