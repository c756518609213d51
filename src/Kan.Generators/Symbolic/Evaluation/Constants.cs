using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>The exact numbers of C# constants.</summary>
internal static class Constants
{
    /// <summary>The number of a boxed constant; null if it is none, is not finite or is not a number.</summary>
    public static Rational? Exact(object? value) => value switch
    {
        double number => IsFinite(number) ? Rational.FromDouble(number) : null,
        float number => IsFinite(number) ? Rational.FromSingle(number) : null,
        decimal number => Parse(number.ToString(CultureInfo.InvariantCulture)),
        bool or string or null => null,
        char number => (Rational)(int)number,
        IFormattable number => Parse(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>The number of a constant expression as it is written in decimals.</summary>
    public static Rational? Decimal(IOperation operation) => operation switch
    {
        IConversionOperation { OperatorMethod: null } conversion when IsReal(conversion.Type) && IsNumber(conversion.Operand.Type) =>
            Decimal(conversion.Operand),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } unary => -Decimal(unary.Operand),
        IBinaryOperation binary when IsReal(binary.Type) => Decimal(binary),
        _ => Shortest(operation.ConstantValue.Value),
    };

    /// <summary>The decimal number with the fewest digits that reads as a constant.</summary>
    public static Rational? Shortest(object? value) => value switch
    {
        double number => Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        float number => Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        _ => Exact(value),
    };

    /// <summary>Whether a type is a floating-point or decimal type.</summary>
    public static bool IsReal(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal;

    /// <summary>Whether a type is an integer type.</summary>
    public static bool IsInteger(ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_Char;

    /// <summary>Whether a type is one of numbers.</summary>
    public static bool IsNumber(ITypeSymbol? type) => IsReal(type) || IsInteger(type);

    /// <summary>The least and the largest number of an integer type.</summary>
    public static (Rational Least, Rational Largest) Range(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_SByte => (sbyte.MinValue, sbyte.MaxValue),
        SpecialType.System_Byte => (byte.MinValue, byte.MaxValue),
        SpecialType.System_Int16 => (short.MinValue, short.MaxValue),
        SpecialType.System_UInt16 or SpecialType.System_Char => (ushort.MinValue, ushort.MaxValue),
        SpecialType.System_Int32 => (int.MinValue, int.MaxValue),
        SpecialType.System_UInt32 => (0, Big(uint.MaxValue)),
        SpecialType.System_Int64 => (Big(long.MinValue), Big(long.MaxValue)),
        _ => (0, Big(ulong.MaxValue)),
    };

    // A sum of many terms is as deep as it is long, on the left.
    private static Rational? Decimal(IBinaryOperation operation)
    {
        var outer = new Stack<IBinaryOperation>();
        for (; operation.LeftOperand is IBinaryOperation left && IsReal(left.Type); operation = left) outer.Push(operation);
        outer.Push(operation);
        var value = Decimal(operation.LeftOperand);
        foreach (var binary in outer)
            value = Combine(binary.OperatorKind, value, Decimal(binary.RightOperand)) ?? Shortest(binary.ConstantValue.Value);
        return value;
    }

    private static Rational? Combine(BinaryOperatorKind kind, Rational? left, Rational? right) => (kind, left, right) switch
    {
        (BinaryOperatorKind.Add, { } a, { } b) => a + b,
        (BinaryOperatorKind.Subtract, { } a, { } b) => a - b,
        (BinaryOperatorKind.Multiply, { } a, { } b) => a * b,
        (BinaryOperatorKind.Divide, { } a, { IsZero: false } b) => a / b,
        _ => null,
    };

    private static Rational Big(decimal value) => new System.Numerics.BigInteger(value);

    private static bool IsFinite(double value) => !double.IsNaN(value) && !double.IsInfinity(value);

    // Digits, a point and an exponent, as the numbers' own ToString writes them; null for words such as NaN.
    private static Rational? Parse(string text)
    {
        int mark = text.IndexOfAny(['e', 'E']);
        int exponent = mark < 0 ? 0 : int.Parse(text.Substring(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = mark < 0 ? text : text.Substring(0, mark);
        int point = digits.IndexOf('.');
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }

        if (!System.Numerics.BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa))
            return null;
        var scale = System.Numerics.BigInteger.Pow(10, Math.Abs(exponent));
        return exponent >= 0 ? (Rational)(mantissa * scale) : Rational.Create(mantissa, scale);
    }
}
