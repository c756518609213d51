using System;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Lines above and below what a code does to a sum, at points of its range.</summary>
public sealed class CodedErrorTests
{
    /// <summary>What is cut off above 3 or below -1.5, where the sum is off by a quarter, is under a line that meets it at the ends.</summary>
    [Theory]
    [InlineData(-2, 5)]
    [InlineData(-5, 3)]
    [InlineData(4, 6)]
    [InlineData(-9, -2)]
    [InlineData(0, 1)]
    [InlineData(2, 2)]
    public void What_is_cut_off_is_below_a_line(double low, double high)
    {
        const double Error = 0.25, Above = 3, Below = -1.5;
        var coded = new CodedError(Error, 0, 1, 0.1, Cut(high, isAbove: true), Cut(low, isAbove: false), new CodedRange(low, high));
        foreach (bool isAbove in new[] { true, false })
        {
            var (slope, value) = coded.Cut(isAbove);
            for (int i = 0; i <= 100; i++)
            {
                double z = low + ((high - low) * i / 100), cut = Cut(z, isAbove), line = (slope * z) + value;
                Assert.InRange(line, cut, double.PositiveInfinity);
                if (i is 0 or 100) Assert.Equal(cut, line, 1e-12);
            }
        }

        static double Cut(double z, bool isAbove) => Math.Max(0, isAbove ? z + Error - Above : Below - (z - Error));
    }

    [Theory]
    [InlineData(-2, 5, 5.0 / 7, 1)]
    [InlineData(-5, 2, 2.0 / 7, 0)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(-2, -1, 0, 0)]
    public void A_ReLU_is_between_two_lines(double low, double high, double above, double below)
    {
        var coded = new CodedError(0, 0, 1, 0, 0, 0, new CodedRange(low, high));
        var (most, least) = (coded.Relu(isAbove: true), coded.Relu(isAbove: false));
        Assert.Equal(above, most.Slope, 1e-12);
        Assert.Equal((below, 0), least);
        for (int i = 0; i <= 100; i++)
        {
            double z = low + ((high - low) * i / 100), relu = Math.Max(z, 0);
            Assert.InRange(relu, (least.Slope * z) + least.Value, (most.Slope * z) + most.Value);
        }
    }

    /// <summary>A range that is too wide for a double has no line, and a bound with it is infinite.</summary>
    [Fact]
    public void A_range_too_wide_has_no_line()
    {
        var coded = new CodedError(0, 0, 1, 0, 1, 1, new CodedRange(-1e308, 1e308));
        Assert.Equal((0, double.PositiveInfinity), coded.Relu(isAbove: true));
        Assert.Equal((0, 1), coded.Cut(isAbove: true));
        Assert.Equal((0, 1), coded.Cut(isAbove: false));
    }
}
