namespace Kan.Compiler.Emit;

/// <summary>The text of an expression in written-out code.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsSum">Whether it needs parentheses where it is added to something.</param>
internal readonly record struct Expression(string Text, bool IsSum)
{
    /// <summary>The text as an operand of a sum.</summary>
    public string Operand => IsSum ? $"({Text})" : Text;

    public static implicit operator Expression(string text) => new(text, false);

    public override string ToString() => Text;
}

/// <summary>The operations of written-out code on vectors of some lanes.</summary>
/// <param name="Vectors">How vectors are spelled.</param>
/// <param name="Width">The lanes: 1 for plain numbers.</param>
internal readonly record struct LaneText(LaneVectors Vectors, int Width) : INumberOps<Expression>
{
    public Expression Zero => Vectors.Splat(Vectors.Number(0), Width);

    public Expression Least => Vectors.Splat(Vectors.Type + ".MinValue", Width);

    public Expression Most => Vectors.Splat(Vectors.Type + ".MaxValue", Width);

    public Expression Add(Expression left, Expression right) => new($"{left.Operand} + {right.Operand}", true);

    public Expression Subtract(Expression left, Expression right) => new($"{left.Operand} - {right.Operand}", true);

    public Expression AtLeast(Expression value, Expression bound) => $"{KernelNames.Panels}Small.AtLeast({value}, {bound})";

    public Expression AtMost(Expression value, Expression bound) => $"{KernelNames.Panels}Small.AtMost({value}, {bound})";

    public Expression Fma(Expression left, Expression right, Expression addend) => Vectors.Fma(left.Text, right.Text, addend.Text, Width);
}
