using System;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Minimal;

/// <summary>The tent T(x) = min(2 x, 2 - 2 x) on all of R, applied again and again: 2^j pieces of slopes 2^j and -2^j in turn.</summary>
internal static class Tents
{
    private static readonly PiecewiseLinearFunction s_tent = PiecewiseLinearFunction.FromSlopes([Rational.Create(1, 2)], [2, -2], 0, 0);

    /// <summary>As one edge.</summary>
    public static PiecewiseLinearFunction Edge(int folds) =>
        Enumerable.Repeat(s_tent, folds - 1).Aggregate(s_tent, static (function, tent) => tent.Compose(function));

    /// <summary>As a chain of edges, one for each fold.</summary>
    public static KanNetwork Chain(int folds) => new(Enumerable.Repeat(new KanLayer(1, 1, [new KanEdge(0, 0, s_tent)]), folds));

    /// <summary>With one unit for each fold, each of which reads the input and the units before it.</summary>
    public static UnitNetwork Units(int folds) => UnitNetwork.Of((network, x) =>
        Enumerable.Range(0, folds).Aggregate(x, (value, _) => (2 * value) - (4 * network.Relu(value - Rational.Create(1, 2)))));

    /// <summary>In layers of two units, without affine terms.</summary>
    public static ReluNetwork Layers(int folds) => Chain(folds).ToRelu().Fuse();

    /// <summary>
    /// Units in layers without affine terms. No piece is constant, so a layer of one unit is of no use: where the unit is 0 the function
    /// would be constant, and where it never is, it passes its form on unchanged. One layer needs 2^j units, see <see cref="OneVariable"/>;
    /// layers of n units multiply the pieces by at most n + 1. Two layers of two units make 6 bends at most: the first two units face away
    /// from each other, and no form in them has zeros on all three pieces.
    /// </summary>
    public static int LeastInLayers(int folds)
    {
        int units = 4;
        while (MostPieces(units, isAll: true) < BigInteger.One << folds) units++;
        return folds switch
        {
            1 => 2,
            3 => Math.Max(units, 5),
            _ => units,
        };
    }

    /// <summary>The most pieces of layers of at least two units each, of two layers or more if they are all.</summary>
    private static BigInteger MostPieces(int units, bool isAll)
    {
        var most = isAll ? BigInteger.Zero : units + 1;
        for (int last = 2; units - last >= 2; last++) most = BigInteger.Max(most, MostPieces(units - last, isAll: false) * (last + 1));
        return most;
    }
}
