using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.CodeFixes.Smooth;

/// <content>Cases: comparisons of lines, which change at one point.</content>
internal sealed partial class SmoothFunctionReader
{
    private RealFunction? Choose(IOperation condition, ImmutableDictionary<ISymbol, RealFunction> variables, Func<RealFunction?> yes,
        Func<RealFunction?> no)
    {
        switch (condition)
        {
            case { ConstantValue: { HasValue: true, Value: bool constant } }:
                return constant ? yes() : no();
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } unary:
                return Choose(unary.Operand, variables, no, yes);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                return Choose(both.LeftOperand, variables, () => Choose(both.RightOperand, variables, yes, no), no);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either:
                return Choose(either.LeftOperand, variables, yes, () => Choose(either.RightOperand, variables, yes, no));
            case IBinaryOperation { OperatorMethod: null } comparison:
                return Evaluate(comparison.LeftOperand, variables) is { } left && Evaluate(comparison.RightOperand, variables) is { } right
                    ? Compare(comparison.OperatorKind, left, right, yes, no)
                    : null;
            case IIsPatternOperation match:
                return Evaluate(match.Value, variables) is { } subject ? Match(subject, match.Pattern, variables, yes, no) : null;
            default:
                return null;
        }
    }

    private RealFunction? Arm(ISwitchExpressionOperation choice, int index, RealFunction subject, ImmutableDictionary<ISymbol,
        RealFunction> variables)
    {
        if (index == choice.Arms.Length || choice.Arms[index] is not { Guard: null } arm) return null;
        return Match(subject, arm.Pattern, variables, () => Evaluate(arm.Value, variables),
            () => Arm(choice, index + 1, subject, variables));
    }

    private RealFunction? Match(
        RealFunction subject, IPatternOperation pattern, ImmutableDictionary<ISymbol, RealFunction> variables, Func<RealFunction?> yes,
        Func<RealFunction?> no) => pattern switch
        {
            IDiscardPatternOperation => yes(),
            INegatedPatternOperation negated => Match(subject, negated.Pattern, variables, no, yes),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both =>
                Match(subject, both.LeftPattern, variables, () => Match(subject, both.RightPattern, variables, yes, no), no),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
                Match(subject, either.LeftPattern, variables, yes, () => Match(subject, either.RightPattern, variables, yes, no)),
            IRelationalPatternOperation relation when Evaluate(relation.Value, variables) is { } bound =>
                Compare(relation.OperatorKind, subject, bound, yes, no),
            _ => null,
        };

    /// <summary>One function on one side of the point where a line crosses 0, another on the other side; they must meet there.</summary>
    private static RealFunction? Compare(BinaryOperatorKind kind, RealFunction left, RealFunction right, Func<RealFunction?> yes,
        Func<RealFunction?> no)
    {
        if (kind is not (BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan
            or BinaryOperatorKind.GreaterThanOrEqual)) return null;
        var difference = left - right;
        if (difference.Root is not { } point || difference.TailFrom(0, right: true) is not { } line) return null;
        bool holdsRight = (kind is BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual) == line.Slope.Sign > 0;
        if (yes() is not { } whenTrue || no() is not { } whenFalse) return null;
        try
        {
            return holdsRight ? RealFunction.Join(point, whenFalse, whenTrue) : RealFunction.Join(point, whenTrue, whenFalse);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
