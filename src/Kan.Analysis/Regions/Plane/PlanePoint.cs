namespace Kan.Analysis;

/// <summary>An exact point of the plane.</summary>
/// <param name="X">The first coordinate: the first input, or how far along the first direction of a slice.</param>
/// <param name="Y">The second coordinate.</param>
public readonly record struct PlanePoint(Rational X, Rational Y)
{
    /// <summary>Twice the signed area of the triangle of three points: positive where they turn left.</summary>
    internal static Rational Turn(PlanePoint a, PlanePoint b, PlanePoint c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
