using System.Globalization;

namespace Kan.Interchange;

/// <summary>
/// The operations of forms as SQL, in double. SQL has no fused multiply-add, so a product is rounded before it is added. NULL stays NULL in
/// all of them, which <c>GREATEST</c> does not promise; engines that order NaN above all numbers keep it, too.
/// </summary>
internal readonly struct SqlText : INumberOps<string>
{
    private const string Infinity = "CAST('Infinity' AS DOUBLE PRECISION)";

    public string Zero => Number(0);

    public string Least => Number(double.MinValue);

    public string Most => Number(double.MaxValue);

    /// <summary>A literal that is read as the same double: with an exponent, which makes it approximate in standard SQL.</summary>
    public static string Number(double value)
    {
        string digits = value.ToString("R", CultureInfo.InvariantCulture);
        return digits.Contains('E', System.StringComparison.Ordinal) ? digits : digits + "E0";
    }

    /// <summary>A name in quotes.</summary>
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", System.StringComparison.Ordinal) + "\"";

    public string Add(string left, string right) => $"({left} + {right})";

    public string Subtract(string left, string right) => right[0] == '-' ? $"({left} + {right[1..]})" : $"({left} - {right})";

    public string AtLeast(string value, string bound) => $"CASE WHEN {value} < {bound} THEN {bound} ELSE {value} END";

    // Where NaN is above all numbers, it is above infinity.
    public string AtMost(string value, string bound) =>
        $"CASE WHEN {value} > {bound} AND {value} <= {Infinity} THEN {bound} ELSE {value} END";

    public string Fma(string left, string right, string addend) =>
        addend.Length == 0 ? $"{left} * {right}" : $"{addend} + {left} * {right}";
}
