namespace Kan.Compiler.Emit;

/// <summary>A place in a table as generated code counts it: a constant and a multiple of a variable.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Variable">The variable, or empty.</param>
/// <param name="Factor">Numbers for each step of the variable.</param>
internal readonly record struct Offset(int Constant, string Variable = "", int Factor = 1)
{
    /// <summary>Whether this is the beginning.</summary>
    public bool IsZero => Constant == 0 && Variable.Length == 0;

    private string Product => Factor == 1 ? Variable : $"{Variable} * {Literal.Integer(Factor)}";

    public static implicit operator Offset(int constant) => new(constant);

    public static Offset operator *(Offset offset, int count) => new(offset.Constant * count, offset.Variable, offset.Factor * count);

    public static Offset operator +(Offset offset, int count) => offset with { Constant = offset.Constant + count };

    /// <summary>The expression, without what is 0 or multiplied by 1.</summary>
    public override string ToString() =>
        Variable.Length == 0 ? Literal.Integer(Constant)
        : Constant == 0 ? Product
        : $"{Literal.Integer(Constant)} + {Product}";
}
