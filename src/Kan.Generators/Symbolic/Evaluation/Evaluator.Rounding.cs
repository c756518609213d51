using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>
/// Rounding. A number with bounds takes finitely many steps, which are written out; one without may still get bounds: by
/// <c>Math.Min((int)x, 3)</c>, or by a
/// condition. Until then only what is the same for all integers is done with it.
/// </content>
internal sealed partial class Evaluator
{
    // Above that, bounds are those of a type of integers rather than of the function.
    private const int MostSteps = 1 << 24;

    private Value Rounded(Number number, RoundingKind kind, SyntaxNode node)
    {
        var varying = number.Varying(_mask);
        if (varying.Count > 1) return Fail(Descriptors.NumberIsRounded, node, NamesOf(varying));
        return Settle(new Stepped(number, kind, node));
    }

    /// <summary>A number in steps if that is known to be finitely many; the value itself otherwise.</summary>
    private Value Settle(Value value)
    {
        if (value is not Stepped stepped) return value;
        _current = stepped.Node;
        var varying = stepped.Inner.Varying(_mask);
        if (varying.Count > 1) return Fail(Descriptors.NumberIsRounded, stepped.Node, NamesOf(varying));
        int variable = First(varying);
        var part = stepped.Inner.As(variable, _mask);
        return StepsOf(part, _mask.Regions[variable], stepped) is { } steps
            ? Checked(Number.OneVariable(variable, steps, _names.Length), stepped.Node)
            : stepped;
    }

    /// <summary>A value that may not be an unbounded one.</summary>
    private Value Force(Value value)
    {
        value = Settle(value);
        return value is Stepped stepped ? Fail(Descriptors.NumberIsRounded, stepped.Node, NamesOf(stepped.Inner)) : value;
    }

    private Piecewise<Affine>? StepsOf(Piecewise<Affine> part, Piecewise<Flag> where, Stepped stepped)
    {
        var grid = PiecewiseLinearFunction.Union(part.Points, where.Points);
        var (cells, flags) = (part.On(grid), where.On(grid));
        var points = new List<Rational>();
        var steps = new List<Affine>();
        for (int i = 0; i < cells.Length; i++)
        {
            var cell = flags[i].Value ? cells[i] : default;
            if (i % 2 == 1) points.Add(grid[i / 2]);
            if (cell.IsConstant)
            {
                steps.Add(cell.Infinity != 0 ? cell : Affine.Constant(IntegerRounding.Round(cell.Intercept, stepped.Kind)));
                continue;
            }

            if (i == 0 || i == cells.Length - 1) return null;
            if (!AddSteps(cell, grid[(i / 2) - 1], grid[i / 2])) return null;
        }

        return Piecewise<Affine>.Create(points, steps, i => part.JumpOriginAt(points[i]) ?? stepped.Node);

        // The integers that the cell passes, in its direction.
        bool AddSteps(Affine cell, Rational low, Rational high)
        {
            var (from, to) = (cell.At(low).Intercept, cell.At(high).Intercept);
            var (least, largest) = from < to ? (from, to) : (to, from);
            var first = IntegerRounding.Floor(least) - 1;
            var count = IntegerRounding.Ceiling(largest) + 2 - first;
            if (count > MostSteps) return false;
            if (count + points.Count > 2 * Limits.Breakpoints) throw TooLarge(stepped.Node, Numbers.Text(Limits.Breakpoints)
                + " breakpoints");
            var thresholds = Enumerable.Range(0, (int)count.Numerator)
                .Select(k => IntegerRounding.Threshold(first + k, stepped.Kind).Point).Where(point => point > least
                    && point < largest).ToList();
            if (from > to) thresholds.Reverse();
            var start = low;
            foreach (var threshold in thresholds)
            {
                var point = (threshold - cell.Intercept) / cell.Slope;
                steps.Add(At((start + point) / 2));
                points.Add(point);
                steps.Add(At(point));
                start = point;
            }

            steps.Add(At((start + high) / 2));
            return true;

            Affine At(Rational point) => Affine.Constant(IntegerRounding.Round(cell.At(point).Intercept, stepped.Kind));
        }
    }

    /// <summary>An operation of which a side is rounded without bounds.</summary>
    private Value BinaryOfSteps(BinaryOperatorKind kind, Value left, Value right, ITypeSymbol? type, IOperation operation)
    {
        switch (kind, left, right)
        {
            case (BinaryOperatorKind.Add, Stepped a, Number b) when Shift(a, b) is { } sum:
                return sum;
            case (BinaryOperatorKind.Add, Number a, Stepped b) when Shift(b, a) is { } sum:
                return sum;
            case (BinaryOperatorKind.Subtract, Stepped a, Number b) when Shift(a, Negate(b)) is { } difference:
                return difference;
            case (BinaryOperatorKind.Subtract, Number a, Stepped b) when Shift(Negate(b), a) is { } difference:
                return difference;
            case (_, Stepped a, Number b) when ConstantOn(b) is { } bound && Compare(kind, a, bound, operation.Syntax) is { } truth:
                return truth;
            case (_, Number a, Stepped b) when ConstantOn(a) is { } bound
                && Compare(Mirror(kind), b, bound, operation.Syntax) is { } truth:
                return truth;
            default:
                return Binary(kind, Force(left), Force(right), type, operation);
        }
    }

    private static Stepped Negate(Stepped value) => new(Negate(value.Inner), IntegerRounding.Negate(value.Kind), value.Node);

    /// <summary>A rounded number and an integer; null if rounding the sum is something else.</summary>
    private Value? Shift(Stepped value, Number by)
    {
        if (ConstantOn(by) is not { Denominator.IsOne: true } integer) return null;
        var plain = value;
        if (value.Kind == RoundingKind.Truncate)
        {
            // Above -1 numbers are rounded as if they were at least 0, and downwards.
            if (Compare(value.Inner, Constant(-Rational.One), static sign => sign <= 0, value.Node) is not Truth low
                || !_mask.And(low).IsEmpty) return null;
            if (Larger(value.Inner, Constant(Rational.Zero), value.Node) is not Number inner) return null;
            plain = new Stepped(inner, RoundingKind.Floor, value.Node);
        }

        if (plain.Kind is not (RoundingKind.Floor or RoundingKind.Ceiling)) return null;
        return Add(plain.Inner, by, value.Node) is Number sum ? Settle(plain with { Inner = sum }) : Value.Unknown.Instance;
    }

    private Value? Compare(BinaryOperatorKind kind, Stepped value, Rational bound, SyntaxNode node)
    {
        var (floor, ceiling) = (IntegerRounding.Floor(bound), IntegerRounding.Ceiling(bound));
        return kind switch
        {
            BinaryOperatorKind.GreaterThanOrEqual => AtLeast(ceiling),
            BinaryOperatorKind.GreaterThan => AtLeast(floor + 1),
            BinaryOperatorKind.LessThan => Not(AtLeast(ceiling)),
            BinaryOperatorKind.LessThanOrEqual => Not(AtLeast(floor + 1)),
            BinaryOperatorKind.Equals => Between(),
            BinaryOperatorKind.NotEquals => Not(Between()),
            _ => null,
        };

        Value AtLeast(Rational integer)
        {
            var (point, isIncluded) = IntegerRounding.Threshold(integer, value.Kind);
            return Compare(value.Inner, Constant(point), sign => sign > 0 || (isIncluded && sign == 0), node);
        }

        Value Between() => floor != ceiling ? Truth.Constant(false)
            : AtLeast(floor) is Truth low && AtLeast(floor + 1) is Truth high ? Select(low, high.Not(), Truth.Constant(false), node)
            : Value.Unknown.Instance;

        static Value Not(Value value) => value is Truth truth ? truth.Not() : value;
    }

    private static BinaryOperatorKind Mirror(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        _ => kind,
    };

    /// <summary>The finite number that a number is for all inputs that reach here; null if it varies.</summary>
    private Rational? ConstantOn(Number number) =>
        number.Varying(_mask).Count == 0 && number.As(0, _mask).IsConstantOn(_mask.Regions[0], out var constant) && constant.Infinity == 0
            ? constant.Intercept : null;

    /// <summary>One value where a condition holds, another elsewhere, where at least one is rounded without bounds.</summary>
    private Value SelectSteps(Truth condition, Value yes, Value no, SyntaxNode node)
    {
        var kind = ((yes as Stepped) ?? (Stepped)no).Kind;
        var place = ((yes as Stepped) ?? (Stepped)no).Node;
        if (InnerOf(yes, condition) is { } a && InnerOf(no, condition.Not()) is { } b)
            return Select(condition, a, b, node) is Number inner ? Settle(new Stepped(inner, kind, place)) : Value.Unknown.Instance;
        var before = _mask;
        _mask = before.And(condition);
        yes = Force(yes);
        _mask = before.And(condition.Not());
        no = Force(no);
        _mask = before;
        return Select(condition, yes, no, node);

        // An integer is what rounding leaves as it is.
        Number? InnerOf(Value value, Truth where) => value switch
        {
            Stepped stepped when stepped.Kind == kind => stepped.Inner,
            Number number when IsInteger(number, _mask.And(where)) => number,
            _ => null,
        };

        static bool IsInteger(Number number, Domain where)
        {
            var varying = number.Varying(where);
            if (varying.Count > 1) return false;
            int variable = First(varying);
            return number.As(variable, where).Zip(where.Regions[variable], static (cell, flag) =>
                new Flag(flag.Value && !(cell.IsConstant && cell.Infinity == 0 && cell.Intercept.Denominator.IsOne))).IsNone();
        }
    }
}
