using System.Collections.Generic;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks whose codes have 16 bits, since a tolerance asks for what 8 bits cannot keep: all widths that kernels tell apart, an odd number
/// of inputs, and one whose sums leave 32 bits on the way. Codes far from 0 are few with 16 bits too, so that
/// weights alone make the error.
/// </summary>
internal static class WideNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
        [.. IntegerNetworks.All.Where(static document => document.Name != "far from zero").Select(static document => document with { Name = document.Name + ", 16 bits", IntegerTolerance = 1e-9 }),
            Full(500)];

    /// <summary>Weights of one sign on half of the inputs: with the highest codes, sums come near to both ends of 32 bits.</summary>
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
