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

    private const string InPlace = "call static methods of this project, or those of Math";

    private Value Call(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (MathFunctions.IsMath(method)) return CallMath(operation);
        // What the delegate is has been flagged where it is made.
        if (method.MethodKind == MethodKind.DelegateInvoke && operation.Instance is { } target && Evaluate(target) is Value.Unknown unknown) return unknown;
        if (FaultOf(method, operation) is { } fault) return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, fault, InPlace);
        if (operation.Arguments.FirstOrDefault(static argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out) is { } reference)
            return Fail(Descriptors.FunctionHasState, reference.Syntax, "is passed by reference", "return the result");

        var values = new Value[method.Parameters.Length];
        foreach (var argument in operation.Arguments) values[argument.Parameter!.Ordinal] = Evaluate(argument.Value);
        if (CurveDeclaration.Of(method) is { } attribute)
        {
            ExactWork.Charge(CurveSteps);
            if (CurveDeclaration.NumbersOf(method, attribute) is { } curve && values is [Number number]) return Apply(curve, number, operation.Syntax);

            // The declaration of that curve has a mistake, which is reported there.
            method = CurveDeclaration.ImplementationOf(method, attribute) ?? throw new EvaluationStoppedException();
        }

        return Invoke(method, [.. values], operation.Syntax, method.MethodKind == MethodKind.LocalFunction ? _frame : null);
    }

    private static string? FaultOf(IMethodSymbol method, IInvocationOperation operation)
    {
        if (method.MethodKind == MethodKind.LocalFunction) return method.IsAsync || method.TypeParameters.Length > 0 ? "is async or generic" : null;
        if (method.MethodKind == MethodKind.DelegateInvoke) return "calls a delegate";
        if (!method.IsStatic || operation.Instance is not null) return "calls an instance method";
        if (method.TypeParameters.Length > 0 || method.ContainingType.TypeParameters.Length > 0) return "calls a generic method";
        if (method.IsAbstract || method.IsVirtual) return "calls a virtual method";
        return method.IsAsync ? "calls an async method" : null;
    }

    private Value Invoke(IMethodSymbol method, ImmutableArray<Value> arguments, SyntaxNode? node, Frame? outer)
    {
        if (_bodies.BodyOf(method) is not { } body)
        {
            return node is null
                ? throw new EvaluationStoppedException()
                : Fail(Descriptors.CodeIsNotCompiled, node, "calls '" + method.Name + "', whose code is not in this project", InPlace);
        }

        if (node is not null && _calls.Contains(method, SymbolEqualityComparer.Default))
        {
            string path = string.Join(" -> ", _calls.Reverse().SkipWhile(call => !SymbolEqualityComparer.Default.Equals(call, method)).Append(method).Select(static call => call.Name));
            Fail(Descriptors.FunctionCallsItself, node, path);
            throw new EvaluationStoppedException();
        }

        if (node is not null && _calls.Count == Limits.Depth) throw TooLarge(node, Numbers.Text(Limits.Depth) + " nested calls");
        var (caller, mask) = (_frame, _mask);
        _calls.Push(method);
        _frame = new Frame(method, outer);
        foreach (var parameter in method.Parameters) _frame.Declare(parameter, arguments[parameter.Ordinal]);
        Execute(body);
        var result = _frame.Result;
        _calls.Pop();
        (_frame, _mask) = (caller, mask);
        return result ?? (method.ReturnsVoid ? Value.Unknown.Instance : throw new EvaluationStoppedException());
    }

    /// <summary>A curve of a number: one hinge for each breakpoint.</summary>
    private Value Apply(PiecewiseLinearFunction curve, Number number, SyntaxNode node)
    {
        var sum = Add(ScaleBy(number, curve.Slopes[0]), Constant(curve.InterceptOf(0)), node);
        for (int i = 0; i < curve.Breakpoints.Length && sum is Number; i++)
        {
            var hinge = Add(number, Constant(-curve.Breakpoints[i]), node) is Number distance ? Larger(distance, Constant(Rational.Zero), node) : Value.Unknown.Instance;
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
            while (index < fields.Length && !SymbolEqualityComparer.Default.Equals(fields[index].CorrespondingTupleField, field.CorrespondingTupleField)) index++;
            return Evaluate(instance) is Sequence tuple && index < tuple.Items.Length ? tuple.Items[index] : Value.Unknown.Instance;
        }

        if (field.IsStatic && field.IsReadOnly && _bodies.InitializerOf(field) is { } initializer) return ReadInitializer(field, field.Type, initializer, operation);
        return Fail(Descriptors.FunctionHasState, operation.Syntax, field.IsStatic && field.IsReadOnly
            ? "reads a field whose value is not known when the network is compiled" : "reads a field that may change", "make it a constant");
    }

    private Value ReadProperty(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (operation.Instance is { } instance)
        {
            if (!property.IsIndexer && property.Name is not ("Length" or "Count")) return Refuse(operation);
            var value = Evaluate(instance);
            if (value is not Sequence sequence) return value is Value.Unknown ? value : Refuse(operation);
            return property.IsIndexer && operation.Arguments.Length == 1
                ? ElementOf(sequence, operation.Arguments[0].Value, operation)
                : Constant(sequence.Items.Length);
        }

        if (property is { IsStatic: true, GetMethod: { } getter })
        {
            if (_bodies.BodyOf(getter) is not null)
                return property.SetMethod is null ? Invoke(getter, [], operation.Syntax, null) : ReadsState();
            if (property.SetMethod is null && _bodies.InitializerOf(property) is { } initializer) return ReadInitializer(property, property.Type, initializer, operation);
        }

        return ReadsState();

        Value ReadsState() => Fail(Descriptors.FunctionHasState, operation.Syntax, "reads a property that may change", "make it a constant");
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
        if (value is not Value.Unknown)
        {
            Fail(Descriptors.FieldIsReadAtCompileTime, operation.Syntax, type is IArrayTypeSymbol array
                ? "declare it as a property 'ReadOnlySpan<" + array.ElementType.ToDisplayString() + ">'"
                : initializer.ConstantValue.HasValue ? "declare it as const" : "make sure that nothing else sets it");
        }

        return value;
    }

    /// <summary>An element of a list; an index that takes steps picks different ones.</summary>
    private Value ElementOf(Value list, IOperation position, IOperation operation)
    {
        bool isFromEnd = position is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat };
        var index = Evaluate(isFromEnd ? ((IUnaryOperation)position).Operand : position);
        if (list is not Sequence sequence || index is not Number number)
            return list is Value.Unknown || index is Value.Unknown ? Value.Unknown.Instance : Refuse(operation);
        if (isFromEnd && Add(Constant(sequence.Items.Length), Negate(number), operation.Syntax) is Number fromStart) number = fromStart;
        _current = operation.Syntax;
        if (number.Varying(_mask).Count == 0 && number.As(0, _mask).IsConstantOn(_mask.Regions[0], out var constant) && constant.Intercept.Sign >= 0
            && constant is { Infinity: 0, Intercept.Denominator.IsOne: true } && constant.Intercept < sequence.Items.Length)
            return sequence.Items[(int)constant.Intercept.Numerator];
        return Choose(
            sequence.Items.Length,
            i => Compare(number, Constant(i), static sign => sign == 0, operation.Syntax) as Truth,
            i => sequence.Items[i],
            () => Fail(Descriptors.ValueIsUndefined, operation.Syntax, "is outside the list " + Where(), "keep the index within it"),
            _ => operation.Syntax);
    }
}
