using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.CodeFixes.Smooth;

/// <summary>
/// Reads the code of a method from a number to a number as a function of real numbers that can be enclosed: arithmetic, functions of
/// <c>Math</c>, cases at points, local variables and calls of methods of the project. Conversions between <c>float</c> and <c>double</c>
/// are not part of that function.
/// </summary>
internal sealed partial class SmoothFunctionReader
{
    // More code than a person writes for one curve; functions of functions are enclosed by nested calls.
    private const int MostSteps = 1000, MostCalls = 16, MostDepth = 200;

    // A variable that is used twice is evaluated twice, so a few lines can ask for more than an editor can wait for.
    private const double MostParts = 4000;

    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly Stack<ISymbol> _calls = new();
    private int _steps, _depth;

    private SmoothFunctionReader(Compilation compilation, CancellationToken cancellation)
    {
        _compilation = compilation;
        _cancellation = cancellation;
    }

    /// <summary>The function that a method computes; null if it does something else than is read here, or jumps.</summary>
    public static RealFunction? Read(IMethodSymbol method, Compilation compilation, CancellationToken cancellation) =>
        method is { IsStatic: true, Parameters.Length: 1, TypeParameters.Length: 0 }
            ? new SmoothFunctionReader(compilation, cancellation).Call(method, [RealFunction.X])
            : null;

    private RealFunction? Call(IMethodSymbol method, ImmutableArray<RealFunction> arguments)
    {
        if (_calls.Count == MostCalls || _calls.Contains(method, SymbolEqualityComparer.Default)) return null;
        if (method.DeclaringSyntaxReferences is not [var reference]
            || OperationOf(reference.GetSyntax(_cancellation)) is not IMethodBodyOperation body) return null;
        if ((body.BlockBody ?? body.ExpressionBody) is not { } code) return null;
        var variables = ImmutableDictionary<ISymbol, RealFunction>.Empty.WithComparers(SymbolEqualityComparer.Default);
        for (int i = 0; i < arguments.Length; i++) variables = variables.SetItem(method.Parameters[i], arguments[i]);
        _calls.Push(method);
        var result = Run(ImmutableStack.Create<IOperation>(code), variables);
        _calls.Pop();
        return result;
    }

    private IOperation? OperationOf(SyntaxNode syntax) =>
        _compilation.ContainsSyntaxTree(syntax.SyntaxTree) && Nesting.TooDeep(syntax, out int levels) is null && Nesting.FitsStack(levels)
            ? _compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, _cancellation)
            : null;

    /// <summary>The value returned by statements, each followed by the rest; a case splits all that follows.</summary>
    private RealFunction? Run(ImmutableStack<IOperation> statements, ImmutableDictionary<ISymbol, RealFunction> variables)
    {
        while (!statements.IsEmpty && ++_steps < MostSteps)
        {
            _cancellation.ThrowIfCancellationRequested();
            statements = statements.Pop(out var statement);
            switch (statement)
            {
                case IBlockOperation block:
                    foreach (var inner in block.Operations.Reverse()) statements = statements.Push(inner);
                    break;
                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators))
                    {
                        if (declarator.GetVariableInitializer() is not { } initializer) continue;
                        if (Evaluate(initializer.Value, variables) is not { } value) return null;
                        variables = variables.SetItem(declarator.Symbol, value);
                    }

                    break;
                case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: var target } assignment }:
                    if (SymbolOf(target) is not { } assigned || Evaluate(assignment.Value, variables) is not { } simple) return null;
                    variables = variables.SetItem(assigned, simple);
                    break;
                case IExpressionStatementOperation { Operation: ICompoundAssignmentOperation { OperatorMethod: null } assignment }:
                    if (SymbolOf(assignment.Target) is not { } changed || Evaluate(assignment.Target, variables) is not { } left)
                        return null;
                    if (Evaluate(assignment.Value, variables) is not { } right
                        || Arithmetic(assignment.OperatorKind, left, right) is not { Size: <= MostParts } compound) return null;
                    variables = variables.SetItem(changed, compound);
                    break;
                case IConditionalOperation conditional:
                    var (rest, before) = (statements, variables);
                    return Choose(
                        conditional.Condition, variables,
                        () => Run(rest.Push(conditional.WhenTrue), before),
                        () => Run(conditional.WhenFalse is { } whenFalse ? rest.Push(whenFalse) : rest, before));
                case IReturnOperation { ReturnedValue: { } returned }:
                    return Evaluate(returned, variables);
                case ILocalFunctionOperation or IEmptyOperation:
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static ISymbol? SymbolOf(IOperation target) => target switch
    {
        ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
        _ => null,
    };

    private RealFunction? Evaluate(IOperation operation, ImmutableDictionary<ISymbol, RealFunction> variables) =>
        EvaluateAny(operation, variables) is { Size: <= MostParts } function ? function : null;

    private RealFunction? EvaluateAny(IOperation operation, ImmutableDictionary<ISymbol, RealFunction> variables)
    {
        if (++_steps > MostSteps || _depth == MostDepth) return null;
        _depth++;
        var function = EvaluateWithin(operation, variables);
        _depth--;
        return function;
    }

    private RealFunction? EvaluateWithin(IOperation operation, ImmutableDictionary<ISymbol, RealFunction> variables)
    {
        if (operation.ConstantValue is { HasValue: true, Value: var constant }) return NumberOf(constant);
        switch (operation)
        {
            case IParameterReferenceOperation parameter:
                return variables.TryGetValue(parameter.Parameter, out var argument) ? argument : null;
            case ILocalReferenceOperation local:
                return variables.TryGetValue(local.Local, out var value) ? value : null;
            case IConversionOperation
            {
                OperatorMethod: null,
                Type.SpecialType: SpecialType.System_Double or SpecialType.System_Single
            } conversion
                when conversion.Operand.Type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single:
                return Evaluate(conversion.Operand, variables);
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } unary:
                return Evaluate(unary.Operand, variables) is { } negated ? Scale(-1, negated) : null;
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Plus } unary:
                return Evaluate(unary.Operand, variables);
            case IBinaryOperation { OperatorMethod: null, Type.SpecialType: SpecialType.System_Double or SpecialType.System_Single } binary:
                return Evaluate(binary.LeftOperand, variables) is { } left && Evaluate(binary.RightOperand, variables) is { } right
                    ? Arithmetic(binary.OperatorKind, left, right)
                    : null;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Choose(conditional.Condition, variables, () => Evaluate(conditional.WhenTrue, variables),
                    () => Evaluate(whenFalse, variables));
            case ISwitchExpressionOperation choice:
                return Evaluate(choice.Value, variables) is { } subject ? Arm(choice, 0, subject, variables) : null;
            case IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true, DeclaringSyntaxReferences: [var reference] } }:
                return reference.GetSyntax(_cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } initializer }
                    && OperationOf(initializer) is { ConstantValue: { HasValue: true, Value: var initial } } ? NumberOf(initial) : null;
            case IInvocationOperation { Instance: null, TargetMethod: { IsStatic: true, TypeParameters.Length: 0 } method } invocation:
                var arguments = new RealFunction[method.Parameters.Length];
                foreach (var given in invocation.Arguments)
                {
                    if (given.Parameter is null or { RefKind: not (RefKind.None or RefKind.In) }
                        || Evaluate(given.Value, variables) is not { } number) return null;
                    arguments[given.Parameter.Ordinal] = number;
                }

                return IsMath(method) ? Apply(method.Name, arguments) : Call(method, [.. arguments]);
            default:
                return null;
        }
    }

    private static bool IsMath(IMethodSymbol method) =>
        method.ContainingType.SpecialType is SpecialType.System_Double or SpecialType.System_Single
        || (method.ContainingType.Name is "Math" or "MathF"
            && method.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true });

    // A whole number beyond 2^53 is not always a double.
    private static RealFunction? NumberOf(object? constant)
    {
        const double LargestWhole = 1L << 53;
        double number = constant switch
        {
            double value => value,
            float value => value,
            sbyte or byte or short or ushort or int or uint or long or ulong =>
                Whole(((IConvertible)constant).ToDouble(CultureInfo.InvariantCulture)),
            _ => double.NaN,
        };
        return double.IsNaN(number) || double.IsInfinity(number) ? null : (RealFunction)number;

        static double Whole(double value) => Math.Abs(value) <= LargestWhole ? value : double.NaN;
    }
}
