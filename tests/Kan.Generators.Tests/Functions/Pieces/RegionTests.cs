extern alias generators;

using System.Linq;
using generators::Kan.Generators.Symbolic.Exact;
using generators::Kan.Generators.Symbolic.Values;
using Xunit;
using Rational = generators::Kan.Networks.Rational;
using Regions = generators::Kan.Generators.Symbolic.Exact.Regions;
using Work = generators::Kan.Networks.ExactWork;

namespace Kan.Generators.Tests.Functions.Pieces;

/// <summary>Sets of numbers, in words and in combination, and what work with them is charged.</summary>
public sealed class RegionTests
{
    /// <summary>Points in order, and for each interval and point whether it belongs to the set.</summary>
    [Theory]
    [InlineData("", "1", "every x")]
    [InlineData("", "0", "no x")]
    [InlineData("3", "010", "x = 3")]
    [InlineData("3", "100", "x < 3")]
    [InlineData("3", "110", "x <= 3")]
    [InlineData("3", "001", "x > 3")]
    [InlineData("3", "011", "x >= 3")]
    [InlineData("3", "101", "x < 3")]
    [InlineData("1 3", "00100", "1 < x < 3")]
    [InlineData("1 3", "01100", "1 <= x < 3")]
    [InlineData("1 3", "00110", "1 < x <= 3")]
    [InlineData("1 3", "01110", "1 <= x <= 3")]
    [InlineData("1 3", "00010", "x = 3")]
    [InlineData("1 3", "00011", "x >= 3")]
    [InlineData("1 3", "00001", "x > 3")]
    public void The_first_part_of_a_set_is_put_in_words(string points, string flags, string expected) =>
        Assert.Equal(expected, Region(points, flags).Describe("x"));

    [Fact]
    public void Sets_are_compared_and_combined()
    {
        var (below, above) = (Region("3", "100"), Region("3", "011"));
        Assert.True(below.Not().IsSame(above));
        Assert.False(below.IsSame(above));
        Assert.False(below.IsSame(Region("4", "100")));
        Assert.True(below.Or(above).IsAll());
        Assert.True(below.And(above).IsNone());
        Assert.False(below.IsAll() || below.IsNone() || Regions.All.IsNone() || Regions.None.IsAll());
        Assert.True(Regions.All.IsAll() && Regions.None.IsNone());
    }

    [Fact]
    public void Inputs_are_joined_where_they_differ_in_one_parameter()
    {
        var (below, above) = (Region("3", "100"), Region("3", "011"));
        var low = new Domain([Regions.All, below, Regions.All]);
        var joined = low.Or(new Domain([Regions.All, above, Regions.All]));
        Assert.True(joined!.Regions.All(static region => region.IsAll()));
        Assert.Same(low, low.Or(new Domain([Regions.All, below, Regions.All])));
        Assert.Null(low.Or(new Domain([Regions.All, above, below])));
        Assert.Null(new Domain([above, below]).Or(new Domain([below, above])));
        Assert.True(low.And(new Truth(1, above)).IsEmpty);
        Assert.False(low.IsEmpty);
        Assert.Same(low, low.Or(low.None()));
        Assert.Same(low, low.None().Or(low));
        var both = new Domain([below, below]).And(new Domain([Regions.All, Region("1", "001")]));
        Assert.True(both.Regions[0].IsSame(below) && both.Regions[1].IsSame(Region("1 3", "00100")));
        Assert.True(low.Open(1).Regions[1].IsAll());
    }

    [Fact]
    public void A_new_member_is_added()
    {
        var structure = new Structure(null!, [("A", Value.Unknown.Instance)]);
        var two = structure.With("B", Truth.Constant(true)).With("A", Truth.Constant(false));
        Assert.Equal(["A", "B"], two.Members.Select(static member => member.Key));
        Assert.Equal([Truth.Constant(false), Truth.Constant(true)], two.Members.Select(static member => member.Value));
        Assert.Equal("no x", Truth.Constant(true).Not().Region.Describe("x"));
    }

    /// <summary>Work that is not arithmetic is charged by the size of what is copied or looked through.</summary>
    [Fact]
    public void Copies_are_charged()
    {
        var domain = Domain.All(100);
        var wide = Piecewise<Flag>.Create([.. Enumerable.Range(0, 100).Select(static i => (Rational)i)],
            [.. Enumerable.Range(0, 201).Select(static i => new Flag(i % 2 == 0))], static _ => null);
        var number = Number.Constant(Affine.Constant(2), 100);
        var same = wide.Not().Not();
        AtLeast(200, () => domain.IsEmpty);
        AtLeast(100, () => domain.None());
        AtLeast(201, () => wide.IsNone());
        AtLeast(201, () => wide.IsSame(same));
        AtLeast(20_300, () => wide.Not());
        AtLeast(2_000, () => Number.Constant(default, 100));
        AtLeast(2_000, () => number.Varying(domain));
        AtLeast(2_000, () => number.As(3, domain));
        AtLeast(50, () => generators::Kan.Generators.Symbolic.Evaluation.IntegerRounding.Floor(Rational.Create(7, 2)));

        static void AtLeast(long steps, System.Func<object> action)
        {
            using var work = Work.Limit(long.MaxValue);
            action();
            Assert.True(work.Spent >= steps, $"{work.Spent} of {steps}");
        }
    }

    private static Piecewise<Flag> Region(string points, string flags) => Piecewise<Flag>.Create(
        [.. points.Split(' ', System.StringSplitOptions.RemoveEmptyEntries)
            .Select(static point => (Rational)int.Parse(point, System.Globalization.CultureInfo.InvariantCulture))],
        [.. flags.Select(static flag => new Flag(flag == '1'))], static _ => null);
}
