using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fractions;

namespace Kan.Generators.Tests.Functions.Trees;

/// <summary>A method: statements that end with a return.</summary>
internal sealed record Method(string Name, bool IsSingle, int ParameterCount, IReadOnlyList<Statement> Body)
{
    /// <summary>The names of parameters.</summary>
    public static IReadOnlyList<string> ParameterNames { get; } = ["x", "y", "z"];

    private string Type => IsSingle ? "float" : "double";

    /// <summary>The C# text.</summary>
    public string Text
    {
        get
        {
            string header =
                $"static {Type} {Name}({string.Join(", ", ParameterNames.Take(ParameterCount).Select(name => Type + " " + name))})";
            if (Body is [Return only]) return $"{header} => {only.Value.Text};\n";
            var text = new StringBuilder(header).Append("\n{\n");
            foreach (var statement in Body) statement.Write(text, Type);
            return text.Append("}\n").ToString();
        }
    }

    /// <summary>The exact value at a point.</summary>
    public Fraction Value(params Fraction[] arguments) => Value(new Scope(arguments));

    /// <summary>The exact value at a point.</summary>
    public Fraction Value(Scope scope)
    {
        foreach (var statement in Body)
        {
            statement.Execute(scope);
            if (scope.Result is { } result) return result;
        }

        throw new System.InvalidOperationException("no return in " + Text);
    }
}

/// <summary>A statement with its C# text and its meaning.</summary>
internal abstract record Statement
{
    /// <summary>Writes the C# text.</summary>
    public abstract void Write(StringBuilder text, string type);

    /// <summary>Does what it says.</summary>
    public abstract void Execute(Scope scope);

    /// <summary>Writes statements in braces.</summary>
    protected static void WriteBlock(StringBuilder text, string type, IEnumerable<Statement> statements)
    {
        text.Append("{\n");
        foreach (var statement in statements) statement.Write(text, type);
        text.Append("}\n");
    }

    /// <summary>Executes statements up to a return.</summary>
    protected static void Execute(Scope scope, IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            if (scope.Result is not null) return;
            statement.Execute(scope);
        }
    }
}

/// <summary>The declaration of a local variable.</summary>
internal sealed record Declare(string Name, Tree Value) : Statement
{
    public override void Write(StringBuilder text, string type) => text.Append($"{type} {Name} = {Value.Text};\n");

    public override void Execute(Scope scope) => scope.Locals[Name] = Value.Value(scope);
}

/// <summary>An assignment, plain or compound.</summary>
internal sealed record Assign(string Name, string Operator, Tree Value) : Statement
{
    public override void Write(StringBuilder text, string type) => text.Append($"{Name} {Operator} {Value.Text};\n");

    public override void Execute(Scope scope)
    {
        var (old, value) = (scope.Locals[Name], Value.Value(scope));
        scope.Locals[Name] = Operator switch
        {
            "=" => value,
            "+=" => old + value,
            "-=" => old - value,
            "*=" => old * value,
            _ => old / value
        };
    }
}

/// <summary>An exchange of two variables by a tuple.</summary>
internal sealed record Swap(string First, string Second) : Statement
{
    public override void Write(StringBuilder text, string type) => text.Append($"({First}, {Second}) = ({Second}, {First});\n");

    public override void Execute(Scope scope) => (scope.Locals[First], scope.Locals[Second]) = (scope.Locals[Second], scope.Locals[First]);
}

/// <summary>A return.</summary>
internal sealed record Return(Tree Value) : Statement
{
    public override void Write(StringBuilder text, string type) => text.Append($"return {Value.Text};\n");

    public override void Execute(Scope scope) => scope.Result = Value.Value(scope);
}

/// <summary>An if statement.</summary>
internal sealed record If(Condition Condition, Statement[] Then, params Statement[] Else) : Statement
{
    public override void Write(StringBuilder text, string type)
    {
        text.Append($"if ({Condition.Text}) ");
        WriteBlock(text, type, Then);
        if (Else.Length == 0) return;
        text.Append("else ");
        WriteBlock(text, type, Else);
    }

    public override void Execute(Scope scope) => Execute(scope, Condition.Holds(scope) ? Then : Else);
}

/// <summary>A loop with a counter, which the body may use, a turn that is left out, and one that ends it.</summary>
internal sealed record Repeat(string Counter, int Turns, int Skipped, int Last, Statement[] Body) : Statement
{
    public override void Write(StringBuilder text, string type)
    {
        text.Append($"for (int {Counter} = 0; {Counter} < {Turns}; {Counter}++)\n{{\nif ({Counter} == {Skipped}) continue;\nif "
            + $"({Counter} > {Last}) break;\n");
        WriteBlock(text, type, Body);
        text.Append("}\n");
    }

    public override void Execute(Scope scope)
    {
        for (int i = 0; i < Turns; i++)
        {
            if (i == Skipped) continue;
            if (i > Last) break;
            scope.Locals[Counter] = Fraction.FromDouble(i);
            Execute(scope, Body);
        }
    }
}

/// <summary>A switch statement.</summary>
internal sealed record SwitchStatement(Tree Subject, (Pattern Pattern, Statement Body)[] Cases, Statement Otherwise) : Statement
{
    public override void Write(StringBuilder text, string type)
    {
        text.Append($"switch ({Subject.Text})\n{{\n");
        foreach (var (pattern, body) in Cases)
        {
            text.Append($"case {pattern.Text}:\n");
            body.Write(text, type);
            text.Append("break;\n");
        }

        text.Append("default:\n");
        Otherwise.Write(text, type);
        text.Append("break;\n}\n");
    }

    public override void Execute(Scope scope)
    {
        var value = Subject.Value(scope);
        foreach (var (pattern, body) in Cases)
        {
            if (!pattern.Matches(value)) continue;
            body.Execute(scope);
            return;
        }

        Otherwise.Execute(scope);
    }
}
