using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Operations that take steps: on numbers that are constant between their breakpoints they are exact, on others they are
/// mistakes.</content>
internal sealed partial class Evaluator
{
    /// <summary>A function of a number where that is constant on each cell, and a mistake where it is not.</summary>
    private Value Steps(Number number, Func<Affine, Outcome> function, DiagnosticDescriptor whenVarying, SyntaxNode node)
    {
        _current = node;
        var varying = number.Varying(_mask);
        if (varying.Count > 1) return Fail(whenVarying, node, NamesOf(varying));
        int variable = First(varying);
        var part = number.As(variable, _mask);
        if (!part.TakesSteps(_mask.Regions[variable])) return Fail(whenVarying, node, NamesOf(varying));
        var result = PiecewiseMath.Combine(
            part, PiecewiseMath.Identity, _mask.Regions[variable], (cell, _) =>
            cell.IsConstant ? function(cell) : default(Affine), out var fault, out var faulty);
        return fault == Fault.None
            ? Number.OneVariable(variable, result, _names.Length)
            : Undefined(node, "has no finite value", faulty, variable);
    }

    /// <summary>An operation on two numbers that take steps.</summary>
    private Value Discrete(BinaryOperatorKind kind, Number left, Number right, ITypeSymbol? type, IOperation operation)
    {
        _current = operation.Syntax;
        var varying = left.Varying(_mask).Union(right.Varying(_mask)).OrderBy(static i => i).ToArray();
        int variable = First(varying);
        var (a, b) = (left.As(variable, _mask), right.As(variable, _mask));
        var region = _mask.Regions[variable];
        if (kind == BinaryOperatorKind.Remainder && !a.TakesSteps(region) && ConstantOn(right) is { IsZero: false } divisor)
        {
            // What is left after whole multiples are taken off.
            return Then(Force(Rounded(ScaleBy(left, Rational.One / divisor), RoundingKind.Truncate, operation.Syntax)), multiples =>
                Add(left, ScaleBy(multiples, -divisor), operation.Syntax));
        }

        if (varying.Length > 1 || !a.TakesSteps(region) || !b.TakesSteps(region))
            return Fail(Descriptors.NumberIsRounded, operation.Syntax, NamesOf(varying));
        var result = PiecewiseMath.Combine(
            a, b, region, (x, y) =>
            x.IsConstant && y.IsConstant ? Discrete(kind, x, y, type) : default(Affine), out var fault, out var faulty);
        return fault == Fault.None
            ? Number.OneVariable(variable, result, _names.Length)
            : Undefined(operation.Syntax, "divides by zero", faulty, variable);
    }

    private static Outcome Discrete(BinaryOperatorKind kind, Affine left, Affine right, ITypeSymbol? type)
    {
        if (left.Infinity != 0 || right.Infinity != 0) return Fault.Undefined;
        var (x, y) = (left.Intercept, right.Intercept);
        if (kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder)
        {
            if (y.IsZero) return Fault.Undefined;
            var quotient = IntegerRounding.Truncate(x / y);
            return Affine.Constant(kind == BinaryOperatorKind.Divide ? quotient : x - (quotient * y));
        }

        var (m, n) = (x.Numerator, y.Numerator);
        int bits = type?.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 ? 64 : 32;
        int shift = (int)(n & (bits - 1));
        return Affine.Constant(kind switch
        {
            BinaryOperatorKind.LeftShift => m << shift,
            BinaryOperatorKind.RightShift => m >> shift,
            BinaryOperatorKind.UnsignedRightShift => (m.Sign < 0 ? m + (BigInteger.One << bits) : m) >> shift,
            BinaryOperatorKind.And => m & n,
            BinaryOperatorKind.Or => m | n,
            _ => m ^ n,
        });
    }

    /// <summary>A number of an integer type, which must not overflow.</summary>
    private Value InRange(Value value, ITypeSymbol? type, IOperation operation)
    {
        if (value is not Number number || type is null || !Constants.IsInteger(type)) return value;
        var varying = number.Varying(_mask);
        int variable = First(varying);
        var (least, largest) = Constants.Range(type);
        var outside = number.As(variable, _mask)
            .Zip(_mask.Regions[variable],
                (cell, flag) => new Flag(flag.Value && (cell.Infinity != 0 || cell.Intercept < least || cell.Intercept > largest)));
        return varying.Count > 1 || outside.IsNone()
            ? value
            : Undefined(operation.Syntax, "overflows " + type.ToDisplayString(), outside, variable);
    }

    /// <summary>Warns of constants that divide integers with a remainder, and become real numbers without a cast.</summary>
    private void WarnOfDivisions(IOperation operation)
    {
        var open = new Stack<(IOperation Operation, bool IsReal)>([(operation, false)]);
        var fields = new HashSet<IFieldSymbol>(SymbolEqualityComparer.Default);
        while (open.Count > 0)
        {
            var (current, isReal) = open.Pop();
            if (current is IFieldReferenceOperation { Field: { IsConst: true } field } && fields.Add(field))
            {
                // An integer constant is meant as one.
                if (Constants.IsReal(field.Type) && _bodies.InitializerOf(field) is { } initializer) open.Push((initializer, false));
                continue;
            }

            if (current is IConversionOperation conversion && Constants.IsReal(conversion.Type)
                && Constants.IsInteger(conversion.Operand.Type)) isReal = conversion.IsImplicit;
            else if (Constants.IsReal(current.Type)) isReal = false;
            if (isReal && current is IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } division
                && Constants.IsInteger(division.Type) && DropsRemainder(division))
                Fail(Descriptors.DivisionDropsRemainder, division.Syntax, Text(division.ConstantValue.Value),
                division.LeftOperand.Syntax.ToString());
            foreach (var child in current.ChildOperations) open.Push((child, isReal));
        }

        static bool DropsRemainder(IBinaryOperation division) =>
            Constants.Exact(division.LeftOperand.ConstantValue.Value) is { } left
                && Constants.Exact(division.RightOperand.ConstantValue.Value) is { Sign: not 0 } right
            && !(left / right).Denominator.IsOne;

        static string Text(object? value) => System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }
}
