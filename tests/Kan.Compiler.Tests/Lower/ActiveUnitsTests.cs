using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>The numbers with which errors are followed through active units, against the weights they are made of.</summary>
public sealed class ActiveUnitsTests
{
    private const int Inputs = 90, Hidden = 20, Outputs = 3;

    private static readonly Rational[] s_first = Weights(Inputs * Hidden, 1), s_second = Weights(Hidden * Outputs, 2);

    [Fact]
    public void Two_bytes_hold_a_weight_to_half_a_unit()
    {
        var plan = Plan();
        var units = plan.ActiveUnits!;
        var layer = units.Layers[1];
        Assert.Equal((5, 16, 80), (layer.Groups, layer.Width, layer.WeightCount));
        var form = plan.Form.Layers[1];
        for (int q = 0; q < Outputs; q++)
        {
            float unit = Number(units, layer.Start + layer.WeightCount + q);
            for (int p = 0; p < Hidden; p++)
            {
                sbyte second = (sbyte)(units.Numbers[layer.Start + (p / 4 * 16) + q] >> (8 * (p % 4)));
                double weight = Weight(s_second, Hidden, p, q);
                Assert.InRange(weight - (unit * ((256.0 * form.Weight(p, q)) + second)), -0.51 * unit, 0.51 * unit);
            }

            Assert.Equal(0.25f, Number(units, layer.Start + layer.WeightCount + 16 + q));
        }
    }

    /// <summary>What a layer makes of the length of a vector is at most its norm, and for its singular vector nearly that.</summary>
    [Fact]
    public void Norms_are_the_largest_singular_values()
    {
        var plan = Plan();
        var units = plan.ActiveUnits!;
        double first = SingularValue(Inputs, Hidden, (p, q) => Weight(s_first, Inputs, p, q)),
            second = SingularValue(Hidden, Outputs, (p, q) => Weight(s_second, Hidden, p, q));
        Assert.InRange(units.Layers[0].Norm, first, 1.1 * first);
        Assert.InRange(units.Layers[1].Norm, second, 1.1 * second);

        // Units are 1/254 of the largest weight and more; what is off is at most half of one for each code.
        var form = plan.Form.Layers[0];
        double step = plan.Form.Inputs[0].Scale;
        double off = SingularValue(Inputs, Hidden, (p, q) =>
            (Weight(s_first, Inputs, p, q) * step) - ((double)form.Units[q] * form.Weight(p, q)));
        Assert.InRange(units.Layers[0].Deviation, off, 1.1 * off);
    }

    [Fact]
    public void Lengths_of_a_node_are_those_of_its_weights()
    {
        var units = Plan().ActiveUnits!;
        for (int q = 0; q < Hidden; q++)
        {
            double length = Math.Sqrt(Enumerable.Range(0, Inputs).Sum(p => Math.Pow(Weight(s_first, Inputs, p, q), 2)));
            Assert.InRange(Number(units, 32 + q), length, length * (1 + 1e-6));
        }

        for (int q = 0; q < Outputs; q++)
        {
            double length = Math.Sqrt(Enumerable.Range(0, Hidden).Sum(p => Math.Pow(Weight(s_second, Hidden, p, q), 2)));
            Assert.InRange(Number(units, units.Layers[1].Start + 80 + 32 + q), length, length * (1 + 1e-6));
        }
    }

    /// <summary>Layers behind the first with more than half of its weights, or nodes that are no ReLUs, are left to floats.</summary>
    [Theory]
    [InlineData(10, 4, 4, true, true)]
    [InlineData(10, 5, 5, true, true)]
    [InlineData(10, 6, 6, true, false)]
    [InlineData(10, 4, 4, false, false)]
    public void Units_are_followed_where_it_pays(int inputs, int hidden, int outputs, bool bends, bool expected)
    {
        LayerDescription[] layers =
        [
            Affine(inputs, hidden, Weights(inputs * hidden, 3)),
            new ActivationDescription(hidden,
                [bends ? PiecewiseLinearFunction.Relu : PiecewiseLinearFunction.FromSlopes([0], [-1, 1], 0, 0)]),
            Affine(hidden, outputs, Weights(hidden * outputs, 4)),
        ];
        Assert.Equal(expected, Lower(layers).ActiveUnits is not null);
    }

    [Fact]
    public void A_single_layer_has_no_units() =>
        Assert.Null(Lower(Affine(4, 2, Weights(8, 5))).ActiveUnits);

    private static IntegerPlan Plan() => Lower(Affine(Inputs, Hidden, s_first),
        new ActivationDescription(Hidden, [PiecewiseLinearFunction.Relu]), Affine(Hidden, Outputs, s_second));

    private static IntegerPlan Lower(params LayerDescription[] layers) =>
        Plans.Document(Precision.Int8, Lowering.Auto, layers, new InputRange(0, 1)).Integers!;

    private static AffineDescription Affine(int inputs, int outputs, Rational[] weights) =>
        new(inputs, outputs, [.. weights], [.. Enumerable.Repeat(Rational.Create(1, 4), outputs)]);

    /// <summary>Weights by output, as descriptions order them.</summary>
    private static Rational[] Weights(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Rational.FromSingle((random.NextSingle() * 2) - 1))];
    }

    private static double Weight(Rational[] weights, int inputs, int p, int q) => weights[(q * inputs) + p].ToDouble();

    private static float Number(ActiveUnitsPlan units, int at) => BitConverter.Int32BitsToSingle(units.Numbers[at]);

    /// <summary>By power iteration, long enough for twelve digits.</summary>
    private static double SingularValue(int rows, int columns, Func<int, int, double> number)
    {
        double[] vector = [.. Enumerable.Range(1, columns).Select(static q => 1.0 / q)];
        double value = 0;
        for (int i = 0; i < 300; i++)
        {
            double[] image = [.. Enumerable.Range(0, rows).Select(p => Enumerable.Range(0, columns).Sum(q => number(p, q) * vector[q]))];
            vector = [.. Enumerable.Range(0, columns).Select(q => Enumerable.Range(0, rows).Sum(p => number(p, q) * image[p]))];
            value = Math.Sqrt(vector.Sum(static x => x * x));
            for (int q = 0; q < columns; q++) vector[q] /= value;
        }

        return Math.Sqrt(value);
    }
}
