using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Intervals of all nodes: exact interval arithmetic, narrowed by bounds that are given.</summary>
internal static class ReachedRanges
{
    // Ends with more bits are rounded outward: digits would double from layer to layer.
    private const long MostBits = 512;

    /// <summary>The intervals by level, the outputs included.</summary>
    public static InputRange[][] Of(KanNetwork network, IReadOnlyList<InputRange> box, NodeBounds? bounds, CancellationToken cancellation)
    {
        var known = bounds?.Invoke(network, box, cancellation);
        var ranges = new InputRange[network.Layers.Length + 1][];
        ranges[0] = [.. box];
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            Rational[] low = [.. layer.Biases], high = [.. layer.Biases];
            foreach (var edge in layer.Edges)
            {
                cancellation.ThrowIfCancellationRequested();
                var (least, greatest) = edge.Function.RangeOn(ranges[l][edge.Input].Low, ranges[l][edge.Input].High);
                low[edge.Output] += least;
                high[edge.Output] += greatest;
            }

            ranges[l + 1] = new InputRange[layer.OutputCount];
            for (int q = 0; q < layer.OutputCount; q++)
            {
                var given = known is not null && l + 1 < known.Count && q < known[l + 1].Count ? known[l + 1][q] : null;
                ranges[l + 1][q] = Narrow(Outward(new InputRange(low[q], high[q])), given);
            }
        }

        return ranges;
    }

    private static InputRange Narrow(InputRange range, InputRange? given)
    {
        if (given is not { } other) return range;
        var both = new InputRange(Rational.Max(range.Low, other.Low), Rational.Min(range.High, other.High));
        return both.Low <= both.High ? both : range;
    }

    private static InputRange Outward(InputRange range) =>
        new(IsLong(range.Low) ? Down(range.Low) : range.Low, IsLong(range.High) ? -Down(-range.High) : range.High);

    private static bool IsLong(Rational value) => value.Numerator.GetBitLength() + value.Denominator.GetBitLength() > MostBits;

    private static Rational Down(Rational value)
    {
        double nearest = value.ToDouble();
        if (!double.IsFinite(nearest)) return value;
        if (Rational.FromDouble(nearest) > value) nearest = Math.BitDecrement(nearest);
        return double.IsFinite(nearest) ? Rational.FromDouble(nearest) : value;
    }
}
