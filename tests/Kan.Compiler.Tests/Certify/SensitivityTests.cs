using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Errors weighed by the layers behind them, and largest singular values, against numbers by hand.</summary>
public sealed class SensitivityTests
{
    /// <summary>
    /// Three layers of two nodes. Output 0: 2 and [1, 4] weigh the errors before it; the first node of the first layer reaches it by [1,
    /// 2] * 2
    /// - [1, 4] = [-2, 3], the second by 3 * [1, 4]. Output 1: 5 and -1, [1, 2] * 5 + 1 = [6, 11], and -3.
    /// </summary>
    [Fact]
    public void Paths_add_up_with_their_signs()
    {
        var network = new KanNetwork([Layer((0, 0), (1, 1)), Layer((0, 0), (0, 1), (1, 1)), Layer((0, 0), (0, 1), (1, 0), (1, 1))]);
        Enclosure[]?[] slopes =
        [
            null, [new Enclosure(1, 2), Enclosure.Exactly(-1), Enclosure.Exactly(3)],
            [Enclosure.Exactly(2), Enclosure.Exactly(5), new Enclosure(1, 4), Enclosure.Exactly(-1)],
        ];
        double[]? bounds = Sensitivity.Worst(network, slopes, new Enclosure[]?[3], [[1, 10], [100, 1000], [7, 9]],
            TestContext.Current.CancellationToken);
        Assert.Equal([7 + (2 * 100) + (4 * 1000) + (3 * 1) + (12 * 10), 9 + (5 * 100) + 1000 + 11 + (3 * 10)],
            bounds!.Select(static bound => Math.Round(bound, 6)));
    }

    [Fact]
    public void The_number_of_outputs_may_differ_from_that_of_nodes()
    {
        var network = new KanNetwork([new KanLayer(1, 3, Edges((0, 0))), new KanLayer(3, 1, Edges((0, 0), (1, 0), (2, 0)))]);
        double[]? bounds = Sensitivity.Worst(network, [null, [Enclosure.Exactly(2), Enclosure.Exactly(-3), Enclosure.Exactly(5)]],
            new Enclosure[]?[2], [[1, 10, 100], [7]], TestContext.Current.CancellationToken);
        Assert.Equal(539, Assert.Single(bounds!), 1e-9);
    }

    [Fact]
    public void What_would_take_too_long_is_left_out()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Null(Sensitivity.Worst(new KanNetwork([Layer((0, 0))]), [null], [null], [[1, 1]], token));

        // 2,049 outputs: their matrix has more than 2^22 entries. 2,048 do not.
        Assert.Null(Wide(2049, 1));
        Assert.NotNull(Wide(2048, 1));
        Assert.Null(Wide(2048, 2049));

        // 2,048 outputs of 50,000 edges are more than 10^8 steps.
        var many = new KanLayer(25, 2048, from p in Enumerable.Range(0, 25)
                                          from q in Enumerable.Range(0, 2000)
                                          select new KanEdge(p, q, PiecewiseLinearFunction.Identity));
        Assert.Null(Sensitivity.Worst(new KanNetwork([new KanLayer(1, 25, []), many]),
            [null, [.. Enumerable.Repeat(Enclosure.Exactly(1), 50_000)]], [null, null], [new double[25], new double[2048]], token));

        double[]? Wide(int outputs, int inputs) => Sensitivity.Worst(
            new KanNetwork([new KanLayer(1, inputs, []), new KanLayer(inputs, outputs, Edges((0, 0)))]), [null, [Enclosure.Exactly(1)]],
            [null, null], [new double[inputs], new double[outputs]], token);
    }

    public static TheoryData<string, int, int, double> Matrices { get; } = new()
    {
        // The largest singular value of (3 0; 4 5) is the root of 45, of its transpose too.
        { "3 0 4 5", 2, 2, Math.Sqrt(45) }, { "3 4 0 5", 2, 2, Math.Sqrt(45) },

        // Orthogonal matrices, diagonals, and one column more or less.
        { "1 0 0 0 1 0 0 0 1", 3, 3, 1 }, { "1 1 1 1 1 -1 1 -1 1 1 -1 -1 1 -1 -1 1", 4, 4, 2 }, { "0 -7 0 0 0 2", 2, 3, 7 },
        { "0 0 -7 0 0 2", 3, 2, 7 }, { "2 0 0 2 0 0", 3, 2, 2 },

        // A product of vectors: the lengths of (1, 2, 2) and (3, 4).
        { "3 4 6 8 6 8", 3, 2, 15 }, { "3 6 6 4 8 8", 2, 3, 15 }, { "5", 1, 1, 5 }, { "3 4", 1, 2, 5 },
        { "1e-100 0 0 1e-100", 2, 2, 1e-100 },
    };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void A_matrix_lengthens_no_vector_by_more(string numbers, int rows, int columns, double expected)
    {
        double[] matrix = [.. numbers.Split(' ').Select(static number =>
            double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        double bound = SpectralNorm.Bound(matrix, rows, columns, TestContext.Current.CancellationToken);
        Assert.InRange(bound, expected, expected * 1.006);
    }

    /// <summary>A random matrix against power iteration on A^T A.</summary>
    [Theory]
    [InlineData(20, 7)]
    [InlineData(7, 20)]
    [InlineData(12, 12)]
    public void A_random_matrix_is_bounded_closely(int rows, int columns)
    {
        var random = new Random(rows);
        for (int trial = 0; trial < 5; trial++)
        {
            double[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() - 0.3)];
            double[] vector = [.. Enumerable.Repeat(1.0, columns)];
            double length = 0;
            for (int i = 0; i < 500; i++)
            {
                double[] image = [.. Enumerable.Range(0, rows)
                    .Select(r => Enumerable.Range(0, columns).Sum(c => matrix[(r * columns) + c] * vector[c]))];
                length = Math.Sqrt(image.Sum(static x => x * x) / vector.Sum(static x => x * x));
                vector = [.. Enumerable.Range(0, columns)
                    .Select(c => Enumerable.Range(0, rows).Sum(r => matrix[(r * columns) + c] * image[r]))];
                double scale = vector.Max(Math.Abs);
                vector = Array.ConvertAll(vector, x => x / scale);
            }

            Assert.InRange(SpectralNorm.Bound(matrix, rows, columns, TestContext.Current.CancellationToken), length * (1 - 1e-12),
                length * 1.006);
        }
    }

    /// <summary>
    /// Two singular values that are nearly equal: power iteration is slow there, and the decomposition still proves the bound.
    /// </summary>
    [Fact]
    public void Values_that_are_close_are_bounded_too()
    {
        double[] matrix = new double[64];
        for (int i = 0; i < 8; i++) matrix[i * 9] = 1 + (i * 0.002);
        Assert.InRange(SpectralNorm.Bound(matrix, 8, 8, TestContext.Current.CancellationToken), 1.014, 1.014 * 1.01);
    }

    /// <summary>
    /// Power iteration starts from (1, 1.1), which is at a right angle to the largest singular vector here, and finds the other value. Its
    /// square is too small by a factor of 1.3, which the last factor that is tried makes up for; by 1.6, which none does.
    /// </summary>
    [Fact]
    public void An_estimate_that_is_too_small_is_not_believed()
    {
        var token = TestContext.Current.CancellationToken;
        double length = Math.Sqrt(2.21), near = Math.Sqrt(1.3), far = Math.Sqrt(1.6);
        Assert.InRange(SpectralNorm.Bound([1.1 * near, -near, 1, 1.1], 2, 2, token), Math.Sqrt(1.5) * length * 0.9999,
            Math.Sqrt(1.5) * length * 1.0001);

        // Three of them: (1, 1.1, 1.2) is found, of a square of 3.65, and 1.3 times that is at a right angle to it.
        double steep = Math.Sqrt(1.3 * 3.65 / 2.46);
        Assert.InRange(SpectralNorm.Bound([1.1 * steep, 0.2 * steep, -1.1 * steep, 1, 1.1, 1.2, 0.145, -0.242, 0.101], 3, 3, token),
            Math.Sqrt(1.5 * 3.65) * 0.9999, Math.Sqrt(1.5 * 3.65) * 1.0001);
        Assert.Equal(Math.Sqrt(2.6) * length, SpectralNorm.Bound([1.1 * far, -far, 1, 1.1], 2, 2, token), 1e-12);
    }

    [Fact]
    public void Work_can_be_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => SpectralNorm.Bound([1, 2, 3, 4], 2, 2, cancelled));
        var network = new KanNetwork([new KanLayer(1, 1, Edges((0, 0))), new KanLayer(1, 1, Edges((0, 0)))]);
        Assert.Throws<OperationCanceledException>(() => Sensitivity.Worst(network, [null, [Enclosure.Exactly(1)]], [null, null], [[1], [1]],
            cancelled));
    }

    [Fact]
    public void Nothing_and_too_much_have_the_length_of_their_numbers()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(0, SpectralNorm.Bound(new double[6], 2, 3, token));
        Assert.Equal(double.PositiveInfinity, SpectralNorm.Bound([1e200, 0, 0, 1e200], 2, 2, token));

        // 700^3 multiplications are too many: the root of the sum of squares has to do.
        double[] identity = new double[700 * 700];
        for (int i = 0; i < 700; i++) identity[i * 701] = 1;
        Assert.Equal(Math.Sqrt(700), SpectralNorm.Bound(identity, 700, 700, token), 1e-6);
    }

    private static KanLayer Layer(params (int Input, int Output)[] edges) => new(2, 2, Edges(edges));

    private static IEnumerable<KanEdge> Edges(params (int Input, int Output)[] edges) =>
        edges.Select(static edge => new KanEdge(edge.Input, edge.Output, PiecewiseLinearFunction.Identity));
}
