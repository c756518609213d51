using System;

namespace Kan.Interchange.Symbolic;

/// <summary>An exact affine combination of units, c + sum f_i u_i, with increasing unit numbers and no zero factor. Immutable.</summary>
internal sealed class AffineCombination
{
    // Of a term that is copied, found and kept.
    private const int CopySteps = 10;

    private static readonly Rational[] s_one = [Rational.One];

    public AffineCombination(int[] units, Rational[] factors, Rational constant)
    {
        Units = units;
        Factors = factors;
        Constant = constant;
    }

    /// <summary>Increasing unit numbers.</summary>
    public int[] Units { get; }

    /// <summary>One factor for each unit.</summary>
    public Rational[] Factors { get; }

    public Rational Constant { get; }

    public bool IsConstant => Units.Length == 0;

    /// <summary>Whether this is one unit and nothing else.</summary>
    public bool IsUnit => Units.Length == 1 && Constant.IsZero && Factors[0] == Rational.One;

    public static AffineCombination OfConstant(Rational value) => new([], [], value);

    public static AffineCombination OfUnit(int unit) => new([unit], s_one, Rational.Zero);

    public AffineCombination Scale(Rational factor)
    {
        if (factor == Rational.One) return this;
        return factor.IsZero ? OfConstant(Rational.Zero) : new(Units, Array.ConvertAll(Factors, own => own * factor), Constant * factor);
    }

    public AffineCombination Shift(Rational value) => value.IsZero ? this : new(Units, Factors, Constant + value);

    public static AffineCombination operator -(AffineCombination left, AffineCombination right) => left + right.Scale(-Rational.One);

    public static AffineCombination operator +(AffineCombination left, AffineCombination right)
    {
        if (left.IsConstant) return right.Shift(left.Constant);
        if (right.IsConstant) return left.Shift(right.Constant);
        ExactWork.Charge(CopySteps * ((long)left.Units.Length + right.Units.Length));
        var units = new int[left.Units.Length + right.Units.Length];
        var factors = new Rational[units.Length];
        int count = 0, i = 0, j = 0;
        while (i < left.Units.Length || j < right.Units.Length)
        {
            int unit = i == left.Units.Length ? right.Units[j] : j == right.Units.Length
                ? left.Units[i]
                : Math.Min(left.Units[i], right.Units[j]);
            var factor = Rational.Zero;
            if (i < left.Units.Length && left.Units[i] == unit) factor = left.Factors[i++];
            if (j < right.Units.Length && right.Units[j] == unit) factor += right.Factors[j++];
            if (factor.IsZero) continue;
            units[count] = unit;
            factors[count++] = factor;
        }

        return new(units[..count], factors[..count], left.Constant + right.Constant);
    }
}
