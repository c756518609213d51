using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Errors that become large together, against all choices of slopes, one after the other.</summary>
public sealed class JointSensitivityTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>|d + e| + |d - e| is at most 2, and the sum of all magnitudes 4: the largest singular value is the root of 2.</summary>
    [Fact]
    public void Signs_that_cannot_agree_do_not() => Assert.InRange(SignedSums.Bound([1, 1, 1, -1], 2, 2, Token), 2, 2.9);

    [Theory]
    [InlineData("3", 1, 1, 3)]
    [InlineData("3 -4", 1, 2, 7)]
    [InlineData("3 -4", 2, 1, 7)]
    [InlineData("1 2 2 4", 2, 2, 9)]
    [InlineData("0 0 0 0 5 0", 3, 2, 5)]
    public void A_product_of_vectors_has_the_sum_of_its_magnitudes(string numbers, int rows, int columns, double expected)
    {
        double[] matrix = [.. numbers.Split(' ').Select(static number => double.Parse(number, null))];
        Assert.InRange(SignedSums.Bound(matrix, rows, columns, Token), expected, expected * 1.02);
    }

    [Fact]
    public void No_numbers_have_no_sum() => Assert.Equal(0, SignedSums.Bound(new double[6], 2, 3, Token));

    /// <summary>By Grothendieck the best factors are at most 1.79 too large, and on random numbers far less.</summary>
    [Fact]
    public void All_signs_stay_below_the_bound_and_come_near_it()
    {
        var random = new Random(5);
        double closest = double.PositiveInfinity;
        for (int trial = 0; trial < 200; trial++)
        {
            int rows = 1 + random.Next(12), columns = 1 + random.Next(9);
            double spread = trial % 3 * 8;
            double[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ =>
                random.Next(4) == 0 ? 0 : (random.NextDouble() - 0.5) * Math.Pow(10, (random.NextDouble() - 0.5) * spread))];
            double most = 0;
            for (int signs = 0; signs < 1 << columns; signs++)
            {
                double sum = 0;
                for (int p = 0; p < rows; p++)
                    sum += Math.Abs(Enumerable.Range(0, columns).Sum(j => matrix[(p * columns) + j] * ((signs >> j & 1) == 0 ? 1 : -1)));
                most = Math.Max(most, sum);
            }

            double bound = SignedSums.Bound(matrix, rows, columns, Token);
            Assert.InRange(bound, most * (1 - 1e-14), Math.Max(most, double.Epsilon) * 1.79);
            if (most > 0 && rows > 3 && columns > 3) closest = Math.Min(closest, bound / most);
        }

        Assert.InRange(closest, 1, 1.02);
    }

    [Fact]
    public void Work_on_signs_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => SignedSums.Bound([1], 1, 1, new CancellationToken(canceled: true)));

    /// <summary>
    /// Two errors of 1 reach two nodes with slopes 1, 1 and 1, -1, and each node the output with a slope in [0, 1]: alone each error
    /// becomes 2 or 1, together at most 2.
    /// </summary>
    [Fact]
    public void One_choice_of_slopes_serves_all_errors()
    {
        double[] bounds = [3];
        var layer = KanLayer.Affine(2, 2, static (q, p) => q == 1 && p == 1 ? -1 : 1);
        new JointSensitivity(1).Narrow(bounds, layer, [.. layer.Edges.Select(static edge => Enclosure.Of(edge.Function.Slopes[0]))], [1, 1],
            [new Enclosure(0, 1), new Enclosure(0, 1)], Token);
        Assert.InRange(bounds[0], 2, 2.5);
    }

    /// <summary>Random networks of three layers: every pattern of the two rows of nodes gives errors below the bound.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_pattern_of_slopes_stays_below(int flat)
    {
        var random = new Random(flat);
        for (int trial = 0; trial < 20; trial++)
        {
            int n = 2 + random.Next(4), m = 2 + random.Next(5), outputs = 1 + random.Next(3);
            double low = flat / 10.0;
            double[,] first = Weights(n, m), last = Weights(m, outputs);
            double[] errors = [.. Enumerable.Range(0, n).Select(_ => random.Next(5) == 0 ? 0 : random.NextDouble())];
            var bends = new KanLayer(n, m, Edges(first, low));
            var bendsToo = new KanLayer(m, outputs, Edges(last, low));
            var network = new KanNetwork([KanLayer.Affine(n, n, static (q, p) => q == p ? 1 : 0), bends, bendsToo]);
            Enclosure[]?[] slopes = [null, Reach(bends), Reach(bendsToo)], steepest = [null, Steepest(bends), Steepest(bendsToo)];
            double[] bounds = Sensitivity.Worst(network, slopes, steepest, [errors, new double[m], new double[outputs]], Token)!;
            double[] plain = Sensitivity.Worst(network, slopes, new Enclosure[]?[3], [errors, new double[m], new double[outputs]], Token)!;
            for (int k = 0; k < outputs; k++)
            {
                double most = 0;
                for (int pattern = 0; pattern < 1 << m; pattern++)
                {
                    double sum = 0;
                    for (int p = 0; p < n; p++)
                        sum += errors[p] * Math.Abs(Enumerable.Range(0, m).Sum(j =>
                            first[p, j] * ((pattern >> j & 1) == 0 ? low : 1) * last[j, k]));
                    most = Math.Max(most, sum);
                }

                Assert.InRange(bounds[k], most * (1 - 1e-12), plain[k] * (1 + 1e-12));
            }
        }

        double[,] Weights(int rows, int columns)
        {
            double[,] weights = new double[rows, columns];
            for (int p = 0; p < rows; p++)
            {
                for (int q = 0; q < columns; q++) weights[p, q] = random.Next(6) == 0 ? 0 : random.NextDouble() - 0.5;
            }

            return weights;
        }
    }

    /// <summary>What waits before nodes that bend alone is weighed behind them, with the nodes after them.</summary>
    [Fact]
    public void Errors_pass_diagonal_layers_first()
    {
        var relu = KanLayer.Activation(2, PiecewiseLinearFunction.Relu);
        var affine = KanLayer.Affine(2, 2, static (q, p) => q == 1 && p == 1 ? -1 : 1);
        var network = new KanNetwork([affine, relu, affine, new KanLayer(2, 1, Edges(new double[,] { { 1 }, { 1 } }, 0))]);
        Enclosure[] halves = [.. Enumerable.Repeat(new Enclosure(0, 1), 2)], known = Steepest(affine);
        double[]? bounds = Sensitivity.Worst(network, [null, halves, known, halves], [null, null, known, Steepest(network.Layers[3])],
            [[1, 1], [0, 0], [0, 0], [0]], Token);
        Assert.InRange(Assert.Single(bounds!), 2, 2.5);
    }

    private static IEnumerable<KanEdge> Edges(double[,] weights, double low) =>
        from p in Enumerable.Range(0, weights.GetLength(0))
        from q in Enumerable.Range(0, weights.GetLength(1))
        let weight = Rational.FromDouble(weights[p, q])
        select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes([0], [Rational.FromDouble(low) * weight, weight], 0, 0));

    private static Enclosure[] Reach(KanLayer layer) =>
        [.. layer.Edges.Select(static edge => EdgeReach.Of(edge.Function, new Enclosure(-1, 1)).Slopes)];

    private static Enclosure[] Steepest(KanLayer layer) => [.. layer.Edges.Select(static edge => Enclosure.Of(edge.Function.Slopes[^1]))];
}
