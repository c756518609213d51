using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Names of pieces of code for messages.</summary>
internal static class Kinds
{
    /// <summary>What an operation that is not compiled is: "is ...".</summary>
    public static string Describe(IOperation operation) => operation switch
    {
        IObjectCreationOperation or ITypeParameterObjectCreationOperation or IAnonymousObjectCreationOperation => "an object",
        IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation => "a delegate",
        IInterpolatedStringOperation or ILiteralOperation { Type.SpecialType: SpecialType.System_String } => "a string",
        IArrayCreationOperation => "an array without an initializer",
        ICoalesceOperation or IConditionalAccessOperation => "a null check",
        ITryOperation => "a try statement",
        IUsingOperation or IUsingDeclarationOperation => "a using statement",
        ILockOperation => "a lock",
        ILabeledOperation or IBranchOperation => "a jump",
        ISpreadOperation => "a spread element",
        IPatternOperation => "a pattern other than a comparison of numbers",
        ITypeOfOperation or IIsTypeOperation => "a type check",
        IConversionOperation { OperatorMethod: not null } => "a user-defined conversion",
        IConversionOperation { Type: { } type } => "converted to '" + type.ToDisplayString() + "'",
        IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null }
            or ICompoundAssignmentOperation { OperatorMethod: not null } or IIncrementOrDecrementOperation { OperatorMethod: not null } =>
            "a user-defined operator",
        IBinaryOperation { IsLifted: true } or IUnaryOperation { IsLifted: true } or ICompoundAssignmentOperation { IsLifted: true }
            or IIncrementOrDecrementOperation { IsLifted: true } => "a nullable number",
        ITupleBinaryOperation => "a comparison of tuples",
        IVariableDeclaratorOperation or IAddressOfOperation => "a reference to a variable",
        IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } => "an iterator",
        IPropertyReferenceOperation or IFieldReferenceOperation => "a member of an object",
        IRangeOperation => "a range",
        INameOfOperation => "a string",
        _ when operation.Type is IPointerTypeSymbol
            || operation.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax =>
            "a stack allocation or pointer",
        IEventAssignmentOperation or IEventReferenceOperation => "an event",
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation => "dynamic",
        _ => "not arithmetic",
    };
}
