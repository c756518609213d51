using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Kan.Analysis.Proofs;

namespace Kan.Analysis;

/// <summary>
/// Reads properties in VNN-LIB, the format of the verification competitions: what is asserted of inputs <c>X_i</c> and outputs <c>Y_j</c>
/// is what must not happen.
/// </summary>
public sealed class VnnLib
{
    // What a file may unfold to: cases times conditions.
    private const int MostConditions = 2_000_000;

    private readonly string _file;
    private readonly Dictionary<string, (bool IsOutput, int Index)> _variables = new(StringComparer.Ordinal);
    private readonly List<List<List<Atom>>> _asserted = [];

    private VnnLib(string file) => _file = file;

    /// <summary>Reads a file; one that ends in <c>.gz</c> is decompressed.</summary>
    /// <exception cref="VnnLibException">The content cannot be read; it has the line and column.</exception>
    /// <exception cref="IOException">The file cannot be opened, or what should be compressed is not.</exception>
    public static OutputStatement ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        try
        {
            using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            using var reader = new StreamReader(content, Encoding.UTF8);
            return Parse(reader.ReadToEnd(), path);
        }
        catch (InvalidDataException exception)
        {
            throw new IOException($"'{path}' is not compressed as its name says: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="VnnLibException">The text cannot be read; it has the line and column.</exception>
    public static OutputStatement Parse(string text, string file = "property.vnnlib")
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new VnnLib(file);
        SExpression? last = null;
        foreach (var command in new ExpressionReader(file, text).ReadAll())
        {
            reader.Run(command);
            last = command;
        }

        return reader.ToStatement(last);
    }

    private void Run(SExpression command)
    {
        switch (command.Head)
        {
            case "declare-const" when command.Items.Count == 3:
            case "declare-fun" when command.Items.Count == 4:
                Declare(command.Items[1], command.Items[^1]);
                break;
            case "assert" when command.Items.Count == 2:
                _asserted.Add(Formula(command.Items[1], isNegated: false));
                break;
            case "set-logic" or "set-info" or "set-option" or "check-sat" or "get-model" or "exit":
                break;
            default:
                throw Error(command, "Expected (declare-const NAME Real) or (assert FORMULA).");
        }
    }

    private void Declare(SExpression name, SExpression type)
    {
        if (type.Word != "Real") throw Error(type, "The type of a variable must be Real.");
        if (name.Word is not { Length: > 2 } word || word[1] != '_' || word[0] is not ('X' or 'Y')
            || !int.TryParse(word.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            throw Error(name, "A variable must be called X_0, X_1, ... (inputs) or Y_0, Y_1, ... (outputs).");
        bool isOutput = word[0] == 'Y';
        if (index != _variables.Values.Count(variable => variable.IsOutput == isOutput))
            throw Error(name, $"{word} is declared out of order or twice: the variables must be declared once each, counted from 0.");
        _variables.Add(word, (isOutput, index));
    }

    /// <summary>A formula as alternatives, of each of which all parts hold.</summary>
    private List<List<Atom>> Formula(SExpression formula, bool isNegated)
    {
        switch (formula.Head)
        {
            case "not" when formula.Items.Count == 2:
                return Formula(formula.Items[1], !isNegated);
            case "true" or "false" when formula.Word is not null:
                return (formula.Word == "true") != isNegated ? [[]] : [];
            case "and" or "or" when formula.Word is null:
                var parts = formula.Operands.Select(part => Formula(part, isNegated)).ToList();
                return (formula.Head == "or") != isNegated ? [.. parts.SelectMany(static part => part)] : Product(formula, parts);
            case "<=" or ">=" or "<" or ">" or "=" when formula.Items.Count == 3:
                return Comparison(formula, isNegated);
            default:
                throw Error(formula,
                    "Expected a formula: (<= a b), (>= a b), (< a b), (> a b), (= a b), (and ...), (or ...) or (not ...).");
        }
    }

    private List<List<Atom>> Comparison(SExpression formula, bool isNegated)
    {
        var difference = Term(formula.Items[1]).Plus(Term(formula.Items[2]), -Rational.One);
        string relation = formula.Head;
        Atom below = new(difference, relation is "<"), above = new(difference.Times(-Rational.One), relation is ">");
        if (relation == "=") return isNegated ? [[below with { IsStrict = true }], [above with { IsStrict = true }]] : [[below, above]];
        bool isBelow = relation is "<=" or "<";
        if (!isNegated) return [[isBelow ? below : above]];
        return [[isBelow ? above with { IsStrict = relation == "<=" } : below with { IsStrict = relation == ">=" }]];
    }

    private List<List<Atom>> Product(SExpression place, List<List<List<Atom>>> parts)
    {
        List<List<Atom>> product = [[]];

        // Parts without alternatives first, all at once: a file may have thousands.
        product[0].AddRange(parts.Where(static part => part.Count == 1).SelectMany(static part => part[0]));
        foreach (var part in parts.Where(static part => part.Count != 1))
        {
            long size = product.Sum(static all => (long)all.Count + 1) * part.Count;
            if (size > MostConditions) throw Error(place, $"The alternatives unfold to more than {MostConditions:N0} conditions.");
            product = [.. product.SelectMany(all => part.Select(more => (List<Atom>)[.. all, .. more]))];
        }

        return product;
    }

    private LinearTerm Term(SExpression term)
    {
        if (term.Word is { } word)
        {
            if (_variables.TryGetValue(word, out var variable)) return LinearTerm.Variable(variable.IsOutput, variable.Index);
            if (ExactDecimal.TryParse(word, out var number)) return LinearTerm.Of(number);
            throw Error(term, $"'{MessageText.Escape(word)}' is neither a number nor a declared variable.");
        }

        var operands = term.Operands.Select(Term).ToList();
        switch (term.Head)
        {
            case "+" when operands.Count > 0:
                return operands.Aggregate((sum, next) => sum.Plus(next, Rational.One));
            case "-" when operands.Count == 1:
                return operands[0].Times(-Rational.One);
            case "-" when operands.Count > 1:
                return operands.Skip(1).Aggregate(operands[0], (sum, next) => sum.Plus(next, -Rational.One));
            case "*" when operands.Count == 2 && operands.Any(static operand => operand.IsConstant):
                return operands[0].IsConstant ? operands[1].Times(operands[0].Constant) : operands[0].Times(operands[1].Constant);
            default:
                throw Error(term, "Expected a linear term: a number, a variable, (+ a b), (- a b) or (* number a).");
        }
    }

    private OutputStatement ToStatement(SExpression? last)
    {
        int inputs = _variables.Values.Count(static variable => !variable.IsOutput), outputs = _variables.Count - inputs;
        last ??= new SExpression("", [], 1, 1);
        if (inputs == 0 || outputs == 0) throw Error(last, "A property must declare at least one input X_0 and one output Y_0.");
        var common = new Box(inputs);
        var conditions = new List<LinearCondition>();
        foreach (var part in _asserted.Where(static part => part.Count == 1)) Add(part[0], common, conditions, outputs);
        var alternatives = Product(last, [.. _asserted.Where(static part => part.Count != 1)]);
        var cases = new List<ForbiddenCase>();
        foreach (var alternative in alternatives)
        {
            var box = new Box(common);
            var own = conditions.ToList();
            Add(alternative, box, own, outputs);
            if (box.IsEmpty) continue;
            for (int i = 0; i < inputs; i++)
            {
                if (box.Low[i] is null || box.High[i] is null)
                    throw Error(last, $"X_{i} has no {(box.Low[i] is null ? "lower" : "upper")} bound: every input needs both.");
            }

            cases.Add(new ForbiddenCase([.. Enumerable.Range(0, inputs).Select(i => new InputRange(box.Low[i]!.Value, box.High[i]!.Value))],
                [.. own]));
        }

        return new OutputStatement(cases);
    }

    private static void Add(List<Atom> atoms, Box box, List<LinearCondition> conditions, int outputs)
    {
        foreach (var (term, isStrict) in atoms)
        {
            if (term.Weights.Count == 1 && term.Weights.Single() is { Key.IsOutput: false } only)
            {
                box.Narrow(only.Key.Index, -term.Constant / only.Value, isUpper: only.Value.Sign > 0);
                if (!isStrict) continue;
            }

            var weights = new Rational[outputs];
            var inputWeights = new Rational[box.Low.Length];
            foreach (var ((isOutput, index), weight) in term.Weights) (isOutput ? weights : inputWeights)[index] = weight;
            conditions.Add(new LinearCondition([.. weights], inputWeights.All(static weight => weight.IsZero) ? [] : [.. inputWeights],
                term.Constant, isStrict));
        }
    }

    private VnnLibException Error(SExpression place, string reason) => new(_file, place.Line, place.Column, reason);

    /// <summary>term &lt;= 0, or &lt; 0.</summary>
    private sealed record Atom(LinearTerm Term, bool IsStrict);

    private sealed class Box
    {
        public Box(int inputs) => (Low, High) = (new Rational?[inputs], new Rational?[inputs]);

        public Box(Box other) => (Low, High) = ([.. other.Low], [.. other.High]);

        public Rational?[] Low { get; }

        public Rational?[] High { get; }

        public bool IsEmpty => Enumerable.Range(0, Low.Length).Any(i => Low[i] > High[i]);

        public void Narrow(int input, Rational at, bool isUpper)
        {
            if (isUpper) High[input] = High[input] is { } high && high < at ? high : at;
            else Low[input] = Low[input] is { } low && low > at ? low : at;
        }
    }
}
