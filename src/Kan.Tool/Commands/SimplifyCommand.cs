using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Lower;
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
        var goal = new Option<SimplificationGoal>("--goal")
        {
            Description = "What must not grow: the numbers in tables, or the segments "
            + "of all edges.",
            DefaultValueFactory = static _ => SimplificationGoal.Tables,
            HelpName = "tables|segments"
        };
        var samples = new Option<int>("--samples")
        {
            Description = "With --tolerance: the number of random points at which to look for "
            + "the largest difference.",
            DefaultValueFactory = static _ => 10_000,
            HelpName = "count"
        };
        samples.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("The number of samples must not be negative.");
        });
        var data = new Option<string?>("--data")
        {
            Description = "Rows of inputs, .csv, .npy, .npz or images of idx: what is kept is "
            + "kept on them, an estimate for others, and not on the ranges.",
            HelpName = "file"
        };
        var answers = new Option<double?>("--answers")
        {
            Description =
            "With --data: the share of rows, such as 0.998, whose largest output must stay the same one.",
            HelpName = "share"
        };
        answers.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double?>() is not (> 0 and <= 1)) result.AddError("--answers must be above 0 and at most 1.");
        });
        var options = new ModelOptions();
        var annotations = new AnnotationOptions();
        var compiled = new CompilationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("simplify", "Remove what a model does not need on the declared ranges of its inputs; it stays the same "
            + "function there exactly, or within --tolerance.") { model, output, goal, data, answers, samples, json };
        options.AddTo(command);
        annotations.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string path = result.GetValue(model)!, file = result.GetValue(output)!;
            if (!file.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option($"The output '{file}' must end in .kan.json: other formats do not hold the ranges on which it "
                    + "is the same function. kan convert makes them of it.");
            var imported = options.Read(result, screen, path, annotations: annotations, shareOfTolerance: ModelSimplifier.ShareOfReading);
            double? tolerance = options.Tolerance(result) - imported.Report.CertifiedError;
            var onRows = OnRows(result, screen, imported.Document, result.GetValue(data), tolerance, result.GetValue(answers),
                result.GetValue(goal), path, token);
            var simplified = onRows?.Found.Result
                ?? screen.Wait("Simplifying", () => ModelSimplifier.Run(path, imported.Document, tolerance, result.GetValue(goal), token));
            var document = simplified.ToDocument(imported.Document);
            if (onRows is { } estimate)
                document = document with { SourceNotes = document.SourceNotes.Add($"It was compressed for {estimate.Words}.") };
            CompiledSize SizeOf(KanDocument some) =>
                CompiledSize.Of(NetworkCompiler.Plan(some, compiled.Precision(result), compiled.Lowering(result), token));
            var (before, after) = screen.Wait("Compiling", () => (SizeOf(imported.Document), SizeOf(document)));
            var sampled = onRows is not null || simplified.ErrorBound.IsZero || result.GetValue(samples) == 0
                ? null : screen.Progress("Sampling",
                    report => SampledDifference.Of(imported.Document, document, simplified.Box, result.GetValue(samples), report, token));
            Conversion.WriteAtomically(file, KanDocumentWriter.Write(document));
            var outcome = new Outcome(path, file, imported, simplified, before, after, sampled, onRows);
            if (screen.Json) WriteJson(screen, outcome);
            else WriteText(screen, outcome);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>What is found on rows; null without --data.</summary>
    /// <exception cref="ToolException">Options do not fit, or the rows cannot be used.</exception>
    private static RowsOutcome? OnRows(
        ParseResult result, Screen screen, KanDocument document, string? file, double? tolerance, double? answers, SimplificationGoal goal,
        string path, CancellationToken token)
    {
        if (file is null) return answers is null ? null : throw ToolException.Option("--answers counts rows: specify them with --data.");
        if (tolerance is null && answers is null)
            throw ToolException.Option("With --data, specify what is to be kept on its rows: --tolerance, --answers or both.");
        var rows = new List<double[]>();
        using (var source = RowSource<double>.Open(file,
            new RowColumns([.. RowColumns.Of(document.InputNames, document.Layers[0].InputCount)])))
        {
            double[] row = new double[document.Layers[0].InputCount];
            while (source.ReadFinite(row, file)) rows.Add([.. row]);
        }

        if (rows.Count == 0) throw ToolException.BadData(file, "The file has no row, and what is kept is kept on rows.");
        var limit = new SampledLimit { Difference = tolerance ?? double.PositiveInfinity, Answers = answers ?? 0 };
        var found = screen.Wait("Simplifying", () => ModelSimplifier.RunOn(path, document, rows, limit, goal, token));
        return new RowsOutcome(Path.GetFileName(file), rows.Count, found);
    }

    private static void WriteText(Screen screen, Outcome outcome)
    {
        var (result, reading) = (outcome.Result, outcome.Imported.Report.CertifiedError);
        string where = $"for all inputs in {Ranges(result)}; outside it may differ.";
        if (outcome.OnRows is { } onRows && outcome.ErrorBound > 0)
        {
            screen.Verdict("within", Color.Yellow, $" {NumberText.Above(onRows.Found.Difference)} of {outcome.Path} on {onRows.Words}.");
            screen.Line($"  certified {where[..where.IndexOf(';', StringComparison.Ordinal)]}: {NumberText.Above(outcome.ErrorBound)}");
        }
        else if (outcome.ErrorBound == 0) screen.Verdict("equal", Color.Green, $": the same function as {outcome.Path} {where}");
        else screen.Verdict("within", Color.Green, $" {NumberText.Above(outcome.ErrorBound)} of {outcome.Path}, certified, {where}");
        if (reading > 0 && !result.ErrorBound.IsZero) screen.Line($"  {NumberText.Above(reading)} for its curves, which the first column "
            + $"has as segments, and {NumberText.Above(result.ErrorBound.ToDouble())} for fewer of them");
        if (outcome.Sampled is { } sampled) screen.Line($"  the largest difference between the columns at "
            + $"{NumberText.Count(sampled.Samples, "random point")} is {NumberText.Short(sampled.Difference)}, in double arithmetic");
        SimplificationSize before = result.Before, after = result.After;
        (string Name, long Before, long After)[] rows =
        [
            ("layers", before.Layers, after.Layers), ("units", before.Units, after.Units), ("edges", before.Edges, after.Edges),
            ("segments", before.Segments, after.Segments), ("table bytes", outcome.SizeBefore.Bytes, outcome.SizeAfter.Bytes),
            ("predicted ns", outcome.SizeBefore.RoundNanoseconds, outcome.SizeAfter.RoundNanoseconds),
        ];
        screen.Table(["", "before", "after"], [false, true, true],
            rows.Select(static row => (string[])[row.Name, NumberText.Count(row.Before), NumberText.Count(row.After)]));
        foreach (var group in result.Steps.GroupBy(static step => (step.Level, step.Kind)).OrderBy(static group => group.Key.Level)
            .ThenBy(static group => group.Key.Kind))
            screen.Line($"level {group.Key.Level}  {NumberText.Count(group.Sum(static step => step.Nodes.Length), "node")}: "
                + $"{Describe(group.Key.Kind)}");
        foreach (var layer in result.Factored)
            screen.Line($"layer {layer.Layer}  factors of rank {NumberText.Count(layer.Rank)}: {NumberText.Count(layer.NumbersBefore)} "
                + $"numbers are {NumberText.Count(layer.NumbersAfter)}");
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
        SimplificationKind.FactoredLayer => "read by two layers of fewer numbers, within the tolerance",
        _ => "edges dropped within the tolerance",
    };

    private static string Ranges(SimplificationResult result)
    {
        InputRange[] ranges = [.. result.Box.Distinct()];
        return string.Join(" x ", ranges.Take(4).Select(NumberText.Range))
            + (ranges.Length > 4 ? " x ..." : ranges.Length == 1 && result.Box.Length > 1 ? " each" : "");
    }

    private static void WriteJson(Screen screen, Outcome outcome) => screen.WriteJson(new
    {
        Input = outcome.Path,
        outcome.File,
        outcome.Imported.Document.Name,
        InputRanges = outcome.Result.Box.Select(static range => (double[])[range.Low.ToDouble(), range.High.ToDouble()]),
        CertifiedError = outcome.ErrorBound,
        SampledDifference = outcome.Sampled?.Difference ?? outcome.OnRows?.Found.Difference,
        Rows = outcome.OnRows?.Count,
        Answers = outcome.OnRows?.Found.Answers,
        Before = Size(outcome.Result.Before, outcome.SizeBefore),
        After = Size(outcome.Result.After, outcome.SizeAfter),
        outcome.Result.Rounds,
        outcome.Result.IsFinished,
        Steps = outcome.Result.Steps.Select(static step =>
            new { step.Kind, step.Round, step.Level, step.Nodes, step.Edges, step.Segments }),
        outcome.Result.Factored,
    });

    private static object Size(SimplificationSize size, CompiledSize compiled) =>
        new
        {
            size.Layers,
            size.Units,
            size.Edges,
            size.Segments,
            size.Numbers,
            compiled.Bytes,
            PredictedNanoseconds = compiled.Nanoseconds
        };

    /// <summary>What a network takes when it is compiled.</summary>
    /// <param name="Bytes">The bytes of its tables.</param>
    /// <param name="Nanoseconds">The time of one sample that the cost model of the compiler predicts.</param>
    private sealed record CompiledSize(long Bytes, double Nanoseconds)
    {
        public long RoundNanoseconds => (long)Math.Round(Nanoseconds);

        public static CompiledSize Of(NetworkPlan plan) =>
            new(plan.Layers.Sum(static layer => (long)layer.TableBytes), plan.PredictedNanoseconds);
    }

    /// <summary>What came of it.</summary>
    private sealed record Outcome(string Path, string File, ImportResult Imported, SimplificationResult Result, CompiledSize SizeBefore,
        CompiledSize SizeAfter, SampledDifference? Sampled, RowsOutcome? OnRows)
    {
        /// <summary>A bound of the difference to the model in the file.</summary>
        public double ErrorBound => ModelSimplifier.ErrorOf(Imported.Report.CertifiedError, Result);
    }

    /// <summary>What was kept on rows.</summary>
    private sealed record RowsOutcome(string File, int Count, SampledResult Found)
    {
        /// <summary>The rows and their answers, and that both are an estimate.</summary>
        public string Words => string.Create(
            CultureInfo.InvariantCulture, $"{NumberText.Count(Count, "row")} of {File}, {Math.Floor(Found.Answers * 10_000) / 100:0.##} "
            + $"% of them with the same largest output: an estimate, not a certificate");
    }
}
