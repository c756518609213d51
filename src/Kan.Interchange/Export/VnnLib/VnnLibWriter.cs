using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;

namespace Kan.Interchange;

/// <summary>
/// Prints a property in the language of verifiers: variables X_i and Y_j, and assertions that a counterexample satisfies.
/// </summary>
internal static class VnnLibWriter
{
    /// <summary>Digits of a number that is not a short decimal.</summary>
    private const int Digits = 40;

    public static string Write(VnnLibProperty property, IReadOnlyList<string> comment)
    {
        var text = new StringBuilder();
        foreach (string line in comment) text.Append("; ").Append(MessageText.Bound(line)).Append('\n');
        for (int i = 0; i < property.Box.Length; i++) text.Append(CultureInfo.InvariantCulture, $"(declare-const X_{i} Real)\n");
        for (int q = 0; q < property.OutputCount; q++) text.Append(CultureInfo.InvariantCulture, $"(declare-const Y_{q} Real)\n");
        text.Append('\n');
        for (int i = 0; i < property.Box.Length; i++)
        {
            // Outwards where digits do not suffice: what is proved for the larger box holds for the box.
            text.Append(CultureInfo.InvariantCulture, $"(assert (>= X_{i} {Number(property.Box[i].Low, up: false)}))\n");
            text.Append(CultureInfo.InvariantCulture, $"(assert (<= X_{i} {Number(property.Box[i].High, up: true)}))\n");
        }

        text.Append('\n');
        if (property.Counterexamples is [var only])
        {
            foreach (var constraint in only) text.Append(CultureInfo.InvariantCulture, $"(assert {Condition(constraint)})\n");
            return text.ToString();
        }

        text.Append("(assert (or\n");
        foreach (var all in property.Counterexamples)
            text.Append(CultureInfo.InvariantCulture, $"    (and {string.Join(' ', all.Select(Condition))})\n");
        return text.Append("))\n").ToString();
    }

    // A condition that is too easily met makes the property harder to prove, never wrong.
    private static string Condition(OutputConstraint constraint) =>
        $"({(constraint.IsAtLeast ? ">=" : "<=")} {Output(constraint.Output)} "
        + $"{(constraint.Other is { } other ? Output(other) : Number(constraint.Value, up: !constraint.IsAtLeast))})";

    private static string Output(int output) => "Y_" + output.ToString(CultureInfo.InvariantCulture);

    /// <summary>A decimal: exact where it has at most so many digits behind the point, else rounded in one direction.</summary>
    private static string Number(Rational value, bool up)
    {
        int places = 0;
        var scaled = value;
        while (!scaled.Denominator.IsOne && places < Digits)
        {
            scaled *= 10;
            places++;
        }

        var digits = BigInteger.DivRem(scaled.Numerator, scaled.Denominator, out var rest);
        if (!rest.IsZero && (rest.Sign > 0) == up) digits += up ? 1 : -1;
        string text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return (digits.Sign < 0 ? "-" : "") + text[..^places] + "." + (places == 0 ? "0" : text[^places..]);
    }
}
