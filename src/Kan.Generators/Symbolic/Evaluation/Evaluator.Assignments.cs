using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Assignments: to parameters and local variables only.</content>
internal sealed partial class Evaluator
{
    private Value Assign(IOperation target, Value value, IOperation operation)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: { RefKind: RefKind.None } local }:
                Store(local, value, operation.Syntax);
                return value;
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }:
                Store(parameter, value, operation.Syntax);
                return value;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value, operation);
            case IDiscardOperation:
                return value;
            case ITupleOperation tuple when value is Sequence sequence && sequence.Items.Length == tuple.Elements.Length:
                foreach (var (element, item) in tuple.Elements.Zip(sequence.Items, static (element, item) => (element, item))) Assign(element, item, operation);
                return value;
            case IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation or IEventReferenceOperation:
                return Fail(Descriptors.FunctionHasState, operation.Syntax, "changes '" + Excerpt.Of(target.Syntax) + "'", "compute in a local variable and return the result");
            case IArrayElementReferenceOperation:
                return Fail(Descriptors.FunctionHasState, operation.Syntax, "changes an element of an array", "compute in local variables");
            default:
                return value is Value.Unknown ? value : Refuse(operation);
        }
    }

    private Value AssignCompound(ICompoundAssignmentOperation operation)
    {
        if (operation.OperatorMethod is not null || operation.IsLifted) return Refuse(operation);
        if (!IsVariable(operation.Target)) return Assign(operation.Target, Value.Unknown.Instance, operation);
        var left = Evaluate(operation.Target);
        return Assign(operation.Target, Binary(operation.OperatorKind, left, Evaluate(operation.Value), operation.Type, operation), operation);
    }

    private Value Increment(IIncrementOrDecrementOperation operation)
    {
        if (operation.OperatorMethod is not null || operation.IsLifted) return Refuse(operation);
        if (!IsVariable(operation.Target)) return Assign(operation.Target, Value.Unknown.Instance, operation);
        var before = Evaluate(operation.Target);
        var step = Constant(operation.Kind == OperationKind.Increment ? Rational.One : -Rational.One);
        var after = Assign(operation.Target, Binary(BinaryOperatorKind.Add, before, step, operation.Type, operation), operation);
        return operation.IsPostfix ? before : after;
    }

    private static bool IsVariable(IOperation target) => target is ILocalReferenceOperation or IParameterReferenceOperation;

    private void Store(ISymbol symbol, Value value, SyntaxNode node) =>
        _frame.Write(symbol, _frame.Read(symbol) is { } before ? Masked(value, before, node) : value);
}
