using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Guards: calls that throw for some inputs, and so say for which inputs the function is meant.</content>
internal sealed partial class Evaluator
{
    private readonly List<(int Variable, SyntaxNode Node)> _guards = [];
    private Domain _declared;

    private Value.Unknown Guard(IInvocationOperation operation)
    {
        var values = operation.Arguments.Where(static argument => Constants.IsNumber(argument.Value.Type)
            || argument.Value.Type is ITypeParameterSymbol)
            .OrderBy(static argument => argument.Parameter!.Ordinal).Select(argument => Evaluate(argument.Value)).ToArray();
        var (kind, bound) = operation.TargetMethod.Name switch
        {
            "ThrowIfNegative" => (BinaryOperatorKind.LessThan, Constant(Rational.Zero)),
            "ThrowIfNegativeOrZero" => (BinaryOperatorKind.LessThanOrEqual, Constant(Rational.Zero)),
            "ThrowIfZero" => (BinaryOperatorKind.Equals, Constant(Rational.Zero)),
            "ThrowIfLessThan" => (BinaryOperatorKind.LessThan, null),
            "ThrowIfLessThanOrEqual" => (BinaryOperatorKind.LessThanOrEqual, null),
            "ThrowIfGreaterThan" => (BinaryOperatorKind.GreaterThan, null),
            "ThrowIfGreaterThanOrEqual" => (BinaryOperatorKind.GreaterThanOrEqual, null),
            "ThrowIfEqual" => (BinaryOperatorKind.Equals, null),
            "ThrowIfNotEqual" => (BinaryOperatorKind.NotEquals, null),
            _ => (BinaryOperatorKind.None, (Number?)null),
        };
        if (kind == BinaryOperatorKind.None || values.Length == 0 || (bound is null && values.Length < 2)) return RefuseCall(operation);
        if (Binary(kind, values[0], bound ?? values[1], null, operation) is not Truth bad) return Value.Unknown.Instance;
        return Forbid(bad, operation.Syntax);
    }

    private Value.Unknown Forbid(Truth bad, SyntaxNode node)
    {
        var (thrown, allowed) = (_mask.And(bad), _mask.And(bad.Not()));
        if (thrown.IsEmpty) return Value.Unknown.Instance;
        int variable = bad.Variable;
        if (allowed.IsEmpty) return Fail(Descriptors.ValueIsUndefined, node, "throws " + Where(), "allow some inputs");
        for (int i = 0; i < _names.Length; i++)
        {
            if (i != variable && !_declared.Regions[i].And(_mask.Regions[i].Not()).IsNone()) return Mixed(node,
                new[] { variable, i }.OrderBy(static v => v));
        }

        _declared = _declared.And(new Truth(variable, thrown.Regions[variable].Not()));
        _mask = allowed;
        _guards.Add((variable, node));
        return Value.Unknown.Instance;
    }

    /// <summary>A function that continues outside of the inputs it is meant for as it starts and ends within.</summary>
    private Number? Within(Number? number)
    {
        if (number is null) return null;
        var parts = number.Parts.ToBuilder();
        foreach (var (variable, node) in _guards)
        {
            var region = _declared.Regions[variable];
            if (Continue(parts[variable], region) is not { } whole)
            {
                Fail(Descriptors.ValueIsUndefined, node, "throws for " + region.Not().Describe(_names[variable]),
                    "declare one interval of inputs");
                return null;
            }

            parts[variable] = whole;
            Fail(Descriptors.GuardDeclaresDomain, node, _function, region.Describe(_names[variable]));
        }

        return new Number(parts.MoveToImmutable());
    }

    private static Piecewise<Affine>? Continue(Piecewise<Affine> part, Piecewise<Flag> region)
    {
        var grid = PiecewiseLinearFunction.Union(part.Points, region.Points);
        var (cells, flags) = (part.On(grid), region.On(grid));
        int first = 0, last = cells.Length - 1;
        while (first < cells.Length && !flags[first].Value) first += 2;
        while (last >= 0 && !flags[last].Value) last -= 2;
        if (first > last) return null;
        for (int i = 0; i < cells.Length; i++)
        {
            if (flags[i].Value) continue;
            if (i < first) cells[i] = cells[first];
            else if (i > last) cells[i] = cells[last];
            else if (i % 2 == 0) return null;
            else cells[i] = cells[i - 1];
            if (i % 2 == 1) cells[i] = cells[i].At(grid[i / 2]);
        }

        return Piecewise<Affine>.Create(grid, cells, i => part.OriginAt(grid[i]));
    }
}
