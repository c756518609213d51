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
        IAwaitOperation => "an await",
        IInterpolatedStringOperation or ILiteralOperation { Type.SpecialType: SpecialType.System_String } => "a text",
        IArrayCreationOperation => "an array without a list of its elements",
        IArrayElementReferenceOperation => "an element of an array of several dimensions",
        ICoalesceOperation or IConditionalAccessOperation => "a test for null",
        IInstanceReferenceOperation => "an object",
        ITryOperation => "a try statement",
        IUsingOperation or IUsingDeclarationOperation => "a using statement",
        ILockOperation => "a lock",
        ILabeledOperation or IBranchOperation => "a jump",
        ISpreadOperation => "a spread element",
        IPatternOperation => "a pattern of another kind than comparisons of numbers",
        ITypeOfOperation or IIsTypeOperation => "a test of types",
        IConversionOperation { OperatorMethod: not null } => "a conversion that a type defines",
        IConversionOperation { Type: { } type } => "converted to '" + type.ToDisplayString() + "'",
        IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null } or ICompoundAssignmentOperation { OperatorMethod: not null } => "an operator that a type defines",
        IBinaryOperation { IsLifted: true } or IUnaryOperation { IsLifted: true } or ICompoundAssignmentOperation { IsLifted: true } => "a number that may be null",
        ITupleBinaryOperation => "a comparison of tuples",
        IVariableDeclaratorOperation or IAddressOfOperation => "a reference to a variable",
        IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } => "an iterator",
        IPropertyReferenceOperation or IFieldReferenceOperation => "a member of an object",
        IRangeOperation => "a range",
        IWithOperation => "a copy of an object",
        INameOfOperation => "a text",
        _ when operation.Type is IPointerTypeSymbol || operation.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax => "memory on the stack",
        IEventAssignmentOperation or IEventReferenceOperation => "an event",
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation => "dynamic",
        _ => "no arithmetic",
    };
}
