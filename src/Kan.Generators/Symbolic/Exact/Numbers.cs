using System.Globalization;

namespace Kan.Generators.Symbolic.Exact;

/// <summary>Exact numbers for people.</summary>
internal static class Numbers
{
    /// <summary>The nearest double, in digits that read back as it.</summary>
    public static string Text(Rational value) => value.ToDouble().ToString("R", CultureInfo.InvariantCulture);

    /// <summary>An integer.</summary>
    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
