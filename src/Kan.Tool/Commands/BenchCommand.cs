using System.CommandLine;
using System.Globalization;
using System.Linq;
using Kan.Compiler;

namespace Kan.Tool;

/// <summary><c>kan bench MODEL</c>: how long the compiled network takes.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var calls = new Option<int>("--calls")
        {
            Description = "The number of single calls to time.",
            DefaultValueFactory = static _ => 100_000,
            HelpName = "count"
        };
        calls.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 100) result.AddError("A histogram needs at least 100 calls.");
        });
        var options = new ModelOptions();
        var compiled = new CompilationOptions(integers: true);
        var json = CommandRunner.JsonOption();
        var command = new Command("bench", "Time the compiled network, one sample per call: a histogram, and a comparison with batches "
            + "and the interpreter.") { model, calls, json };
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            var (document, report) = options.Read(result, screen, result.GetValue(model)!);
            var precision = compiled.Precision(result, document);
            var plan = NetworkCompiler.Plan(document, precision, compiled.Lowering(result), token);
            var type = screen.Wait("Compiling", () => InProcessCompiler.Compile(document, precision, compiled.Lowering(result), token));
            InputRange[] ranges = document.InputRanges.IsEmpty
                ? [.. Enumerable.Repeat(new InputRange(-1, 1), plan.InputCount)]
                : ModelOptions.ForEach(document.InputRanges, plan.InputCount, "The model");
            var subject = Subject.Create(type, plan, ranges);
            bool agree = subject.EnginesAgree();
            var times = screen.Progress("Timing calls", progress => subject.Latencies(result.GetValue(calls), progress));
            token.ThrowIfCancellationRequested();
            double batch = screen.Wait("Timing batches", subject.Batch), panels = screen.Wait("Timing kan eval", subject.Panels),
                reference = screen.Wait("Timing the interpreter", subject.Reference);
            double bytes = subject.BytesPerCall(), p50 = Histogram.Quantile(times, 0.5);
            if (screen.Json)
            {
                screen.WriteJson(new
                {
                    document.Name,
                    report.Widths,
                    Precision = plan.ComputedPrecision,
                    Calls = times.Length,
                    Nanoseconds = new
                    {
                        P50 = p50,
                        P99 = Histogram.Quantile(times, 0.99),
                        P999 = Histogram.Quantile(times, 0.999),
                        Max = times[^1],
                        Batch = batch,
                        Panels = panels,
                        Interpreter = reference
                    },
                    BytesPerCall = bytes,
                    EnginesAgree = agree,
                    Histogram = Histogram.BinsOf(times).Select(static bin => new { bin.From, bin.To, bin.Count }),
                });
                return ExitCode.Success;
            }

            screen.Line($"{document.Name}: {string.Join(" -> ", report.Widths)}, {plan.ComputedPrecision.ToString().ToLowerInvariant()} "
                + $"precision, inputs in {string.Join(" ", ranges.Distinct().Take(4).Select(NumberText.Range))}");
            screen.Line($"{NumberText.Count(times.Length)} calls of the compiled network, one sample each: p50 {Histogram.Time(p50)}, "
                + $"p99 {Histogram.Time(Histogram.Quantile(times, 0.99))}, p99.9 {Histogram.Time(Histogram.Quantile(times, 0.999))}, "
                + $"longest {Histogram.Time(times[^1])}, {bytes.ToString("0.#", CultureInfo.InvariantCulture)} B/call");
            screen.Line();
            foreach (string line in Histogram.Lines(times)) screen.Line(line);
            screen.Line();
            screen.Table(["engine", "time", "times p50"], [false, true, true],
            [
                ["compiled, one call", Histogram.Time(p50), "1"],
                ["compiled, per sample in a batch of 256", Histogram.Time(batch), Ratio(batch, p50)],
                ["kan eval", Histogram.Time(panels), Ratio(panels, p50)],
                [plan.Integers is null ? "interpreter (ReferenceEvaluator)" : "interpreter (IntegerEvaluator)", Histogram.Time(reference),
                    Ratio(reference, p50)],
            ]);
            screen.Line(agree ? "All engines produced the same bits on 256 samples."
                : "The engines produced DIFFERENT bits: please report this model.");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Ratio(double time, double p50) => (time / p50).ToString("0.##", CultureInfo.InvariantCulture);
}
