using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;
using Spectre.Console;

namespace Kan.Tool;

/// <summary><c>kan verify A B</c>: whether two models are the same function, or a model meets recorded outputs.</summary>
internal static class VerifyCommand
{
    private const double RelativeAgreement = 1e-5;

    public static Command Create()
    {
        var left = ModelOptions.ModelArgument("left");
        var right = new Argument<string>("right") { Description = $"Another model, or {RecordedRows.Help}." };
        var box = ModelOptions.BoxOption("Compare two models only for inputs in this box. Default: for all inputs.");
        var samples = new Option<int>("--samples")
        {
            Description = "The number of random points at which to look for the largest "
            + "difference between two models that are not proved equal.",
            DefaultValueFactory = static _ => 10_000,
            HelpName = "count"
        };
        samples.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("The number of samples must not be negative.");
        });
        var cells = new Option<int>("--cells")
        {
            Description = "The maximum number of cells to visit before the answer is undecided.",
            DefaultValueFactory = static _ => new EquivalenceOptions().CellLimit,
            HelpName = "count"
        };
        var time = new Option<double>("--time-limit")
        {
            Description = "The maximum number of seconds to spend before the answer is "
            + "undecided; 0 for no limit.",
            DefaultValueFactory = static _ =>
            new EquivalenceOptions().TimeLimit.TotalSeconds,
            HelpName = "seconds"
        };
        time.Validators.Add(static result =>
        {
            if (!(result.GetValueOrDefault<double>() >= 0)) result.AddError("The time limit must be a non-negative number of seconds.");
        });
        var accept = new Option<double?>("--accept")
        {
            Description = "For recorded outputs: the largest difference to accept. Default: "
            + "1e-5 (1 + |recorded|), plus the certified error of an approximated model.",
            HelpName = "difference"
        };
        var images = new Option<string?>("--images")
        {
            Description =
            "For recorded outputs of images: the idx file that contains the images, compressed (.gz) or not.",
            HelpName = "file"
        };
        var byPosition = RowColumns.ByPositionOption();
        var options = new ModelOptions();
        var compiled = new CompilationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("verify", "Decide whether two models are the same function, with a proof or a point; or compare a "
            + "model with recorded inputs and outputs.")
        {
            left, right, box, samples, cells, time, accept, images, byPosition, json,
        };
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            var first = options.Read(result, screen, result.GetValue(left)!);
            string other = result.GetValue(right)!;
            if (RecordedRows.IsRecorded(other))
                return CompareRecorded(screen, first,
                    RecordedRows.Read(other, result.GetValue(images), first.Document, result.GetValue(byPosition)), result.GetValue(accept),
                    compiled.Precision(result, first.Document), compiled.Lowering(result), token);
            var second = options.Read(result, screen, other);
            var region = result.GetValue(box) is { } text
                ? ModelOptions.ForEach(ModelOptions.Ranges(text), first.Document.Layers[0].InputCount, "--box")
                : null;
            return CompareModels(screen, first.Document, second.Document, region, result.GetValue(samples),
                new EquivalenceOptions { CellLimit = result.GetValue(cells), TimeLimit = TimeLimit(result.GetValue(time)) }, token);
        });
        return command;
    }

    /// <summary>A time longer than a timer can count means no limit.</summary>
    private static TimeSpan TimeLimit(double seconds) => seconds is 0 or > 1e6 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    private static int CompareModels(Screen screen, KanDocument left, KanDocument right, InputRange[]? box, int samples,
        EquivalenceOptions options, CancellationToken token)
    {
        KanNetwork one = left.ToNetwork(), other = right.ToNetwork();
        if (one.InputCount != other.InputCount || one.OutputCount != other.OutputCount)
        {
            string shapes = $"{one.InputCount} inputs and {one.OutputCount} outputs against {other.InputCount} and {other.OutputCount}";
            if (screen.Json) screen.WriteJson(new { Verdict = "refuted", Explanation = $"The shapes differ: {shapes}." });
            else screen.Verdict("refuted", Color.Red, $": the shapes differ, {shapes}.");
            return ExitCode.Different;
        }

        var result = screen.Wait("Deciding", () => Equivalence.Decide(one, other, box, options, token));
        var sampled = result.IsProved || samples == 0
            ? null
            : screen.Progress("Sampling",
                report => SampledDifference.Of(left, right, box ?? Where(left, right, one.InputCount), samples, report, token));
        if (screen.Json) WriteJson(screen, result, sampled);
        else WriteText(screen, result, sampled);
        return result.Verdict switch
        {
            EquivalenceVerdict.Proved => ExitCode.Success,
            EquivalenceVerdict.Refuted => ExitCode.Different,
            _ => ExitCode.Undecided,
        };
    }

    private static void WriteText(Screen screen, EquivalenceResult result, SampledDifference? sampled)
    {
        var (word, color) = result.Verdict switch
        {
            EquivalenceVerdict.Proved => ("proved", Color.Green),
            EquivalenceVerdict.Refuted => ("refuted", Color.Red),
            _ => ("undecided", Color.Yellow),
        };
        screen.Verdict(word, color, ": " + result.Explanation);
        if (result.Counterexample is { } point)
        {
            screen.Line($"inputs      {NumberText.Vector(NumberText.Of(point.Inputs))}");
            screen.Line($"left        {NumberText.Vector(NumberText.Of(point.Left))}");
            screen.Line($"right       {NumberText.Vector(NumberText.Of(point.Right))}");
            screen.Line($"difference  {NumberText.Of(point.Difference.ToDouble())}, exact at this point up to the last digit shown");
        }

        if (sampled is not null)
            screen.Line($"sampled     the largest difference at {NumberText.Count(sampled.Samples, "random point")} is "
                + $"{NumberText.Short(sampled.Difference)}, in double "
                + $"arithmetic{(sampled.Difference > 0 ? ", at " + NumberText.Vector(sampled.Inputs, 8) : "")}");
    }

    private static void WriteJson(Screen screen, EquivalenceResult result, SampledDifference? sampled) => screen.WriteJson(new
    {
        result.Verdict,
        result.Method,
        result.Explanation,
        result.IsOutOfTime,
        result.CellCount,
        Counterexample = result.Counterexample is not { } point ? null : new
        {
            Inputs = Exact(point.Inputs),
            Left = Exact(point.Left),
            Right = Exact(point.Right),
            Difference = point.Difference.ToDouble(),
        },
        Sampled = sampled is null ? null
            : new { sampled.Samples, LargestDifference = sampled.Difference, Inputs = sampled.Difference > 0 ? sampled.Inputs : null },
    });

    /// <summary>Each number as the exact fraction and as the nearest double.</summary>
    private static object Exact(ImmutableArray<Rational> values) =>
        new { Doubles = NumberText.Of(values), Fractions = values.Select(static value => value.ToString()) };

    /// <summary>Where two models take inputs: what either declares, or around 0.</summary>
    private static InputRange[] Where(KanDocument left, KanDocument right, int inputs)
    {
        var ranges = !left.InputRanges.IsEmpty ? left.InputRanges : right.InputRanges;
        return ranges.IsEmpty ? [.. Enumerable.Repeat(new InputRange(-1, 1), inputs)] : ModelOptions.ForEach(ranges, inputs, "The model");
    }

    private static int CompareRecorded(
        Screen screen, ImportResult model, IEnumerable<(double[] Inputs, double[] Outputs)> rows, double? accept, Precision precision,
        Lowering lowering, CancellationToken token)
    {
        var plan = NetworkCompiler.Plan(model.Document, precision, lowering, token);
        double certified = model.Report.CertifiedError;
        bool Accepts(double computed, double recorded) =>
            Math.Abs(computed - recorded) <= (accept ?? certified + (RelativeAgreement * (1 + Math.Abs(recorded))));
        var comparison = screen.Wait("Comparing", () => precision switch
        {
            Precision.Int8 => RecordedComparison.Of(new IntegerRows(plan.Integers!.Form), rows, Accepts, token),
            Precision.Single => RecordedComparison.Of(new PanelEvaluator<float>(plan.Form), rows, Accepts, token),
            _ => RecordedComparison.Of(new PanelEvaluator<double>(plan.Form), rows, Accepts, token),
        });
        bool agrees = comparison.Exceeding == 0;
        string accepted = accept is { } most
            ? NumberText.Of(most)
            : $"1e-5 (1 + |recorded|){(certified > 0 ? " + " + NumberText.Short(certified) : "")}";
        if (screen.Json)
            screen.WriteJson(new
            {
                Verdict = agrees ? "agrees" : "differs",
                comparison.Rows,
                comparison.LargestDifference,
                comparison.Row,
                comparison.Output,
                comparison.Exceeding,
                Accepted = accepted
            });
        else
        {
            screen.Verdict(agrees ? "agrees" : "differs", agrees ? Color.Green : Color.Red, agrees
                ? $": all {NumberText.Count(comparison.Rows, "row")} are within {accepted}."
                : $": {NumberText.Count(comparison.Exceeding)} of {NumberText.Count(comparison.Rows, "row")} differ by more than "
                + $"{accepted}.");
            screen.Line($"largest difference {NumberText.Short(comparison.LargestDifference)}, in row {comparison.Row}, output "
                + $"{comparison.Output}");
        }

        return agrees ? ExitCode.Success : ExitCode.Different;
    }
}
