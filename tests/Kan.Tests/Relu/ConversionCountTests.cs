using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Kan.Tests.Relu;

/// <summary>Sizes of the converted networks against the formulas, on networks without accidental zeros.</summary>
public sealed class ConversionCountTests
{
    [Theory]
    // [4, 4, 4], k = 5: n m (k + 1) units a layer, or n (m k + 1), or n (k + 1).
    [InlineData(4, 2, 5, false, ReluUnits.Separate, 96, 584, 2692)]
    [InlineData(4, 2, 5, true, ReluUnits.Separate, 96, 584, 2692)]
    [InlineData(4, 2, 5, false, ReluUnits.Merged, 84, 560, 2632)]
    [InlineData(4, 2, 5, true, ReluUnits.Merged, 24, 296, 748)]
    [InlineData(8, 3, 6, true, ReluUnits.Merged, 56, 1704, 6952)]
    [InlineData(16, 2, 8, true, ReluUnits.Merged, 144, 5216, 23488)]
    public void Widths_and_non_zeros_follow_the_formulas(int width, int depth, int breakpoints, bool shared, ReluUnits units,
        int unitsPerLayer, int nonZeros, int fusedNonZeros)
    {
        var network = new KanNetwork(Enumerable.Range(0, depth).Select(_ => Layer(width, breakpoints, shared)));
        var relu = network.ToRelu(units);
        Assert.Equal(unitsPerLayer * depth, relu.UnitCount);
        Assert.Equal(nonZeros, relu.NonZeroCount);
        Assert.Equal(2 * depth, relu.Layers.Length);

        var fused = relu.Fuse();
        Assert.Equal(depth + 1, fused.Layers.Length);
        Assert.Equal(unitsPerLayer * depth, fused.UnitCount);
        Assert.Equal(fusedNonZeros, fused.NonZeroCount);
    }

    [Fact]
    public void Compactly_supported_edges_on_a_shared_grid_need_one_unit_for_each_breakpoint()
    {
        var hat = PiecewiseLinearFunction.FromSlopes([1, 2, 3], [0, 1, -1, 0], 1, 0);
        var layer = new KanLayer(2, 3,
            from p in Enumerable.Range(0, 2) from q in Enumerable.Range(0, 3) select new KanEdge(p, q, (Rational)(q + 1) * hat));
        Assert.Equal(6, layer.ToRelu().UnitCount);
    }

    [Fact]
    public void Affine_layers_need_no_unit()
    {
        var layer = KanLayer.Affine(3, 2, static (output, input) => output + input + 1, [1, 2]);
        var relu = layer.ToRelu();
        Assert.Equal(0, relu.UnitCount);
        Assert.Single(relu.Layers);
    }

    [Fact]
    public void An_affine_edge_beside_a_bent_one_needs_two_units() =>
        Assert.Equal(2, PiecewiseLinearFunction.Linear(2, 1).ToRelu().UnitCount);

    private static KanLayer Layer(int width, int breakpoints, bool shared)
    {
        var edges = new List<KanEdge>();
        for (int p = 0; p < width; p++)
        {
            for (int q = 0; q < width; q++)
            {
                // Distinct breakpoints interleave; input p's first one belongs to output p.
                Rational offset = shared ? 0 : Rational.Create((q - p + width) % width, width);
                Rational[] knots = [.. Enumerable.Range(1, breakpoints).Select(i => i + offset)];
                Rational[] slopes = [.. Enumerable.Range(0, breakpoints + 1).Select(i => (Rational)((i * i) + 1 + p + (2 * q)))];
                edges.Add(new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(knots, slopes, 0, 1 + p)));
            }
        }

        return new KanLayer(width, width, edges, [.. Enumerable.Repeat((Rational)100_000, width)]);
    }
}
