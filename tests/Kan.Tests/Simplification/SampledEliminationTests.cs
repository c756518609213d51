using System;
using System.Linq;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>What is taken out is made up for by what is left: least squares against a direct solution, and networks with known answers.</summary>
public sealed class SampledEliminationTests
{
    [Fact]
    public void Costs_and_numbers_are_those_of_least_squares_without_the_terms()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 30; trial++)
        {
            int n = random.Next(2, 9), sides = random.Next(1, 5);
            double[,] rows = new double[20, n];
            foreach (int i in Enumerable.Range(0, 20 * n)) rows[i / n, i % n] = random.NextDouble() - 0.5;
            double[] matrix = new double[n * n], right = [.. Enumerable.Range(0, n * sides).Select(_ => random.NextDouble() - 0.5)];
            double[] importance = [.. Enumerable.Range(0, sides).Select(_ => random.NextDouble())];
            for (int i = 0; i < n * n; i++) matrix[i] = Enumerable.Range(0, 20).Sum(row => rows[row, i / n] * rows[row, i % n]);
            var system = new EliminationSystem([.. matrix], right, sides);
            int[] block = [.. Enumerable.Range(0, n).Where(_ => random.Next(2) == 0).Take(n - 1)];
            if (block.Length == 0) block = [0];
            int[] left = [.. Enumerable.Range(0, n).Except(block)];
            double[,] all = Direct([.. Enumerable.Range(0, n)]), rest = Direct(left);
            double expected = Enumerable.Range(0, sides).Sum(q => importance[q] * (Value(rest, q) - Value(all, q)));
            Assert.Equal(expected, system.CostOf(block, importance), 1e-9 * (1 + expected));

            // All at once or one after the other, the rest has the same numbers.
            if (trial % 2 == 0) system.Take(block);
            else foreach (int term in block) system.Take([term]);
            for (int t = 0; t < n; t++)
            {
                for (int q = 0; q < sides; q++) Assert.Equal(rest[t, q], system.Weight(t, q), 1e-8);
            }

            // Gauss' elimination for the terms that are left.
            double[,] Direct(int[] terms)
            {
                var weights = new double[n, sides];
                for (int q = 0; q < sides; q++)
                {
                    int k = terms.Length;
                    double[,] a = new double[k, k + 1];
                    for (int i = 0; i < k; i++)
                    {
                        for (int j = 0; j < k; j++) a[i, j] = matrix[(terms[i] * n) + terms[j]];
                        a[i, k] = right[(terms[i] * sides) + q];
                    }

                    for (int p = 0; p < k; p++)
                    {
                        for (int i = 0; i < k; i++)
                        {
                            double factor = i == p ? 0 : a[i, p] / a[p, p];
                            for (int j = p; j <= k; j++) a[i, j] -= factor * a[p, j];
                        }
                    }

                    for (int i = 0; i < k; i++) weights[terms[i], q] = a[i, k] / a[i, i];
                }

                return weights;
            }

            // w' H w - 2 c' w.
            double Value(double[,] weights, int q)
            {
                double value = 0;
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++) value += weights[i, q] * matrix[(i * n) + j] * weights[j, q];
                    value -= 2 * right[(i * sides) + q] * weights[i, q];
                }

                return value;
            }
        }
    }

    [Fact]
    public void An_input_that_says_what_others_say_is_made_up_for()
    {
        // On the samples z = x + y: one of the lines says what the others say, the bends of the edge of x nothing does.
        var bent = PiecewiseLinearFunction.FromKnots([-1, Rational.Create(-1, 2), Rational.Create(1, 2), 1], [2, -1, 1, 0]);
        var network = new KanNetwork(
        [
            new KanLayer(3, 1, [new(0, 0, bent), new(1, 0, PiecewiseLinearFunction.Identity), new(2, 0, PiecewiseLinearFunction.Identity)]),
        ]);
        InputRange[] box = [new(-1, 1), new(-1, 1), new(-2, 2)];
        var random = new Random(3);
        double[][] samples = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            double x = (random.Next(65) / 32.0) - 1, y = (random.Next(65) / 32.0) - 1;
            return new[] { x, y, x + y };
        })];
        var (result, difference, _) = SampledCompressor.Compress(
            network, box, samples, new SampledLimit { Difference = 0.02 }, new SimplificationOptions { Goal = SimplificationGoal.Segments }, TestContext.Current.CancellationToken);
        var edges = Assert.Single(result.Network.Layers).Edges;
        Assert.Equal(2, edges.Select(static edge => edge.Input).Distinct().Count());
        Assert.InRange(difference, 0, 0.02);
        double most = samples.Max(sample => Math.Abs(network.Evaluate(sample)[0] - result.Network.Evaluate(sample)[0]));
        Assert.Equal(difference, most, 1e-9);

        // Where z is not x + y, the certificate knows.
        Assert.True(result.ErrorBound > 1);
    }

    [Fact]
    public void Later_layers_make_up_for_earlier_ones()
    {
        // Two nodes that are nearly the same, of many edges; the outputs feel their sum.
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, 12).Select(_ => (2 * random.NextDouble()) - 1)];
        var edges = Enumerable.Range(0, 12).SelectMany(p => Enumerable.Range(0, 2).Select(q =>
            new KanEdge(p, q, Rational.FromSingle((float)(weights[p] * (1 + (0.01 * q)))) * PiecewiseLinearFunction.Identity.Abs())));
        var sum = new KanLayer(2, 1, [new(0, 0, PiecewiseLinearFunction.Relu), new(1, 0, PiecewiseLinearFunction.Relu)]);
        var network = new KanNetwork([new KanLayer(12, 2, edges), sum]);
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1, 1), 12)];
        double[][] samples = [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 12).Select(_ => (random.Next(65) / 32.0) - 1).ToArray())];
        var (result, difference, _) = SampledCompressor.Compress(
            network, box, samples, new SampledLimit { Difference = 0.05 }, new SimplificationOptions { Goal = SimplificationGoal.Segments }, TestContext.Current.CancellationToken);
        Assert.Equal(1, result.After.Units);
        Assert.InRange(difference, 0, 0.05);
    }
}
