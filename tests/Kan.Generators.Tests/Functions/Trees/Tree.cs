using System;
using System.Globalization;
using System.Linq;
using Fractions;

namespace Kan.Generators.Tests.Functions.Trees;

/// <summary>
/// An expression with its C# text and, independently of the symbolic compiler, its meaning: the value at one point, in the rationals of
/// another library. What the C# compiler folds is folded here in its number type too.
/// </summary>
internal abstract record Tree
{
    /// <summary>The C# text, in parentheses where it needs any.</summary>
    public abstract string Text { get; }

    // Asked for at every point, and the same at all of them: no part that has one can be replaced.
    private readonly Lazy<double?> _constant;
    private readonly Lazy<Fraction> _exact;

    protected Tree()
    {
        _constant = new(Fold);
        _exact = new(() => Exact(Constant!.Value));
    }

    /// <summary>The number that the C# compiler puts in the place of a constant expression; null where it is none.</summary>
    public double? Constant => _constant.Value;

    /// <summary>The exact value at a point.</summary>
    public Fraction Value(Scope scope) => Constant is null ? Compute(scope) : _exact.Value;

    /// <summary>The exact number of a double; the library makes something else than 0 of -0.</summary>
    public static Fraction Exact(double number) => number == 0 ? Fraction.Zero : Fraction.FromDouble(number);

    /// <summary>What the C# compiler folds this to; null where it is not constant.</summary>
    protected virtual double? Fold() => null;

    /// <summary>The exact value of an expression that is not constant.</summary>
    protected abstract Fraction Compute(Scope scope);
}

/// <summary>A literal of type double or float.</summary>
internal sealed record Literal(double Number, bool IsSingle, bool IsInteger = false) : Tree
{
    public override string Text => (Number < 0 ? "(" : "") + Digits + (IsInteger ? "" : IsSingle ? "f" : "d") + (Number < 0 ? ")" : "");

    private string Digits =>
        IsSingle ? ((float)Number).ToString("R", CultureInfo.InvariantCulture) : Number.ToString("R", CultureInfo.InvariantCulture);

    protected override double? Fold() => Number;

    protected override Fraction Compute(Scope scope) => Exact(Number);
}

/// <summary>A parameter.</summary>
internal sealed record Parameter(string Name, int Index) : Tree
{
    public override string Text => Name;

    protected override Fraction Compute(Scope scope) => scope.Arguments[Index];
}

/// <summary>A local variable.</summary>
internal sealed record Local(string Name) : Tree
{
    public override string Text => Name;

    protected override Fraction Compute(Scope scope) => scope.Locals[Name];
}

/// <summary>A sum, a difference, a product or a quotient.</summary>
internal sealed record Arithmetic(char Operator, Tree Left, Tree Right, bool IsSingle) : Tree
{
    public override string Text => $"({Left.Text} {Operator} {Right.Text})";

    protected override double? Fold()
    {
        if (Left.Constant is not { } left || Right.Constant is not { } right) return null;
        double folded = Operator switch { '+' => left + right, '-' => left - right, '*' => left * right, _ => left / right };
        return IsSingle ? (float)folded : folded;
    }

    protected override Fraction Compute(Scope scope)
    {
        var (left, right) = (Left.Value(scope), Right.Value(scope));
        return Operator switch { '+' => left + right, '-' => left - right, '*' => left * right, _ => left / right };
    }
}

/// <summary>A number with a sign before it.</summary>
internal sealed record Negative(Tree Operand) : Tree
{
    public override string Text => $"(-{Operand.Text})";

    protected override double? Fold() => -Operand.Constant;

    protected override Fraction Compute(Scope scope) => -Operand.Value(scope);
}

/// <summary>A call of a function of Math or of a number type.</summary>
internal sealed record MathCall(string Class, string Name, params Tree[] Arguments) : Tree
{
    public override string Text => $"{Class}.{Name}({string.Join(", ", Arguments.Select(static argument => argument.Text))})";

    protected override Fraction Compute(Scope scope)
    {
        var values = Arguments.Select(argument => argument.Value(scope)).ToArray();
        return (Name, values) switch
        {
            ("Abs", [var x]) => x.Abs(),
            ("Max", [var x, var y]) => x > y ? x : y,
            ("Min", [var x, var y]) => x < y ? x : y,
            ("Clamp", [var x, var low, var high]) => x < low ? low : x > high ? high : x,
            ("Sign", [var x]) => Exact(x > Fraction.Zero ? 1 : x < Fraction.Zero ? -1 : 0),
            ("CopySign", [var x, var y]) => y < Fraction.Zero ? -x.Abs() : x.Abs(),
            ("FusedMultiplyAdd", [var x, var y, var z]) => (x * y) + z,
            ("Lerp", [var x, var y, var t]) => x + ((y - x) * t),
            _ => throw new InvalidOperationException(Name),
        };
    }
}

/// <summary>A call of another method of the class.</summary>
internal sealed record Call(Method Method, Tree Argument) : Tree
{
    public override string Text => $"{Method.Name}({Argument.Text})";

    protected override Fraction Compute(Scope scope) => Method.Value(Argument.Value(scope));
}

/// <summary>One of two values.</summary>
internal sealed record Choice(Condition Condition, Tree WhenTrue, Tree WhenFalse) : Tree
{
    public override string Text => $"({Condition.Text} ? {WhenTrue.Text} : {WhenFalse.Text})";

    protected override double? Fold() =>
        Condition.Constant is { } holds && WhenTrue.Constant is { } yes && WhenFalse.Constant is { } no ? (holds ? yes : no) : null;

    protected override Fraction Compute(Scope scope) => (Condition.Holds(scope) ? WhenTrue : WhenFalse).Value(scope);
}

/// <summary>A switch expression; the last arm is taken where no pattern matches.</summary>
internal sealed record SwitchChoice(Tree Subject, (Pattern Pattern, Tree Value)[] Arms, Tree Otherwise) : Tree
{
    public override string Text =>
        $"({Subject.Text} switch {{ {string.Concat(Arms.Select(static arm => $"{arm.Pattern.Text} => {arm.Value.Text}, "))}_ => "
        + $"{Otherwise.Text} }})";

    protected override Fraction Compute(Scope scope)
    {
        var value = Subject.Value(scope);
        foreach (var (pattern, result) in Arms)
        {
            if (pattern.Matches(value)) return result.Value(scope);
        }

        return Otherwise.Value(scope);
    }
}

/// <summary>Code that is not piecewise linear, between marks; it is never more than met.</summary>
internal sealed record Forbidden(string Code, string Id) : Tree
{
    public const char Start = '\uE000', End = '\uE001';

    public override string Text => $"({Start}{Code}{End})";

    protected override Fraction Compute(Scope scope)
    {
        scope.MetForbidden = true;
        return Fraction.Zero;
    }
}

/// <summary>A place in a tree whose content may be replaced.</summary>
internal sealed record Slot(Tree Content) : Tree
{
    public Tree Content { get; set; } = Content;

    public override string Text => Content.Text;

    protected override Fraction Compute(Scope scope) => Content.Value(scope);
}
