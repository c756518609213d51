using System.Collections.Generic;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks whose codes have 16 bits, since a tolerance asks for what 8 bits cannot keep: all widths that kernels tell apart, odd numbers
/// of inputs, and one whose sums come near to both ends of 32 bits. Where inputs are far from 0, weights make the error, and codes keep
/// 8 bits.
/// </summary>
internal static class WideNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        .. IntegerNetworks.All.Where(static document => document.Name != "far from zero")
            .Select(static document => document with { Name = document.Name + ", 16 bits", IntegerTolerance = 1e-9 }),
        Full(500),
    ];

    /// <summary>Weights of one sign on each half of the inputs.</summary>
    private static KanDocument Full(int inputs)
    {
        var weights = Enumerable.Range(0, 3 * inputs).Select(i => (Rational)(i % inputs < inputs / 2 ? 1 : -1));
        return new KanDocument
        {
            Name = "sums of 32 bits, 16 bits",
            Layers = [new AffineDescription(inputs, 3, [.. weights], [1, -1, 0])],
            InputRanges = [new InputRange(0, 1)],
            IntegerTolerance = 1e-9,
            Head = NetworkHead.Softmax,
        };
    }
}
