using System;
using System.Globalization;

namespace Kan.Compiler.Certify;

/// <summary>What one correctly rounded operation may be off in a number type, and where the type ends.</summary>
/// <param name="precision">The number type.</param>
internal readonly struct NumberType(Precision precision)
{
    /// <summary>u: half the distance from 1 to the next number.</summary>
    public double Unit { get; } = precision == Precision.Single ? 1.0 / (1 << 24) : 1.0 / (1L << 53);

    /// <summary>The largest finite number. A result of at most this magnitude does not overflow when it is rounded.</summary>
    public double Largest { get; } = precision == Precision.Single ? float.MaxValue : double.MaxValue;

    /// <summary>Half the smallest subnormal number, rounded up: what a result may be off however small it is.</summary>
    private double Tiny { get; } = precision == Precision.Single ? 7.01e-46 : double.Epsilon;

    /// <summary>
    /// A bound of the error of rounding a number of at most this magnitude, or to a number of it: half the distance of the numbers between
    /// the power of two at or below it and the next one.
    /// </summary>
    public double Rounding(double magnitude) => Math.Max(Unit * PowerOfTwo(magnitude), Tiny);

    /// <summary>The largest power of two that is at most a number; 0 for subnormal ones, infinite where the number is not finite.</summary>
    private static double PowerOfTwo(double number) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(number) & 0x7FF0_0000_0000_0000);

    /// <summary>The type and its largest number in words.</summary>
    public override string ToString() =>
        (precision == Precision.Single ? "float" : "double") + ", " + Largest.ToString("0.0E+0", CultureInfo.InvariantCulture);
}
