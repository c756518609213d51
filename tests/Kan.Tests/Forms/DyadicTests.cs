using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>
/// Networks whose numbers are all multiples of 2^-6: nothing rounds in double, so every form and the ReLU networks give the bits of the
/// exact result.
/// </summary>
public sealed class DyadicTests
{
    private const int Scale = 64;

    [Fact]
    public void Every_form_and_the_ReLU_network_in_doubles_give_the_exact_bits()
    {
        var random = new Random(2);
        for (int instance = 0; instance < 60; instance++)
        {
            var network = Network(random);
            NetworkForm[] forms = [.. new[] { LayerLowering.Rows, LayerLowering.Clamp, LayerLowering.Relu }.Select(lowering =>
                new NetworkForm(Precision.Double,
                    [.. network.Layers.Select(layer => FormBuilder.Build(layer, lowering, Precision.Double))]))];
            ReluNetwork[] relus = [network.ToRelu(), network.ToRelu().Fuse(), network.ToRelu(ReluUnits.Separate),
                network.ToRelu(ReluUnits.Fewest).Fuse()];
            for (int sample = 0; sample < 10; sample++)
            {
                double[] x = [.. Enumerable.Range(0, network.InputCount)
                    .Select(_ => random.Next(-4 * Scale, (4 * Scale) + 1) / (double)Scale)];
                var exact = network.Evaluate([.. x.Select(Rational.FromDouble)]);
                Assert.All(forms, form => Assert.Equal(exact,
                    new ReferenceEvaluator<double>(form).Evaluate(x).Select(Rational.FromDouble)));
                Assert.All(relus, relu => Assert.Equal(exact, Evaluate(relu, x).Select(Rational.FromDouble)));
                Assert.Equal(exact, network.Evaluate(x).Select(Rational.FromDouble));
            }
        }
    }

    private static double[] Evaluate(ReluNetwork network, double[] x)
    {
        foreach (var layer in network.Layers)
        {
            double[] y = [.. layer.Biases.Select(static bias => bias.ToDouble())];
            foreach (var (row, column, weight) in layer.Weights.Entries()) y[row] += weight.ToDouble() * x[column];
            x = layer.IsRectified ? Array.ConvertAll(y, static value => Math.Max(value, 0)) : y;
        }

        return x;
    }

    private static KanNetwork Network(Random random)
    {
        int[] widths = [.. Enumerable.Range(0, random.Next(3, 5)).Select(_ => random.Next(1, 4))];
        return new KanNetwork(Enumerable.Range(1, widths.Length - 1).Select(l => new KanLayer(
            widths[l - 1],
            widths[l],
            from p in Enumerable.Range(0, widths[l - 1])
            from q in Enumerable.Range(0, widths[l])
            select new KanEdge(p, q,
                Function(random)))));
    }

    private static PiecewiseLinearFunction Function(Random random)
    {
        var breakpoints = new SortedSet<int>();
        while (breakpoints.Count < 3) breakpoints.Add(random.Next(-4 * Scale, 4 * Scale));
        return PiecewiseLinearFunction.FromSlopes(
            [.. breakpoints.Select(Dyadic)],
            [.. Enumerable.Range(0, 4).Select(_ => Dyadic(random.Next(-2 * Scale, 2 * Scale)))],
            Dyadic(breakpoints.Min),
            Dyadic(random.Next(-2 * Scale, 2 * Scale)));
    }

    private static Rational Dyadic(int numerator) => Rational.Create(numerator, Scale);
}
