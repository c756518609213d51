using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>The options of every command that reads a model.</summary>
internal sealed class ModelOptions
{
    public const string Formats =
        ".onnx, .pt, .pth, .safetensors, NAME_config.yml (pykan), .npz, .nnet, .keras, .h5, .json (RTNeural) or .kan.json";

    private readonly Option<string?> _range = new("--range")
    {
        Description = "The range of the inputs, one for all or one per input; "
        + "certified bounds hold within it.",
        HelpName = "lo,hi[;lo,hi...]"
    };
    private readonly Option<string?> _head = new("--head")
    {
        Description = "keep: keep a final Softmax, LogSoftmax, Sigmoid or ArgMax as "
        + "a step behind the network; drop: leave it out.",
        HelpName = "keep|drop"
    };
    private readonly Option<string?> _activation = new("--activation")
    {
        Description = "The activation of a state dict, which does not "
        + "store it: relu, leaky_relu(0.1), hardtanh; with a tolerance also tanh, gelu, silu, ...",
        HelpName = "name"
    };
    private readonly Option<string?> _order = new("--order")
    {
        Description = "The modules of a state dict and the activations between "
        + "them, in the order in which they are applied.",
        HelpName = "fc1,relu,bn1,fc2"
    };
    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "What the names of the tensors of a state dict begin "
        + "with; others are skipped.",
        HelpName = "actor."
    };
    private readonly Option<double?> _tolerance = new("--tolerance")
    {
        Description = "The largest acceptable error of an output if "
        + "curved edges must be approximated; certified on the domain.",
        HelpName = "error"
    };
    private readonly Option<string?> _domain = new("--domain")
    {
        Description = "Where the tolerance must hold: one range for all inputs, "
        + "or one per input.",
        HelpName = "lo,hi[;lo,hi...]"
    };

    private readonly Option<string?> _inputs =
        new("--inputs") { Description = "The inputs to use, in this order, if the file has several.", HelpName = "name[,name...]" };
    private readonly Option<string?> _outputs = new("--outputs")
    {
        Description = "The outputs to use, in this order, if the file has "
        + "several; in an ONNX graph also values inside it.",
        HelpName = "name[,name...]"
    };

    private readonly Option<string?> _modelInputs = new("--model-inputs")
    {
        Description = "The inputs of the file to use, in this order, "
        + "if it has several.",
        HelpName = "name[,name...]"
    };

    private Option<string?>? _usedInputs;

    public ModelOptions()
    {
        _range.Validators.Add(result => Check(result.GetValueOrDefault<string?>(), result.AddError));
        _domain.Validators.Add(result => Check(result.GetValueOrDefault<string?>(), result.AddError));
        _head.AcceptOnlyFromAmong("keep", "drop");
        _tolerance.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } value && !(value > 0 && double.IsFinite(value)))
                result.AddError($"'{value}' is not a valid tolerance: it must be a positive number.");
        });
    }

    public static Argument<string> ModelArgument(string name = "model") => new(name) { Description = $"The model: {Formats}." };

    /// <summary>The tolerance, or null.</summary>
    public double? Tolerance(ParseResult result) => result.GetValue(_tolerance);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_range, _head, _activation, _order, _prefix, _tolerance, _domain, _inputs, _outputs])
        {
            // The inputs of a plane have the name already.
            command.Options.Add(command.Options.Any(other => other.Name == option.Name) ? _modelInputs : option);
        }

        _usedInputs = command.Options.Contains(_inputs) ? _inputs : _modelInputs;
    }

    /// <summary>
    /// Reads a model, within a share of the tolerance; remarks of its reader go to the screen, but those of a document, which were made
    /// when it was written.
    /// </summary>
    /// <exception cref="ModelFileException">It cannot be read.</exception>
    public ImportResult Read(ParseResult result, Screen screen, string path, bool notes = true, AnnotationOptions? annotations = null,
        double shareOfTolerance = 1)
    {
        if (path.Length == 0) throw ToolException.Option("The path of the model is empty.");
        var options = new ImportOptions
        {
            Ranges = result.GetValue(_range) is { } range ? Ranges(range) : [],
            Head = result.GetValue(_head) switch { "keep" => ModelHead.Keep, "drop" => ModelHead.Drop, _ => ModelHead.Refuse },
            Activation = result.GetValue(_activation),
            Order = Names(result.GetValue(_order)),
            Prefix = result.GetValue(_prefix),
            Tolerance = result.GetValue(_tolerance) * shareOfTolerance,
            Domain = result.GetValue(_domain) is { } domain ? Ranges(domain) : [],
            Inputs = _usedInputs is null ? [] : Names(result.GetValue(_usedInputs)),
            Progress = new Remarks(screen, path),
            Outputs = Names(result.GetValue(_outputs)),
        };
        if (annotations is not null) options = annotations.Apply(result, options);
        var imported = screen.Wait("Reading " + path, () => ModelImporter.Import(path, options));
        if (notes && !path.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase))
        {
            foreach (string note in imported.Report.Notes) screen.Note($"{path}: {note}");
        }

        return imported;
    }

    /// <summary>An option of a box of inputs.</summary>
    public static Option<string?> BoxOption(string description)
    {
        var box = new Option<string?>("--box") { Description = description, HelpName = "lo,hi[;lo,hi...]" };
        box.Validators.Add(result => Check(result.GetValueOrDefault<string?>(), result.AddError));
        return box;
    }

    /// <summary>Ranges as they are written: <c>lo,hi</c> or <c>lo,hi;lo,hi</c>, checked before.</summary>
    public static ImmutableArray<InputRange> Ranges(string text) =>
        [.. text.Split(';').Select(static part => RangeText.TryParse(part, out var range)
            ? range
            : throw ToolException.Option($"'{part}' is not a range. {RangeText.Expected}"))];

    /// <summary>One range for each input.</summary>
    public static InputRange[] ForEach(IReadOnlyList<InputRange> ranges, int inputs, string option)
    {
        if (ranges.Count != 1 && ranges.Count != inputs)
            throw ToolException.Option(string.Create(CultureInfo.InvariantCulture,
                $"{option} has {ranges.Count} ranges; expected one, or one for each of the {inputs} inputs."));
        return ranges.Count == inputs ? [.. ranges] : [.. Enumerable.Repeat(ranges[0], inputs)];
    }

    private static ImmutableArray<string> Names(string? text) => text is null ? [] : NameText.Split(text);

    private static void Check(string? text, Action<string> addError)
    {
        if (text is null) return;
        var parts = text.Split(';');
        if (parts.Any(static part => !RangeText.TryParse(part, out _))) addError($"'{text}' is not a range. {RangeText.Expected}");
    }

    /// <summary>Remarks on a long approximation, at once.</summary>
    private sealed class Remarks(Screen screen, string path) : IProgress<string>
    {
        public void Report(string value) => screen.Note($"{path}: {value}");
    }
}
