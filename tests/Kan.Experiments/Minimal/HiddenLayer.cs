using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>Two points of a line at which a function bends differently: no ReLU network with one hidden layer computes it.</summary>
/// <param name="Line">The line.</param>
/// <param name="First">A point of the line, on no other line of bends.</param>
/// <param name="FirstJump">The jump there, in multiples of (A, B).</param>
/// <param name="Second">Another such point.</param>
/// <param name="SecondJump">The jump there, which is another.</param>
internal sealed record JumpObstacle(BendLine Line, PlanePoint First, Rational FirstJump, PlanePoint Second, Rational SecondJump);

/// <summary>
/// The fewest units with which a ReLU network of one hidden layer computes a function of two inputs. A unit bends along one whole line,
/// equally everywhere; so each line of bends needs a unit, a line with different jumps excludes every such network, and otherwise a unit
/// for each line and an affine term are the function. Without the affine term units have to be turned so that nothing of it is left, which
/// takes none, one or two more.
/// </summary>
internal sealed class HiddenLayer
{
    private readonly IReadOnlyList<LineBends> _lines;
    private readonly Rational _x;
    private readonly Rational _y;
    private readonly Rational _constant;

    private HiddenLayer(IReadOnlyList<LineBends> lines, Rational x, Rational y, Rational constant)
    {
        _lines = lines;
        (_x, _y, _constant) = (x, y, constant);
    }

    /// <summary>The units needed next to an affine term.</summary>
    public int UnitCount => _lines.Count;

    /// <summary>Why there is no such network; null if there is one.</summary>
    public static JumpObstacle? FindObstacle(PlaneBends bends)
    {
        var line = bends.Lines.FirstOrDefault(static line => !line.IsConstant);
        if (line is null) return null;
        return new JumpObstacle(line.Line, line.PointIn(0, bends.Lines), line.Jumps[0], line.PointIn(1, bends.Lines), line.Jumps[1]);
    }

    /// <summary>The network with the fewest units.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static HiddenLayer Of(KanNetwork network, PlaneBends bends)
    {
        if (FindObstacle(bends) is { } obstacle) throw new InvalidOperationException($"The bends along {obstacle.Line} are not equal.");

        // What is left in one cell when all units are taken away is left everywhere.
        var cell = bends.Cells[0];
        var center = cell.Polygon.Center;
        Rational x = cell.Map[0, 0], y = cell.Map[0, 1], constant = network.Evaluate([center.X, center.Y])[0];
        foreach (var line in bends.Lines)
        {
            if (line.Line.At(center).Sign <= 0) continue;
            x -= line.Jumps[0] * line.Line.A;
            y -= line.Jumps[0] * line.Line.B;
            constant -= line.Jumps[0] * line.Line.At(center);
        }

        return new HiddenLayer(bends.Lines, x, y, constant - (x * center.X) - (y * center.Y));
    }

    /// <summary>A unit for each line, and the affine term.</summary>
    public UnitNetwork WithAffineTerm() => UnitNetwork.Of((network, x, y) =>
        _lines.Aggregate((_x * x) + (_y * y) + _constant, (sum, line) => sum + (line.Jumps[0] * network.Relu(Form(line.Line, x, y)))));

    /// <summary>The fewest units without an affine term, in a layer of units and a layer that sums them; there must be a line.</summary>
    public ReluNetwork WithoutAffineTerm()
    {
        // Turning units round changes the affine term that is left: all ways are tried.
        var (units, constant) = Enumerable.Range(0, 1 << _lines.Count).Select(Turned).MinBy(static turned => turned.Units.Count);
        return new ReluNetwork(
        [
            new ReluLayer(
                SparseMatrix.Create(units.Count, 2, units.SelectMany(static (unit, i) => new[] { (i, 0, unit.A), (i, 1, unit.B) })),
                [.. units.Select(static unit => -unit.C)],
                rectified: true),
            new ReluLayer(
                SparseMatrix.Create(1, units.Count, units.Select(static (unit, i) => (0, i, unit.Weight))), [constant], rectified: false),
        ]);
    }

    private (List<Unit> Units, Rational Constant) Turned(int subset)
    {
        Rational x = _x, y = _y, constant = _constant;
        var units = new List<Unit>();
        for (int i = 0; i < _lines.Count; i++)
        {
            var (a, b, c) = _lines[i].Line;
            var jump = _lines[i].Jumps[0];
            bool isTurned = ((subset >> i) & 1) != 0;
            units.Add(isTurned ? new Unit(-a, -b, -c, jump) : new Unit(a, b, c, jump));
            if (!isTurned) continue;

            // w ReLU(l) = w ReLU(-l) + w l.
            x += jump * a;
            y += jump * b;
            constant -= jump * c;
        }

        if (x.IsZero && y.IsZero) return (units, constant);
        int parallel = _lines.ToList().FindIndex(line => ((line.Line.A * y) - (line.Line.B * x)).IsZero);
        if (parallel < 0) return ([.. units, new Unit(x, y, 0, 1), new Unit(-x, -y, 0, -1)], constant);

        // A multiple of the form of a unit: s l = s ReLU(l) - s ReLU(-l), and the unit takes the first.
        var unit = units[parallel];
        var factor = unit.A.IsZero ? y / unit.B : x / unit.A;
        units[parallel] = unit with { Weight = unit.Weight + factor };
        return ([.. units, new Unit(-unit.A, -unit.B, -unit.C, -factor)], constant + (factor * unit.C));
    }

    private static UnitForm Form(BendLine line, UnitForm x, UnitForm y) => (line.A * x) + (line.B * y) - line.C;

    /// <summary>weight ReLU(A x + B y - C).</summary>
    private readonly record struct Unit(Rational A, Rational B, Rational C, Rational Weight);
}
