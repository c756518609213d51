using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Segments found by arithmetic against segments found by comparing with every knot.</summary>
public sealed class UniformGridTests
{
    [Theory]
    [InlineData("1", "1", 6)]
    [InlineData("-1", "1/8", 17)]
    [InlineData("-5", "1/3", 16)]
    [InlineData("0", "1/10", 6)]
    [InlineData("100", "7", 40)]
    public void Arithmetic_finds_the_segment_of_every_number(string low, string step, int knots)
    {
        var form = Form([.. Enumerable.Range(0, knots).Select(i => Number(low) + ((Rational)i * Number(step)))]);
        var table = form.Segments[0];
        if (UniformGrid.TryCreate(form, Precision.Single) is not { } grids)
        {
            // Rounded knots may not be equally spaced, and must not pass for it.
            Assert.Equal("1/3", step);
            return;
        }

        var grid = Assert.Single(grids);
        Assert.Equal((double)(float)(1 / Number(step)).ToDouble(), grid.Scale, 1e-6 * grid.Scale);
        Assert.Equal(table.Knots[^1] - table.Knots[0], grid.Span, 1e-6 * grid.Span);
        var random = new Random(1);
        float first = (float)table.Knots[0], last = (float)table.Knots[^1], length = last - first;
        for (int i = 0; i < 3000; i++)
        {
            float x = first + (length * ((float)(random.NextDouble() * 1.4) - 0.2f));
            Check(x);
            if (i >= knots) continue;
            float knot = (float)table.Knots[i];
            Check(knot);
            Check(MathF.BitIncrement(knot));
            Check(MathF.BitDecrement(knot));
        }

        void Check(float x)
        {
            float near = MathF.Min(MathF.Max(x - (float)grid.Low, 0), (float)grid.Span);
            int index = (int)(MathF.FusedMultiplyAdd(near, (float)grid.Scale, 8388608f) - 8388608f);
            float knot = MathF.FusedMultiplyAdd(index, (float)grid.Step, (float)grid.Low);
            int found = index + (x >= knot ? 1 : 0), expected = table.Knots.Count(number => x >= number);
            Require.That(found == expected, $"{x} is in segment {expected}, not {found}.");
        }
    }

    [Fact]
    public void Knots_at_other_distances_have_no_grid()
    {
        Assert.Null(UniformGrid.TryCreate(Form([1, 2, 3, 4, 5, 7]), Precision.Single));
        Assert.Null(UniformGrid.TryCreate(Form([1, 3, 4, 5, 6, 7]), Precision.Single));
        Assert.Null(UniformGrid.TryCreate(Form([1, 2, 3, 4, 6, 7, 8]), Precision.Single));
        Assert.NotNull(UniformGrid.TryCreate(Form([1, 2, 3, 4, 5, 6]), Precision.Single));
    }

    [Fact]
    public void Fewer_than_six_knots_are_compared_with()
    {
        Assert.Null(UniformGrid.TryCreate(Form([1, 2, 3, 4, 5]), Precision.Single));

        // The input of most knots decides; then one knot is a grid too, and none is not.
        var grids = UniformGrid.TryCreate(Form([1, 2, 3, 4, 5, 6], [3], [1, 2]), Precision.Single);
        Assert.Equal([new UniformGrid(1, 1, 1, 5), new UniformGrid(3, 0, 0, 0), new UniformGrid(1, 1, 1, 1)], grids!);
        Assert.Null(UniformGrid.TryCreate(Form([1, 2, 3, 4, 5, 6], []), Precision.Single));
        Assert.Null(UniformGrid.TryCreate(Form([1, 2, 3, 4, 5, 6], [1, 2, 4]), Precision.Single));
    }

    [Fact]
    public void Inputs_of_the_same_ends_may_differ_between_them()
    {
        Assert.Null(UniformGrid.TryCreate(Form([0, 2, 4, 6, 8, 10], [0, 2, 4, 6, 9, 10]), Precision.Single));
        Assert.NotNull(UniformGrid.TryCreate(Form([0, 2, 4, 6, 8, 10], [0, 2, 4, 6, 8, 10]), Precision.Single));
        Assert.NotNull(UniformGrid.TryCreate(Form([0, 2, 4, 6, 8, 10], [0, 5, 10]), Precision.Single));
    }

    /// <summary>Knots that fall onto each other when they are rounded have no distance; those of a huge span have none in float.</summary>
    [Fact]
    public void Knots_that_a_number_type_cannot_tell_apart_have_no_grid()
    {
        var tiny = Rational.Create(1, 1L << 40);
        Rational[] close = [.. Enumerable.Range(0, 6).Select(i => 1 + ((Rational)i * tiny))];
        Assert.Null(UniformGrid.TryCreate(Form(close), Precision.Single));
        Assert.NotNull(UniformGrid.TryCreate(Form(Precision.Double, close), Precision.Double));
        var big = Rational.FromSingle(3e38f);
        Assert.Null(UniformGrid.TryCreate(
            Form([.. Enumerable.Range(0, 7).Select(i => big * Rational.Create(i - 3, 3))]), Precision.Single));
    }

    /// <summary>The index is counted up from the number of a row: with many rows before it halves are no longer exact.</summary>
    [Fact]
    public void The_row_that_is_counted_from_matters()
    {
        var grids = UniformGrid.TryCreate(Form([.. Enumerable.Repeat<Rational[]>([1, 2, 3, 4, 5, 6], 5)]), Precision.Single);
        Assert.Equal(5, grids!.Length);
        Assert.All(grids, static grid => Assert.Equal(new UniformGrid(1, 1, 1, 5), grid));
    }

    private static Rational Number(string text) => Rational.TryParse(text, out var value) ? value : throw new FormatException(text);

    private static RowsForm Form(params Rational[][] knots) => Form(Precision.Single, knots);

    private static RowsForm Form(Precision precision, params Rational[][] knots)
    {
        var edges = knots.Select(static (own, p) => new KanEdge(p, 0, PiecewiseLinearFunction.FromSlopes(
            own, [.. Enumerable.Range(0, own.Length + 1).Select(static k => Rational.Create(1 + (k % 2), 4))], 0, 0)));
        return (RowsForm)FormBuilder.Build(new KanLayer(knots.Length, 1, edges), LayerLowering.Rows, precision,
            TestContext.Current.CancellationToken);
    }
}
