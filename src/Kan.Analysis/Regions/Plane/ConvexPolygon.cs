using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>An exact convex polygon with an interior: its corners, counterclockwise.</summary>
public sealed class ConvexPolygon
{
    /// <summary>The polygon with these corners.</summary>
    /// <param name="vertices">At least three corners, counterclockwise; corners on a straight side are allowed.</param>
    /// <exception cref="ArgumentException">Fewer than three corners, or corners that do not go round once, turning left.</exception>
    public ConvexPolygon(IEnumerable<PlanePoint> vertices)
    {
        ArgumentNullException.ThrowIfNull(vertices);
        Vertices = [.. vertices];
        if (Vertices.Length < 3)
            throw new ArgumentException($"A polygon needs at least three corners, not {Vertices.Length}.", nameof(vertices));
        for (int i = 0; i < Vertices.Length; i++)
        {
            PlanePoint a = Vertices[i], b = Vertices[(i + 1) % Vertices.Length];
            if (a == b) throw new ArgumentException($"Corner {i} of the polygon is repeated: ({a.X}, {a.Y}).", nameof(vertices));

            // All corners are left of each side. This also rejects going round twice, which turning left at each corner would not.
            for (int j = 0; j < Vertices.Length; j++)
            {
                if (PlanePoint.Turn(a, b, Vertices[j]).Sign < 0)
                    throw new ArgumentException($"The polygon is not convex and counterclockwise: corner {j} is right of the side from "
                        + $"corner {i}.", nameof(vertices));
            }
        }

        if (Area.Sign <= 0) throw new ArgumentException("The polygon has no interior.", nameof(vertices));
    }

    private ConvexPolygon(ImmutableArray<PlanePoint> vertices) => Vertices = vertices;

    /// <summary>The corners, counterclockwise.</summary>
    public ImmutableArray<PlanePoint> Vertices { get; }

    /// <summary>The exact area.</summary>
    public Rational Area
    {
        get
        {
            var sum = Rational.Zero;
            for (int i = 0; i < Vertices.Length; i++)
            {
                PlanePoint a = Vertices[i], b = Vertices[(i + 1) % Vertices.Length];
                sum += (a.X * b.Y) - (b.X * a.Y);
            }

            return sum / 2;
        }
    }

    /// <summary>The mean of the corners, a point inside.</summary>
    public PlanePoint Center
    {
        get
        {
            Rational x = 0, y = 0;
            foreach (var vertex in Vertices)
            {
                x += vertex.X;
                y += vertex.Y;
            }

            return new PlanePoint(x / Vertices.Length, y / Vertices.Length);
        }
    }

    /// <summary>The smallest box of corners around the polygon.</summary>
    public (InputRange X, InputRange Y) Bounds => (
        new InputRange(Vertices.Min(static vertex => vertex.X), Vertices.Max(static vertex => vertex.X)),
        new InputRange(Vertices.Min(static vertex => vertex.Y), Vertices.Max(static vertex => vertex.Y)));

    /// <summary>The box [xLow, xHigh] x [yLow, yHigh].</summary>
    /// <exception cref="ArgumentException">A range without an interior.</exception>
    public static ConvexPolygon Box(Rational xLow, Rational xHigh, Rational yLow, Rational yHigh)
    {
        if (xLow >= xHigh || yLow >= yHigh)
            throw new ArgumentException($"The box [{xLow}, {xHigh}] x [{yLow}, {yHigh}] has no interior.", nameof(xHigh));
        return new ConvexPolygon([new(xLow, yLow), new(xHigh, yLow), new(xHigh, yHigh), new(xLow, yHigh)]);
    }

    /// <summary>Whether a point is inside or on the border.</summary>
    public bool Contains(PlanePoint point)
    {
        for (int i = 0; i < Vertices.Length; i++)
        {
            if (PlanePoint.Turn(Vertices[i], Vertices[(i + 1) % Vertices.Length], point).Sign < 0) return false;
        }

        return true;
    }

    /// <summary>The polygon of corners that are known to be in order.</summary>
    internal static ConvexPolygon Trusted(ImmutableArray<PlanePoint> vertices) => new(vertices);
}
