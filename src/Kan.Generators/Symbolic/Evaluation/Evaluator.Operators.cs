using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Operators and conversions.</content>
internal sealed partial class Evaluator
{
    // A sum of many terms is as deep as it is long, on the left.
    private Value Binary(IBinaryOperation operation)
    {
        var outer = new Stack<IBinaryOperation>();
        while (IsPlain(operation) && operation.LeftOperand is IBinaryOperation { ConstantValue.HasValue: false } left)
        {
            Count(left);
            outer.Push(operation);
            operation = left;
        }

        var value = IsPlain(operation) ? Binary(operation, Evaluate(operation.LeftOperand)) : Refuse(operation);
        while (outer.Count > 0) value = Binary(outer.Pop(), value);
        return value;

        static bool IsPlain(IBinaryOperation operation) => !operation.IsLifted && IsPlainOperator(operation.OperatorMethod);
    }

    private Value Binary(IBinaryOperation operation, Value left)
    {
        if (left is Truth condition && operation.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            return operation.OperatorKind == BinaryOperatorKind.ConditionalAnd
                ? Choose(condition, () => Evaluate(operation.RightOperand), static () => Truth.Constant(false), operation.Syntax)
                : Choose(condition, static () => Truth.Constant(true), () => Evaluate(operation.RightOperand), operation.Syntax);
        }

        return Binary(operation.OperatorKind, left, Evaluate(operation.RightOperand), Resolve(operation.Type), operation);
    }

    private Value Binary(BinaryOperatorKind kind, Value left, Value right, ITypeSymbol? type, IOperation operation) =>
        (Settle(left), Settle(right)) switch
        {
            (Value.Unknown, _) or (_, Value.Unknown) => Value.Unknown.Instance,
            (Stepped or Number, Stepped) or (Stepped, Number) => BinaryOfSteps(kind, Settle(left), Settle(right), type, operation),
            (Number a, Number b) => Arithmetic(kind, a, b, type, operation),
            (Truth a, Truth b) => Logic(kind, a, b, operation),
            _ => Refuse(operation),
        };

    private Value Logic(BinaryOperatorKind kind, Truth left, Truth right, IOperation operation) => kind switch
    {
        BinaryOperatorKind.And => Select(left, right, Truth.Constant(false), operation.Syntax),
        BinaryOperatorKind.Or => Select(left, Truth.Constant(true), right, operation.Syntax),
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => Select(left, right.Not(), right, operation.Syntax),
        BinaryOperatorKind.Equals => Select(left, right, right.Not(), operation.Syntax),
        _ => Refuse(operation),
    };

    private Value Arithmetic(BinaryOperatorKind kind, Number left, Number right, ITypeSymbol? type, IOperation operation)
    {
        switch (kind)
        {
            case BinaryOperatorKind.Add:
                return InRange(Add(left, right, operation.Syntax), type, operation);
            case BinaryOperatorKind.Subtract:
                return InRange(Add(left, Negate(right), operation.Syntax), type, operation);
            case BinaryOperatorKind.Multiply:
                return InRange(Multiply(left, right, operation.Syntax), type, operation);
            case BinaryOperatorKind.Divide when Constants.IsInteger(type):
            case BinaryOperatorKind.Remainder:
            case BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift:
            case BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr:
                return InRange(Discrete(kind, left, right, type, operation), type, operation);
            case BinaryOperatorKind.Divide:
                return Divide(left, right, operation.Syntax);
            case BinaryOperatorKind.LessThan:
                return Compare(left, right, static sign => sign < 0, operation.Syntax);
            case BinaryOperatorKind.LessThanOrEqual:
                return Compare(left, right, static sign => sign <= 0, operation.Syntax);
            case BinaryOperatorKind.GreaterThan:
                return Compare(left, right, static sign => sign > 0, operation.Syntax);
            case BinaryOperatorKind.GreaterThanOrEqual:
                return Compare(left, right, static sign => sign >= 0, operation.Syntax);
            case BinaryOperatorKind.Equals:
                return Compare(left, right, static sign => sign == 0, operation.Syntax);
            case BinaryOperatorKind.NotEquals:
                return Compare(left, right, static sign => sign != 0, operation.Syntax);
            default:
                return Refuse(operation);
        }
    }

    private Value Unary(IUnaryOperation operation)
    {
        if (!IsPlainOperator(operation.OperatorMethod) || operation.IsLifted) return Refuse(operation);
        var type = Resolve(operation.Type);
        var operand = Settle(Evaluate(operation.Operand));
        if (operand is Stepped stepped) operand = operation.OperatorKind == UnaryOperatorKind.Minus ? Negate(stepped) : Force(operand);
        return (operation.OperatorKind, operand) switch
        {
            (_, Value.Unknown unknown) => unknown,
            (UnaryOperatorKind.Plus, Number number) => number,
            (UnaryOperatorKind.Minus, Stepped negative) => negative,
            (UnaryOperatorKind.Minus, Number number) => InRange(Negate(number), type, operation),
            (UnaryOperatorKind.Not, Truth truth) => truth.Not(),
            (UnaryOperatorKind.BitwiseNegation, Number number) =>
                InRange(Add(Negate(number), Constant(-Rational.One), operation.Syntax), type, operation),
            _ => Refuse(operation),
        };
    }

    // Casts between float and double leave a number as it is: an edge is a function of real numbers, rounded once, when it is compiled.
    private Value Convert(IConversionOperation operation)
    {
        var value = Evaluate(operation.Operand);
        var type = Resolve(operation.Type);
        if (value is Value.Unknown || operation.Operand.Type is null) return value;
        // Of lists, the conversions that .NET declares lead to other lists.
        if (value is Sequence or View or Query || (value is Structure && operation.OperatorMethod is null)) return value;
        if (value is not (Number or Stepped)) return value is Truth && type?.SpecialType == SpecialType.System_Boolean ? value
            : Refuse(operation);
        return ConvertTo(value, type, operation);
    }

    private Value ConvertTo(Value value, ITypeSymbol? type, IOperation operation)
    {
        if (Constants.IsReal(type)) return value;
        if (!Constants.IsInteger(type)) return Refuse(operation);
        bool isInteger = operation is IConversionOperation conversion && Constants.IsInteger(Resolve(conversion.Operand.Type));
        var integer = value is Number number && !isInteger ? Rounded(number, RoundingKind.Truncate, operation.Syntax) : Settle(value);

        // Bounds of int and long are far from where a table is; those of smaller types, and 0, are not.
        return integer is Stepped && type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 ? integer
            : InRange(Force(integer), type, operation);
    }

    private Value Add(Number left, Number right, SyntaxNode node)
    {
        _current = node;
        var parts = left.Parts.ToBuilder();
        for (int i = 0; i < parts.Count; i++)
        {
            parts[i] = PiecewiseMath.Combine(left.Parts[i], right.Parts[i], _mask.Regions[i], PiecewiseMath.Add, out var fault,
                out var faulty);
            if (fault != Fault.None) return Undefined(node, "subtracts infinity from infinity", faulty, i);
        }

        return Checked(new Number(parts.MoveToImmutable()), node);
    }

    private static Number Negate(Number number) => new([.. number.Parts.Select(static part => part.Select(static cell => cell.Negate()))]);

    private Value Multiply(Number left, Number right, SyntaxNode node) =>
        TwoFactors(left, right, PiecewiseMath.Multiply, Descriptors.VaryingTermsMultiplied, () => NamesOf(left, right),
            "has no finite value", node);

    private Value Divide(Number left, Number right, SyntaxNode node) =>
        TwoFactors(left, right, PiecewiseMath.Divide, Descriptors.VaryingDivisor, () => NamesOf(right), "divides by zero", node);

    private Value TwoFactors(
        Number left, Number right, Func<Affine, Affine, Outcome> operation, DiagnosticDescriptor whenVarying, Func<string> names,
        string whenUndefined, SyntaxNode node)
    {
        _current = node;
        var (a, b) = (left.Varying(_mask), right.Varying(_mask));
        var variables = a.Union(b).ToArray();
        if (variables.Length <= 1)
        {
            int variable = First(variables);
            var part = PiecewiseMath.Combine(
                left.As(variable, _mask), right.As(variable, _mask), _mask.Regions[variable], operation, out var fault, out var faulty);
            return fault switch
            {
                Fault.None => Checked(Number.OneVariable(variable, part, _names.Length), node),
                Fault.Varies => Fail(whenVarying, node, names()),
                _ => Undefined(node, whenUndefined, faulty, variable),
            };
        }

        // Of several parameters, one factor must be constant and scales each part.
        if (b.Count > 0 && (a.Count > 0 || whenVarying == Descriptors.VaryingDivisor)) return Fail(whenVarying, node, names());
        var (sum, factor) = b.Count > 0 ? (right, left) : (left, right);
        var scale = factor.As(0, _mask);
        var parts = sum.Parts.ToBuilder();
        for (int i = 0; i < parts.Count; i++)
        {
            parts[i] = PiecewiseMath.Combine(sum.Parts[i], scale, _mask.Regions[i], operation, out var fault, out var faulty);
            if (fault != Fault.None) return Undefined(node, whenUndefined, faulty, i);
        }

        return Checked(new Number(parts.MoveToImmutable()), node);
    }

    private Value Compare(Number left, Number right, Func<int, bool> holds, SyntaxNode node)
    {
        if (Signs(left, right, node, out int variable) is not { } signs) return Value.Unknown.Instance;
        return new Truth(variable, signs.Select(cell => new Flag(holds(cell.Value))));
    }

    /// <summary>The sign of left - right; null, and noted, where it depends on several parameters.</summary>
    private Piecewise<SignCell>? Signs(Number left, Number right, SyntaxNode node, out int variable)
    {
        _current = node;
        var difference = new Number([.. left.Parts.Zip(right.Parts, static (a, b) => a.Zip(b, Affine.Difference))]);
        var varying = difference.Varying(_mask);
        variable = First(varying);
        if (varying.Count <= 1) return PiecewiseMath.Signs(difference.As(variable, _mask), node);
        Mixed(node, varying);
        return null;
    }

    private Value.Unknown Mixed(SyntaxNode node, IEnumerable<int> variables) => Fail(
        Descriptors.FunctionDoesNotSeparate, node, NamesOf(variables), _function,
        "sum the inputs in a node of an earlier layer, and make an edge from that node bend");

    /// <summary>One value where a condition holds, another elsewhere.</summary>
    private Value Select(Truth condition, Value yes, Value no, SyntaxNode node)
    {
        if (yes is Value.Unknown || no is Value.Unknown) return Value.Unknown.Instance;
        _current = node;
        var region = condition.Region;
        int variable = condition.Variable;
        if (region.And(_mask.Regions[variable]).IsNone()) return no;
        if (region.Not().And(_mask.Regions[variable]).IsNone()) return yes;
        switch (yes, no)
        {
            case (Stepped, Number or Stepped) or (Number, Stepped):
                return SelectSteps(condition, yes, no, node);
            case (Number a, Number b):
                return SelectNumber(condition, a, b, node);
            case (Truth a, Truth b):
                var used = new[] { (a.Region, a.Variable), (b.Region, b.Variable) }
                    .Where(pair => !pair.Region.IsNone() && !pair.Region.IsAll()).Select(static pair => pair.Variable).Append(variable)
                        .Distinct().ToArray();
                if (used.Length > 1) return Mixed(node, used.OrderBy(static i => i));
                return new Truth(variable, region.And(a.Region).Or(region.Not().And(b.Region)));
            case (View a, View b) when a == b:
                return a;
            case (Structure a, Structure b) when a.Members.Length == b.Members.Length
                && SymbolEqualityComparer.Default.Equals(a.Type, b.Type):
                return new Structure(a.Type, [.. a.Members.Zip(b.Members, (x, y) => (x.Key, Select(condition, x.Value, y.Value, node)))]);
            case (Sequence or View, Sequence or View) when ItemsOf(yes)!.Value is var a && ItemsOf(no)!.Value is var b
                && a.Length == b.Length:
                Fix(yes);
                Fix(no);
                return new Sequence([.. a.Zip(b, (x, y) => Select(condition, x, y, node))]);
            default:
                return Fail(Descriptors.CodeIsNotCompiled, node, "chooses between values of different kinds", "choose between numbers");
        }
    }

    private Value SelectNumber(Truth condition, Number yes, Number no, SyntaxNode node)
    {
        int variable = condition.Variable;
        var parts = no.Parts.ToBuilder();
        var shift = Affine.Constant(Rational.Zero);
        for (int i = 0; i < parts.Count; i++)
        {
            if (i == variable) continue;
            var difference = PiecewiseMath.Combine(
                yes.Parts[i], no.Parts[i].Select(static cell => cell.Negate()), _mask.Regions[i], PiecewiseMath.Add, out var fault, out _);
            if (fault != Fault.None || !difference.IsConstantOn(_mask.Regions[i], out var constant))
                return Mixed(node, new[] { variable, i }.OrderBy(static v => v));
            shift = PiecewiseMath.Add(shift, constant).Value;
        }

        var left = shift == default ? yes.Parts[variable] : yes.Parts[variable].Select(cell => PiecewiseMath.Add(cell, shift).Value);
        parts[variable] = PiecewiseMath.Choose(condition.Region, left, no.Parts[variable]);
        return Checked(new Number(parts.MoveToImmutable()), node);
    }

    private Value.Unknown Undefined(SyntaxNode node, string fact, Piecewise<Flag> faulty, int variable) => Fail(
        Descriptors.ValueIsUndefined, node, fact + " for " + faulty.Describe(_names[variable]),
        "test for it first, or use other constants");

    private Number Checked(Number number, SyntaxNode node) => number.Parts.All(static part => part.Breakpoints.Length <= Limits.Breakpoints)
        ? number
        : throw TooLarge(node, Numbers.Text(Limits.Breakpoints) + " breakpoints");
}
