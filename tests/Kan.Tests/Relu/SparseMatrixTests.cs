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
        Generators.SmallRational.Array[6], Generators.SmallRational.Array[12], Generators.SmallRational.Array[4]).Sample(static (left, right, vector) =>
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
    public void Places_outside_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => SparseMatrix.Create(1, 1, [(1, 0, 1)]));
        var matrix = SparseMatrix.Create(1, 2, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[1, 0]);
        Assert.Throws<ArgumentException>(() => matrix.Multiply([Rational.One]));
    }
}
