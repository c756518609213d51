using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Lower;

namespace Kan.Generators.Tests.Engines;

/// <summary>Networks whose classes bound the error of each sample, of every form of a layer, and inputs for them.</summary>
internal static class BoundNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        .. Enumerable.Range(0, 12).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
        .. RandomNetworks.SharedCurves, RandomNetworks.OnGrid(8, 19, 18), RandomNetworks.OnGrid(0, 300, 3),
        RandomNetworks.ForBatches(0), RandomNetworks.ForBatches(2), RandomNetworks.ForBatches(6), RandomNetworks.ForBatches(8),
        Curve(), Relus(), Units(),
    ];

    private static readonly Dictionary<KanDocument, Lowering[]> s_lowerings =
        All.Index().ToDictionary(static each => each.Item, static each => LoweringsOf(each.Item, each.Index));

    /// <summary>
    /// Units only where some layer is made of them, and of one scheme for each network but the last: processes without vectors are slow.
    /// </summary>
    public static IReadOnlyList<Lowering> LoweringsOf(KanDocument document) => s_lowerings[document];

    private static Lowering[] LoweringsOf(KanDocument document, int place)
    {
        Lowering[] units = place == All.Count - 1 ? [Lowering.Clamp, Lowering.Relu] : [place % 2 == 0 ? Lowering.Clamp : Lowering.Relu];
        return [Lowering.Auto, Lowering.Rows, .. units.Where(lowering => Has<UnitsForm>(document, lowering))];
    }

    /// <summary>Whether a layer of the network has a form under a lowering.</summary>
    public static bool Has<TForm>(KanDocument document, Lowering lowering) =>
        NetworkCompiler.Plan(document, Precision.Single, lowering, CancellationToken.None).Layers.Any(static layer => layer.Form is TForm);

    public static IEnumerable<T[]> Inputs<T>(KanNetwork network, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        AdversarialInputs.For<T>(network, seed).Where(static (_, i) => i % 3 == 0);

    /// <summary>An activation with knots of its own for each node, before weights and as the last layer.</summary>
    private static KanDocument Curve()
    {
        PiecewiseLinearFunction[] functions = [.. Enumerable.Range(0, 20).Select(static i =>
            PiecewiseLinearFunction.FromSlopes([Rational.Create(i - 9, 7), Rational.Create(i, 3) + 1], [Rational.Create(1, 10), 1, 0], 0,
                0))];
        return new KanDocument
        {
            Name = "curves",
            Layers = [new ActivationDescription(20, [.. functions]),
                new AffineDescription(20, 20,
                    [.. Enumerable.Range(0, 400).Select(static i => Rational.Create((i * 37 % 41) - 20, 13))], []),
                new ActivationDescription(20, [.. functions])]
        };
    }

    /// <summary>
    /// Layers of units of one, two and many segments behind each other, so that they have methods of several shapes, with ReLUs between.
    /// </summary>
    private static KanDocument Units()
    {
        var random = new Random(5);
        int[] widths = [6, 20, 33, 18, 3], knots = [1, 2, 7, 1];
        var layers = new List<LayerDescription>();
        for (int l = 0; l < knots.Length; l++)
        {
            if (l == 2) layers.Add(new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]));
            layers.Add(new EdgesDescription(widths[l], widths[l + 1], [.. from p in Enumerable.Range(0, widths[l])
                                                                       from q in Enumerable.Range(0, widths[l + 1])
                                                                       select new KanEdge(p, q, Function(knots[l]))], []));
        }

        return new KanDocument { Name = "units", Layers = [.. layers] };

        PiecewiseLinearFunction Function(int count)
        {
            Rational[] at = [.. Enumerable.Range(0, count).Select(_ => Rational.Create(random.Next(-300, 300), 100)).Distinct().Order()];
            return PiecewiseLinearFunction.FromSlopes(at, [.. at.Append(0).Select(_ => Rational.Create(random.Next(-9, 9), 21))], 0,
                Rational.Create(random.Next(-9, 9), 7));
        }
    }

    /// <summary>ReLUs before and behind all else.</summary>
    private static KanDocument Relus() => new()
    {
        Name = "relus",
        Layers = [new ActivationDescription(3, [PiecewiseLinearFunction.Relu]),
            new AffineDescription(3, 2, [.. Enumerable.Range(0, 6).Select(static i => Rational.Create(i - 2, 3))], [1, -1]),
            new ActivationDescription(2, [PiecewiseLinearFunction.Relu])]
    };
}
