using System.Collections.Generic;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Kan.Analysis.Proofs;

/// <summary>A sum of weighted variables and a constant; X are inputs, Y outputs.</summary>
internal sealed record LinearTerm(IReadOnlyDictionary<(bool IsOutput, int Index), Rational> Weights, Rational Constant)
{
    public static LinearTerm Of(Rational constant) => new(new Dictionary<(bool, int), Rational>(), constant);

    public static LinearTerm Variable(bool isOutput, int index) =>
        new(new Dictionary<(bool, int), Rational> { [(isOutput, index)] = Rational.One }, Rational.Zero);

    public bool IsConstant => Weights.Count == 0;

    public LinearTerm Plus(LinearTerm other, Rational factor)
    {
        var weights = new Dictionary<(bool, int), Rational>(Weights);
        foreach (var (variable, weight) in other.Weights)
        {
            var sum = (weights.TryGetValue(variable, out var own) ? own : Rational.Zero) + (factor * weight);
            if (sum.IsZero) weights.Remove(variable);
            else weights[variable] = sum;
        }

        return new LinearTerm(weights, Constant + (factor * other.Constant));
    }

    public LinearTerm Times(Rational factor) => Of(Rational.Zero).Plus(this, factor);
}

/// <summary>Decimal numbers as exact fractions.</summary>
internal static partial class ExactDecimal
{
    private const int LargestExponent = 400, MostDigits = 400;

    public static bool TryParse(string text, out Rational value)
    {
        value = default;
        var match = Pattern().Match(text);
        if (!match.Success || text.Length > MostDigits) return false;
        string fraction = match.Groups["fraction"].Value, digits = match.Groups["whole"].Value + fraction;
        if (digits.Length == 0) return false;
        int exponent = 0;
        if (match.Groups["exponent"].Value is { Length: > 0 } power
            && (power.Length > 5 || !int.TryParse(power, System.Globalization.NumberStyles.AllowLeadingSign,
                System.Globalization.CultureInfo.InvariantCulture, out exponent))) return false;
        exponent -= fraction.Length;
        if (exponent is > LargestExponent or < -(LargestExponent + MostDigits)) return false;
        var number = BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        if (match.Groups["sign"].Value == "-") number = -number;
        value = exponent >= 0 ? (Rational)(number * BigInteger.Pow(10, exponent)) : Rational.Create(number, BigInteger.Pow(10, -exponent));
        return true;
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
