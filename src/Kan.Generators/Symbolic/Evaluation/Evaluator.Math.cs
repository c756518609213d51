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
        var type = Resolve(operation.Type);
        if (operation.TargetMethod.Parameters.Any(parameter => !Constants.IsNumber(Resolve(parameter.Type))
            && parameter.Type.TypeKind != TypeKind.Enum))
            return RefuseCall(operation);
        var values = new Value[operation.TargetMethod.Parameters.Length];
        foreach (var argument in operation.Arguments) values[argument.Parameter!.Ordinal] = Evaluate(argument.Value);
        if (values.Any(static value => value is Value.Unknown)) return Value.Unknown.Instance;
        var node = operation.Syntax;
        switch (operation.TargetMethod.Name, values)
        {
            case ("Max" or "MaxNumber" or "MaxNative", [var x, var y]):
                return Larger(x, y, operation);
            case ("Min" or "MinNumber" or "MinNative", [var x, var y]):
                return Smaller(x, y, operation);
            case ("Clamp" or "ClampNative", [var x, Number low, Number high]):
                return Clamp(x, low, high, operation);
        }

        if (values.Any(value => Force(value) is not Number)) return Value.Unknown.Instance;
        var numbers = values.Select(value => (Number)Force(value)).ToArray();
        return (operation.TargetMethod.Name, numbers) switch
        {
            ("Abs", [var x]) => Larger(x, Negate(x), node),
            ("CreateChecked" or "CreateSaturating" or "CreateTruncating", [var x]) => ConvertTo(x, type, operation),
            ("Sign", [var x]) => Sign(x, node),
            ("CopySign", [var x, var y]) => CopySign(x, y, node),
            ("FusedMultiplyAdd" or "MultiplyAddEstimate", [var x, var y, var z]) =>
                Then(Multiply(x, y, node), product => Add(product, z, node)),
            ("Lerp", [var x, var y, var t]) =>
                Then(Add(y, Negate(x), node), way => Then(Multiply(way, t, node), part => Add(x, part, node))),
            ("ScaleB", [var x, var n]) =>
                Then(Steps(n, PowerOfTwo, Descriptors.NotPiecewiseLinear, node), scale => Multiply(x, scale, node)),
            ("Floor", [var x]) => Rounded(x, RoundingKind.Floor, node),
            ("Ceiling", [var x]) => Rounded(x, RoundingKind.Ceiling, node),
            ("Truncate", [var x]) => Rounded(x, RoundingKind.Truncate, node),
            ("Round", _) => Round(operation, numbers),
            ("IEEERemainder" or "Ieee754Remainder", _) => Fail(Descriptors.NumberIsRounded, node, NamesOf(numbers)),
            ("IsNaN" or "IsInfinity" or "IsPositiveInfinity" or "IsNegativeInfinity", [_]) => Truth.Constant(false),
            ("IsFinite" or "IsRealNumber", [_]) => Truth.Constant(true),
            ("IsNegative", [var x]) => Compare(x, Constant(Rational.Zero), static sign => sign < 0, node),
            ("IsPositive", [var x]) => Compare(x, Constant(Rational.Zero), static sign => sign >= 0, node),
            ("Pow", [var x, var y]) => Power(x, y, type, node),
            (var name, [var x]) when MathFunctions.IsSmooth(name) => Smooth(x, name, type, node),
            (var name, _) when MathFunctions.IsSmooth(name) =>
                Fail(Descriptors.NotPiecewiseLinear, node, NamesOf(numbers) is { Length: > 0 } names ? names : "its arguments"),
            _ => RefuseCall(operation),
        };
    }

    private static Value Then(Value value, Func<Number, Value> next) => value is Number number ? next(number) : value;

    // max(x, y) = y + max(x - y, 0), which separates where x - y depends on one parameter, even where x and y depend on more.
    private Value Larger(Number left, Number right, SyntaxNode node) =>
        Compare(left, right, static sign => sign >= 0, node) is Truth condition
            ? Select(condition, left, right, node)
            : Value.Unknown.Instance;

    private Value Larger(Value left, Value right, IOperation operation) =>
        Binary(BinaryOperatorKind.GreaterThanOrEqual, left, right, null, operation) is Truth condition
            ? Select(condition, left, right, operation.Syntax) : Value.Unknown.Instance;

    private Value Smaller(Value left, Value right, IOperation operation) =>
        Binary(BinaryOperatorKind.LessThanOrEqual, left, right, null, operation) is Truth condition
            ? Select(condition, left, right, operation.Syntax) : Value.Unknown.Instance;

    private Value Clamp(Value value, Number low, Number high, IOperation operation)
    {
        var node = operation.Syntax;
        if (Compare(low, high, static sign => sign > 0, node) is not Truth crossed) return Value.Unknown.Instance;
        var faulty = crossed.Region.And(_mask.Regions[crossed.Variable]);
        if (!faulty.IsNone()) return Undefined(node, "has its lower bound above its upper bound", faulty, crossed.Variable);
        return Larger(value, low, operation) is var bounded and not Value.Unknown ? Smaller(bounded, high, operation)
            : Value.Unknown.Instance;
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
        var kind = RoundingKind.NearestEven;
        int digits = 0;
        foreach (var argument in operation.Arguments.Skip(1))
        {
            if (argument.Value.ConstantValue is not { HasValue: true, Value: int constant }) return Refuse(operation);
            if (argument.Parameter?.Type.TypeKind == TypeKind.Enum) kind = KindOf((MidpointRounding)constant);
            else digits = constant;
        }

        if (digits is < 0 or > 15) return Refuse(operation);
        if (digits == 0) return Rounded(numbers[0], kind, operation.Syntax);
        var scale = (Rational)System.Numerics.BigInteger.Pow(10, digits);
        return Then(Force(Rounded(ScaleBy(numbers[0], scale), kind, operation.Syntax)), steps => ScaleBy(steps, Rational.One / scale));

        static RoundingKind KindOf(MidpointRounding mode) => (int)mode switch
        {
            1 => RoundingKind.NearestAway,
            2 => RoundingKind.Truncate,
            3 => RoundingKind.Floor,
            4 => RoundingKind.Ceiling,
            _ => RoundingKind.NearestEven,
        };
    }

    private Value Smooth(Number number, string name, ITypeSymbol? type, SyntaxNode node) => Steps(
        number, cell => cell.Infinity != 0 ? Fault.Undefined : Host(MathFunctions.Evaluate(name, cell.Intercept.ToDouble()), type),
            Descriptors.NotPiecewiseLinear, node);

    private Value Power(Number number, Number exponent, ITypeSymbol? type, SyntaxNode node)
    {
        if (!exponent.As(0, _mask).IsConstantOn(_mask.Regions[0], out var power) || exponent.Varying(_mask).Count > 0
            || power.Infinity != 0)
            return Fail(Descriptors.NotPiecewiseLinear, node, NamesOf(number, exponent));
        if (power.Intercept == Rational.One) return number;
        if (power.Intercept.IsZero) return Constant(Rational.One);
        return Steps(number, cell => PowerOf(cell, power.Intercept, type), Descriptors.NotPiecewiseLinear, node);
    }

    // Powers with whole exponents are computed exactly and rounded once, so that they are the same on every host of the compiler.
    private static Outcome PowerOf(Affine cell, Rational exponent, ITypeSymbol? type)
    {
        if (cell.Infinity != 0) return Fault.Undefined;
        if (!exponent.Denominator.IsOne || Rational.Abs(exponent) > 1024)
            return Host(Math.Pow(cell.Intercept.ToDouble(), exponent.ToDouble()), type);
        if (cell.Intercept.IsZero && exponent.Sign < 0) return Fault.Undefined;
        var (numerator, denominator) = exponent.Sign < 0
            ? (cell.Intercept.Denominator, cell.Intercept.Numerator)
            : (cell.Intercept.Numerator, cell.Intercept.Denominator);
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
