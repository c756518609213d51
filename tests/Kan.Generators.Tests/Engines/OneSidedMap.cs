using System.Collections.Generic;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// The affine map of the region that a point enters when it moves by (t, t^2, t^3, ...), from values of the exact network alone:
/// differences between points inside that region.
/// </summary>
/// <param name="Jacobian">J, row by row.</param>
/// <param name="Offset">c.</param>
/// <param name="IsOnBorder">Whether a node leaves a breakpoint by the move.</param>
internal sealed record OneSidedMap(Rational[] Jacobian, Rational[] Offset, bool IsOnBorder)
{
    /// <summary>The map at a point.</summary>
    /// <param name="network">The network.</param>
    /// <param name="point">The point.</param>
    /// <param name="step">t, so small that the move crosses no breakpoint.</param>
    public static OneSidedMap At(KanNetwork network, IReadOnlyList<Rational> point, Rational step)
    {
        int n = network.InputCount, m = network.OutputCount;
        var moved = new Rational[n];
        var power = Rational.One;
        for (int p = 0; p < n; p++) moved[p] = point[p] + (power *= step);

        var difference = power * step * step;
        var inside = network.Evaluate(moved);
        var jacobian = new Rational[m * n];
        for (int p = 0; p < n; p++)
        {
            Rational[] further = [.. moved];
            further[p] += difference;
            var there = network.Evaluate(further);
            for (int q = 0; q < m; q++) jacobian[(q * n) + p] = (there[q] - inside[q]) / difference;
        }

        Rational[] offset =
            [.. inside.Select((value, q) => Enumerable.Range(0, n)
            .Aggregate(value, (rest, p) => rest - (jacobian[(q * n) + p] * moved[p])))];
        return new OneSidedMap(jacobian, offset, Leaves(network, point, moved));
    }

    private static bool Leaves(KanNetwork network, IReadOnlyList<Rational> point, Rational[] moved)
    {
        foreach (var layer in network.Layers)
        {
            if (layer.Edges.Any(edge => point[edge.Input] != moved[edge.Input] && edge.Function.Breakpoints.Contains(point[edge.Input])))
                return true;
            point = layer.Evaluate(point);
            moved = layer.Evaluate(moved);
        }

        return false;
    }
}
