using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary><c>kan convert IN -o OUT</c>: a model in another format, which the extension of the output chooses.</summary>
internal static class ConvertCommand
{
    private const string CSharp = "csharp", Sql = "sql";

    private const decimal FirstLanguage = 7.3m;

    public static Command Create()
    {
        var input = ModelOptions.ModelArgument("input");
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write: .kan.json, .onnx, .c (with a .h next to "
            + "it), .cs (portable C#), .sql, .safetensors or .vnnlib.",
            Required = true
        };
        var to = new Option<string?>("--to")
        {
            Description = "kan: activations become part of edges. relu: the ReLU form, which consists of affine maps and ReLUs. csharp, "
                + "sql: portable C# without dependencies and a query, as .cs and .sql say by themselves. Default: .kan.json keeps the "
                + "layers as they are.",
            HelpName = "kan|relu|csharp|sql",
        };
        to.AcceptOnlyFromAmong("kan", "relu", CSharp, Sql);
        var at = new Option<string?>("--at")
        {
            Description = "For .vnnlib: the sample around which the class must not change. "
            + PointText.Help,
            HelpName = "sample"
        };
        var radius = new Option<double>("--radius")
        {
            Description = "For .vnnlib: how far each input may be from the sample.",
            DefaultValueFactory = static _ => 0.01,
            HelpName = "distance"
        };
        var language = new Option<string?>("--lang")
        {
            Description =
            "For .cs: the version of C# that must read it, 7.3 or later; the text is the same for all of them.",
            HelpName = "version"
        };
        var sql = new SqlOptions();
        var options = new ModelOptions();
        var annotations = new AnnotationOptions();
        var compiled = new CompilationOptions(integers: true);
        var json = CommandRunner.JsonOption();
        var command = new Command("convert",
            "Convert a model to another format, exactly if the format allows; rounding is reported.") { input, output, to, language, at,
            radius, json };
        sql.AddTo(command);
        options.AddTo(command);
        annotations.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string from = result.GetValue(input)!, file = result.GetValue(output)!;
            if (result.GetValue(to) == CSharp && !file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option($"--to csharp writes C#: '{file}' must end in .cs.");
            if (result.GetValue(to) == Sql && !file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option($"--to sql writes SQL: '{file}' must end in .sql.");
            sql.RefuseUnlessSql(result, file);
            if (result.GetValue(language) is { } version) RequireLanguage(version, file);
            if (compiled.Precision(result) == Precision.Int8 && !file.EndsWith(".c", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option(
                    $"--precision int8 is for C: '{file}' must end in .c. kan quantize writes integers as .onnx and .kan.json.");
            var format = FormatOf(file);
            var (document, report) = options.Read(result, screen, from, annotations: annotations);
            Func<KanDocument, string> query = shaped => sql.Export(result, shaped, compiled.Lowering(result), token);
            var request = new Request(document, file, result.GetValue(to), compiled.Precision(result), compiled.Lowering(result),
                result.GetValue(at), result.GetValue(radius), query,
                token)
            { KeepsIntegers = document.Codes is not null && result.GetValue(to) is null && compiled.IsSilent(result) };
            var outcome = screen.Wait("Writing " + file, () => format(request));
            Report(screen, from, document, report, outcome);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Refuses what cannot be written for a version of C#: nothing can be for those before the first that is tested.</summary>
    private static void RequireLanguage(string version, string file)
    {
        if (!file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
            throw ToolException.Option($"--lang is for C#: '{file}' must end in .cs.");
        if (!decimal.TryParse(version, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            throw ToolException.Option($"'{version}' is not a version of C#, such as 9 or 7.3.");
        if (number < FirstLanguage)
            throw ToolException.Option($"C# {version} is too old: the file needs C# 7.3 or later, which compilers since 2018 read.");
    }

    private static Func<Request, Outcome> FormatOf(string file)
    {
        if (file.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase)) return WriteKan;
        return Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".ONNX" => WriteOnnx,
            ".C" => WriteC,
            ".CS" => WriteCSharp,
            ".SQL" => WriteSql,
            ".SAFETENSORS" => WriteSafetensors,
            ".VNNLIB" => WriteVnnLib,
            var other => throw ToolException.Option($"The output '{file}' has the type '{other.ToLowerInvariant()}', which cannot be "
                + $"written; use .kan.json, .onnx, .c, .cs, .sql, .safetensors or .vnnlib."),
        };
    }

    private static Outcome WriteKan(Request request)
    {
        var document = Shape(request.Document, request.To, request.Token);
        Conversion.WriteAtomically(request.File, KanDocumentWriter.Write(document));
        return new Outcome([request.File]);
    }

    private static Outcome WriteOnnx(Request request)
    {
        RefuseTo(request);
        if (request.KeepsIntegers)
        {
            byte[] bytes = QuantizedOnnxExporter.Export(request.Document.Codes!.FormOf(request.Document.Layers), request.Document.Name);
            Output.Write(request.File, () => AtomicFile.Write(request.File, bytes));
            return new Outcome([request.File],
                Note: "the file computes in the same integers; --precision single writes the numbers that they stand for");
        }

        var export = OnnxExporter.Export(request.Document.ToNetwork(),
            new OnnxExportOptions { Precision = request.Precision, GraphName = request.Document.Name });
        Output.Write(request.File, () => export.Save(request.File));
        return new Outcome([request.File], export.Rounding);
    }

    private static Outcome WriteSafetensors(Request request)
    {
        RefuseTo(request);
        var export = SafetensorsExporter.Export(request.Document.ToNetwork(), request.Precision);
        Output.Write(request.File, () => export.Save(request.File));
        return new Outcome([request.File], export.Rounding, $"load it into torch.nn.Sequential({Shorten(export.Modules)})");
    }

    private static Outcome WriteC(Request request)
    {
        var document = Shape(request.Document, request.To, request.Token);
        var plan = NetworkCompiler.Plan(document, request.KeepsIntegers ? Precision.Int8 : request.Precision, request.Lowering,
            request.Token);
        var options = new CExportOptions { Name = Path.GetFileNameWithoutExtension(request.File), Description = CDescription.Of(plan) };
        var export = plan.Integers is { } integers ? CIntegerExporter.Export(integers.Form, options) : CExporter.Export(plan.Form, options);
        Output.Write(request.File, () => export.Save(request.File));
        return new Outcome([request.File, Path.ChangeExtension(request.File, ".h")],
            Note: $"call {export.Identifier}_evaluate; link with -lm");
    }

    private static Outcome WriteCSharp(Request request)
    {
        var document = Shape(request.Document, request.To, request.Token);
        var plan = NetworkCompiler.Plan(document, request.Precision, request.Lowering, request.Token);
        string name = CSharpExporter.ClassName(Path.GetFileNameWithoutExtension(request.File));
        Conversion.WriteAtomically(request.File,
            CSharpExporter.Export(plan.Form, new CSharpExportOptions { Name = name, Description = CDescription.Of(plan) }));
        return new Outcome([request.File], Note: $"call {name}.Evaluate; C# 7.3 or later, no package");
    }

    private static Outcome WriteSql(Request request)
    {
        Conversion.WriteAtomically(request.File, request.Query(Shape(request.Document, request.To, request.Token)));
        return new Outcome([request.File], Note: "the query computes in double; products are rounded before they are added");
    }

    private static Outcome WriteVnnLib(Request request)
    {
        if (request.At is null) throw ToolException.Option("A property is about a sample: use --at to specify it, and --radius for how "
            + "far inputs may be from it.");
        var network = request.Document.ToNetwork();
        var sample = PointText.Read(request.At, network.InputCount);
        VnnLibProperty property;
        try
        {
            property = VnnLibProperty.Robustness(network, sample, Rational.FromDouble(request.Radius), [.. request.Document.InputRanges]);
        }
        catch (ArgumentException exception)
        {
            throw ToolException.Option(exception.Message);
        }

        var outputs = network.Evaluate(sample);
        string asked = outputs.Length == 1
            ? "the sign of the output"
            : $"output {Array.IndexOf(outputs, outputs.Aggregate(Rational.Max))} largest";
        Output.Write(request.File, () => property.Save(request.File, $"{request.Document.Name}: no input within "
            + $"{NumberText.Of(request.Radius)} of the sample changes {asked}.",
            "unsat: the property holds; sat: the inputs are a counterexample."));
        return new Outcome([request.File], Note: "check it against the network exported to .onnx");
    }

    /// <summary>The network in the requested form; by default, the layers as they are.</summary>
    private static KanDocument Shape(KanDocument document, string? to, CancellationToken token) => to switch
    {
        "kan" =>
            document with
            {
                Codes = null,
                Layers = [.. NetworkSimplifier.Simplify(document.ToNetwork(), token)
                .Layers.Select(static layer =>
                    (LayerDescription)new EdgesDescription(layer.InputCount, layer.OutputCount, layer.Edges, layer.Biases))]
            },
        "relu" => document with { Codes = null, Layers = ReluLayers(document.ToNetwork().ToRelu().FuseWhereSmaller()) },
        _ => document,
    };

    private static ImmutableArray<LayerDescription> ReluLayers(ReluNetwork network)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        foreach (var layer in network.Layers)
        {
            var dense = layer.Weights.ToDense();
            layers.Add(new AffineDescription(layer.InputCount, layer.OutputCount, [.. dense.Cast<Rational>()], layer.Biases));
            if (layer.IsRectified) layers.Add(new ActivationDescription(layer.OutputCount, [PiecewiseLinearFunction.Relu]));
        }

        return layers.ToImmutable();
    }

    private static void RefuseTo(Request request)
    {
        if (request.To == "kan")
            throw ToolException.Option($"'{request.File}' always holds the ReLU form: --to kan is for .kan.json and .c.");
    }

    private static void Report(Screen screen, string input, KanDocument document, ImportReport report, Outcome outcome)
    {
        if (screen.Json)
        {
            screen.WriteJson(new
            {
                Input = input,
                document.Name,
                outcome.Files,
                report.Widths,
                report.Notes,
                CertifiedError = report.CertifiedError,
                Rounding = outcome.Rounding is { } rounding
                    ? new { rounding.Numbers, rounding.Rounded, rounding.MaxRelativeChange, rounding.IsExact }
                    : null,
                outcome.Note,
            });
            return;
        }

        if (outcome.Rounding is { IsExact: false } lost)
            screen.Note($"rounded: {NumberText.Count(lost.Rounded)} of {NumberText.Count(lost.Numbers)} numbers are not exactly "
                + $"representable in the file's number type; the largest relative change is {NumberText.Short(lost.MaxRelativeChange)}. "
                + $"--precision double changes less.");
        if (outcome.Note is { } note) screen.Note(note + ".");
    }

    private static string Shorten(ImmutableArray<string> modules) =>
        modules.Length <= 9 ? string.Join(", ", modules) : string.Join(", ", modules.Take(8)) + ", ...";

    private sealed record Request(KanDocument Document, string File, string? To, Precision Precision, Lowering Lowering, string? At,
        double Radius, Func<KanDocument, string> Query, CancellationToken Token)
    {
        /// <summary>Whether the integers of a quantised network are written as such, where the format has integers.</summary>
        public bool KeepsIntegers { get; init; }
    }

    private sealed record Outcome(string[] Files, RoundingReport? Rounding = null, string? Note = null);
}
