using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Generators.Tests.Functions.Trees;

/// <summary>
/// Random methods over the operations that edges may use, continuous by construction: where a condition chooses, the pieces are equal where
/// it changes, or what they are multiplied by is zero there.
/// </summary>
internal sealed class TreeGenerator(Random random, bool isSingle, IReadOnlyList<Method> helpers)
{
    private readonly List<string> _locals = [];
    private int _parameter;
    private int _names;

    /// <summary>The places where something else may stand.</summary>
    public List<Slot> Slots { get; } = [];

    private string MathClass => isSingle ? "MathF" : "Math";

    private string NumberClass => isSingle ? "float" : "double";

    /// <summary>A method that returns one expression.</summary>
    public Method Expression(string name, int depth) => new(name, isSingle, 1, [new Return(Continuous(depth))]);

    /// <summary>A method that adds up one expression of each parameter.</summary>
    public Method Separable(string name, int parameters, int depth)
    {
        Tree? sum = null;
        for (_parameter = 0; _parameter < parameters; _parameter++)
        {
            var term = Continuous(depth);
            sum = sum is null ? term : Binary(random.Next(2) == 0 ? '+' : '-', sum, term);
        }

        _parameter = 0;
        return new Method(name, isSingle, parameters, [new Return(sum!)]);
    }

    /// <summary>A method of statements: variables, conditions, loops, switches and early returns.</summary>
    public Method Block(string name, int depth)
    {
        var body = new List<Statement> { NewLocal(Continuous(depth)) };
        for (int i = random.Next(1, 5); i > 0; i--) body.AddRange(Step(depth - 1));
        body.AddRange(End(depth - 1));
        _locals.Clear();
        return new Method(name, isSingle, 1, body);
    }

    /// <summary>A number whose multiples and sums are exact, so that pieces meet.</summary>
    private Literal Dyadic() => new(random.Next(-32, 33) / 4.0, isSingle);

    /// <summary>Any number, also one that is not a binary number as it is written.</summary>
    private Literal Any()
    {
        if (random.Next(3) > 0) return Dyadic();
        double number = Math.Round((random.NextDouble() * 10) - 5, random.Next(1, 4));
        return new Literal(isSingle ? (float)number : number, isSingle);
    }

    private Literal Nonzero()
    {
        var literal = Any();
        return literal.Number == 0 ? new Literal(1.5, isSingle) : literal;
    }

    private Tree Variable() => _locals.Count > 0 && random.Next(2) == 0
        ? new Local(_locals[random.Next(_locals.Count)])
        : new Parameter(Method.ParameterNames[_parameter], _parameter);

    private Slot Placed(Tree tree)
    {
        var slot = new Slot(tree);
        Slots.Add(slot);
        return slot;
    }

    private Slot Leaf() => Placed(random.Next(4) switch
    {
        0 => Variable(),
        1 => Binary('+', Binary('*', new Literal(random.Next(-3, 4), isSingle, IsInteger: true), Variable()), Any()),
        2 => Binary('-', Any(), Variable()),
        _ => Binary('/', Variable(), Nonzero()),
    });

    private Arithmetic Binary(char operation, Tree left, Tree right) => new(operation, left, right, isSingle);

    private MathCall Call(string name, params Tree[] arguments) =>
        new(random.Next(4) == 0 && name is not "FusedMultiplyAdd" ? NumberClass : MathClass, name, arguments);

    /// <summary>A continuous expression.</summary>
    private Tree Continuous(int depth)
    {
        if (depth <= 0) return random.Next(5) == 0 ? Any() : Leaf();
        switch (random.Next(17))
        {
            case 0:
            case 1:
                return Binary(random.Next(2) == 0 ? '+' : '-', Continuous(depth - 1), Continuous(depth - 1));
            case 2:
                return random.Next(3) switch
                {
                    0 => Binary('*', Any(), Continuous(depth - 1)),
                    1 => Binary('*', Continuous(depth - 1), Any()),
                    _ => Binary('/', Continuous(depth - 1), Nonzero()),
                };
            case 3:
                return new Negative(Continuous(depth - 1));
            case 4:
                return Call("Abs", Continuous(depth - 1));
            case 5:
            case 6:
                return Call(random.Next(2) == 0 ? "Max" : "Min", Continuous(depth - 1), Continuous(depth - 1));
            case 7:
                var (low, high) = (Any(), Any());
                if (low.Number > high.Number) (low, high) = (high, low);
                return new MathCall(isSingle ? "float" : "Math", "Clamp", Continuous(depth - 1), low, high);
            case 8:
            case 9:
                return Meeting(depth);
            case 10:
                // The jump of the sign is covered by the zero next to it.
                var bent = Continuous(depth - 1);
                return random.Next(2) == 0
                    ? Binary('*', new MathCall(MathClass, "Sign", bent), Call("Abs", bent))
                    : Call("CopySign", Call("Max", Binary('-', Call("Abs", bent), new Literal(random.Next(8) / 4.0, isSingle)),
                        new Literal(0, isSingle)), bent);
            case 11:
            case 12:
                return Switch(depth);
            case 13:
                return random.Next(2) == 0
                    ? Call("FusedMultiplyAdd", Nonzero(), Continuous(depth - 1), Continuous(depth - 1))
                    : new MathCall(NumberClass, "Lerp", Any(), Any(), Continuous(depth - 1));
            case 14:
                return helpers.Count == 0 ? Leaf() : new Call(helpers[random.Next(helpers.Count)], Continuous(depth - 1));
            case 15:
                return Interval(depth);
            default:
                return Leaf();
        }
    }

    /// <summary>Two pieces that meet where two expressions are equal.</summary>
    private Choice Meeting(int depth)
    {
        Tree left = Continuous(depth - 1), right = Continuous(random.Next(depth)), piece = Continuous(depth - 1);
        Tree other = Binary('+', piece, Binary('*', Any(), Binary('-', left, right)));
        string relation = new[] { "<", "<=", ">", ">=" }[random.Next(4)];
        Condition condition = new Comparison(relation, left, right);
        if (random.Next(4) == 0) condition = new Contrary(condition);
        return random.Next(2) == 0 ? new Choice(condition, piece, other) : new Choice(condition, other, piece);
    }

    /// <summary>A bump between two thresholds, zero at both.</summary>
    private Choice Interval(int depth)
    {
        var (low, high) = Thresholds();
        Tree subject = Leaf(), rest = Continuous(depth - 1);
        Tree bump = Binary('+', rest, Binary('*', Any(), Call("Min", Binary('-', subject, low), Binary('-', high, subject))));
        string above = random.Next(2) == 0 ? ">" : ">=", below = random.Next(2) == 0 ? "<" : "<=";
        return random.Next(5) switch
        {
            0 => new Choice(new PatternTest(subject,
                new CombinedPattern(true, new RelationalPattern(above, low), new RelationalPattern(below, high))), bump, rest),
            1 => new Choice(new PatternTest(subject,
                new NegatedPattern(new CombinedPattern(false, new RelationalPattern("<", low), new RelationalPattern(">", high)))), bump,
                rest),
            2 => new Choice(new Combination(true, random.Next(2) == 0, new Comparison(above, subject, low),
                new Comparison(below, subject, high)), bump, rest),
            3 => new Choice(new Combination(false, random.Next(2) == 0, new Comparison("<", subject, low),
                new Comparison(">", subject, high)), rest, bump),
            _ => new Choice(new PatternTest(subject,
                new CombinedPattern(false, new RelationalPattern("<=", low), new RelationalPattern(">=", high))), rest, bump),
        };
    }

    private (Literal Low, Literal High) Thresholds()
    {
        double low = random.Next(-24, 24) / 4.0;
        return (new Literal(low, isSingle), new Literal(low + (random.Next(1, 24) / 4.0), isSingle));
    }

    /// <summary>The pieces of a ramp with bends at two thresholds.</summary>
    private (Tree Left, Tree Middle, Tree Right) Ramp(Tree start, Tree subject, Literal low, Literal high)
    {
        // The compiler folds sums of constants in its number type, so constants that meet must be exact.
        if (start.Constant is not null) start = Dyadic();
        Tree first = Dyadic(), second = Any();
        return (
            start,
            Binary('+', start, Binary('*', first, Binary('-', subject, low))),
            Binary('+', Binary('+', start, Binary('*', first, Binary('-', high, low))), Binary('*', second, Binary('-', subject, high))));
    }

    private SwitchChoice Switch(int depth)
    {
        var (low, high) = Thresholds();
        Tree subject = Leaf();
        var (left, middle, right) = Ramp(Continuous(depth - 1), subject, low, high);
        string first = random.Next(2) == 0 ? "<" : "<=", second = random.Next(2) == 0 ? "<" : "<=";
        return random.Next(3) switch
        {
            0 => new SwitchChoice(subject, [(new RelationalPattern(first, low), left), (new RelationalPattern(second, high), middle)],
                right),
            1 => new SwitchChoice(subject,
                [(new RelationalPattern(">", high), right),
                (new CombinedPattern(true, new RelationalPattern(">=", low), new RelationalPattern("<=", high)), middle)], left),
            _ => new SwitchChoice(subject,
                [(new RelationalPattern("==", low), left), (new RelationalPattern("<", low), left),
                (new NegatedPattern(new RelationalPattern(">", high)), middle)], right),
        };
    }

    private Declare NewLocal(Tree value)
    {
        var declaration = new Declare("v" + _names++, value);
        _locals.Add(declaration.Name);
        return declaration;
    }

    /// <summary>Statements that change variables and keep them continuous.</summary>
    private IEnumerable<Statement> Step(int depth)
    {
        string name = _locals[random.Next(_locals.Count)];
        var (low, high) = Thresholds();
        Tree subject = Leaf(), bend = Binary('*', Any(), Binary('-', subject, low));
        switch (random.Next(7))
        {
            case 0:
                return [NewLocal(Continuous(depth))];
            case 1:
                return [new If(new Comparison(random.Next(2) == 0 ? ">" : ">=", subject, low),
                    [new Assign(name, random.Next(2) == 0 ? "+=" : "-=", bend)])];
            case 2:
                return [new If(new Comparison("<", subject, low), [new Assign(name, "+=", bend)],
                    new Assign(name, "-=", Binary('*', Any(), Binary('-', subject, low))))];
            case 3:
                string counter = "i" + _names++;
                Tree fold = Binary('-', Call("Abs", new Local(name)), Binary('*', Dyadic(), new Local(counter)));
                return [new Repeat(counter, random.Next(1, 5), random.Next(4), random.Next(4), [new Assign(name, "=", fold)])];
            case 4:
                var (left, middle, right) = Ramp(new Local(name), subject, low, high);
                return
                [
                    NewLocal(new Literal(0, isSingle)),
                    new SwitchStatement(
                        subject,
                        [(new RelationalPattern("<", low), new Assign(_locals[^1], "=", left)),
                            (new CombinedPattern(true, new RelationalPattern(">=", low), new RelationalPattern("<", high)),
                                new Assign(_locals[^1], "=", middle))],
                        new Assign(_locals[^1], "=", right)),
                ];
            case 5 when _locals.Count > 1:
                return [new Swap(name, _locals.First(other => other != name))];
            default:
                return [new Assign(name, random.Next(2) == 0 ? "*=" : "/=", Nonzero())];
        }
    }

    /// <summary>The last statements: one return, or several that meet.</summary>
    private IEnumerable<Statement> End(int depth)
    {
        if (random.Next(2) == 0) return [new Return(Continuous(depth))];
        var (low, high) = Thresholds();
        Tree subject = Leaf();
        var (left, middle, right) = Ramp(new Local(_locals[^1]), subject, low, high);
        return random.Next(2) == 0
            ? [new If(new Comparison("<", subject, low), [new Return(left)]),
                new If(new Comparison("<=", subject, high), [new Return(middle)]), new Return(right)]
            : [new If(new Comparison(">=", subject, high), [new Return(right)],
                new If(new Comparison(">", subject, low), [new Return(middle)])), new Return(left)];
    }
}
