using System;
using Fractions;

namespace Kan.Generators.Tests.Functions.Trees;

/// <summary>A condition with its C# text and its meaning at one point.</summary>
internal abstract record Condition
{
    /// <summary>The C# text.</summary>
    public abstract string Text { get; }

    private readonly Lazy<bool?> _constant;

    protected Condition() => _constant = new(Fold);

    /// <summary>What the C# compiler folds it to; null where it is not constant.</summary>
    public bool? Constant => _constant.Value;

    /// <summary>Whether it holds at a point.</summary>
    public abstract bool Holds(Scope scope);

    /// <summary>What <see cref="Constant"/> is.</summary>
    protected virtual bool? Fold() => null;
}

/// <summary>A comparison of two numbers.</summary>
internal sealed record Comparison(string Operator, Tree Left, Tree Right) : Condition
{
    public override string Text => $"{Left.Text} {Operator} {Right.Text}";

    protected override bool? Fold() =>
        Left.Constant is { } left && Right.Constant is { } right ? Holds(Operator, left.CompareTo(right)) : null;

    public override bool Holds(Scope scope) => Holds(Operator, Left.Value(scope).CompareTo(Right.Value(scope)));

    public static bool Holds(string relation, int order) => relation switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        "==" => order == 0,
        "!=" => order != 0,
        _ => throw new InvalidOperationException(relation),
    };
}

/// <summary>Both conditions, or one of them.</summary>
internal sealed record Combination(bool IsAnd, bool IsLazy, Condition Left, Condition Right) : Condition
{
    public override string Text => $"({Left.Text} {(IsAnd ? "&" : "|")}{(IsLazy ? IsAnd ? "&" : "|" : "")} {Right.Text})";

    protected override bool? Fold() =>
        Left.Constant is { } left && Right.Constant is { } right ? (IsAnd ? left && right : left || right) : null;

    public override bool Holds(Scope scope)
    {
        bool left = Left.Holds(scope);
        if (IsLazy && left != IsAnd) return left;
        bool right = Right.Holds(scope);
        return IsAnd ? left && right : left || right;
    }
}

/// <summary>The contrary.</summary>
internal sealed record Contrary(Condition Operand) : Condition
{
    public override string Text => $"!({Operand.Text})";

    protected override bool? Fold() => !Operand.Constant;

    public override bool Holds(Scope scope) => !Operand.Holds(scope);
}

/// <summary>A number compared with a pattern.</summary>
internal sealed record PatternTest(Tree Subject, Pattern Pattern) : Condition
{
    public override string Text => $"{Subject.Text} is {Pattern.Text}";

    public override bool Holds(Scope scope) => Pattern.Matches(Subject.Value(scope));
}

/// <summary>A pattern.</summary>
internal abstract record Pattern
{
    /// <summary>The C# text.</summary>
    public abstract string Text { get; }

    /// <summary>Whether a number matches.</summary>
    public abstract bool Matches(Fraction value);
}

/// <summary>A comparison with a constant.</summary>
internal sealed record RelationalPattern(string Operator, Tree Bound) : Pattern
{
    public override string Text => $"{(Operator == "==" ? "" : Operator + " ")}{Bound.Text}";

    public override bool Matches(Fraction value) => Comparison.Holds(Operator, value.CompareTo(Tree.Exact(Bound.Constant!.Value)));
}

/// <summary>Both patterns, or one of them.</summary>
internal sealed record CombinedPattern(bool IsAnd, Pattern Left, Pattern Right) : Pattern
{
    public override string Text => $"({Left.Text} {(IsAnd ? "and" : "or")} {Right.Text})";

    public override bool Matches(Fraction value) =>
        IsAnd ? Left.Matches(value) && Right.Matches(value) : Left.Matches(value) || Right.Matches(value);
}

/// <summary>Whatever another pattern does not match.</summary>
internal sealed record NegatedPattern(Pattern Operand) : Pattern
{
    public override string Text => $"not ({Operand.Text})";

    public override bool Matches(Fraction value) => !Operand.Matches(value);
}
