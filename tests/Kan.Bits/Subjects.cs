using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Tests.Engines;

namespace Kan.Bits;

/// <summary>A network as it is compiled once.</summary>
/// <param name="Document">The network.</param>
/// <param name="Index">Its place among all.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Lowering">The form of layers that bend.</param>
internal sealed record Subject(KanDocument Document, int Index, Precision Precision, Lowering Lowering)
{
    /// <summary>The name of the class.</summary>
    public string TypeName => $"Network{Index}{Precision}{Lowering}";
}

/// <summary>Nine networks in integers, three of them of curves and two with codes of 16 bits, then twelve others, each in both precisions and all lowerings.</summary>
internal static class Subjects
{
    private static readonly int[] s_batches = [4, 5, 8, 9, 10];

    // Wide and deep, of 8-bit pixels, and with inputs far from 0.
    private static readonly int[] s_integers = [3, 4, 6, 8];

    // Of images, with knots of each input, and with layers of all kinds.
    private static readonly int[] s_curves = [5, 6, 12];

    // Wide, and of 8-bit pixels.
    private static readonly int[] s_wide = [3, 6];

    public static IEnumerable<Subject> All => Integers.Concat(Numbers);

    private static IEnumerable<Subject> Integers =>
        s_integers.Select(static i => new Subject(IntegerNetworks.All[i], i, Precision.Int8, Lowering.Auto))
            .Concat(s_curves.Select(static i =>
                new Subject(CurveNetworks.All[i], IntegerNetworks.All.Count + i, Precision.Int8, Lowering.Auto)))
            .Concat(s_wide.Select(static i => new Subject(
                WideNetworks.All[i], IntegerNetworks.All.Count + CurveNetworks.All.Count + i, Precision.Int8, Lowering.Auto)));

    private static IEnumerable<Subject> Numbers =>
        from document in Documents().Select(static (document, index) => (Value: document, Index: index))
        from precision in new[] { Precision.Single, Precision.Double }
        from lowering in new[] { Lowering.Auto, Lowering.Rows, Lowering.Clamp, Lowering.Relu }
        select new Subject(document.Value, document.Index, precision, lowering);

    /// <summary>Layers of every kind, of one panel and of several, with zeros, on grids and written out.</summary>
    private static IEnumerable<KanDocument> Documents() =>
    [
        .. Enumerable.Range(0, 6).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
        .. s_batches.Select(RandomNetworks.ForBatches),
        RandomNetworks.OnGrid(8, 19, 18),
    ];
}
