using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Assignments: to parameters, local variables and elements of arrays that the function made.</content>
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
            case ITupleOperation tuple when PartsOf(value) is { } parts && parts.Length == tuple.Elements.Length:
                foreach (var (element, item) in tuple.Elements.Zip(parts, static (element, item) => (element, item))) Assign(element,
                    item, operation);
                return value;
            case IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: { IsStatic: false } member }
                when _frame is { Self: { } self, Method.MethodKind: MethodKind.Constructor }:
                _frame.Self = self.With(member.Name, self.Find(member.Name) is { } old ? Masked(value, old, operation.Syntax) : value);
                return value;
            case var _ when PlaceOf(target) is { } place:
                return Write(place, value, operation);
            case IArrayElementReferenceOperation or IImplicitIndexerReferenceOperation:
                return Fail(Descriptors.FunctionHasState, operation.Syntax,
                    "changes an element of a list that this function does not own alone", "write to an array that it makes itself");
            case IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation or IEventReferenceOperation:
                return Fail(Descriptors.FunctionHasState, operation.Syntax, "changes '" + Excerpt.Of(target.Syntax) + "'",
                    "compute in a local variable and return the result");
            default:
                return value is Value.Unknown ? value : Refuse(operation);
        }
    }

    // The element is found before its value is computed, as C# does it.
    private Value AssignSimple(ISimpleAssignmentOperation operation)
    {
        var place = operation.Target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } ? null
            : PlaceOf(operation.Target);
        var value = Evaluate(operation.Value);
        if (value is Query && operation.Target is not IDiscardOperation)
            return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "keeps a query", "declare a variable for it, or call ToArray");
        return place is null ? Assign(operation.Target, value, operation) : Write(place, value, operation);
    }

    private Value AssignCompound(ICompoundAssignmentOperation operation)
    {
        if (!IsPlainOperator(operation.OperatorMethod) || operation.IsLifted) return Refuse(operation);
        var place = PlaceOf(operation.Target);
        if (place is null && !IsVariable(operation.Target)) return Assign(operation.Target, Value.Unknown.Instance, operation);
        var left = place is null ? Evaluate(operation.Target) : Read(place, operation.Target);
        var right = Evaluate(operation.Value);
        var result = Binary(operation.OperatorKind, left, right, Resolve(operation.Type), operation);
        return place is null ? Assign(operation.Target, result, operation) : Write(place, result, operation);
    }

    private Value Increment(IIncrementOrDecrementOperation operation)
    {
        if (!IsPlainOperator(operation.OperatorMethod) || operation.IsLifted) return Refuse(operation);
        var place = PlaceOf(operation.Target);
        if (place is null && !IsVariable(operation.Target)) return Assign(operation.Target, Value.Unknown.Instance, operation);
        var before = place is null ? Evaluate(operation.Target) : Read(place, operation.Target);
        var step = Constant(operation.Kind == OperationKind.Increment ? Rational.One : -Rational.One);
        var after = Binary(BinaryOperatorKind.Add, before, step, Resolve(operation.Type), operation);
        after = place is null ? Assign(operation.Target, after, operation) : Write(place, after, operation);
        return operation.IsPostfix ? before : after;
    }

    private static bool IsVariable(IOperation target) => target is ILocalReferenceOperation or IParameterReferenceOperation;

    private void Store(ISymbol symbol, Value value, SyntaxNode node) =>
        _frame.Write(symbol, _frame.Read(symbol) is { } before ? Masked(value, before, node) : value);
}
