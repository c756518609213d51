using System;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Relu;

public sealed class SparseMatrixTests
{
    [Fact]
    public void Products_are_those_of_the_dense_matrices() => Gen.Select(
        Generators.SmallRational.Array[6], Generators.SmallRational.Array[12], Generators.SmallRational.Array[4])
        .Sample(static (left, right, vector) =>
        {
            var a = SparseMatrix.Create(2, 3, left.Select((value, i) => (i / 3, i % 3, value)));
            var b = SparseMatrix.Create(3, 4, right.Select((value, i) => (i / 4, i % 4, value)));
            var product = a.Multiply(b);
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 4; j++)
                {
                    var expected = Rational.Zero;
                    for (int k = 0; k < 3; k++) expected += left[(i * 3) + k] * right[(k * 4) + j];
                    Assert.Equal(expected, product[i, j]);
                }
            }

            Assert.Equal(a.Multiply(b.Multiply(vector)), product.Multiply(vector));
            Assert.Equal(product, SparseMatrix.Create(2, 4, product.Entries().Reverse()));
        });

    [Fact]
    public void Entries_add_up_and_zeros_are_dropped()
    {
        var matrix = SparseMatrix.Create(2, 2, [(0, 1, 2), (1, 0, 3), (0, 1, -2), (1, 0, 4)]);
        Assert.Equal(1, matrix.NonZeroCount);
        Assert.Equal(7, matrix[1, 0]);
        Assert.True(matrix.ColumnsOf(0).IsEmpty);
    }

    [Fact]
    public void Dense_forms_hold_the_entries_and_refuse_to_be_too_large()
    {
        var matrix = SparseMatrix.Create(2, 3, [(0, 1, 2), (1, 2, Rational.Create(1, 3))]);
        Assert.Equal(new Rational[,] { { 0, 2, 0 }, { 0, 0, Rational.Create(1, 3) } }, matrix.ToDense());
        Assert.Equal(new[,] { { 0, 2, 0 }, { 0, 0, 1.0 / 3 } }, matrix.ToDenseDouble());
        Assert.Throws<MatrixTooLargeException>(() => matrix.ToDense(5));

        var wide = SparseMatrix.Create(1_000_000, 1_000_000, [(999_999, 999_999, 1)]);
        var refused = Assert.Throws<MatrixTooLargeException>(() => wide.ToDense());
        Assert.Equal(1_000_000_000_000, refused.EntryCount);
        Assert.Contains("1,000,000 rows", refused.Message, StringComparison.Ordinal);
        Assert.Throws<MatrixTooLargeException>(() => wide.ToDenseDouble());
    }

    [Fact]
    public void Products_with_too_many_terms_are_refused_before_they_are_made()
    {
        var column = SparseMatrix.Create(5_000, 1, Enumerable.Range(0, 5_000).Select(static i => (i, 0, Rational.One)));
        var row = SparseMatrix.Create(1, 5_000, Enumerable.Range(0, 5_000).Select(static i => (0, i, Rational.One)));
        Assert.Equal(25_000_000, Assert.Throws<MatrixTooLargeException>(() => column.Multiply(row)).EntryCount);
        Assert.Equal(5_000, row.Multiply(column)[0, 0]);
        var network = new ReluNetwork([new ReluLayer(row, default, rectified: false), new ReluLayer(column, default, rectified: true)]);
        Assert.Throws<MatrixTooLargeException>(() =>
            new ReluNetwork([new ReluLayer(column, default, rectified: false),
                new ReluLayer(SparseMatrix.Create(1, 5_000, []), default, rectified: true), .. network.Layers.Skip(1),
                .. network.Layers.Take(1), new ReluLayer(column, default, rectified: false), network.Layers[0]]).Fuse(1_000));
    }

    [Fact]
    public void Places_outside_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => SparseMatrix.Create(1, 1, [(1, 0, 1)]));
        var matrix = SparseMatrix.Create(1, 2, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[1, 0]);
        Assert.Throws<ArgumentException>(() => matrix.Multiply([Rational.One]));
    }
}
