using System.Globalization;

namespace Kan.Tool;

/// <summary>The range of inputs as people write it: <c>lo,hi</c>.</summary>
internal static class RangeText
{
    public const string Expected =
        "Expected two finite numbers, the lower first, such as 0,1 (with a decimal point, whatever the culture).";

    public static bool TryParse(string text, out InputRange range)
    {
        range = default;
        var parts = text.Split(',');
        if (parts.Length != 2 || !TryNumber(parts[0], out var low) || !TryNumber(parts[1], out var high) || low > high) return false;
        range = new InputRange(low, high);
        return true;
    }

    private static bool TryNumber(string text, out Rational number)
    {
        number = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            return false;
        number = Rational.FromDouble(value);
        return true;
    }
}
