using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>What to write instead of code that cannot be compiled.</summary>
internal static class Remedies
{
    private const string Numbers = "compute with numbers only";

    /// <summary>The form that works for an operation.</summary>
    public static string For(IOperation operation) => operation switch
    {
        IObjectCreationOperation { Type: { Name: "List" or "Dictionary" or "HashSet" } } => "use an array",
        IObjectCreationOperation { Type.Name: "Random" } => "use a constant: an edge has one value for each input",
        IObjectCreationOperation or ITypeParameterObjectCreationOperation or IAnonymousObjectCreationOperation =>
            "use a record struct or a tuple of numbers",
        IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation =>
            "write a static method or a local function, and call it by its name",
        IInterpolatedStringOperation or ILiteralOperation { Type.SpecialType: SpecialType.System_String } or INameOfOperation => Numbers,
        ICoalesceOperation or IConditionalAccessOperation => "use numbers that cannot be null",
        IBinaryOperation { IsLifted: true } or IUnaryOperation { IsLifted: true } or ICompoundAssignmentOperation { IsLifted: true }
            or IIncrementOrDecrementOperation { IsLifted: true } => "use numbers that cannot be null",
        IConversionOperation { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } =>
            "declare it as double, with a number that stands for what is missing",
        IConversionOperation { Type: { } type } conversion when type.SpecialType == SpecialType.System_Object
            || type.TypeKind == TypeKind.Dynamic =>
            "declare it as " + (conversion.Operand.Type?.ToDisplayString() ?? "double"),
        IConversionOperation { OperatorMethod: not null } or IBinaryOperation { OperatorMethod: not null }
            or IUnaryOperation { OperatorMethod: not null } or ICompoundAssignmentOperation { OperatorMethod: not null }
            or IIncrementOrDecrementOperation { OperatorMethod: not null } => "apply the operator to the numbers in it",
        ITryOperation => "test for the case with if",
        IUsingOperation or IUsingDeclarationOperation or ILockOperation => Numbers,
        ILabeledOperation or IBranchOperation => "write a loop with break or continue",
        IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } => "fill an array and return it",
        IPatternOperation => "compare numbers: is > 0 and < 5",
        ITypeOfOperation or IIsTypeOperation => Numbers,
        ITupleBinaryOperation => "compare the numbers in the tuples one by one",
        IVariableDeclaratorOperation or IAddressOfOperation => "copy the value: leave out ref",
        ISpreadOperation => "spread an array or a span",
        IPropertyReferenceOperation or IFieldReferenceOperation => "use a field of a record struct or a tuple",
        IEventAssignmentOperation or IEventReferenceOperation => Numbers,
        _ when operation.Type is IPointerTypeSymbol
            || operation.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax =>
            "allocate an array: new double[n]",
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation => "declare it as double",
        _ => "use arithmetic, conditions, local variables and loops",
    };

    /// <summary>The form that works for a call.</summary>
    public static string For(IMethodSymbol method)
    {
        switch (method.ContainingNamespace.ToDisplayString(), method.ContainingType.Name, method.Name)
        {
            case ("System", "Random", _):
                return "use a constant: an edge has one value for each input";
            case ("System", "Console", _) or ("System.Diagnostics", _, _):
                return "leave it out: an edge is not run";
            case (_, _, "Parse" or "TryParse"):
                return "write the number itself";
            case ("System", _, "CompareTo" or "Equals"):
                return "compare with <, > or ==";
            case ("System", "Math" or "MathF" or "Double" or "Single", "MaxMagnitude" or "MinMagnitude"):
                return "compare Math.Abs of both";
            case ("System.Linq", _, _):
                return "use Sum, Zip, Select, Where, Min or Max, or write a foreach loop";
            case ("System", "Array", _) or ("System.Collections.Generic", _, _):
                return "write a loop over the elements";
            case (_, _, "ToString"):
                return Numbers;
        }

        if (method.IsAsync) return "make it a method that returns a number";
        if (method.IsVirtual || method.IsAbstract) return "call a static method that has code";
        if (method.ContainingType.TypeParameters.Length > 0) return "move the type parameters to the method, or write it for double";
        return !method.IsStatic && method.DeclaringSyntaxReferences.Length > 0
            ? "make it static and pass the numbers to it"
            : "call static methods of this project, or those of Math";
    }
}
