using System;
using System.Linq;
using System.Numerics;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Bounds;

/// <summary>Bounds of linear regions, and the classes of Theorem 3.</summary>
public sealed class BoundsTests
{
    [Theory]
    // Worked out by hand from the formulas, for 5 segments an edge.
    [InlineData(new[] { 2, 5, 1 }, "152587890625", "1378125", "79821")]
    [InlineData(new[] { 2, 5, 5, 1 }, "45474735088646411895751953125", "5628401690625", "327345921")]
    public void Bounds_of_shapes_are_those_of_the_formulas(int[] widths, string theorem4, string product, string arrangement)
    {
        var bounds = RegionBounds.ForShape(widths, 5);
        Assert.Equal(BigInteger.Parse(theorem4, System.Globalization.CultureInfo.InvariantCulture), bounds.Theorem4);
        Assert.Equal(bounds.Theorem4, bounds.SegmentChoices * 5);
        Assert.Equal(BigInteger.Parse(product, System.Globalization.CultureInfo.InvariantCulture), bounds.Product);
        Assert.Equal(BigInteger.Parse(arrangement, System.Globalization.CultureInfo.InvariantCulture), bounds.Arrangement);
    }

    [Fact]
    public void Bounds_of_larger_shapes_have_the_published_magnitudes()
    {
        var kan = RegionBounds.ForShape([4, 8, 8, 1], 5);
        Assert.Equal("2.5e73 6.5e23 2.0e18", $"{Short(kan.Theorem4)} {Short(kan.Product)} {Short(kan.Arrangement)}");

        // 400 parameters: a ReLU network of depth 3 and width 12 from 2 inputs.
        var relu = RegionBounds.Of(new ReluNetwork([Layer(2, 12), Layer(12, 12), Layer(12, 12)]));
        Assert.Equal(BigInteger.Pow(2, 36), relu.Theorem4);
        Assert.Equal(BigInteger.Pow(1 + 12 + 66, 3), relu.Arrangement);

        static string Short(BigInteger number)
        {
            int exponent = (int)Math.Floor(BigInteger.Log10(number));
            return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{Math.Pow(10, BigInteger.Log10(number) - exponent):F1}e{exponent}");
        }

        static ReluLayer Layer(int inputs, int outputs) => new(SparseMatrix.Create(outputs, inputs, []), default, rectified: true);
    }

    [Fact]
    public void One_layer_with_distinct_breakpoints_has_as_many_cells_as_its_bounds()
    {
        // Two inputs with 2 x 3 distinct breakpoints each: a grid of 7 x 7 cells.
        var edges = from p in Enumerable.Range(0, 2)
                    from q in Enumerable.Range(0, 2)
                    select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes([1 + (10 * q), 2 + (10 * q), 3 + (10 * q)], [0, 1, 0, 1], 0,
                    0));
        var bounds = RegionBounds.Of(new KanNetwork([new KanLayer(2, 2, edges)]));
        Assert.Equal(49, bounds.Product);
        Assert.Equal(49, bounds.Arrangement);
        Assert.Equal(49, bounds.Least);
    }

    [Fact]
    public void Large_shapes_have_bounds_of_thousands_of_digits()
    {
        var bounds = RegionBounds.ForShape([784, 32, 10], 9);
        Assert.Equal((10 + (784 * 32) + (32 * 10)) * Math.Log10(9), BigInteger.Log10(bounds.Theorem4), 1e-6 * 25_000);
        Assert.True(bounds.Arrangement <= bounds.Product && bounds.Product <= bounds.SegmentChoices
            && bounds.SegmentChoices <= bounds.Theorem4);
        Assert.Throws<ArgumentOutOfRangeException>(static () => RegionBounds.ForShape([2, 0], 3));
        Assert.Throws<ArgumentException>(static () => RegionBounds.ForShape([2], 3));
    }

    [Fact]
    public void Bounds_of_a_network_are_ordered_and_within_those_of_its_shape() => Generators.Network.Sample(static network =>
    {
        var own = RegionBounds.Of(network);
        var shape = RegionBounds.ForShape(network.Widths, KanClass.Of(network).Breakpoints + 1);
        Assert.True(own.Arrangement <= own.Product && own.Product <= shape.Product && own.Arrangement <= shape.Arrangement);
        Assert.Equal(shape.Theorem4, own.Theorem4);
        Assert.True(shape.Product <= shape.SegmentChoices);
        Assert.Equal(own.Arrangement, own.Least);
    });

    [Fact]
    public void Theorem_3_holds_with_every_width() => Generators.Network.Sample(static network =>
    {
        var kan = KanClass.Of(network);
        Assert.True(kan.Contains(network));
        var separate = network.ToRelu(ReluUnits.Separate).Fuse();
        var merged = network.ToRelu().Fuse();
        Assert.True(kan.ToRelu().Contains(separate));
        Assert.True(kan.ToRelu(BreakpointSharing.Merged).Contains(merged));
        Assert.True(kan.ToRelu().ToKan().Contains(separate.ToKan()));
        Assert.Equal(kan.Depth + 1, kan.ToRelu().Depth);
        Assert.Equal(1, kan.ToRelu().ToKan().Breakpoints);
    });

    [Fact]
    public void The_widths_are_those_of_the_formulas()
    {
        var kan = new KanClass(3, 4, 5);
        Assert.Equal(new ReluClass(4, 96), kan.ToRelu());
        Assert.Equal(new ReluClass(4, 84), kan.ToRelu(BreakpointSharing.Merged));
        Assert.Equal(new ReluClass(4, 24), kan.ToRelu(BreakpointSharing.SharedGrid));
        Assert.Equal(new ReluClass(4, 20), kan.ToRelu(BreakpointSharing.SharedGridAndFlatSegment));
        Assert.Equal(new KanClass(4, 96, 1), kan.ToRelu().ToKan());
        Assert.Throws<OverflowException>(static () => new KanClass(1, 1_000_000, 9).ToRelu());
    }
}
