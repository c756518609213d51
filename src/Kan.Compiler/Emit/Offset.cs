namespace Kan.Compiler.Emit;

/// <summary>A place in a table as generated code counts it: a constant and a multiple of a variable.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Variable">The variable, or empty.</param>
/// <param name="Factor">Numbers for each step of the variable; null where it counts numbers itself.</param>
internal readonly record struct Offset(int Constant, string Variable = "", int? Factor = null)
{
    /// <summary>The product in parentheses, as between other operators.</summary>
    public string Parenthesized => Print($"({Product})");

    private string Product => Factor is { } factor ? $"{Variable} * {Literal.Integer(factor)}" : Variable;

    public static implicit operator Offset(int constant) => new(constant);

    public static Offset operator *(Offset offset, int count) =>
        offset.Variable.Length == 0
            ? offset.Constant * count
            : new Offset(offset.Constant * count, offset.Variable, (offset.Factor ?? 1) * count);

    /// <summary>The expression, without what is 0.</summary>
    public override string ToString() => Print(Product);

    /// <summary>What stands before a text that is added to a constant.</summary>
    public static string Before(int constant) => constant == 0 ? "" : Literal.Integer(constant) + " + ";

    private string Print(string product) => Variable.Length == 0 ? Literal.Integer(Constant) : Before(Constant) + product;
}
