using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>Points with few digits, so that exact numbers do not grow from cell to cell.</summary>
internal static class ShortPoint
{
    /// <summary>A point strictly inside the constraints near a given one that is.</summary>
    public static Rational[] Near(Rational[] point, IReadOnlyList<LinearConstraint> constraints)
    {
        if (point.All(static number => number.Denominator.GetBitLength() <= 16)) return point;
        for (int bits = 4; bits <= 64; bits *= 2)
        {
            int places = bits;
            var rounded = Array.ConvertAll(point,
                number => Rational.Create(BigInteger.Divide(number.Numerator << places, number.Denominator), BigInteger.One << places));
            if (constraints.All(constraint => constraint.SlackAt(rounded).Sign > 0)) return rounded;
        }

        return point;
    }
}
