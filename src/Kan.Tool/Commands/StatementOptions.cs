using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Kan.Analysis;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>What is to be proved.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Text">The same in words, without a full stop.</param>
/// <param name="Box">A box around all inputs in question.</param>
internal sealed record Question(Statement Statement, string Text, ImmutableArray<InputRange> Box);

/// <summary>The options that say what a model must do, one of which is given.</summary>
internal sealed class StatementOptions
{
    private readonly Option<string?> _satisfies = new("--satisfies")
    {
        Description = "A VNN-LIB file (.vnnlib, compressed or not) whose "
        + "assertions must not all hold.",
        HelpName = "file"
    };
    private readonly Option<string?> _range =
        new("--range") { Description = "The range that an output, or every one, must stay in.", HelpName = "[output:]lo,hi" };
    private readonly Option<string?> _monotone = new("--monotone")
    {
        Description = "An input with which an output, or every one, must "
        + "not fall (+) or not rise (-).",
        HelpName = "input:+|-[:output]"
    };
    private readonly Option<string?> _lipschitz = new("--lipschitz")
    {
        Description = "How much an output may change at most when an "
        + "input, or the one that changes most, changes by 1.",
        HelpName = "[input:]bound"
    };
    private readonly Option<string?> _robust = new("--robust")
    {
        Description = "A .csv, .npy, .npz or idx file of samples, and how far "
        + "each input may be from them without another output becoming the largest.",
        HelpName = "file:radius"
    };
    private readonly Option<string?> _box = ModelOptions.BoxOption("The inputs in question. Default: the ranges that the model declares.");

    public void AddTo(Command command)
    {
        Option[] choices = [_satisfies, _range, _monotone, _lipschitz, _robust];
        foreach (var option in (Option[])[.. choices, _box]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (choices.Count(option => result.GetResult(option) is { Implicit: false }) != 1)
                result.AddError("Specify one of --satisfies, --range, --monotone, --lipschitz and --robust.");
        });
    }

    /// <exception cref="ToolException">The options do not fit the model.</exception>
    public Question Read(ParseResult result, KanDocument document)
    {
        int inputs = document.Layers[0].InputCount, outputs = document.Layers[^1].OutputCount;
        if (result.GetValue(_satisfies) is { } file)
        {
            RequireNoBox(result);
            return Satisfies(file, inputs, outputs);
        }

        if (result.GetValue(_robust) is { } robust)
        {
            RequireNoBox(result);
            return Robust(robust, document, inputs);
        }

        var box = Box(result, document, inputs);
        if (result.GetValue(_range) is { } range)
        {
            var (output, text) = Named(range);
            if (!RangeText.TryParse(text, out var within))
                throw ToolException.Option($"--range {range}: '{text}' is not a range. {RangeText.Expected}");
            int? index = output is null ? null : Node("--range", output, document.OutputNames, outputs);
            return new Question(OutputStatement.WithinRange(box, outputs, within, index),
                $"{Output(document, index)} in {NumberText.Range(within)}", box);
        }

        if (result.GetValue(_monotone) is { } monotone) return Monotone(monotone, document, box, outputs);
        string lipschitz = result.GetValue(_lipschitz)!;
        var (name, number) = Named(lipschitz);
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
            || !(bound >= 0 && double.IsFinite(bound))) throw ToolException.Option(
                $"--lipschitz {lipschitz}: '{number}' is not a bound; expected a number that is not negative.");
        int? changing = name is null ? null : Node("--lipschitz", name, document.InputNames, inputs);
        var statement = new SlopeStatement(box,
            Enumerable.Range(0, outputs).SelectMany(q => SlopeStatement.Lipschitz(box, q, changing, Rational.FromDouble(bound)).Limits));
        return new Question(statement, $"no output changes by more than {NumberText.Of(bound)} times the change of "
            + $"{(changing is { } p ? Name(document.InputNames, p, "input") : "the input that changes most")}", box);
    }

    private static Question Monotone(string text, KanDocument document, ImmutableArray<InputRange> box, int outputs)
    {
        string[] parts = text.Split(':');
        if (parts.Length is not (2 or 3) || parts[1] is not ("+" or "-"))
            throw ToolException.Option($"--monotone {text}: expected INPUT:+ or INPUT:-, or with an output INPUT:+:OUTPUT.");
        int input = Node("--monotone", parts[0], document.InputNames, box.Length);
        int? output = parts.Length == 3 ? Node("--monotone", parts[2], document.OutputNames, outputs) : null;
        var limits = Enumerable.Range(0, outputs).Where(q => output is null || q == output)
            .SelectMany(q => SlopeStatement.Monotone(box, q, input, parts[1] == "+").Limits);
        return new Question(new SlopeStatement(box, limits), $"{Output(document, output)} never {(parts[1] == "+" ? "falls" : "rises")} "
            + $"when {Name(document.InputNames, input, "input")} rises", box);
    }

    private static Question Satisfies(string file, int inputs, int outputs)
    {
        try
        {
            var statement = DataFile.Read(file, () => VnnLib.ReadFile(file));
            if (statement.Cases.IsEmpty)
                return new Question(statement, $"{Path.GetFileName(file)} forbids nothing",
                    [.. Enumerable.Repeat(new InputRange(0, 0), inputs)]);
            var first = statement.Cases[0];
            int named = first.Conditions.IsEmpty ? outputs : first.Conditions[0].Outputs.Length;
            if (first.Box.Length != inputs || named != outputs)
                throw ToolException.BadData(file,
                    $"The property is about {first.Box.Length} inputs and {named} outputs; the model has {inputs} and {outputs}.");
            return new Question(statement, $"what {Path.GetFileName(file)} asserts does not happen", StatementHull.Of(statement));
        }
        catch (VnnLibException exception)
        {
            throw ToolException.BadData(file, exception.Reason, exception.Line, exception.Column);
        }
    }

    private static Question Robust(string text, KanDocument document, int inputs)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !double.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double radius)
            || !(radius >= 0 && double.IsFinite(radius)))
            throw ToolException.Option($"--robust {text}: expected FILE:RADIUS, such as samples.csv:0.01.");
        string file = text[..colon];
        var ranges = document.InputRanges.IsEmpty ? [] : ModelOptions.ForEach(document.InputRanges, inputs, "The model");
        var network = document.ToNetwork();
        var rows = new RobustRows(document.Layers[^1].OutputCount);
        using var source = RowSource<double>.Open(file, new RowColumns([.. RowColumns.Of(document.InputNames, inputs)]));
        double[] row = new double[inputs];
        while (source.ReadFinite(row, file))
        {
            Rational[] sample = Array.ConvertAll(row, Rational.FromDouble), values = network.Evaluate(sample);
            int largest = Enumerable.Range(0, values.Length).MaxBy(q => values[q]);
            var distance = Rational.FromDouble(radius);
            ImmutableArray<InputRange> box = [.. sample.Select((x, p) => ranges.Length == 0
                ? new InputRange(x - distance, x + distance)
                : new InputRange(Rational.Min(x, Rational.Max(ranges[p].Low, x - distance)),
                    Rational.Max(x, Rational.Min(ranges[p].High, x + distance))))];
            rows.Add(source.Row, box, largest);
        }

        var statement = rows.Statement;
        if (statement.Cases.IsEmpty) throw ToolException.BadData(file, "The file has no row, or the model has one output only.");
        return new Question(statement, $"the largest output stays the largest within {NumberText.Of(radius)} of "
            + $"{NumberText.Count(source.Row, "row")} of {Path.GetFileName(file)}", StatementHull.Of(statement));
    }

    private void RequireNoBox(ParseResult result)
    {
        if (result.GetValue(_box) is not null) throw ToolException.Option("--box does not go with --satisfies and --robust, which say "
            + "themselves what inputs are in question.");
    }

    private ImmutableArray<InputRange> Box(ParseResult result, KanDocument document, int inputs)
    {
        if (result.GetValue(_box) is { } text) return [.. ModelOptions.ForEach(ModelOptions.Ranges(text), inputs, "--box")];
        if (document.InputRanges.IsEmpty)
            throw ToolException.Option("The model declares no ranges of its inputs: use --box to specify the inputs in question.");
        return [.. ModelOptions.ForEach(document.InputRanges, inputs, "The model")];
    }

    /// <summary>NAME:VALUE, or VALUE alone.</summary>
    private static (string? Name, string Value) Named(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon < 0 ? (null, text) : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>A node by its name or its index.</summary>
    internal static int Node(string option, string text, ImmutableArray<string> names, int count)
    {
        int named = names.IndexOf(text);
        if (named >= 0) return named;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < count) return index;
        string known = names.Length == count
            ? string.Join(", ", names.Take(24).Select(static name => $"'{MessageText.Name(name)}'"))
            : $"an index from 0 to {count - 1}";
        throw ToolException.Option($"{option}: there is no '{MessageText.Name(text)}'; expected {known}.");
    }

    private static string Name(ImmutableArray<string> names, int index, string kind) =>
        index < names.Length ? MessageText.Name(names[index]) : string.Create(CultureInfo.InvariantCulture, $"{kind} {index}");

    private static string Output(KanDocument document, int? index) => index is { } q ? Name(document.OutputNames, q, "output")
        : document.Layers[^1].OutputCount == 1 ? Name(document.OutputNames, 0, "output") : "every output";
}
