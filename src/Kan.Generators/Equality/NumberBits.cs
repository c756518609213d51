using System;

namespace Kan.Generators.Equality;

/// <summary>
/// A double that is compared by its bits: <c>double.Equals</c> takes 0.0 for -0.0, and a changed sign would be cached away.
/// </summary>
/// <param name="Bits">The bits.</param>
internal readonly record struct NumberBits(long Bits)
{
    /// <summary>The number.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>The bits of a number.</summary>
    public static NumberBits From(double value) => new(BitConverter.DoubleToInt64Bits(value));
}
