using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>
/// Documents whose fractions are too long to compute with: reading ends in an error with its place, in bounded work. A fault shows as a
/// hang.
/// </summary>
public sealed class HostileNumberTests
{
    [Fact]
    public void Knots_that_are_too_long_to_read_are_reported_at_one_of_them()
    {
        string[] knots = Fractions(400, 9_990);
        string text =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":[[\n"
            + string.Join(",\n", knots) + "]],\n\"values\":[" + string.Join(",", Enumerable.Repeat("0", 400)) + "]}]}";
        var exception = Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text));
        Assert.StartsWith("Reading the numbers takes too long: exact ", exception.Message, StringComparison.Ordinal);
        Assert.InRange(exception.Line, 2, 401);
        Assert.Equal(1, exception.Column);
    }

    [Fact]
    public void A_function_whose_numbers_grow_is_reported_at_its_edge()
    {
        string text =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[\n "
            + "{\"input\":0,\"output\":0,\"breakpoints\":["
            + string.Join(",", Fractions(60, 2_000)) + "],\"slopes\":[" + string.Join(",", Enumerable.Range(0, 61))
            + "],\"anchor\":[100,0]}]}]}";
        var exception = Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text));
        Assert.Equal((2, 2), (exception.Line, exception.Column));
    }

    [Fact]
    public void A_few_long_fractions_are_read()
    {
        string text =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":[["
            + string.Join(",", Fractions(4, 5_000)) + "]],\"values\":[1,2,3,4]}]}";
        var layer = Assert.IsType<GridDescription>(Assert.Single(KanDocumentReader.Read(text).Layers));
        Assert.Equal(BigInteger.Pow(10, 4_999) + 7, layer.Knots[0][3].Denominator);
    }

    [Fact]
    public void Thousands_of_short_fractions_are_read()
    {
        string numbers = string.Join(",",
            Enumerable.Range(0, 2_000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"\"{(7 * i) + 1}/7\"")));
        string text =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[{\"input\":0,\"output\":0,\"breakpoints\":["
            + numbers + "],\"slopes\":[" + string.Join(",", Enumerable.Range(0, 2_001)) + "],\"anchor\":[5,0]}]}]}";
        var layer = Assert.IsType<EdgesDescription>(Assert.Single(KanDocumentReader.Read(text).Layers));
        Assert.Equal(2_000, Assert.Single(layer.Edges).Function.Breakpoints.Length);
    }

    // i + 1/d for different denominators d of some digits.
    private static string[] Fractions(int count, int digits) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var denominator = BigInteger.Pow(10, digits - 1) + (2 * i) + 1;
            return "\"" + ((denominator * i) + 1) + "/" + denominator + "\"";
        }),
    ];
}
