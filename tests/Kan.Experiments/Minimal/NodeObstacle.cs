using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>A point inside a region of a function, and the gradient there.</summary>
internal readonly record struct GradientPoint(Rational X, Rational Y, Rational ByX, Rational ByY);

/// <summary>
/// Points at which the gradients of a function exclude the form g(a(x) + b(y)). Where the gradient is not 0 it is a multiple, not 0, of
/// (a'(x), b'(y)) at almost all points near by; a' and b' are then slopes that points above, below, left and right share.
/// </summary>
/// <param name="Points">
/// Two points of one x or one y, at which the slope that they share is 0 and is not 0; or the corners of a rectangle, (x, y), (X, Y), (x,
/// Y) and (X, y), at which no derivative is 0 and the products of f_x / f_y over the two diagonals differ.
/// </param>
internal sealed record NodeObstacle(IReadOnlyList<GradientPoint> Points)
{
    // A grid whose lines and diagonals miss all points with small denominators.
    private static readonly Rational[] s_xs = Halves(Rational.Create(1, 7));
    private static readonly Rational[] s_ys = Halves(Rational.Create(1, 5));

    /// <summary>Looks for such points on a grid.</summary>
    public static NodeObstacle? Find(PlaneBends bends)
    {
        Rational[] xs = s_xs, ys = s_ys;
        var points = new GradientPoint?[xs.Length, ys.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            for (int j = 0; j < ys.Length; j++) points[i, j] = PointAt(bends, xs[i], ys[j]);
        }

        var all = points.Cast<GradientPoint?>().OfType<GradientPoint>().ToList();
        foreach (var p in all)
        {
            // b'(y) is 0 according to p, and not according to q; or the same of a'(x).
            int other = p.ByY.IsZero ? all.FindIndex(q => q.Y == p.Y && !q.ByY.IsZero) : -1;
            if (other < 0 && p.ByX.IsZero) other = all.FindIndex(q => q.X == p.X && !q.ByX.IsZero);
            if (other >= 0) return new NodeObstacle([p, all[other]]);
        }

        for (int i = 0; i < xs.Length; i++)
        {
            for (int k = i + 1; k < xs.Length; k++)
            {
                for (int j = 0; j < ys.Length; j++)
                {
                    for (int l = j + 1; l < ys.Length; l++)
                    {
                        var corners = (points[i, j], points[k, l], points[i, l], points[k, j]);
                        if (corners is ({ } p, { } q, { } r, { } s) && Excludes(p, q, r, s)) return new NodeObstacle([p, q, r, s]);
                    }
                }
            }
        }

        return null;
    }

    private static Rational[] Halves(Rational offset) => [.. Enumerable.Range(-8, 16).Select(i => Rational.Create(i, 2) + offset)];

    private static bool Excludes(GradientPoint p, GradientPoint q, GradientPoint r, GradientPoint s) =>
        new[] { p, q, r, s }.All(static point => !point.ByX.IsZero && !point.ByY.IsZero)
        && p.ByX * q.ByX * r.ByY * s.ByY != p.ByY * q.ByY * r.ByX * s.ByX;

    /// <summary>The point, if it is inside a cell and the gradient is not 0.</summary>
    private static GradientPoint? PointAt(PlaneBends bends, Rational x, Rational y)
    {
        var cell = bends.Cells.FirstOrDefault(cell => IsInside(cell.Polygon, x, y));
        if (cell is null || (cell.Map[0, 0].IsZero && cell.Map[0, 1].IsZero)) return null;
        return new GradientPoint(x, y, cell.Map[0, 0], cell.Map[0, 1]);
    }

    private static bool IsInside(ConvexPolygon polygon, Rational x, Rational y)
    {
        var corners = polygon.Vertices;
        for (int i = 0; i < corners.Length; i++)
        {
            PlanePoint a = corners[i], b = corners[(i + 1) % corners.Length];
            if ((((b.X - a.X) * (y - a.Y)) - ((b.Y - a.Y) * (x - a.X))).Sign <= 0) return false;
        }

        return true;
    }
}
