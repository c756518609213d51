extern alias generators;

using System;
using System.Linq;
using generators::Kan.Generators.Symbolic.Evaluation;
using generators::Kan.Generators.Symbolic.Values;
using Xunit;
using Rational = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions.Pieces;

/// <summary>Rounding of exact numbers against that of .NET.</summary>
public sealed class IntegerRoundingTests
{
    private static readonly Rational s_little = Rational.Create(1, 1000);

    /// <summary>The kinds and what they are in .NET.</summary>
    public static TheoryData<int, MidpointRounding> Kinds { get; } = new()
    {
        { (int)RoundingKind.Floor, MidpointRounding.ToNegativeInfinity },
        { (int)RoundingKind.Ceiling, MidpointRounding.ToPositiveInfinity },
        { (int)RoundingKind.Truncate, MidpointRounding.ToZero },
        { (int)RoundingKind.NearestEven, MidpointRounding.ToEven },
        { (int)RoundingKind.NearestAway, MidpointRounding.AwayFromZero },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_number_is_rounded_as_NET_does(int kind, MidpointRounding mode) => Assert.All(Enumerable.Range(-32, 65), i =>
        Assert.Equal((Rational)(int)Math.Round(i / 8.0, mode), IntegerRounding.Round(Rational.Create(i, 8), (RoundingKind)kind)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_threshold_is_where_an_integer_begins(int kind, MidpointRounding mode) => Assert.All(Enumerable.Range(-4, 9), integer =>
    {
        var (point, isIncluded) = IntegerRounding.Threshold(integer, (RoundingKind)kind);
        Assert.Equal(isIncluded, Math.Round(point.ToDouble(), mode) >= integer);
        Assert.True(Math.Round((point + s_little).ToDouble(), mode) >= integer);
        Assert.True(Math.Round((point - s_little).ToDouble(), mode) < integer);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_negative_of_a_rounding_rounds_the_negative(int kind, MidpointRounding mode)
    {
        var negative = IntegerRounding.Negate((RoundingKind)kind);
        Assert.All(Enumerable.Range(-32, 65), i => Assert.Equal(
            (Rational)(-(int)Math.Round(i / 8.0, mode)), IntegerRounding.Round(Rational.Create(-i, 8), negative)));
    }
}
