using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Calls of methods of the project, which are compiled in place.</content>
internal sealed partial class Evaluator
{
    // To look at the attribute of a curve; its numbers are charged as they are added up.
    private const int CurveSteps = 10_000;

    private Value Call(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (MathFunctions.IsMath(method)) return CallMath(operation);
        // No value is a delegate: it is flagged where it is made.
        if (method.MethodKind == MethodKind.DelegateInvoke) return Evaluate(operation.Instance!);
        if (CallLibrary(operation) is { } result) return result;
        Structure? self = null;
        if (operation.Instance is { } receiver && IsPlainType(method.ContainingType))
        {
            self = Evaluate(receiver) as Structure;
            if (self is null) return Value.Unknown.Instance;
        }

        if (FaultOf(method, self) is { } fault) return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, fault,
            Remedies.For(method));
        if (operation.Arguments.FirstOrDefault(static argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out)
            is { } reference)
            return Fail(Descriptors.FunctionHasState, reference.Syntax, "is passed by reference", "return the result");

        var values = new Value[method.Parameters.Length];
        foreach (var argument in operation.Arguments) values[argument.Parameter!.Ordinal] = Evaluate(argument.Value);
        if (CurveDeclaration.Of(method) is { } attribute)
        {
            ExactWork.Charge(CurveSteps);
            if (CurveDeclaration.NumbersOf(method, attribute) is { } curve && values is [var argument]
                && Force(argument) is Number number) return Apply(curve, number, operation.Syntax);

            // The declaration of that curve has a mistake, which is reported there.
            method = CurveDeclaration.ImplementationOf(method, attribute) ?? throw new EvaluationStoppedException();
        }

        return Invoke(method, [.. values], operation.Syntax, method.MethodKind == MethodKind.LocalFunction ? _frame : null, self);
    }

    private static string? FaultOf(IMethodSymbol method, Structure? self)
    {
        if (method.MethodKind == MethodKind.LocalFunction) return method.IsAsync ? "is async" : null;
        if (self is null && !method.IsStatic) return "calls an instance method";
        if (method.ContainingType.TypeParameters.Length > 0) return "calls a method of a generic type";
        if (method.IsAbstract || method.IsVirtual) return "calls a virtual method";
        return method.IsAsync ? "calls an async method" : null;
    }

    private Value Invoke(IMethodSymbol method, ImmutableArray<Value> arguments, SyntaxNode? node, Frame? outer, Structure? self = null)
    {
        // The code of a partial method has its own parameters.
        var definition = method.OriginalDefinition;
        definition = definition.PartialImplementationPart ?? definition;
        if (_bodies.BodyOf(definition) is not { } body)
        {
            return node is null
                ? throw new EvaluationStoppedException()
                : Fail(Descriptors.CodeIsNotCompiled, node, "calls '" + method.Name + "', whose code is not in this project",
                    Remedies.For(method));
        }

        if (node is not null && _calls.Contains(definition, SymbolEqualityComparer.Default))
        {
            string path = string.Join(" -> ",
                _calls.Reverse().SkipWhile(call =>
                !SymbolEqualityComparer.Default.Equals(call, definition)).Append(method).Select(static call => call.Name));
            Fail(Descriptors.FunctionCallsItself, node, path);
            throw new EvaluationStoppedException();
        }

        if (node is not null && _calls.Count == Limits.Depth) throw TooLarge(node, Numbers.Text(Limits.Depth) + " nested calls");
        return Run(definition, body, arguments, new Frame(method, outer) { Self = self, Types = TypesOf(method, definition) });
    }

    private Value Run(IMethodSymbol method, IOperation body, ImmutableArray<Value> arguments, Frame frame)
    {
        var (caller, mask) = (_frame, _mask);
        _calls.Push(method);
        _frame = frame;
        foreach (var parameter in method.Parameters) _frame.Declare(parameter, arguments[parameter.Ordinal]);
        Execute(body);
        var result = _frame.Result;
        _calls.Pop();
        (_frame, _mask) = (caller, mask.And(_declared));
        return result ?? (method.ReturnsVoid ? Value.Unknown.Instance : throw new EvaluationStoppedException());
    }

    /// <summary>A curve of a number: one hinge for each breakpoint.</summary>
    private Value Apply(PiecewiseLinearFunction curve, Number number, SyntaxNode node)
    {
        var sum = Add(ScaleBy(number, curve.Slopes[0]), Constant(curve.InterceptOf(0)), node);
        for (int i = 0; i < curve.Breakpoints.Length && sum is Number; i++)
        {
            var hinge = Add(number, Constant(-curve.Breakpoints[i]), node) is Number distance
                ? Larger(distance, Constant(Rational.Zero), node)
                : Value.Unknown.Instance;
            sum = hinge is Number bend ? Add((Number)sum, ScaleBy(bend, curve.Slopes[i + 1] - curve.Slopes[i]), node) : hinge;
        }

        return sum;
    }

    private static Number ScaleBy(Number number, Rational factor) => new(
        [.. number.Parts.Select(part => factor.IsZero ? PiecewiseMath.Constant(Rational.Zero) : part.Select(cell => cell.Scale(factor)))]);

    private Value ReadField(IFieldReferenceOperation operation)
    {
        var field = operation.Field;
        if (field.ContainingType.IsTupleType && operation.Instance is { } instance)
        {
            var fields = field.ContainingType.TupleElements;
            int index = 0;
            while (index < fields.Length && !SymbolEqualityComparer.Default.Equals(fields[index].CorrespondingTupleField,
                field.CorrespondingTupleField)) index++;
            return Evaluate(instance) is Sequence tuple && index < tuple.Items.Length ? tuple.Items[index] : Value.Unknown.Instance;
        }

        if (operation.Instance is { } owner && IsPlainType(field.ContainingType))
            return Evaluate(owner) is Structure structure ? MemberOf(structure, field, operation) : Value.Unknown.Instance;

        if (field.IsStatic && field.IsReadOnly && _bodies.InitializerOf(field) is { } initializer)
            return ReadInitializer(field, field.Type, initializer, operation);
        return Fail(Descriptors.FunctionHasState, operation.Syntax, field.IsStatic && field.IsReadOnly
            ? "reads a field whose value is not known when the network is compiled" : "reads a field that may change",
            "make it a constant");
    }

    private Value ReadProperty(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (operation.Instance is { } instance)
        {
            bool isPlain = IsPlainType(property.ContainingType);
            if (!property.IsIndexer && !isPlain && property.Name is not ("Length" or "Count" or "IsEmpty")) return Refuse(operation);
            var value = Evaluate(instance);
            if (value is Structure structure && !property.IsIndexer) return MemberOf(structure, property, operation);
            if (ItemsOf(value) is not { } items) return value is Value.Unknown ? value : Refuse(operation);
            if (property.IsIndexer) return ElementOf(value, operation.Arguments[0].Value, isCopy: false, operation);
            int count = Flatten(items, RankOf(instance)).Length;
            return property.Name == "IsEmpty" ? Truth.Constant(count == 0) : Constant(count);
        }

        if (NumericConstant(operation) is { } numeric) return numeric;

        if (property is { IsStatic: true, GetMethod: { } getter })
        {
            if (_bodies.BodyOf(getter) is not null)
                return property.SetMethod is null ? Invoke(getter, [], operation.Syntax, null) : ReadsState();
            if (property.SetMethod is null && _bodies.InitializerOf(property) is { } initializer)
                return ReadInitializer(property, property.Type, initializer, operation);
        }

        return ReadsState();

        Value ReadsState() =>
            Fail(Descriptors.FunctionHasState, operation.Syntax, "reads a property that may change", "make it a constant");
    }

    private Value ReadInitializer(ISymbol symbol, ITypeSymbol type, IOperation initializer, IOperation operation)
    {
        if (_calls.Contains(symbol, SymbolEqualityComparer.Default)) throw new EvaluationStoppedException();
        var caller = _frame;
        _calls.Push(symbol);
        _frame = new Frame(null, null);
        var value = Evaluate(initializer);
        _calls.Pop();
        _frame = caller;
        value = Freeze(value);
        if (value is not Value.Unknown)
        {
            Fail(Descriptors.FieldIsReadAtCompileTime, operation.Syntax, type is IArrayTypeSymbol array
                ? "declare it as a property 'ReadOnlySpan<" + array.ElementType.ToDisplayString() + ">'"
                : initializer.ConstantValue.HasValue ? "declare it as const" : "make sure that nothing else sets it");
        }

        return value;
    }
}
