using System;
using System.Linq;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>What is written once over the operations of the numbers: on text it can be read, on numbers compared.</summary>
public sealed class TermTests
{
    [Theory]
    [InlineData(1, "s0")]
    [InlineData(2, "(s0+s1)")]
    [InlineData(4, "((s0+s2)+(s1+s3))")]
    [InlineData(8, "(((s0+s4)+(s2+s6))+((s1+s5)+(s3+s7)))")]
    public void The_tree_takes_up_the_far_half_first(int sums, string expected)
    {
        string[] names = [.. Enumerable.Range(0, sums).Select(static i => $"s{i}")];
        Assert.Equal(expected, SumTree.Total(default(TextAddition), names, SumTree.Additions(sums)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void The_loops_are_the_same_additions(int sums)
    {
        var loops = SumTree.Loops(sums, "h", "i");
        Assert.Equal([$"for (int h = {sums / 2}; h > 0; h /= 2)", "for (int i = 0; i < h; i++)"], loops);
        int at = 0;
        var additions = SumTree.Additions(sums);
        for (int h = sums / 2; h > 0; h /= 2)
        {
            for (int i = 0; i < h; i++) Assert.Equal((i, i + h), (additions[at].To, additions[at++].From));
        }

        Assert.Equal(additions.Length, at);
    }

    [Fact]
    public void Each_kind_of_unit_is_what_its_documentation_says()
    {
        const double Point = 0.5, Height = 2, Weight = 3, Sum = 10;
        foreach (double x in new[] { -4.0, 0.25, 0.5, 1.5, 2.5, 7.0 })
        {
            double d = x - Point;
            Assert.Equal(Sum + (Weight * Math.Min(d, 0)), Add(UnitKind.LowRay, x));
            Assert.Equal(Sum + (Weight * Math.Min(Math.Max(d, 0), Height)), Add(UnitKind.Clamp, x));
            Assert.Equal(Sum + (Weight * Math.Max(d, 0)), Add(UnitKind.HighRay, x));
            Assert.Equal(Sum + (Weight * Math.Max(Point - x, 0)), Add(UnitKind.LeftRelu, x));
            Assert.Equal(Sum + (Weight * Math.Max(d, 0)), Add(UnitKind.RightRelu, x));
        }

        static double Add(UnitKind kind, double x) =>
            UnitTerm.AddTo(default(FloatOps<double>), kind, x, Point, Height, Weight, default, Sum);
    }

    [Fact]
    public void The_ends_of_a_left_relu_are_turned_around()
    {
        // Towards negative infinity of x the difference b - x is positive: the low end of x - b is the high end there.
        var ops = default(FloatOps<double>);
        double bounded = UnitTerm.AddTo(ops, UnitKind.LeftRelu, double.NegativeInfinity, 0, 0, 0, new FiniteEnds(Low: true, High: false),
            1);
        double unbounded = UnitTerm.AddTo(ops, UnitKind.LeftRelu, double.NegativeInfinity, 0, 0, 0, new FiniteEnds(Low: false, High: true),
            1);
        Assert.Equal(1, bounded);
        Assert.True(double.IsNaN(unbounded));
    }

    private readonly struct TextAddition : IAddition<string>
    {
        public string Add(string left, string right) => $"({left}+{right})";
    }
}
