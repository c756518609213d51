using System.Globalization;
using Xunit;

namespace Kan.Tests;

public sealed class ModelInfoTests
{
    [Theory]
    [InlineData(0.00123, "digits: 64 -> 32 -> 10, error bound 1.2E-3")]
    [InlineData(double.PositiveInfinity, "digits: 64 -> 32 -> 10, error bound Infinity")]
    public void A_description_is_one_line_in_any_culture(double bound, string expected)
    {
        var info = new KanModelInfo
        {
            Name = "digits",
            Precision = Precision.Single,
            Widths = [64, 32, 10],
            Layers = [],
            ContentHash = "",
            ErrorBound = bound,
        };
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, info.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
