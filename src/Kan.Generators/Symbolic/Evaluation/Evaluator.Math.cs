using System;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>The functions of <c>Math</c>, <c>MathF</c> and the types of numbers.</content>
internal sealed partial class Evaluator
{
    private Value CallMath(IInvocationOperation operation)
    {
        if (operation.TargetMethod.Parameters.Any(static parameter => !Constants.IsNumber(parameter.Type) && parameter.Type.TypeKind != TypeKind.Enum))
            return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "calls '" + operation.TargetMethod.Name + "'", InPlace);
        var values = new Value[operation.TargetMethod.Parameters.Length];
        foreach (var argument in operation.Arguments) values[argument.Parameter!.Ordinal] = Evaluate(argument.Value);
        if (values.Any(static value => value is Value.Unknown)) return Value.Unknown.Instance;
        var numbers = values.OfType<Number>().ToArray();
        var node = operation.Syntax;
        return (operation.TargetMethod.Name, numbers) switch
        {
            ("Abs", [var x]) => Larger(x, Negate(x), node),
            ("Max" or "MaxNumber" or "MaxNative", [var x, var y]) => Larger(x, y, node),
            ("Min" or "MinNumber" or "MinNative", [var x, var y]) => Smaller(x, y, node),
            ("Clamp" or "ClampNative", [var x, var low, var high]) => Clamp(x, low, high, node),
            ("Sign", [var x]) => Sign(x, node),
            ("CopySign", [var x, var y]) => CopySign(x, y, node),
            ("FusedMultiplyAdd" or "MultiplyAddEstimate", [var x, var y, var z]) => Then(Multiply(x, y, node), product => Add(product, z, node)),
            ("Lerp", [var x, var y, var t]) =>
                Then(Add(y, Negate(x), node), way => Then(Multiply(way, t, node), part => Add(x, part, node))),
            ("ScaleB", [var x, var n]) => Then(Steps(n, PowerOfTwo, Descriptors.NotPiecewiseLinear, node), scale => Multiply(x, scale, node)),
            ("Floor", [var x]) => Rounded(x, IntegerRounding.Floor, node),
            ("Ceiling", [var x]) => Rounded(x, IntegerRounding.Ceiling, node),
            ("Truncate", [var x]) => Rounded(x, IntegerRounding.Truncate, node),
            ("Round", _) => Round(operation, numbers),
            ("IEEERemainder" or "Ieee754Remainder", _) => Fail(Descriptors.NumberIsRounded, node, NamesOf(numbers)),
            ("IsNaN" or "IsInfinity" or "IsPositiveInfinity" or "IsNegativeInfinity", [_]) => Truth.Constant(false),
            ("IsFinite" or "IsRealNumber", [_]) => Truth.Constant(true),
            ("IsNegative", [var x]) => Compare(x, Constant(Rational.Zero), static sign => sign < 0, node),
            ("IsPositive", [var x]) => Compare(x, Constant(Rational.Zero), static sign => sign >= 0, node),
            ("Pow", [var x, var y]) => Power(x, y, operation),
            (var name, [var x]) when MathFunctions.IsSmooth(name) => Smooth(x, operation),
            (var name, _) when MathFunctions.IsSmooth(name) => Fail(Descriptors.NotPiecewiseLinear, node, NamesOf(numbers) is { Length: > 0 } names ? names : "its arguments"),
            _ => Fail(Descriptors.CodeIsNotCompiled, node, "calls '" + operation.TargetMethod.Name + "'", InPlace),
        };
    }

    private static Value Then(Value value, Func<Number, Value> next) => value is Number number ? next(number) : value;

    // max(x, y) = y + max(x - y, 0), which separates where x - y depends on one parameter, even where x and y depend on more.
    private Value Larger(Number left, Number right, SyntaxNode node) =>
        Compare(left, right, static sign => sign >= 0, node) is Truth condition ? Select(condition, left, right, node) : Value.Unknown.Instance;

    private Value Smaller(Number left, Number right, SyntaxNode node) =>
        Compare(left, right, static sign => sign <= 0, node) is Truth condition ? Select(condition, left, right, node) : Value.Unknown.Instance;

    private Value Clamp(Number value, Number low, Number high, SyntaxNode node)
    {
        if (Compare(low, high, static sign => sign > 0, node) is not Truth crossed) return Value.Unknown.Instance;
        var faulty = crossed.Region.And(_mask.Regions[crossed.Variable]);
        if (!faulty.IsNone()) return Undefined(node, "has its lower bound above its upper bound", faulty, crossed.Variable);
        return Then(Larger(value, low, node), bounded => Smaller(bounded, high, node));
    }

    private Value Sign(Number number, SyntaxNode node)
    {
        if (Signs(number, Constant(Rational.Zero), node, out int variable) is not { } signs) return Value.Unknown.Instance;
        return Number.OneVariable(variable, signs.Select(static cell => Affine.Constant(cell.Value)), _names.Length);
    }

    // Of a zero the sign is taken as positive: an edge does not tell 0 from -0.
    private Value CopySign(Number magnitude, Number sign, SyntaxNode node) =>
        Compare(sign, Constant(Rational.Zero), static s => s >= 0, node) is Truth condition
            ? Then(Larger(magnitude, Negate(magnitude), node), size => Select(condition, size, Negate(size), node))
            : Value.Unknown.Instance;

    private Value Round(IInvocationOperation operation, Number[] numbers)
    {
        var mode = MidpointRounding.ToEven;
        int digits = 0;
        foreach (var argument in operation.Arguments.Skip(1))
        {
            if (argument.Value.ConstantValue is not { HasValue: true, Value: int constant }) return Refuse(operation);
            if (argument.Parameter?.Type.TypeKind == TypeKind.Enum) mode = (MidpointRounding)constant;
            else digits = constant;
        }

        if (mode is not (MidpointRounding.ToEven or MidpointRounding.AwayFromZero) || digits is < 0 or > 15) return Refuse(operation);
        var scale = (Rational)System.Numerics.BigInteger.Pow(10, digits);
        return Rounded(numbers[0], value => IntegerRounding.Nearest(value * scale, mode) / scale, operation.Syntax);
    }

    private Value Smooth(Number number, IInvocationOperation operation) => Steps(
        number,
        cell => cell.Infinity != 0 ? Fault.Undefined : Host(MathFunctions.Evaluate(operation.TargetMethod.Name, cell.Intercept.ToDouble()), operation.Type),
        Descriptors.NotPiecewiseLinear,
        operation.Syntax);

    private Value Power(Number number, Number exponent, IInvocationOperation operation)
    {
        if (!exponent.As(0, _mask).IsConstantOn(_mask.Regions[0], out var power) || exponent.Varying(_mask).Count > 0 || power.Infinity != 0)
            return Fail(Descriptors.NotPiecewiseLinear, operation.Syntax, NamesOf(number, exponent));
        if (power.Intercept == Rational.One) return number;
        if (power.Intercept.IsZero) return Constant(Rational.One);
        return Steps(number, cell => PowerOf(cell, power.Intercept, operation.Type), Descriptors.NotPiecewiseLinear, operation.Syntax);
    }

    // Powers with whole exponents are computed exactly and rounded once, so that they are the same on every host of the compiler.
    private static Outcome PowerOf(Affine cell, Rational exponent, ITypeSymbol? type)
    {
        if (cell.Infinity != 0) return Fault.Undefined;
        if (!exponent.Denominator.IsOne || Rational.Abs(exponent) > 1024) return Host(Math.Pow(cell.Intercept.ToDouble(), exponent.ToDouble()), type);
        if (cell.Intercept.IsZero && exponent.Sign < 0) return Fault.Undefined;
        var (numerator, denominator) = exponent.Sign < 0 ? (cell.Intercept.Denominator, cell.Intercept.Numerator) : (cell.Intercept.Numerator, cell.Intercept.Denominator);
        int count = (int)Rational.Abs(exponent).Numerator;
        ExactWork.ChargePower(cell.Intercept, count);
        var power = Rational.Create(System.Numerics.BigInteger.Pow(numerator, count), System.Numerics.BigInteger.Pow(denominator, count));
        return Host(power.ToDouble(), type);
    }

    private static Outcome PowerOfTwo(Affine cell) => cell.Infinity != 0 || Rational.Abs(cell.Intercept) > 2000
        ? Fault.Undefined
        : Affine.Constant(cell.Intercept.Sign < 0
            ? Rational.Create(1, System.Numerics.BigInteger.One << (int)-cell.Intercept.Numerator)
            : (Rational)(System.Numerics.BigInteger.One << (int)cell.Intercept.Numerator));

    private static Outcome Host(double? value, ITypeSymbol? type)
    {
        if (value is not { } number) return Fault.Undefined;
        if (type?.SpecialType == SpecialType.System_Single) number = (float)number;
        return double.IsNaN(number) || double.IsInfinity(number) ? Fault.Undefined : Affine.Constant(Rational.FromDouble(number));
    }
}
