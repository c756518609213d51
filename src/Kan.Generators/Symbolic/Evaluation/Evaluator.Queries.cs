using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Queries of LINQ over lists of constant length. As in C#, they run when somebody asks for their elements.</content>
internal sealed partial class Evaluator
{
    private Value CallQuery(IInvocationOperation operation)
    {
        var arguments = ArgumentsOf(operation);
        string name = operation.TargetMethod.Name;
        if (name == "Range") return Range(arguments, operation);
        if (name == "Empty") return new Sequence([]);
        var source = Evaluate(arguments[0]);
        if (source is Value.Unknown) return source;
        var frame = _frame;
        switch (name, arguments.Length)
        {
            case ("Select", 2):
                return new Query(() => EntriesOf(source, arguments[0])?.Select((entry, i) =>
                    new QueryEntry(entry.Condition,
                        Under(entry.Condition, () => Invoke(arguments[1], frame, [entry.Value, Constant(i)])))).ToArray());
            case ("Where", 2):
                return new Query(() => Filter(source, arguments, frame));
            case ("Zip", 2 or 3):
                var other = Evaluate(arguments[1]);
                return other is Value.Unknown ? other
                    : new Query(() => ListOf(source, arguments[0]) is { } left && ListOf(other, arguments[1]) is { } right
                    ? [.. left.Zip(right, (a, b) =>
                        new QueryEntry(null, arguments.Length == 3 ? Invoke(arguments[2], frame, [a, b]) : new Sequence([a, b])))] : null);
            case ("Take" or "Skip", 2) when Evaluate(arguments[1]) is Number number && ConstantOn(number) is { } count
                && Rational.Abs(count) <= Limits.Elements:
                return new Query(() => ListOf(source, arguments[0]) is { } items
                    ? Entries(name == "Take" ? items.Take((int)count.Numerator) : items.Skip((int)count.Numerator)) : null);
            case ("Reverse", 1):
                return new Query(() => ListOf(source, arguments[0]) is { } items ? Entries(items.Reverse()) : null);
            case ("Append" or "Prepend", 2):
                var more = Evaluate(arguments[1]);
                return new Query(() => ListOf(source, arguments[0]) is { } items
                    ? Entries(name == "Append" ? [.. items, more] : [more, .. items]) : null);
            case ("AsEnumerable", 1):
                return source;
        }

        return RunQuery(name, source, arguments, frame, operation);

        static QueryEntry[] Entries(IEnumerable<Value> values) => [.. values.Select(static value => new QueryEntry(null, value))];
    }

    private Value RunQuery(string name, Value source, IOperation[] arguments, Frame frame, IInvocationOperation operation)
    {
        if (EntriesOf(source, arguments[0]) is not { } entries) return source is Query ? Value.Unknown.Instance : RefuseCall(operation);
        var type = Resolve(operation.Type);
        switch (name, arguments.Length)
        {
            case ("Sum", 1 or 2):
                return Total(entries, entry => Operand(entry.Value), type, operation);
            case ("Count", 1):
                return Total(entries, _ => Constant(Rational.One), type, operation);
            case ("Any" or "All", 2):
                Value any = Truth.Constant(name == "All");
                foreach (var entry in entries)
                {
                    if (entry.Condition is not null) return Varies();
                    any = Binary(name == "Any" ? BinaryOperatorKind.Or : BinaryOperatorKind.And, any, Operand(entry.Value), null,
                        operation);
                }

                return any;
        }

        if (entries.Any(static entry => entry.Condition is not null)) return Varies();
        var items = entries.Select(static entry => entry.Value).ToArray();
        switch (name, arguments.Length)
        {
            case ("ToArray" or "ToList", 1):
                return Own(items);
            case ("Min" or "Max" or "Average" or "First" or "Last", 1 or 2) when items.Length == 0:
                return Fail(Descriptors.ValueIsUndefined, operation.Syntax, "has no elements", "use a list with elements");
            case ("Min" or "Max", 1 or 2):
                return items.Select(Operand).Aggregate((best, item) => name == "Max" ? Larger(best, item, operation)
                    : Smaller(best, item, operation));
            case ("Average", 1 or 2):
                return Binary(BinaryOperatorKind.Divide, Total(entries, entry => Operand(entry.Value), type, operation),
                    Constant(items.Length), type, operation);
            case ("First", 1):
                return items[0];
            case ("Last", 1):
                return items[items.Length - 1];
            case ("ElementAt", 2):
                return Force(Evaluate(arguments[1])) is Number index ? ElementOf([.. items], index, operation.Syntax)
                    : Value.Unknown.Instance;
            case ("Aggregate", 3):
                return items.Aggregate(Evaluate(arguments[1]), (sum, item) => Invoke(arguments[2], frame, [sum, item]));
            default:
                return RefuseCall(operation);
        }

        Value Operand(Value item) => arguments.Length == 2 ? Invoke(arguments[1], frame, [item]) : item;

        Value Varies() => Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "asks for elements that are there for some inputs only",
            "use Sum or Count after Where, or a foreach loop with if");
    }

    // A sum in which some terms are missing for some inputs.
    private Value Total(IReadOnlyList<QueryEntry> entries, Func<QueryEntry, Value> term, ITypeSymbol? type, IOperation operation)
    {
        Value sum = Constant(Rational.Zero);
        foreach (var entry in entries)
        {
            var value = entry.Condition is null ? term(entry)
                : Choose(entry.Condition, () => term(entry), () => Constant(Rational.Zero), operation.Syntax);
            sum = Binary(BinaryOperatorKind.Add, sum, value, type, operation);
        }

        return sum;
    }

    private Value Range(IOperation[] arguments, IOperation operation)
    {
        if (Force(Evaluate(arguments[0])) is not Number first
            || Force(Evaluate(arguments[1])) is not Number length) return Value.Unknown.Instance;
        if (ConstantOn(first) is not { } start || ConstantOn(length) is not { Sign: >= 0 } count)
            return Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "is a range that varies", "give the range constant ends");
        if (count > Limits.Elements) throw TooLarge(operation.Syntax, Exact.Numbers.Text(Limits.Elements) + " elements of a range");
        return new Sequence([.. Enumerable.Range(0, (int)count.Numerator).Select(i => Constant(start + i))]);
    }

    private List<QueryEntry>? Filter(Value source, IOperation[] arguments, Frame frame)
    {
        if (EntriesOf(source, arguments[0]) is not { } entries) return null;
        var kept = new List<QueryEntry>();
        foreach (var entry in entries)
        {
            var holds = Under(entry.Condition, () => Invoke(arguments[1], frame, [entry.Value]));
            if (holds is not Truth truth) return null;
            if (entry.Condition is { } earlier)
            {
                if (Select(earlier, truth, Truth.Constant(false), arguments[1].Syntax) is not Truth both) return null;
                truth = both;
            }

            if (_mask.And(truth).IsEmpty) continue;
            kept.Add(entry with { Condition = _mask.And(truth.Not()).IsEmpty ? null : truth });
        }

        return kept;
    }

    /// <summary>The elements of a list or a query; null if it is neither, or has a mistake.</summary>
    private static IReadOnlyList<QueryEntry>? EntriesOf(Value source, IOperation operation) => source is Query query
        ? query.Run()
        : ItemsOf(source) is { } items ? [.. Flatten(items, RankOf(operation)).Select(static item => new QueryEntry(null, item))] : null;

    private ImmutableArray<Value>? ListOf(Value source, IOperation operation)
    {
        if (EntriesOf(source, operation) is not { } entries) return null;
        if (entries.All(static entry => entry.Condition is null)) return [.. entries.Select(static entry => entry.Value)];
        Fail(Descriptors.CodeIsNotCompiled, operation.Syntax, "has elements that are there for some inputs only",
            "use Sum or Count after Where, or a foreach loop with if");
        return null;
    }

    private Value Under(Truth? condition, Func<Value> value)
    {
        if (condition is null) return value();
        var before = _mask;
        _mask = before.And(condition);
        var result = value();
        _mask = before;
        return result;
    }

    /// <summary>Calls a lambda expression or a method that is named; it may take fewer of the arguments.</summary>
    private Value Invoke(IOperation function, Frame frame, ImmutableArray<Value> arguments)
    {
        while (function is IConversionOperation or IDelegateCreationOperation)
            function = function is IConversionOperation conversion ? conversion.Operand : ((IDelegateCreationOperation)function).Target;
        if (arguments.Any(static argument => argument is Value.Unknown)) return Value.Unknown.Instance;
        switch (function)
        {
            case IAnonymousFunctionOperation { Symbol.IsAsync: false } lambda when lambda.Symbol.Parameters.Length <= arguments.Length:
                return Run(lambda.Symbol, lambda.Body, arguments, new Frame(lambda.Symbol, frame));
            case IMethodReferenceOperation { Method: { IsAsync: false } method } when method.Parameters.Length <= arguments.Length
                && (method.IsStatic || method.MethodKind == MethodKind.LocalFunction) && _bodies.BodyOf(method) is not null:
                return Invoke(method, arguments, function.Syntax, method.MethodKind == MethodKind.LocalFunction ? frame : null);
            default:
                return Refuse(function);
        }
    }
}
