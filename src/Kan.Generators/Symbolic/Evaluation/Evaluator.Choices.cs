using System;
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
        if (value is Value.Unknown) return value;
        return Choose(
            operation.Arms.Length,
            i => operation.Arms[i] is { Pattern: not IInvalidOperation } arm
            ? Matches(value, arm.Pattern, arm.Guard)
            : throw new EvaluationStoppedException(), i => Evaluate(operation.Arms[i].Value),
            () => Fail(Descriptors.ValueIsUndefined, operation.Syntax, "has no arm " + Where(), "add an arm for it"),
            i => operation.Arms[i].Pattern.Syntax);
    }

    /// <summary>
    /// The first of several values whose condition holds, each evaluated for the inputs that reach it: as choices within choices, but in a
    /// loop.
    /// </summary>
    /// <param name="count">The number of values.</param>
    /// <param name="holds">The condition of a value; null if it is unknown.</param>
    /// <param name="value">A value.</param>
    /// <param name="otherwise">The value where no condition holds.</param>
    /// <param name="node">The code of a value's condition.</param>
    private Value Choose(int count, Func<int, Truth?> holds, Func<int, Value> value, Func<Value> otherwise, Func<int, SyntaxNode> node)
    {
        var reached = _mask;
        var chosen = new Stack<(Domain Mask, Truth Condition, Value Value, SyntaxNode Node)>();
        Value? result = null;
        for (int i = 0; i < count && result is null; i++)
        {
            if (holds(i) is not { } condition)
            {
                result = Value.Unknown.Instance;
                break;
            }

            var here = _mask;
            var (yes, no) = (here.And(condition), here.And(condition.Not()));
            if (yes.IsEmpty) continue;
            if (no.IsEmpty)
            {
                result = value(i);
                break;
            }

            _mask = yes;
            chosen.Push((here, condition, value(i), node(i)));
            _mask = no;
        }

        result ??= otherwise();
        foreach (var (mask, condition, own, place) in chosen)
        {
            _mask = mask;
            result = Select(condition, own, result, place);
        }

        _mask = reached;
        return result;
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
        ISingleValueCaseClauseOperation single => Binary(BinaryOperatorKind.Equals, value, Evaluate(single.Value), null, clause) as Truth
            ?? throw new EvaluationStoppedException(),
        _ => throw new EvaluationStoppedException(),
    };

    private Truth Matches(Value value, IPatternOperation pattern, IOperation? guard)
    {
        var matches = Match(value, pattern) as Truth ?? throw new EvaluationStoppedException();
        return guard is null
            ? matches
            : Choose(matches, () => Condition(guard), static () => Truth.Constant(false), guard.Syntax) as Truth
            ?? throw new EvaluationStoppedException();
    }

    private Value Match(Value value, IPatternOperation pattern)
    {
        if (value is Value.Unknown) return value;
        Count(pattern);
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
            case IDeclarationPatternOperation declaration
                when SymbolEqualityComparer.Default.Equals(declaration.InputType, declaration.NarrowedType):
                if (declaration.DeclaredSymbol is { } variable) _frame.Declare(variable, value);
                return Truth.Constant(true);
            case ITypePatternOperation type when SymbolEqualityComparer.Default.Equals(type.InputType, type.NarrowedType):
                return Truth.Constant(true);
            default:
                return Refuse(pattern);
        }
    }
}
