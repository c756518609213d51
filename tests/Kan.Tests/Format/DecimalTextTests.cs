using System;
using System.Globalization;
using CsCheck;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>Numbers as decimal text, against the runtime's own correctly rounded conversions.</summary>
public sealed class DecimalTextTests
{
    [Fact]
    public void Any_double_is_written_with_the_shortest_digits_that_read_back()
    {
        Gen.Double.Where(double.IsFinite).Sample(CheckRoundTrip, iter: 20_000);
        Gen.Float.Where(float.IsFinite).Sample(value => CheckRoundTrip(value), iter: 5_000);
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(2.2250738585072009E-308)]
    [InlineData(2.2250738585072014E-308)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(9007199254740993.0)]
    [InlineData(9.5367431640625e-07)]
    [InlineData(1e23)]
    [InlineData(123456789012345680.0)]
    [InlineData(0.1)]
    [InlineData(0.0001)]
    [InlineData(100.0)]
    public void Hard_doubles_round_trip(double value) => CheckRoundTrip(value);

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.999999999999999999999999999999999999999999999999999999")]
    [InlineData("9007199254740993.000000000000000000000000000000000000000000000000000001")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("1.7976931348623158e308")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1e-999999999999999999999")]
    [InlineData("0e999999999999999999999")]
    [InlineData("0.000000000000000000000000000000000000000000001e45")]
    [InlineData("100000000000000000000000000000000000000000000e-44")]
    [InlineData("-12.50E+1")]
    public void A_number_is_the_nearest_double(string text) =>
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), Read(text).ToDouble());

    [Fact]
    public void A_number_of_a_thousand_digits_is_the_nearest_double()
    {
        // Half a unit above 1, and a little more after 900 zeros: the tie goes to even, the other one up.
        string tie = "1." + "00000000000000011102230246251565404236316680908203125".PadRight(900, '0');
        Assert.Equal(1.0, Read(tie).ToDouble());
        Assert.Equal(double.BitIncrement(1.0), Read(tie + "1").ToDouble());
    }

    [Fact]
    public void Random_decimals_are_the_nearest_double()
    {
        Gen.Select(Gen.String[Gen.Char['0', '9'], 1, 40], Gen.String[Gen.Char['0', '9'], 1, 40], Gen.Int[-340, 300]).Sample(
            (whole, fraction, exponent) =>
            {
                whole = whole.TrimStart('0');
                string text = $"{(whole.Length == 0 ? "0" : whole)}.{fraction}e{exponent.ToString(CultureInfo.InvariantCulture)}";
                double expected = double.Parse(text, CultureInfo.InvariantCulture);
                if (double.IsInfinity(expected)) Assert.Throws<KanFormatException>(() => Read(text));
                else Assert.Equal(expected, Read(text).ToDouble());
            },
            iter: 20_000);
    }

    private static void CheckRoundTrip(double value)
    {
        string text = Written(Rational.FromDouble(value));
        Assert.Equal(Rational.FromDouble(value), Read(text));
        string runtime = (value == 0 ? 0.0 : value).ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(SignificantDigits(runtime), SignificantDigits(text));
    }

    private static string SignificantDigits(string text)
    {
        int exponent = text.IndexOfAny(['e', 'E']);
        string mantissa = exponent < 0 ? text : text[..exponent];
        return mantissa.Replace(".", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Trim('0');
    }

    private static Rational Read(string number)
    {
        var document = KanDocumentReader.Read(
            """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[""" + number + "]}]}");
        return ((AffineDescription)document.Layers[0]).Weights[0];
    }

    private static string Written(Rational value)
    {
        string text = KanDocumentWriter.Write(new KanDocument { Name = "n", Layers = [new AffineDescription(1, 1, [value], [])] });
        int start = text.IndexOf("\"weights\": [", StringComparison.Ordinal) + "\"weights\": [".Length;
        return text[start..text.IndexOf(']', start)];
    }
}
