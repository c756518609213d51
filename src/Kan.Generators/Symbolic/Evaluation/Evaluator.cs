using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>
/// Runs a method once for all inputs: a number is an exact piecewise-affine function of the parameters, a condition a set of inputs.
/// Control flow is a mask, the set of inputs that reach the current operation; an assignment changes a variable there only. Intermediate
/// values may jump.
/// </summary>
/// <remarks>This file has the state, the dispatch over expressions, and how mistakes are noted.</remarks>
internal sealed partial class Evaluator
{
    private readonly MethodBodies _bodies;
    private readonly LiteralReading _reading;
    private readonly ImmutableArray<string> _names;
    private readonly string _function;
    private readonly CancellationToken _cancellation;
    private readonly List<Problem> _problems = [];
    private readonly HashSet<(string Id, SyntaxNode Node)> _reported = [];
    private readonly Stack<ISymbol> _calls = new();
    private Domain _mask;
    private Frame _frame = new(null, null);
    private int _steps;
    private SyntaxNode? _current;

    /// <summary>An evaluator for one method.</summary>
    /// <param name="bodies">Finds the code of methods.</param>
    /// <param name="method">The method.</param>
    /// <param name="reading">What constants stand for.</param>
    /// <param name="cancellation">Cancels.</param>
    public Evaluator(MethodBodies bodies, IMethodSymbol method, LiteralReading reading, CancellationToken cancellation)
    {
        _bodies = bodies;
        _reading = reading;
        _names = [.. method.Parameters.Select(static parameter => parameter.Name)];
        _function = method.Name;
        _cancellation = cancellation;
        _mask = _declared = Domain.All(_names.Length);
    }

    /// <summary>The mistakes found so far.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>The value that the method returns, as a function of its parameters; null if there are mistakes.</summary>
    public Number? Run(IMethodSymbol method)
    {
        try
        {
            var arguments = method.Parameters.Select((_, i) => (Value)Number.OneVariable(i, PiecewiseMath.Identity, _names.Length));
            var result = Within(Invoke(method, [.. arguments], null, null) as Number);
            return _problems.Any(static problem => problem.Descriptor.DefaultSeverity == DiagnosticSeverity.Error) ? null : result;
        }
        catch (EvaluationStoppedException)
        {
            return null;
        }
        catch (NestingException exception)
        {
            TooLarge(exception.Node, exception.Limit);
            return null;
        }
        catch (ExactWorkException exception)
        {
            TooLarge(_current ?? method.DeclaringSyntaxReferences[0].GetSyntax(_cancellation), Limits.Describe(exception));
            return null;
        }
    }

    private Value Evaluate(IOperation operation)
    {
        Count(operation);
        if (operation.ConstantValue.HasValue && ConstantOf(operation) is { } constant)
        {
            WarnOfDivisions(operation);
            return constant;
        }

        return operation switch
        {
            IParameterReferenceOperation parameter => Read(parameter.Parameter, operation),
            ILocalReferenceOperation local => Read(local.Local, operation),
            IBinaryOperation binary => Binary(binary),
            IUnaryOperation unary => Unary(unary),
            IConversionOperation conversion => Convert(conversion),
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => Choose(
                Condition(conditional.Condition), () => Evaluate(conditional.WhenTrue), () => Evaluate(whenFalse), operation.Syntax),
            ISwitchExpressionOperation choice => Switch(choice),
            IIsPatternOperation match => Match(Evaluate(match.Value), match.Pattern),
            IInvocationOperation call => Call(call),
            IFieldReferenceOperation field => ReadField(field),
            IPropertyReferenceOperation property => ReadProperty(property),
            ISimpleAssignmentOperation assignment => AssignSimple(assignment),
            ICompoundAssignmentOperation assignment => AssignCompound(assignment),
            IIncrementOrDecrementOperation increment => Increment(increment),
            IDeconstructionAssignmentOperation assignment => Assign(assignment.Target, Evaluate(assignment.Value), operation),
            ITupleOperation tuple => new Sequence([.. tuple.Elements.Select(Evaluate)]),
            ICollectionExpressionOperation collection => Collection(collection),
            IArrayCreationOperation creation => CreateArray(creation),
            IArrayElementReferenceOperation element =>
                element.Indices.Aggregate(Evaluate(element.ArrayReference), (list, index) =>
                ElementOf(list, index, isCopy: true, operation)),
            IImplicitIndexerReferenceOperation element =>
                ElementOf(Evaluate(element.Instance), element.Argument, isCopy: false, operation),
            IObjectCreationOperation creation => CreateStructure(creation),
            IWithOperation change => Change(change),
            IInstanceReferenceOperation => Self(),
            IDefaultValueOperation => DefaultOf(Resolve(operation.Type)) ?? Refuse(operation),
            IThrowOperation => Fail(Descriptors.ValueIsUndefined, operation.Syntax, "throws " + Where(), "return a number instead"),
            IInvalidOperation => throw new EvaluationStoppedException(),
            _ => Refuse(operation),
        };
    }

    private Value.Unknown Refuse(IOperation operation) =>
        Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "is " + Kinds.Describe(operation), Remedies.For(operation));

    private Value.Unknown RefuseCall(IInvocationOperation operation) =>
        Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "calls '" + operation.TargetMethod.Name + "'",
            Remedies.For(operation.TargetMethod));

    private Value? ConstantOf(IOperation operation)
    {
        object? value = operation.ConstantValue.Value;
        if (value is bool truth) return Truth.Constant(truth);
        if (value is double.PositiveInfinity or float.PositiveInfinity) return Constant(Affine.Infinite(1));
        if (value is double.NegativeInfinity or float.NegativeInfinity) return Constant(Affine.Infinite(-1));
        if (value is double.NaN or float.NaN)
            return Fail(Descriptors.ValueIsUndefined, operation.Syntax, "is not a number", "use finite numbers");
        return (_reading == LiteralReading.Decimal ? Constants.Decimal(operation) : Constants.Exact(value)) is { } number
            ? Constant(number)
            : null;
    }

    private Number Constant(Affine value) => Number.Constant(value, _names.Length);

    private Number Constant(Rational value) => Constant(Affine.Constant(value));

    private Value Read(ISymbol symbol, IOperation operation)
    {
        if (_frame.Read(symbol) is { } value) return value;
        if (CapturedParameter(symbol) is { } captured) return captured;
        return symbol is IParameterSymbol ? Refuse(operation) : throw new EvaluationStoppedException();
    }

    /// <summary>A condition that decides what runs next; where it is unknown, nothing further can be said.</summary>
    private Truth Condition(IOperation operation) => Evaluate(operation) as Truth ?? throw new EvaluationStoppedException();

    /// <summary>Evaluates both sides of a condition, each for the inputs that reach it.</summary>
    private Value Choose(Truth condition, Func<Value> whenTrue, Func<Value> whenFalse, SyntaxNode node)
    {
        var before = _mask;
        var (yes, no) = (before.And(condition), before.And(condition.Not()));
        if (yes.IsEmpty) return whenFalse();
        if (no.IsEmpty) return whenTrue();
        _mask = yes;
        var left = whenTrue();
        _mask = no;
        var right = whenFalse();
        _mask = before;
        return Select(condition, left, right, node);
    }

    /// <summary>Notes a mistake, once for each place.</summary>
    private Value.Unknown Fail(DiagnosticDescriptor descriptor, SyntaxNode node, params object[] facts)
    {
        if (_reported.Add((descriptor.Id, node)))
            _problems.Add(new Problem(descriptor, new Place.Node(node), (object[])[Excerpt.Of(node), .. facts]));
        return Value.Unknown.Instance;
    }

    private void Count(IOperation operation)
    {
        _cancellation.ThrowIfCancellationRequested();
        _current = operation.Syntax;
        if (++_steps > Limits.Steps) throw TooLarge(operation.Syntax, Numbers.Text(Limits.Steps) + " operations after unrolling loops");
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        catch (InsufficientExecutionStackException)
        {
            throw TooLarge(operation.Syntax, MethodBodies.StackLimit);
        }
    }

    private EvaluationStoppedException TooLarge(SyntaxNode node, string limit)
    {
        Fail(Descriptors.FunctionIsTooLarge, node, limit);
        return new EvaluationStoppedException();
    }

    /// <summary>The parameters in a message: <c>'x' and 'y'</c>.</summary>
    private string NamesOf(IEnumerable<int> variables) => string.Join(" and ", variables.Select(i => "'" + _names[i] + "'"));

    private static int First(IReadOnlyList<int> variables) => variables.Count > 0 ? variables[0] : 0;

    private string NamesOf(params Number[] numbers) =>
        NamesOf(numbers.SelectMany(number => number.Varying(_mask)).Distinct().OrderBy(static i => i));

    /// <summary>The inputs that reach here, in words.</summary>
    private string Where()
    {
        int variable = Enumerable.Range(0, _names.Length).FirstOrDefault(i => !_mask.Regions[i].IsAll());
        return "for " + _mask.Regions[variable].Describe(_names[variable]);
    }
}
