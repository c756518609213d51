using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;
using Spectre.Console;

namespace Kan.Tool;

/// <summary><c>kan simplify MODEL -o OUT.kan.json</c>: the same function on the declared ranges, with fewer parts.</summary>
internal static class SimplifyCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var output = new Option<string>("--output", "-o") { Description = "The .kan.json file to write.", Required = true };
        var goal = new Option<SimplificationGoal>("--goal") { Description = "What must not grow: the numbers in tables, or the segments of all edges.", DefaultValueFactory = static _ => SimplificationGoal.Tables, HelpName = "tables|segments" };
        var samples = new Option<int>("--samples") { Description = "With --tolerance: the number of random points at which to look for the largest difference.", DefaultValueFactory = static _ => 10_000, HelpName = "count" };
        samples.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("The number of samples must not be negative.");
        });
        var options = new ModelOptions();
        var annotations = new AnnotationOptions();
        var compiled = new CompilationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("simplify", "Remove what a model does not need on the declared ranges of its inputs; it stays the same function there exactly, or within --tolerance.") { model, output, goal, samples, json };
        options.AddTo(command);
        annotations.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string path = result.GetValue(model)!, file = result.GetValue(output)!;
            if (!file.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase)) throw ToolException.Option($"The output '{file}' must end in .kan.json: other formats do not hold the ranges on which it is the same function. kan convert makes them of it.");
            var imported = options.Read(result, screen, path, annotations: annotations, shareOfTolerance: ModelSimplifier.ShareOfReading);
            double? tolerance = options.Tolerance(result) - imported.Report.CertifiedError;
            var simplified = screen.Wait("Simplifying", () => ModelSimplifier.Run(path, imported.Document, tolerance, result.GetValue(goal), token));
            var document = simplified.ToDocument(imported.Document);
            long Bytes(KanDocument some) => NetworkCompiler.Plan(some, compiled.Precision(result), compiled.Lowering(result), token).Layers.Sum(static layer => (long)layer.TableBytes);
            var (before, after) = screen.Wait("Compiling", () => (Bytes(imported.Document), Bytes(document)));
            var sampled = simplified.ErrorBound.IsZero || result.GetValue(samples) == 0
                ? null : screen.Progress("Sampling", report => SampledDifference.Of(imported.Document, document, simplified.Box, result.GetValue(samples), report, token));
            Conversion.WriteAtomically(file, KanDocumentWriter.Write(document));
            var outcome = new Outcome(path, file, imported, simplified, before, after, sampled);
            if (screen.Json) WriteJson(screen, outcome);
            else WriteText(screen, outcome);
            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteText(Screen screen, Outcome outcome)
    {
        var (result, reading) = (outcome.Result, outcome.Imported.Report.CertifiedError);
        string where = $"for all inputs in {Ranges(result)}; outside it may differ.";
        if (outcome.ErrorBound == 0) screen.Verdict("equal", Color.Green, $": the same function as {outcome.Path} {where}");
        else screen.Verdict("within", Color.Green, $" {NumberText.Above(outcome.ErrorBound)} of {outcome.Path}, certified, {where}");
        if (reading > 0 && !result.ErrorBound.IsZero) screen.Line($"  {NumberText.Above(reading)} for its curves, which the first column has as segments, and {NumberText.Above(result.ErrorBound.ToDouble())} for fewer of them");
        if (outcome.Sampled is { } sampled) screen.Line($"  the largest difference between the columns at {NumberText.Count(sampled.Samples, "random point")} is {NumberText.Short(sampled.Difference)}, in double arithmetic");
        SimplificationSize before = result.Before, after = result.After;
        (string Name, long Before, long After)[] rows =
        [
            ("layers", before.Layers, after.Layers), ("units", before.Units, after.Units), ("edges", before.Edges, after.Edges),
            ("segments", before.Segments, after.Segments), ("table bytes", outcome.BytesBefore, outcome.BytesAfter),
        ];
        screen.Table(["", "before", "after"], [false, true, true], rows.Select(static row => (string[])[row.Name, NumberText.Count(row.Before), NumberText.Count(row.After)]));
        foreach (var group in result.Steps.GroupBy(static step => (step.Level, step.Kind)).OrderBy(static group => group.Key.Level).ThenBy(static group => group.Key.Kind))
            screen.Line($"level {group.Key.Level}  {NumberText.Count(group.Sum(static step => step.Nodes.Length), "node")}: {Describe(group.Key.Kind)}");
        if (!result.IsFinished) screen.Note($"the limit of {result.Rounds} rounds was reached: run it again on the result.");
    }

    private static string Describe(SimplificationKind kind) => kind switch
    {
        SimplificationKind.NeverSwitches => "never on",
        SimplificationKind.AlwaysSwitches => "always on",
        SimplificationKind.OutOfReach => "breakpoints out of reach",
        SimplificationKind.ConstantNode => "constant",
        SimplificationKind.UnreadNode => "nothing depends on it",
        SimplificationKind.MultipleOfNode => "multiple of another, merged",
        SimplificationKind.CombinationOfNodes => "combination of others, dropped",
        SimplificationKind.SummedNodes => "never bent, replaced by fewer sums",
        SimplificationKind.CollapsedLayer => "between layers that became one",
        SimplificationKind.ShortenedEdge => "edges shortened within the tolerance",
        _ => "edges dropped within the tolerance",
    };

    private static string Ranges(SimplificationResult result)
    {
        InputRange[] ranges = [.. result.Box.Distinct()];
        return string.Join(" x ", ranges.Take(4).Select(NumberText.Range)) + (ranges.Length > 4 ? " x ..." : ranges.Length == 1 && result.Box.Length > 1 ? " each" : "");
    }

    private static void WriteJson(Screen screen, Outcome outcome) => screen.WriteJson(new
    {
        Input = outcome.Path,
        outcome.File,
        outcome.Imported.Document.Name,
        InputRanges = outcome.Result.Box.Select(static range => (double[])[range.Low.ToDouble(), range.High.ToDouble()]),
        CertifiedError = outcome.ErrorBound,
        SampledDifference = outcome.Sampled?.Difference,
        Before = Size(outcome.Result.Before, outcome.BytesBefore),
        After = Size(outcome.Result.After, outcome.BytesAfter),
        outcome.Result.Rounds,
        outcome.Result.IsFinished,
        Steps = outcome.Result.Steps.Select(static step => new { step.Kind, step.Round, step.Level, step.Nodes, step.Edges, step.Segments }),
    });

    private static object Size(SimplificationSize size, long bytes) => new { size.Layers, size.Units, size.Edges, size.Segments, size.Numbers, Bytes = bytes };

    /// <summary>What came of it.</summary>
    private sealed record Outcome(string Path, string File, ImportResult Imported, SimplificationResult Result, long BytesBefore, long BytesAfter, SampledDifference? Sampled)
    {
        /// <summary>A bound of the difference to the model in the file.</summary>
        public double ErrorBound => ModelSimplifier.ErrorOf(Imported.Report.CertifiedError, Result);
    }
}
