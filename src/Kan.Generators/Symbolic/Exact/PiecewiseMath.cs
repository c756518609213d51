using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Exact;

/// <summary>Why an operation has no piecewise-linear value on a cell.</summary>
internal enum Fault
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Two terms vary there.</summary>
    Varies,

    /// <summary>There is no finite value.</summary>
    Undefined,
}

/// <summary>The value of an operation on a cell, or why there is none.</summary>
internal readonly record struct Outcome(Affine Value, Fault Fault = Fault.None)
{
    public static implicit operator Outcome(Affine value) => new(value);

    public static implicit operator Outcome(Fault fault) => new(default, fault);
}

/// <summary>Arithmetic of exact piecewise-affine functions of one variable, which may jump.</summary>
internal static class PiecewiseMath
{
    /// <summary>The identity.</summary>
    public static Piecewise<Affine> Identity { get; } = Piecewise<Affine>.Everywhere(new Affine(Rational.One, Rational.Zero));

    /// <summary>0 everywhere.</summary>
    public static Piecewise<Affine> Zero { get; } = Constant(Rational.Zero);

    /// <summary>A constant.</summary>
    public static Piecewise<Affine> Constant(Rational value) => Piecewise<Affine>.Everywhere(Affine.Constant(value));

    /// <summary>Sum of two cells.</summary>
    public static Outcome Add(Affine left, Affine right)
    {
        if (left.Infinity * right.Infinity < 0) return Fault.Undefined;
        return left.Infinity != 0 ? left : right.Infinity != 0 ? right
            : new Affine(left.Slope + right.Slope, left.Intercept + right.Intercept);
    }

    /// <summary>Product of two cells.</summary>
    public static Outcome Multiply(Affine left, Affine right)
    {
        if (!left.IsConstant && !right.IsConstant) return Fault.Varies;
        if (left.IsConstant && left.Infinity == 0) return Scale(right, left.Intercept);
        if (right.IsConstant && right.Infinity == 0) return Scale(left, right.Intercept);
        return left.IsConstant && right.IsConstant ? Affine.Infinite(left.Infinity * right.Infinity) : Fault.Undefined;
    }

    /// <summary>Quotient of two cells.</summary>
    public static Outcome Divide(Affine left, Affine right)
    {
        if (!right.IsConstant) return Fault.Varies;
        if (right.Infinity != 0) return left.Infinity != 0 ? Fault.Undefined : Affine.Constant(Rational.Zero);
        return right.Intercept.IsZero ? Fault.Undefined : left.Scale(Rational.One / right.Intercept);
    }

    /// <summary>The operation on each cell, and where it has no value; there the value is 0.</summary>
    /// <param name="left">One function.</param>
    /// <param name="right">Another.</param>
    /// <param name="where">Cells outside do not count.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="fault">The first fault.</param>
    /// <param name="faulty">The numbers with that fault.</param>
    public static Piecewise<Affine> Combine(
        Piecewise<Affine> left, Piecewise<Affine> right, Piecewise<Flag> where, Func<Affine, Affine, Outcome> operation, out Fault fault,
        out Piecewise<Flag> faulty)
    {
        var outcomes = left.Zip(right, (a, b) => new OutcomeCell(operation(a, b)));
        var faults = outcomes.Zip(where, static (outcome, flag) => flag.Value ? outcome : default);
        var first = faults.Cells.FirstOrDefault(static cell => cell.Outcome.Fault != Fault.None).Outcome.Fault;
        fault = first;
        faulty = faults.Select(cell => new Flag(first != Fault.None && cell.Outcome.Fault == first));
        return outcomes.Select(static cell => cell.Outcome.Value);
    }

    /// <summary>Where a function is negative, zero and positive.</summary>
    /// <param name="function">The function.</param>
    /// <param name="origin">The code that asks, the origin of the zeros.</param>
    public static Piecewise<SignCell> Signs(Piecewise<Affine> function, SyntaxNode? origin)
    {
        var points = new List<Rational>();
        var cells = new List<SignCell>();
        for (int i = 0; i < function.Cells.Length; i++)
        {
            var cell = function.Cells[i];
            if (i % 2 == 1)
            {
                points.Add(function.Breakpoints[i / 2].Point);
                cells.Add(SignOf(cell));
                continue;
            }

            Rational? low = i == 0 ? null : function.Breakpoints[(i / 2) - 1].Point;
            Rational? high = i == function.Cells.Length - 1 ? null : function.Breakpoints[i / 2].Point;
            AddSigns(cell, low, high);
        }

        // Where the function itself jumps over zero, that jump is the reason.
        return Piecewise<SignCell>.Create(points, cells, i => function.JumpOriginAt(points[i]) ?? origin);

        void AddSigns(Affine cell, Rational? low, Rational? high)
        {
            if (cell.IsConstant)
            {
                cells.Add(SignOf(cell));
                return;
            }

            var zero = -cell.Intercept / cell.Slope;
            bool isRight = low is { } l && zero <= l, isLeft = high is { } h && zero >= h;
            if (isRight || isLeft)
            {
                cells.Add(new SignCell(isRight ? cell.Slope.Sign : -cell.Slope.Sign));
                return;
            }

            cells.Add(new SignCell(-cell.Slope.Sign));
            points.Add(zero);
            cells.Add(new SignCell(0));
            cells.Add(new SignCell(cell.Slope.Sign));
        }
    }

    /// <summary>One function in a set, another outside.</summary>
    public static Piecewise<Affine> Choose(Piecewise<Flag> condition, Piecewise<Affine> yes, Piecewise<Affine> no)
    {
        var points = PiecewiseLinearFunction.Union(condition.Points, PiecewiseLinearFunction.Union(yes.Points, no.Points));
        var (flags, left, right) = (condition.On(points), yes.On(points), no.On(points));
        var cells = new Affine[flags.Length];
        for (int i = 0; i < cells.Length; i++) cells[i] = flags[i].Value ? left[i] : right[i];
        return Piecewise<Affine>.Create(points, cells, i =>
            condition.OriginAt(points[i]) ?? (flags[(2 * i) + 1].Value ? yes : no).OriginAt(points[i]));
    }

    /// <summary>Whether a function has one value on all of a set, and which.</summary>
    public static bool IsConstantOn(this Piecewise<Affine> function, Piecewise<Flag> where, out Affine value)
    {
        value = default;
        if (function.Breakpoints.IsEmpty && function.Cells[0].IsConstant)
        {
            value = function.Cells[0];
            return true;
        }

        var points = PiecewiseLinearFunction.Union(function.Points, where.Points);
        var (cells, flags) = (function.On(points), where.On(points));
        bool isFirst = true;
        for (int i = 0; i < cells.Length; i++)
        {
            if (!flags[i].Value) continue;
            if (!cells[i].IsConstant || (!isFirst && !cells[i].Equals(value))) return false;
            value = cells[i];
            isFirst = false;
        }

        return true;
    }

    /// <summary>Whether a function is constant on each cell of a set.</summary>
    public static bool TakesSteps(this Piecewise<Affine> function, Piecewise<Flag> where) =>
        function.Zip(where, static (cell, flag) => new Flag(flag.Value && !cell.IsConstant)).IsNone();

    private static Outcome Scale(Affine cell, Rational factor) =>
        !factor.IsZero ? cell.Scale(factor) : cell.Infinity != 0 ? Fault.Undefined : Affine.Constant(Rational.Zero);

    private static SignCell SignOf(Affine constant) => new(constant.Infinity != 0 ? constant.Infinity : constant.Intercept.Sign);

    private readonly record struct OutcomeCell(Outcome Outcome) : ICell<OutcomeCell>
    {
        public OutcomeCell At(Rational point) => new(Outcome with { Value = Outcome.Value.At(point) });
    }
}
