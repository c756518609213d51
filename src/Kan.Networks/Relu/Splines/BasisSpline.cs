using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// One B-spline of degree p, on p + 2 distinct knots, exact. It vanishes outside its knots, so p + 2 units ReLU^p, all turned the same way,
/// are enough, and no polynomial is needed: the extension of Lemma 1 to splines in the appendix of arXiv 2503.01702.
/// </summary>
public sealed class BasisSpline
{
    /// <summary>The B-spline on some knots.</summary>
    /// <param name="knots">t_0 &lt; ... &lt; t_(p+1), at least three.</param>
    /// <exception cref="ArgumentException">Fewer than three knots, or knots that do not increase.</exception>
    public BasisSpline(IEnumerable<Rational> knots)
    {
        ArgumentNullException.ThrowIfNull(knots);
        Knots = [.. knots];
        if (Knots.Length < 3)
            throw new ArgumentException($"A B-spline of degree 1 or more needs at least 3 knots, not {Knots.Length}.", nameof(knots));
        for (int i = 1; i < Knots.Length; i++)
        {
            if (Knots[i] <= Knots[i - 1]) throw new ArgumentException($"The knots must increase, but knot {i} ({Knots[i]}) does not "
                + $"exceed knot {i - 1} ({Knots[i - 1]}).", nameof(knots));
        }
    }

    /// <summary>t_0 &lt; ... &lt; t_(p+1).</summary>
    public ImmutableArray<Rational> Knots { get; }

    /// <summary>p.</summary>
    public int Degree => Knots.Length - 2;

    /// <summary>The exact value, by the recursion of Cox and de Boor.</summary>
    public Rational Evaluate(Rational x)
    {
        if (x < Knots[0] || x >= Knots[^1]) return Rational.Zero;
        Rational[] values = [.. Enumerable.Range(0, Degree + 1)
            .Select(i => x >= Knots[i] && x < Knots[i + 1] ? Rational.One : Rational.Zero)];
        for (int degree = 1; degree <= Degree; degree++)
        {
            for (int i = 0; i + degree <= Degree; i++)
            {
                values[i] = (x - Knots[i]) / (Knots[i + degree] - Knots[i]) * values[i]
                    + (Knots[i + degree + 1] - x) / (Knots[i + degree + 1] - Knots[i + 1]) * values[i + 1];
            }
        }

        return values[0];
    }

    /// <summary>The same function as p + 2 units: (t_(p+1) - t_0) times the divided difference of the truncated power.</summary>
    /// <param name="turnLeft">Whether the units are 0 on the right, rather than on the left.</param>
    public ReluPowerSum ToReluPowers(bool turnLeft = false)
    {
        var span = Knots[^1] - Knots[0];
        return new ReluPowerSum(Degree, Rational.Zero, Knots.Select((knot, j) =>
        {
            var weight = span;
            for (int i = 0; i < Knots.Length; i++)
            {
                if (i != j) weight /= knot - Knots[i];
            }

            // (t_j - x)_+^p carries the weight 1 / prod (t_j - t_i); its mirror image the sign (-1)^(p+1) of the polynomial between them.
            return new ReluPowerUnit(knot, turnLeft, turnLeft || Degree % 2 == 1 ? weight : -weight);
        }));
    }
}
