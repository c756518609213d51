using System.Numerics;

namespace Kan.Analysis;

/// <summary>The line a x + b y + c = 0 of the plane, in coprime integers.</summary>
internal sealed class Line
{
    private Line(BigInteger a, BigInteger b, BigInteger c, int layer)
    {
        var common = BigInteger.GreatestCommonDivisor(BigInteger.GreatestCommonDivisor(a, b), c);
        A = a / common;
        B = b / common;
        C = c / common;
        Layer = layer;
    }

    public BigInteger A { get; }

    public BigInteger B { get; }

    public BigInteger C { get; }

    /// <summary>The layer whose breakpoint it is; -1 for the border of the domain.</summary>
    public int Layer { get; }

    /// <summary>The line through two points.</summary>
    public static Line Through(PlanePoint from, PlanePoint to)
    {
        Rational a = from.Y - to.Y, b = to.X - from.X, c = (from.X * to.Y) - (to.X * from.Y);
        var common = Integers.LeastCommonMultiple(Integers.LeastCommonMultiple(a.Denominator, b.Denominator), c.Denominator);
        return new Line(a.Over(common), b.Over(common), c.Over(common), -1);
    }

    /// <summary>The line on which a row of a map takes a value.</summary>
    public static Line At(IntegerMap map, int row, Rational value, int layer)
    {
        var numbers = map.Row(row);
        var scale = value.Denominator;
        return new Line(numbers[0] * scale, numbers[1] * scale, (numbers[2] * scale) - (value.Numerator * map.Denominator), layer);
    }
}
