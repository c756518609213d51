using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Methods of .NET that are not mathematics: of arrays, spans, queries and guards.</content>
internal sealed partial class Evaluator
{
    /// <summary>The value of a method of .NET; null if the method is none of those that are known.</summary>
    private Value? CallLibrary(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (method.ContainingType is not { ContainingNamespace: { } space } type) return null;
        return (space.ToDisplayString(), type.Name, method.Name) switch
        {
            ("System", "Array", "BinarySearch") or ("System", "MemoryExtensions", "BinarySearch") when operation.Arguments.Length == 2 =>
                BinarySearch(operation),
            ("System", "Array", "GetLength") => LengthOf(operation),
            ("System", "Array" or "Span", "Fill" or "Clear") => Fill(operation),
            ("System", "MemoryExtensions", "AsSpan") or ("System", "Span" or "ReadOnlySpan", "Slice" or "ToArray") => SliceOf(operation),
            ("System", "ArgumentOutOfRangeException", _) when method.IsStatic => Guard(operation),
            ("System.Diagnostics", "Debug", "Assert") => Value.Unknown.Instance,
            ("System.Linq", "Enumerable", _) => CallQuery(operation),
            _ => null,
        };
    }

    /// <summary>The arguments of a call, the instance first.</summary>
    private static IOperation[] ArgumentsOf(IInvocationOperation operation)
    {
        var arguments = operation.Arguments.OrderBy(static argument => argument.Parameter!.Ordinal).Select(static argument =>
            argument.Value);
        return operation.Instance is { } instance ? [instance, .. arguments] : [.. arguments];
    }

    // The index of a number in an increasing table, or the complement of the index of the next one.
    private Value BinarySearch(IInvocationOperation operation)
    {
        var arguments = ArgumentsOf(operation);
        var (list, wanted) = (Evaluate(arguments[0]), Force(Evaluate(arguments[1])));
        if (list is Value.Unknown || wanted is Value.Unknown) return Value.Unknown.Instance;
        if (ItemsOf(list) is not { } items || wanted is not Number number) return RefuseCall(operation);
        var keys = items.Select(item => item is Number key ? ConstantOn(key) : null).ToArray();
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] is not { } key) return Fail(Descriptors.CodeIsNotCompiled, arguments[0].Syntax, "varies",
                "search in a table of constants");
            if (i > 0 && keys[i - 1]!.Value >= key)
                return Fail(Descriptors.ValueIsUndefined, arguments[0].Syntax, "does not increase at index " + Exact.Numbers.Text(i),
                    "sort the table and keep each number once");
        }

        var node = operation.Syntax;
        Value result = Constant(-keys.Length - 1);
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            var key = Constant(keys[i]!.Value);
            if (Compare(number, key, static sign => sign == 0, node) is not Truth equal
                || Compare(number, key, static sign => sign < 0, node) is not Truth below)
                return Value.Unknown.Instance;
            result = Select(equal, Constant(i), Select(below, Constant(-i - 1), result, node), node);
        }

        return result;
    }

    private Value LengthOf(IInvocationOperation operation)
    {
        var value = Evaluate(operation.Instance!);
        if (Evaluate(operation.Arguments[0].Value) is not Number number
            || ConstantOn(number) is not { } dimension) return RefuseCall(operation);
        for (int i = 0; i < dimension && ItemsOf(value) is { Length: > 0 } rows; i++) value = rows[0];
        return ItemsOf(value) is { } items ? Constant(items.Length) : value is Value.Unknown ? value : Refuse(operation);
    }

    private Value.Unknown Fill(IInvocationOperation operation)
    {
        var arguments = ArgumentsOf(operation);
        var (list, value) = (Evaluate(arguments[0]), arguments.Length > 1 ? Evaluate(arguments[1]) : Constant(Rational.Zero));
        if (list is Value.Unknown || value is Value.Unknown) return Value.Unknown.Instance;
        if (arguments.Length > 2 || list is not View view) return RefuseCall(operation);
        if (view.Elements.IsFixed)
            return Fail(Descriptors.FunctionHasState, operation.Syntax, "changes a list that this function does not own alone",
                "write to an array that it makes itself");
        for (int i = view.Offset; i < view.Offset + view.Length; i++) view.Elements.Items[i] = Masked(value, view.Elements.Items[i],
            operation.Syntax);
        return Value.Unknown.Instance;
    }

    private Value SliceOf(IInvocationOperation operation)
    {
        var arguments = ArgumentsOf(operation);
        var list = Evaluate(arguments[0]);
        if (ItemsOf(list) is not { } items) return Value.Unknown.Instance;
        bool isCopy = operation.TargetMethod.Name == "ToArray";
        if (arguments is [_, { Type.Name: "Range" } range]) return range is IRangeOperation ends ? Slice(list, ends, isCopy, operation)
            : Refuse(range);
        var bounds = arguments.Skip(1).Select(argument => Force(Evaluate(argument)) is Number number ? ConstantOn(number)
            : null).ToArray();
        if (bounds.Any(static bound => bound is null))
            return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "is a range that varies", "give the range constant ends");
        var start = bounds.Length > 0 ? bounds[0]!.Value : Rational.Zero;
        return Slice(list, start, bounds.Length > 1 ? start + bounds[1]!.Value : items.Length, isCopy, operation);
    }
}
