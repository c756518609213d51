using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Packed tables, read back at the places that layouts name, against the form that they hold.</summary>
public sealed class TableTests
{
    [Theory]
    [InlineData(1, 1, 2, Precision.Single)]
    [InlineData(5, 16, 3, Precision.Single)]
    [InlineData(18, 20, 4, Precision.Single)]
    [InlineData(18, 20, 4, Precision.Double)]
    [InlineData(16, 3, 7, Precision.Single)]
    [InlineData(17, 3, 7, Precision.Double)]
    public void Rows_are_where_the_layout_says(int inputs, int outputs, int bends, Precision precision)
    {
        var layer = Plans.One(Plans.Edges(inputs, outputs, bends), precision, Lowering.Rows);
        var form = (RowsForm)layer.Form;
        Assert.Equal(bends >= 6, layer.Layout.IsUniform);
        Assert.Equal(bends, layer.Layout.KnotCount);
        int lanes = layer.Lanes, width = 2 * layer.OutputWidth;
        double zero = precision == Precision.Single ? 8388608 : 4503599627370496;
        var first = ((RowsKernelPlan)layer.Kernel!).FirstRows;
        int next = 0;
        for (int p = 0; p < inputs; p++)
        {
            var table = form.Segments[p];
            Assert.Equal(next, first[p]);
            next += table.SegmentCount;

            // A panel apart: the first row, the first point, the knots; grids stand before them.
            int point = layer.FirstPoint(p);
            Assert.Equal(zero + first[p], layer.Table[point - lanes]);
            Assert.Equal(table.Points[0], layer.Table[point]);
            for (int j = 0; j < bends; j++) Assert.Equal(table.Knots[j], layer.Table[point + ((j + 1) * lanes)]);
            if (layer.Layout.IsUniform)
            {
                // Knots at 1, 2, 3 ...: one in a unit of length, one apart.
                Assert.Equal(1, layer.Table[point - (4 * lanes)]);
                Assert.Equal(1, layer.Table[point - (3 * lanes)]);
                Assert.Equal(bends - 1, layer.Table[point - (2 * lanes)]);
            }

            for (int j = 0; j < table.SegmentCount; j++)
            {
                for (int q = 0; q < outputs; q++)
                {
                    int at = layer.Layout.Body + ((first[p] + j) * width) + (q / lanes * 2 * lanes) + (q % lanes);
                    Require.That(layer.Table[at] == table.Values[(j * outputs) + q], $"The value ({p}, {j}, {q}).");
                    Require.That(layer.Table[at + lanes] == table.Slopes[(j * outputs) + q], $"The slope ({p}, {j}, {q}).");
                }
            }
        }

        for (int q = 0; q < layer.OutputWidth; q++)
            Assert.Equal(q < outputs ? form.Biases[q] : 0, layer.Table[layer.Layout.Biases + q]);
        Assert.Equal(layer.Layout.Body + (next * width), layer.Table.Length);
        Assert.Equal(layer.Layout.Biases + layer.OutputWidth, layer.Layout.Body);
        Assert.Equal((inputs + lanes - 1) / lanes * layer.Layout.SearchPanels * lanes, layer.Layout.Biases);
        Assert.Equal(0, layer.Layout.Stride);

        // Lanes without an input find row 0 at no knot.
        for (int p = inputs; p % lanes != 0; p++)
        {
            int point = layer.FirstPoint(p);
            Assert.Equal(zero, layer.Table[point - lanes]);
            Assert.Equal(0, layer.Table[point]);
            for (int j = 0; j < bends; j++) Assert.Equal(double.NaN, layer.Table[point + ((j + 1) * lanes)]);
            if (layer.Layout.IsUniform) Assert.Equal(0, layer.Table[point - (4 * lanes)]);
        }
    }

    [Fact]
    public void An_input_of_fewer_knots_is_padded_with_knots_that_no_number_is_at()
    {
        var layer = Plans.One(
            new KanLayer(2, 1, [new KanEdge(0, 0, Plans.Edge(3, 0, 0)), new KanEdge(1, 0, Plans.Edge(1, 1, 0))]), lowering: Lowering.Rows);
        Assert.Equal(
            [1, 2, 3], Enumerable.Range(1, 3).Select(j => layer.Table[layer.FirstPoint(0) + (j * 16)]));
        Assert.Equal(
            [1, double.NaN, double.NaN], Enumerable.Range(1, 3).Select(j => layer.Table[layer.FirstPoint(1) + (j * 16)]));
    }

    /// <summary>Inputs that nothing reads share the row of the first of them; a constant is read.</summary>
    [Fact]
    public void Unread_inputs_share_a_row()
    {
        KanEdge[] edges =
        [
            new(1, 0, Plans.Edge(2, 0, 0)), new(3, 0, PiecewiseLinearFunction.Constant(5)), new(4, 1, Plans.Edge(1, 0, 1)),
            new(6, 0, PiecewiseLinearFunction.Linear(2, 0)),
        ];
        var layer = Plans.One(new KanLayer(8, 2, edges), lowering: Lowering.Rows);

        // Input 0 has row 0; 1 has 1 to 3; 2 shares 0; 3 has 4; 4 has 5 and 6; 5 shares 0; 6 has 7; 7 shares 0.
        Assert.Equal([0, 1, 0, 4, 5, 0, 7, 0], ((RowsKernelPlan)layer.Kernel!).FirstRows);
        Assert.Equal(layer.Layout.Body + (8 * 32), layer.Table.Length);
        Assert.Equal(5, layer.Table[layer.Layout.Body + (4 * 32)]);
        Assert.Equal(2, layer.Table[layer.Layout.Body + (7 * 32) + 16]);
        Assert.Equal(8388608 + 7, layer.Table[layer.FirstPoint(6) - 16]);
    }

    [Theory]
    [InlineData(3, 5, Lowering.Clamp, Precision.Single)]
    [InlineData(4, 20, Lowering.Clamp, Precision.Double)]
    [InlineData(4, 20, Lowering.Relu, Precision.Single)]
    public void Units_are_packed_input_by_input(int inputs, int outputs, Lowering lowering, Precision precision)
    {
        var layer = Plans.One(Plans.Edges(inputs, outputs, 4), precision, lowering);
        var form = (UnitsForm)layer.Form;
        int at = layer.Layout.Body;
        Assert.Equal(layer.OutputWidth, at);
        foreach (var unit in form.Units)
        {
            foreach (var numbers in new[] { unit.Points, unit.Heights, unit.Weights })
            {
                if (numbers.IsEmpty) continue;
                for (int q = 0; q < layer.OutputWidth; q++, at++) Assert.Equal(q < outputs ? numbers[q] : 0, layer.Table[at]);
            }
        }

        Assert.Equal(at, layer.Table.Length);
        Assert.Equal((at - layer.Layout.Body) / inputs, layer.Layout.Stride);
        for (int q = 0; q < outputs; q++) Assert.Equal(form.Biases[q], layer.Table[layer.Layout.Biases + q]);
    }

    [Theory]
    [InlineData(20, 3, Precision.Single)]
    [InlineData(16, 2, Precision.Double)]
    [InlineData(9, 32, Precision.Double)]
    public void Activations_are_packed_lane_by_lane(int size, int bends, Precision precision)
    {
        var functions = Enumerable.Range(0, size).Select(i => ((Rational)(i + 1) * Plans.Curve(bends)).Shift(i)).ToArray();
        foreach (var layers in new KanLayer[][]
        {
            [KanLayer.Activation(functions)],
            [new KanLayer(size, 2, from i in Enumerable.Range(0, size)
                                   from q in Enumerable.Range(0, 2)
                                   select new KanEdge(i, q, (Rational)(q + 1) * functions[i]))],
        })
        {
            var layer = Plans.One(layers[0], precision);
            var activation = layer.Form is FactoredForm factored ? factored.Activation : ((ElementwiseForm)layer.Form).Activation;
            Assert.Equal(bends, layer.Layout.KnotCount);
            Assert.False(layer.Layout.IsShared);
            int lanes = layer.Lanes;
            for (int i = 0; i < size; i++)
            {
                var table = activation.Segments[i];
                int at = layer.Function(i);
                Assert.Equal(table.Points[0], layer.Table[at]);
                Assert.Equal((table.Values[0], table.Slopes[0]), (layer.Table[at + lanes], layer.Table[at + (2 * lanes)]));
                for (int j = 1; j <= bends; j++)
                {
                    at += 3 * lanes;
                    Assert.Equal(table.Knots[j - 1], layer.Table[at]);
                    Assert.Equal((table.Values[j], table.Slopes[j]), (layer.Table[at + lanes], layer.Table[at + (2 * lanes)]));
                }
            }

            int panels = (size + lanes - 1) / lanes, end = panels * 3 * (bends + 1) * lanes;
            for (int i = size; i < panels * lanes; i++) Assert.Equal(0, layer.Table[layer.Function(i) + lanes]);
            if (layer.Kernel is null) Assert.Equal(end, layer.Table.Length);
            else Assert.Equal((end, end + layer.OutputWidth), (layer.Layout.Biases, layer.Layout.Body));
        }
    }

    /// <summary>Of more than 32 knots, and one for all nodes: then its numbers are in the table once.</summary>
    [Theory]
    [InlineData(32, 0, false)]
    [InlineData(33, 0, true)]
    [InlineData(33, 1, false)]
    public void A_curve_that_all_nodes_share_is_packed_once(int bends, int others, bool expected)
    {
        var functions = Enumerable.Range(0, 5).Select(i => i < others ? Plans.Curve(bends).Shift(1) : Plans.Curve(bends)).ToArray();
        var layer = Plans.One(KanLayer.Activation(functions));
        Assert.Equal(expected, layer.Layout.IsShared);
        Assert.Equal(expected ? StageStep.SharedFunction : StageStep.Function, layer.Stage.Step);
        if (!expected) return;
        var table = ((ElementwiseForm)layer.Form).Activation.Segments[0];
        for (int j = 0; j <= bends; j++)
            Assert.Equal([table.Points[j], table.Values[j], table.Slopes[j]], layer.Table.Skip(3 * j).Take(3));
        Assert.Equal(112, layer.Table.Length);
        Assert.Equal(bends, layer.Layout.KnotCount);
        Assert.All(layer.Table.Skip(3 * (bends + 1)), static number => Assert.Equal(0, number));
    }

    [Fact]
    public void A_relu_has_no_table()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(3, 4, Plans.Weight), Plans.Relu(4));
        Assert.Empty(layers[1].Table);
        Assert.Equal(default, layers[1].Layout);
        Assert.False(layers[1].Layout.IsShared);
    }

    [Fact]
    public void Tables_stand_one_behind_the_other()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(3, 4, Plans.Weight), Plans.Edges(4, 2, 3),
            Plans.Affine(2, 1, Plans.Weight));
        Assert.Equal([0, layers[0].Table.Length, layers[0].Table.Length + layers[1].Table.Length],
            layers.Select(static layer => layer.TableStart));
        Assert.Equal(16 + (3 * 16), layers[0].Table.Length);
        Assert.Equal(new TableLayout(0, 0, 16, 16), layers[0].Layout);
        Assert.Equal([1.0, 2, 3, 4, 0, 0], layers[0].Table.Take(6));
        Assert.Equal(64 * 4, layers[0].TableBytes);
        Assert.Equal(layers[1].TableStart + (2 * 16), layers[1].FirstPoint(0) + 16);
    }

    [Theory]
    [InlineData(2, 3, 4, 2, 1)]
    [InlineData(3, 18, 3, 1, 1)]
    [InlineData(2, 16, 3, 2, 1)]
    [InlineData(4, 36, 2, 2, 2)]
    public void The_weights_of_a_convolution_are_packed_panel_by_panel(int channels, int filters, int size, int kernel, int groups)
    {
        var geometry = new WindowGeometry { Channels = channels, Height = size, Width = size, KernelHeight = kernel, KernelWidth = kernel };
        int inner = channels / groups, taps = kernel * kernel, own = filters / groups;
        ImmutableArray<Rational> weights = [.. Enumerable.Range(1, filters * inner * taps).Select(static i => (Rational)i)];
        var plan = Plans.Document(Precision.Single, Lowering.Auto,
            [new ConvolutionDescription(geometry, filters, groups, weights,
                [.. Enumerable.Range(0, filters).Select(static f => (Rational)(f + 1000))])]);
        var layer = Assert.Single(plan.Layers);
        int panels = (own + 15) / 16;
        Assert.Equal(groups * panels * 16, layer.Layout.Body);
        for (int g = 0; g < groups; g++)
        {
            for (int lane = 0; lane < panels * 16; lane++)
            {
                int filter = (g * own) + lane, panel = lane / 16;
                bool isOne = lane < own;
                Assert.Equal(isOne ? filter + 1000 : 0, layer.Table[(g * panels * 16) + lane]);
                for (int tap = 0; tap < taps; tap++)
                {
                    for (int c = 0; c < inner; c++)
                    {
                        int at = layer.Layout.Body + (((((g * panels) + panel) * taps * inner) + (tap * inner) + c) * 16) + (lane % 16);

                        // Weights are described by filter, channel and tap.
                        double expected = isOne ? (((filter * inner) + c) * taps) + tap + 1 : 0;
                        Assert.Equal(expected, layer.Table[at]);
                    }
                }
            }
        }

        Assert.Equal(layer.Layout.Body * (1 + (taps * inner)), layer.Table.Length);
        Assert.Equal("the same weights at each place of an image", layer.Reason);
    }
}
