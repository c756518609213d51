using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary><c>kan info MODEL</c>: what a model is, and what the compiler makes of it.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var options = new ModelOptions();
        var compiled = new CompilationOptions(integers: true);
        var json = CommandRunner.JsonOption();
        var command = new Command("info",
            "Show a model's layers, shapes, segments, parameters, bytes, lowering, ranges, hash and certified bound.") { model, json };
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) => Run(result, screen, result.GetValue(model)!, options, compiled, token));
        return command;
    }

    private static int Run(ParseResult result, Screen screen, string path, ModelOptions options, CompilationOptions compiled,
        CancellationToken token)
    {
        var (document, report) = options.Read(result, screen, path, notes: false);
        var plan = screen.Wait("Compiling",
            () => NetworkCompiler.Plan(document, compiled.Precision(result, document), compiled.Lowering(result), token));
        if (screen.Json) WriteJson(screen, document, report, plan);
        else WriteText(screen, document, report, plan);
        return ExitCode.Success;
    }

    private static void WriteText(Screen screen, KanDocument document, ImportReport report, NetworkPlan plan)
    {
        screen.Line($"{MessageText.Name(document.Name)}: {string.Join(" -> ", report.Widths)}");
        if (document.SourceFile is { } source) screen.Line($"source       {MessageText.Name(source)}, SHA-256 {document.SourceHash}");
        foreach (string note in report.Notes) screen.Line($"note         {MessageText.Bound(note)}");
        screen.Line($"declared     {NumberText.Count(report.Widths.Length - 1, "layer")}, {NumberText.Count(report.EdgeCount, "edge")}, "
            + $"{NumberText.Count(report.SegmentCount, "segment")}, {NumberText.Count(Parameters(document), "parameter")}");
        if (report.CertifiedError > 0) screen.Line($"approximated within {NumberText.Short(report.CertifiedError)} of the model, "
            + $"certified on {Ranges(report.Domain)}");
        string ranges = document.InputRanges.IsEmpty ? "no range declared" : Ranges(document.InputRanges);
        screen.Line($"inputs       {Names(document.InputNames)}{ranges}");
        if (!document.OutputNames.IsEmpty) screen.Line($"outputs      {string.Join(", ", document.OutputNames.Select(MessageText.Name))}");
        if (!document.Labels.IsEmpty)
        {
            string labels = string.Join(", ", document.Labels.Take(16).Select(MessageText.Name));
            screen.Line($"labels       {labels}{(document.Labels.Length > 16 ? ", ..." : "")}");
        }

        if (document.Codes is { } codes) screen.Line($"integers     {Integers(codes)}");
        if (document.Head != NetworkHead.None) screen.Line($"head         {document.Head}, a step behind the network: "
            + $"{string.Join(" and ", NamedMembers.HeadMembers(document.Head, plan.OutputCount))} of the class");
        screen.Line($"compiled     {plan.ComputedPrecision.ToString().ToLowerInvariant()} precision, "
            + $"{NumberText.Count(plan.Layers.Length, "layer")}, {NumberText.Bytes(plan.Layers.Sum(layer => (long)plan.BytesOf(layer)))} "
            + $"of tables");
        string bound = !double.IsInfinity(plan.ErrorBound)
            ? NumberText.Short(plan.ErrorBound) + ", certified: |computed - exact| over all outputs, inputs in their ranges"
            : "none: " + (plan.Labels.InputRanges.IsEmpty ? "it needs a range of the inputs (--range)" : plan.Certificate.Reason);
        screen.Line($"error bound  {bound}");
        screen.Line($"hash         {plan.ContentHash}");
        screen.Line();
        screen.Table(
            ["layer", "inputs", "outputs", "edges", "segments", "bytes", "lowering", "reason"],
            [true, true, true, true, true, true, false, false],
            plan.Layers.Select(layer => (string[])[
                layer.Index.ToString(CultureInfo.InvariantCulture), NumberText.Count(layer.Form.InputCount),
                    NumberText.Count(layer.Form.OutputCount), NumberText.Count(layer.EdgeCount),
                NumberText.Count(layer.SegmentCount), NumberText.Count(plan.BytesOf(layer)), layer.Form.Lowering.ToString(),
                    layer.Reason]));
    }

    private static void WriteJson(Screen screen, KanDocument document, ImportReport report, NetworkPlan plan) => screen.WriteJson(new
    {
        document.Name,
        Source = document.SourceFile is null ? null : new { File = document.SourceFile, Sha256 = document.SourceHash },
        report.Notes,
        report.Widths,
        Edges = report.EdgeCount,
        Segments = report.SegmentCount,
        Parameters = Parameters(document),
        Approximation = report.CertifiedError > 0 ? new { CertifiedError = report.CertifiedError, Domain = Pairs(report.Domain) } : null,
        document.InputNames,
        document.OutputNames,
        document.Labels,
        Codes = document.Codes is not { } codes ? null : new
        {
            Inputs = Range(codes.Inputs),
            Layers =
                codes.Layers.Select(static layer =>
                new { WeightScales = layer.WeightScales.Distinct().Count(), Nodes = layer.Codes.Select(static step => Range(step.Range)) }),
        },
        Head = document.Head == NetworkHead.None ? null : (NetworkHead?)document.Head,
        InputRanges = Pairs(document.InputRanges),
        Precision = plan.ComputedPrecision,
        Bytes = plan.Layers.Sum(layer => (long)plan.BytesOf(layer)),
        ErrorBound = double.IsInfinity(plan.ErrorBound) ? (double?)null : plan.ErrorBound,
        ErrorBoundReason = double.IsInfinity(plan.ErrorBound) ? plan.Certificate.Reason : null,
        plan.ContentHash,
        Layers = plan.Layers.Select(layer => new
        {
            Inputs = layer.Form.InputCount,
            Outputs = layer.Form.OutputCount,
            Edges = layer.EdgeCount,
            Segments = layer.SegmentCount,
            Bytes = plan.BytesOf(layer),
            layer.Form.Lowering,
            layer.Reason,
        }),
    });

    private static double[][] Pairs(System.Collections.Immutable.ImmutableArray<InputRange> ranges) =>
        [.. ranges.Select(static range => (double[])[range.Low.ToDouble(), range.High.ToDouble()])];

    private static string Names(System.Collections.Immutable.ImmutableArray<string> names) =>
        names.IsEmpty ? "" : string.Join(", ", names.Take(16)) + (names.Length > 16 ? ", ..." : "") + " in ";

    private static string Ranges(System.Collections.Immutable.ImmutableArray<InputRange> ranges) =>
        string.Join(" ", ranges.Distinct().Take(8).Select(NumberText.Range)) + (ranges.Distinct().Count() > 8 ? " ..." : "");

    private static object Range(CodeRange range) => new { range.Scale, range.Zero };

    /// <summary>What the integers of a quantised network are.</summary>
    private static string Integers(QuantizedCodes codes)
    {
        string weights = codes.Layers.All(static layer => layer.WeightScales.Length == 1)
            ? "a scale for each layer"
            : "a scale for each output";
        string outputs = codes.Layers[^1].Codes.IsEmpty ? "sums" : "codes as well";
        return $"those of the file: input codes of {NumberText.Short(codes.Inputs.Scale)} with 0 at "
            + $"{NumberText.Count(codes.Inputs.Zero)}, weights of 8 bits with {weights}, outputs are {outputs}";
    }

    /// <summary>The numbers that the file states, zeros of dense weights included.</summary>
    private static long Parameters(KanDocument document) => document.Layers.Sum(static layer => layer switch
    {
        AffineDescription affine => affine.Weights.Length + affine.Biases.Length,
        GridDescription grid => grid.Values.Length + grid.Biases.Length + Distinct(grid),
        EdgesDescription edges => edges.Biases.Length + edges.Edges.Sum(static edge => (long)Of(edge.Function)),
        ActivationDescription activation =>
            activation.Functions.Sum(static function => function.Equals(PiecewiseLinearFunction.Relu) ? 0L : Of(function)),
        ConvolutionDescription convolution => convolution.Weights.Length + convolution.Biases.Length,
        _ => 0L,
    });

    private static long Of(PiecewiseLinearFunction function) => function.Breakpoints.Length + function.Slopes.Length + 1;

    // Inputs that share their knots share the numbers.
    private static long Distinct(GridDescription grid) => grid.Knots.Distinct().Sum(static knots => (long)knots.Length);
}
