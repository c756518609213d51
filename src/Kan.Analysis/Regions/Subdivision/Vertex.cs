using System.Numerics;

namespace Kan.Analysis;

/// <summary>
/// A corner (X / W, Y / W) of the subdivision. It is the intersection of two lines of input coordinates, so that its numbers do not grow
/// from corner to corner.
/// </summary>
internal sealed class Vertex
{
    private Vertex(BigInteger x, BigInteger y, BigInteger w)
    {
        if (w.Sign < 0) (x, y, w) = (-x, -y, -w);
        X = x;
        Y = y;
        W = w;
        ApproximateX = Integers.Quotient(x, w);
        ApproximateY = Integers.Quotient(y, w);
    }

    public BigInteger X { get; }

    public BigInteger Y { get; }

    /// <summary>The common denominator, positive.</summary>
    public BigInteger W { get; }

    /// <summary>The coordinates within a relative error of <see cref="Integers.QuotientError"/>.</summary>
    public double ApproximateX { get; }

    public double ApproximateY { get; }

    /// <summary>The level of the current pass's node here; see <see cref="NodeLevels"/>.</summary>
    public int Label { get; set; }

    /// <summary>The pass that set the label.</summary>
    public int Pass { get; set; } = -1;

    /// <summary>Its place in the result.</summary>
    public int Index { get; set; } = -1;

    public static Vertex At(PlanePoint point)
    {
        var w = Integers.LeastCommonMultiple(point.X.Denominator, point.Y.Denominator);
        return new Vertex(point.X.Over(w), point.Y.Over(w), w);
    }

    /// <summary>Where two lines that are not parallel meet.</summary>
    public static Vertex Of(Line first, Line second) => new(
        (first.B * second.C) - (second.B * first.C),
        (first.C * second.A) - (second.C * first.A),
        (first.A * second.B) - (second.A * first.B));

    public PlanePoint ToPoint() => new(Rational.Create(X, W), Rational.Create(Y, W));
}
