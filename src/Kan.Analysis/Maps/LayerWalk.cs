using System.Numerics;

namespace Kan.Analysis;

/// <summary>
/// Applies a layer on many cells that share the maps of its inputs. From one cell to the next only the inputs whose segment changed are
/// added up again.
/// </summary>
internal sealed class LayerWalk(LayerTable table, IntegerMap inputs)
{
    // Changes need one denominator for all segments; where that is longer than this, starting over on each cell keeps the numbers shorter.
    private const int LongestDenominator = 512;

    private readonly bool _keepsSums = table.CommonDenominator.GetBitLength() <= LongestDenominator;
    private BigInteger[]? _sums;
    private int[] _segments = [];

    /// <summary>The map of the outputs where each input is on its given segment.</summary>
    public IntegerMap To(int[] segments)
    {
        if (!_keepsSums) return table.Apply(inputs, segments);

        var common = table.CommonDenominator;
        bool first = _sums is null;
        var sums = _sums ??= table.Start(inputs, common);
        for (int p = 0; p < segments.Length; p++)
        {
            if (!first && _segments[p] == segments[p]) continue;
            if (!first) table.Add(sums, inputs, common, p, _segments[p], -1);
            table.Add(sums, inputs, common, p, segments[p], 1);
        }

        _segments = segments;
        return IntegerMap.Reduce(inputs.Dimension, [.. sums], inputs.Denominator * common);
    }
}
