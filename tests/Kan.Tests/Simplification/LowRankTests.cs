using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>
/// Factors of low rank: against what theorems say of eigenvalues and best factors, in exact arithmetic against the layer that they are, and
/// by attacks on the certificate.
/// </summary>
public sealed class LowRankTests
{
    private static readonly Lock s_lock = new();

    [Fact]
    public void Eigenvalues_are_those_of_matrices_that_are_known()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal([3.0, 1.0], SymmetricEigen.Of([2, 1, 1, 2], 2, token).Values.Select(static value => Math.Round(value, 14)));
        Assert.Equal([0.0, 0.0, 0.0], SymmetricEigen.Of(new double[9], 3, token).Values);
        Assert.Equal([7.0], SymmetricEigen.Of([7], 1, token).Values);

        // Second differences: 2 - 2 cos(k pi / (n + 1)).
        const int Count = 61;
        var differences = new double[Count * Count];
        for (int i = 0; i < Count; i++)
        {
            differences[(i * Count) + i] = 2;
            if (i > 0) differences[(i * Count) + i - 1] = differences[((i - 1) * Count) + i] = -1;
        }

        double[] found = SymmetricEigen.Of(differences, Count, token).Values;
        for (int k = 0; k < Count; k++) Assert.Equal(2 - (2 * Math.Cos((Count - k) * Math.PI / (Count + 1))), found[k], 1e-13);

        // All equal but on the diagonal: one large eigenvalue, and one that all others share.
        double[] same = [.. Enumerable.Range(0, 400).Select(static i => i / 20 == i % 20 ? 3.0 : 2.0)];
        found = SymmetricEigen.Of(same, 20, token).Values;
        Assert.Equal(41, found[0], 1e-12);
        Assert.All(found.Skip(1), static value => Assert.Equal(1, value, 1e-12));
    }

    [Fact]
    public void Eigenvectors_are_orthonormal_and_give_the_matrix()
    {
        var random = new Random(4);
        foreach (int count in (int[])[2, 3, 7, 40])
        {
            double[] matrix = new double[count * count];
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j <= i; j++)
                    matrix[(i * count) + j] = matrix[(j * count) + i] = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3));
            }

            var (values, vectors) = SymmetricEigen.Of([.. matrix], count, TestContext.Current.CancellationToken);
            double size = matrix.Max(Math.Abs);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], static (a, b) => a * b).Sum(), 1e-12);
                    double sum = Enumerable.Range(0, count).Sum(k => values[k] * vectors[k][i] * vectors[k][j]);
                    Assert.Equal(matrix[(i * count) + j], sum, 1e-12 * size);
                }

                Assert.True(i == 0 || values[i] <= values[i - 1]);
            }
        }
    }

    [Fact]
    public void What_is_left_out_is_the_sum_of_the_eigenvalues_and_no_other_factors_leave_out_less()
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(9);
        for (int trial = 0; trial < 20; trial++)
        {
            int inputs = random.Next(3, 8), outputs = random.Next(3, 8), rank = random.Next(1, Math.Min(inputs, outputs));
            var layer = KanLayer.Affine(inputs, outputs, (_, _) => Rational.FromDouble(random.NextDouble() - 0.5),
                [.. Enumerable.Range(0, outputs).Select(_ => Rational.FromDouble(random.NextDouble()))]);
            double[] importance = [.. Enumerable.Range(0, outputs).Select(_ => 0.1 + random.NextDouble())];
            double[][] rows = Rows(random, 50, inputs);
            double[][] targets = Array.ConvertAll(rows, new SampledNetwork(new KanNetwork([layer])).Outputs);
            double[] means = [.. Enumerable.Range(0, outputs).Select(q => targets.Average(row => row[q]))];
            InputRange[] box = [.. Enumerable.Repeat(new InputRange(-2, 2), inputs)];
            var block = TermBlock.Together(layer, box)!;
            var basis = LowRankBasis.OfRows(targets, means, importance, [], block.Weights, token);
            var (down, up) = basis.Factors(block, rank);
            double expected = basis.Values.Skip(rank).Sum();
            Assert.Equal(expected, Loss(static (weights, _, _) => weights), 1e-9 * (1 + expected));

            // Others: the same moved a little, and random ones of which the outputs make the best.
            for (int i = 0; i < 20; i++)
                Assert.True(Loss((weights, _, _) => weights + (1e-3 * (random.NextDouble() - 0.5))) >= expected * (1 - 1e-9));

            double Loss(Func<double, int, int, double> change)
            {
                double[,] first = new double[inputs, rank], second = new double[rank, outputs];
                for (int k = 0; k < rank; k++)
                {
                    for (int t = 0; t < inputs; t++) first[t, k] = change(down.Weights[t, k], t, k);
                    for (int q = 0; q < outputs; q++) second[k, q] = change(up.Weights[k, q], k, q);
                }

                double loss = 0;
                double[] center = [.. Enumerable.Range(0, inputs).Select(p => rows.Average(row => row[p]))];
                for (int i = 0; i < rows.Length; i++)
                {
                    for (int q = 0; q < outputs; q++)
                    {
                        double own = 0;
                        for (int k = 0; k < rank; k++)
                        {
                            for (int t = 0; t < inputs; t++) own += (rows[i][t] - center[t]) * first[t, k] * second[k, q];
                        }

                        double error = targets[i][q] - means[q] - own;
                        loss += importance[q] * error * error / rows.Length;
                    }
                }

                return loss;
            }
        }
    }

    [Fact]
    public void A_product_of_one_node_is_found_by_its_directions()
    {
        // y = (1, 2, -2) (3 x + 4 y): one direction, whose share is 9 times the variance of 3 x + 4 y on [-1, 1]^2, up to the points.
        int[] row = [3, 4], column = [1, 2, -2];
        var layer = KanLayer.Affine(2, 3, (output, input) => column[output] * row[input]);
        InputRange[] box = [new(-1, 1), new(-1, 1)];
        var block = TermBlock.Together(layer, box)!;
        var basis = LowRankBasis.OfRanges(LowRankBasis.AtPoints(block, box), block, [1, 1, 1], TestContext.Current.CancellationToken);
        Assert.Equal(9 * 25 / 3.0, basis.Values[0], 9 * 25 / 3.0 / 200);
        Assert.All(basis.Values.Skip(1), static value => Assert.Equal(0, value, 1e-12));
        var (down, up) = basis.Factors(block, 1);
        for (int p = 0; p < 2; p++)
        {
            for (int q = 0; q < 3; q++) Assert.Equal(column[q] * row[p], down.Weights[p, 0] * up.Weights[0, q], 1e-12);
        }
    }

    [Fact]
    public void Two_factors_are_one_layer_exactly() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int).SelectMany(
        static (inputs, rank, outputs, seed) => Gen.Select(Generators.Layer(inputs, rank), Gen.Const((rank, outputs, seed)))).Sample(
        static (first, rest) =>
        {
            var random = new Random(rest.seed);
            var second = new KanLayer(rest.rank, rest.outputs,
                from k in Enumerable.Range(0, rest.rank)
                from q in Enumerable.Range(0, rest.outputs)
                where random.Next(4) > 0
                select new KanEdge(k, q,
                    PiecewiseLinearFunction.Linear(Rational.Create(random.Next(-9, 9), random.Next(1, 6)), random.Next(2))),
                [.. Enumerable.Range(0, rest.outputs).Select(_ => Rational.Create(random.Next(-9, 9), 7))]);
            var factors = new LayerFactors(first, second);
            KanNetwork product = new([factors.Product(TestContext.Current.CancellationToken)]), network = new([first, second]);
            SameOnBox.Assert(network, product, SameOnBox.Box(first.InputCount, random), random, "factors");
            Assert.Equal(EquivalenceVerdict.Proved, Equivalence.Decide(network, product).Verdict);
        },
        iter: 150);

    [Theory]
    [InlineData(SimplificationGoal.Tables)]
    [InlineData(SimplificationGoal.Segments)]
    public void A_hidden_factor_is_found_within_a_certificate(SimplificationGoal goal)
    {
        var random = new Random(2);
        foreach (bool isFirst in (bool[])[true, false])
        {
            // 16 nodes that read three sums, the inputs themselves or ReLUs of them.
            var network = Planted(random, 14, 3, 16, isFirst);
            InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1, 1), network.InputCount)];
            var result = RangeCompressor.Compress(network, box, 1e-3, new SimplificationOptions { Goal = goal },
                TestContext.Current.CancellationToken);
            var layer = Assert.Single(result.Factored);
            Assert.Equal((isFirst ? 0 : 1, 3), (layer.Layer, layer.Rank));
            Assert.True(layer.NumbersAfter < layer.NumbersBefore);
            Assert.Equal(result.Before.Layers + 1, result.After.Layers);
            Assert.True(goal == SimplificationGoal.Tables ? result.After.Numbers < result.Before.Numbers
                : result.After.Segments < result.Before.Segments);
            Assert.Contains(result.Steps, static step => step.Kind == SimplificationKind.FactoredLayer);
            Assert.InRange(result.ErrorBound.ToDouble(), 1e-12, 1e-3);
            Assert.True(CompressionTests.Attack(network, result.Network, box, random) <= result.ErrorBound);

            // Neither the exact passes, nor a file, make one layer of the two again.
            var again = RangeSimplifier.Simplify(result.Network, box, new SimplificationOptions { Goal = goal },
                TestContext.Current.CancellationToken).Network;
            Assert.Equal(result.Network.Widths, again.Widths);
            var document = result.ToDocument(new KanDocument { Name = "n", Layers = [] });
            var read = KanDocumentReader.Read(KanDocumentWriter.Write(document)).Expand(TestContext.Current.CancellationToken);
            Assert.Equal(result.Network.Widths, NetworkSimplifier.Simplify(read, TestContext.Current.CancellationToken).Widths);
        }
    }

    [Fact]
    public void Nothing_is_above_the_certificate_of_factors()
    {
        int factored = 0;
        double tightest = 0;
        Gen.Select(Gen.Int, Gen.Int[1, 3], Gen.Int[0, 3]).Sample(
            (seed, digits, noise) =>
            {
                var random = new Random(seed);
                var network = Planted(random, random.Next(7, 10), random.Next(1, 3), random.Next(6, 10), random.Next(4) > 0,
                    noise == 0 ? 0 : Math.Pow(10, -noise - 1));
                var box = SameOnBox.Box(network.InputCount, random);
                double tolerance = Math.Pow(10, 1 - digits);
                var result = RangeCompressor.Compress(network, box, tolerance, cancellation: TestContext.Current.CancellationToken);
                Assert.True(result.ErrorBound.ToDouble() <= tolerance);
                var found = CompressionTests.Attack(network, result.Network, box, random);
                Assert.True(found <= result.ErrorBound, $"{found.ToDouble()} is above {result.ErrorBound.ToDouble()}.");
                if (result.Factored.IsEmpty) return;
                Interlocked.Increment(ref factored);
                lock (s_lock) tightest = Math.Max(tightest, (found / result.ErrorBound).ToDouble());
            },
            iter: 40);
        Assert.True(factored >= 12, $"{factored} of 40 have factors.");
        Assert.True(tightest > 0.5, $"The closest certificate is {tightest} used: the attack is no test of it.");
    }

    [Fact]
    public void Layers_that_factors_do_not_make_smaller_stay()
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(6);
        KanNetwork[] networks =
        [
            // All directions alike; a node each; few edges; one input; one output; a layer of zeros.
            Two(8, 8, static (output, input) => System.Numerics.BitOperations.PopCount((uint)(output & input)) % 2 == 0 ? 1 : -1),
            Two(8, 8, static (output, input) => output == input ? 1 : 0),
            Two(9, 9, static (output, input) => output / 3 == input / 3 ? (output % 3) + 1 : 0),
            Two(1, 6, (output, _) => output + 1),
            Two(6, 1, (_, input) => input + 1),
            Two(5, 5, static (_, _) => 0),
        ];
        foreach (var network in networks)
        {
            InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1, 1), network.InputCount)];
            Assert.Empty(RangeCompressor.Compress(network, box, 1e-4, cancellation: token).Factored);
            Assert.Empty(SampledCompressor.Compress(network, box, Rows(random, 40, network.InputCount),
                new SampledLimit { Difference = 1e-4 }, cancellation: token).Result.Factored);
        }

        static KanNetwork Two(int inputs, int outputs, Func<int, int, Rational> weight) => new(
        [
            KanLayer.Affine(inputs, outputs, weight),
            KanLayer.Activation(outputs, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(outputs, 1, static (_, input) => 1 + input),
        ]);
    }

    [Fact]
    public void On_samples_a_hidden_factor_is_found_and_the_certificate_holds_off_them()
    {
        var random = new Random(8);
        var network = Planted(random, 20, 3, 24, isFirst: true, noise: 1e-3);
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1, 1), network.InputCount)];

        // Three inputs are the same on all samples: what they do is not seen there.
        double[][] rows = Rows(random, 300, 20);
        foreach (double[] row in rows) (row[2], row[5], row[11]) = (0.25, 0.25, -0.5);
        var (result, difference, answers) = SampledCompressor.Compress(network, box, rows, new SampledLimit { Difference = 0.2 },
            cancellation: TestContext.Current.CancellationToken);
        var layer = result.Factored.First();
        Assert.Equal(0, layer.Layer);
        Assert.InRange(layer.Rank, 1, 3);
        Assert.True(result.After.Numbers < result.Before.Numbers);
        Assert.InRange(difference, 0, 0.2);
        double most = rows.Max(row => Math.Abs(network.Evaluate(row)[0] - result.Network.Evaluate(row)[0]));
        Assert.Equal(difference, most, 1e-9);
        var found = CompressionTests.Attack(network, result.Network, box, random);
        Assert.True(found <= result.ErrorBound);
        Assert.True(found.ToDouble() > difference, "The box has nothing that samples lack.");
        Assert.All(result.Network.Layers, static own => Assert.All(own.Edges, static edge => Assert.All(edge.Function.Slopes,
            static slope => Assert.Equal(slope, Rational.FromSingle(slope.ToSingle())))));
    }

    [Fact]
    public void Layers_that_undo_each_other_still_become_one()
    {
        // (x + y, x - y) / 3, then the same again, is 2/9 of the input: half of the sums of edges cancel, exactly.
        static Rational Sum(int output, int input) => output == 1 && input == 1 ? -Rational.Create(1, 3) : Rational.Create(1, 3);
        var layer = KanLayer.Affine(2, 2, Sum);
        var network = new KanNetwork([layer, layer, layer]);
        InputRange[] box = [new(-1, 1), new(-1, 1)];
        Assert.Single(RangeSimplifier.Simplify(network, box, cancellation: TestContext.Current.CancellationToken).Network.Layers);
    }

    [Fact]
    public void A_search_for_factors_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => SymmetricEigen.Of([2, 1, 1, 2], 2, source.Token));
        var network = Planted(new Random(1), 6, 2, 6, isFirst: true);
        Assert.Throws<OperationCanceledException>(() => new LayerFactors(network.Layers[0], KanLayer.Affine(6, 2, static (_, _) => 1))
            .Product(source.Token));
    }

    private static double[][] Rows(Random random, int count, int inputs) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, inputs).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];

    /// <summary>
    /// A network of ReLUs one of whose layers of weights is a product of two through a few nodes, up to noise, in floats: the first, or the
    /// second behind as many units.
    /// </summary>
    private static KanNetwork Planted(Random random, int inputs, int rank, int outputs, bool isFirst, double noise = 0)
    {
        double[][] down = Rows(random, rank, inputs), up = Rows(random, outputs, rank);
        var layers = new List<KanLayer>();
        if (!isFirst)
        {
            layers.Add(KanLayer.Affine(7, inputs, (_, _) => Float(Next()), Biases(inputs)));
            layers.Add(KanLayer.Activation(inputs, PiecewiseLinearFunction.Relu));
        }

        layers.Add(KanLayer.Affine(inputs, outputs,
            (q, p) => Float(Enumerable.Range(0, rank).Sum(k => up[q][k] * down[k][p]) + (noise * Next())), Biases(outputs)));
        layers.Add(KanLayer.Activation(outputs, PiecewiseLinearFunction.Relu));
        layers.Add(KanLayer.Affine(outputs, 1, (_, _) => Float(Next()), Biases(1)));
        return new KanNetwork(layers);

        double Next() => (2 * random.NextDouble()) - 1;

        ImmutableArray<Rational> Biases(int count) => [.. Enumerable.Range(0, count).Select(_ => Float(Next()))];

        static Rational Float(double value) => Rational.FromSingle((float)value);
    }
}
