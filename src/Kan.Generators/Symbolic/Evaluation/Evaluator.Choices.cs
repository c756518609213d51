using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Switches and patterns.</content>
internal sealed partial class Evaluator
{
    private Value Switch(ISwitchExpressionOperation operation)
    {
        var value = Evaluate(operation.Value);
        return value is Value.Unknown ? value : Arm(operation, value, 0);
    }

    private Value Arm(ISwitchExpressionOperation operation, Value value, int index)
    {
        if (index == operation.Arms.Length)
        {
            return Fail(Descriptors.ValueIsUndefined, operation.Syntax, "has no arm " + Where(), "add an arm for it");
        }

        var arm = operation.Arms[index];
        if (arm.Pattern is IInvalidOperation) throw new EvaluationStoppedException();
        return Choose(Matches(value, arm.Pattern, arm.Guard), () => Evaluate(arm.Value), () => Arm(operation, value, index + 1), arm.Pattern.Syntax);
    }

    private void Switch(ISwitchOperation operation)
    {
        var value = Evaluate(operation.Value);
        if (value is Value.Unknown) throw new EvaluationStoppedException();
        var entries = new List<Domain>();
        int fallback = -1;
        foreach (var section in operation.Cases)
        {
            var entry = _mask.None();
            foreach (var clause in section.Clauses)
            {
                if (clause is IDefaultCaseClauseOperation)
                {
                    fallback = entries.Count;
                    continue;
                }

                if (_mask.IsEmpty) continue;
                var matches = Matches(value, clause);
                entry = Join(entry, _mask.And(matches), clause.Syntax);
                _mask = _mask.And(matches.Not());
            }

            entries.Add(entry);
        }

        var rest = _mask;
        if (fallback >= 0)
        {
            entries[fallback] = Join(entries[fallback], rest, operation.Syntax);
            rest = rest.None();
        }

        for (int i = 0; i < entries.Count; i++)
        {
            _mask = entries[i];
            foreach (var statement in operation.Cases[i].Body) Execute(statement);
        }

        _mask = Join(rest, TakeJumps(operation.ExitLabel), operation.Value.Syntax);
    }

    private Truth Matches(Value value, ICaseClauseOperation clause) => clause switch
    {
        IPatternCaseClauseOperation pattern => Matches(value, pattern.Pattern, pattern.Guard),
        ISingleValueCaseClauseOperation single => Binary(BinaryOperatorKind.Equals, value, Evaluate(single.Value), null, clause) as Truth ?? throw new EvaluationStoppedException(),
        _ => Refuse(clause) is { } ? throw new EvaluationStoppedException() : Truth.Constant(false),
    };

    private Truth Matches(Value value, IPatternOperation pattern, IOperation? guard)
    {
        var matches = Match(value, pattern) as Truth ?? throw new EvaluationStoppedException();
        return guard is null
            ? matches
            : Choose(matches, () => Condition(guard), static () => Truth.Constant(false), guard.Syntax) as Truth ?? throw new EvaluationStoppedException();
    }

    private Value Match(Value value, IPatternOperation pattern)
    {
        if (value is Value.Unknown) return value;
        switch (pattern)
        {
            case IConstantPatternOperation constant:
                return Binary(BinaryOperatorKind.Equals, value, Evaluate(constant.Value), null, pattern);
            case IRelationalPatternOperation relation:
                return Binary(relation.OperatorKind, value, Evaluate(relation.Value), null, pattern);
            case INegatedPatternOperation negated:
                return Match(value, negated.Pattern) is Truth truth ? truth.Not() : Value.Unknown.Instance;
            case IBinaryPatternOperation binary:
                var (left, right) = (Match(value, binary.LeftPattern), Match(value, binary.RightPattern));
                return Binary(binary.OperatorKind, left, right, null, pattern);
            case IDiscardPatternOperation:
                return Truth.Constant(true);
            case IRecursivePatternOperation { PropertySubpatterns: [], DeclaredSymbol: null } parts
                when value is Sequence sequence && sequence.Items.Length == parts.DeconstructionSubpatterns.Length:
                return parts.DeconstructionSubpatterns.Zip(sequence.Items, (part, item) => Match(item, part))
                    .Aggregate((Value)Truth.Constant(true), (all, one) => Binary(BinaryOperatorKind.And, all, one, null, pattern));
            case IDeclarationPatternOperation declaration when SymbolEqualityComparer.Default.Equals(declaration.InputType, declaration.NarrowedType):
                if (declaration.DeclaredSymbol is { } variable) _frame.Declare(variable, value);
                return Truth.Constant(true);
            case ITypePatternOperation type when SymbolEqualityComparer.Default.Equals(type.InputType, type.NarrowedType):
                return Truth.Constant(true);
            default:
                return Refuse(pattern);
        }
    }
}
