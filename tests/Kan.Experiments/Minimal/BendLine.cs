using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>A line A x + B y = C of the plane; the first of A and B that is not 0 is 1. Its direction is (-B, A).</summary>
internal readonly record struct BendLine(Rational A, Rational B, Rational C)
{
    /// <summary>Whether the line is neither horizontal nor vertical.</summary>
    public bool IsOblique => !A.IsZero && !B.IsZero;

    public static BendLine Through(PlanePoint p, PlanePoint q)
    {
        Rational a = q.Y - p.Y, b = p.X - q.X;
        var scale = a.IsZero ? b : a;
        return new BendLine(a / scale, b / scale, ((a * p.X) + (b * p.Y)) / scale);
    }

    /// <summary>A x + B y - C: positive on one side.</summary>
    public Rational At(PlanePoint point) => (A * point.X) + (B * point.Y) - C;

    /// <summary>How far along the line a point is, in multiples of its direction times its squared length.</summary>
    public Rational Position(PlanePoint point) => (A * point.Y) - (B * point.X);

    /// <summary>The point of the line at a position.</summary>
    public PlanePoint PointAt(Rational position)
    {
        var length = (A * A) + (B * B);
        return new PlanePoint(((A * C) - (B * position)) / length, ((B * C) + (A * position)) / length);
    }

    public override string ToString()
    {
        string x = Term(A, "x"), y = Term(B, "y");
        return $"{(x.Length == 0 || y.Length == 0 ? x + y : y[0] == '-' ? $"{x} - {y[1..]}" : $"{x} + {y}")} = {C}";

        static string Term(Rational weight, string name) =>
            weight.IsZero ? "" : weight == Rational.One ? name : weight == -Rational.One ? "-" + name : $"{weight} {name}";
    }
}

/// <summary>
/// How a function bends along a line: the gradient on the side where A x + B y is greater, less that on the other, is a multiple of (A, B),
/// which is constant between the positions where something else meets the line.
/// </summary>
/// <param name="Line">The line.</param>
/// <param name="Changes">The positions at which the multiple changes, increasing.</param>
/// <param name="Jumps">The multiples before, between and after them; neighbours differ, and one at least is not 0.</param>
internal sealed record LineBends(BendLine Line, IReadOnlyList<Rational> Changes, IReadOnlyList<Rational> Jumps)
{
    /// <summary>Whether the function bends in the same way along the whole line.</summary>
    public bool IsConstant => Changes.Count == 0;

    /// <summary>Whether the function bends along this line next to a point of it, on one side at least.</summary>
    public bool IsBentAt(PlanePoint point)
    {
        var position = Line.Position(point);
        int before = Changes.Count(change => change < position), after = Changes.Count(change => change <= position);
        return !Jumps[before].IsZero || !Jumps[after].IsZero;
    }

    /// <summary>A point of the line between two changes that is on no other of the lines.</summary>
    public PlanePoint PointIn(int interval, IReadOnlyList<LineBends> all)
    {
        Rational? low = interval > 0 ? Changes[interval - 1] : null, high = interval < Changes.Count ? Changes[interval] : null;
        for (int i = 2; ; i++)
        {
            var position = (low, high) switch
            {
                ({ } from, { } to) => from + ((to - from) / i),
                ({ } from, null) => from + i - 1,
                (null, { } to) => to - i + 1,
                _ => i - 1,
            };
            var point = Line.PointAt(position);
            if (all.All(other => other.Line == Line || !other.Line.At(point).IsZero)) return point;
        }
    }
}
