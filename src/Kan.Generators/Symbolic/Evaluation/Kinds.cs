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
        IEventAssignmentOperation or IEventReferenceOperation => "an event",
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation => "dynamic",
        _ => "no arithmetic",
    };
}
