using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Numerics;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary><c>kan eval MODEL --input data.csv -o out.csv</c>: rows in, rows out, in memory that does not grow with the file.</summary>
internal static class EvalCommand
{
    private const int RowsBetweenReports = 256;

    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var input = new Option<string>("--input", "-i")
        {
            Description = "The rows: .csv (with or without a header), .npy or .npz (rows, "
            + "inputs), or images of idx (...-ubyte, ...-ubyte.gz); - reads CSV from the standard input.",
            Required = true
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write, .csv or .npy. Until it is complete, it is "
            + "named OUTPUT.part. - writes CSV to the standard output.",
            Required = true
        };
        var resume = new Option<bool>("--resume") { Description = "Continue OUTPUT.part after its last complete row." };
        var byPosition = RowColumns.ByPositionOption();
        var options = new ModelOptions();
        var compiled = new CompilationOptions(integers: true);
        var json = CommandRunner.JsonOption();
        var command = new Command("eval", "Evaluate a model on a file of rows of any size. The outputs are bit-identical to those of the "
            + "compiled network.") { model, input, output, resume, byPosition, json };
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            var (document, _) = options.Read(result, screen, result.GetValue(model)!);
            var plan = NetworkCompiler.Plan(document, compiled.Precision(result, document), compiled.Lowering(result), token);
            var request = new Request(document, result.GetValue(input)!, result.GetValue(output)!, result.GetValue(resume),
                result.GetValue(byPosition));
            if (request.IsToConsole && (request.Resume || screen.Json)) throw ToolException.Option($"With -o - the rows are the output: "
                + $"{(request.Resume ? "--resume continues a file" : "--json would be among them")}.");
            if (!request.IsToConsole && Path.GetFullPath(request.Input) == Path.GetFullPath(request.Output))
                throw ToolException.Option("The input and the output are the same file.");
            return plan.ComputedPrecision switch
            {
                Precision.Int8 => Run(screen, request, new IntegerRows(plan.Integers!.Form), token),
                Precision.Single => Run(screen, request, new PanelEvaluator<float>(plan.Form), token),
                _ => Run(screen, request, new PanelEvaluator<double>(plan.Form), token),
            };
        });
        return command;
    }

    private static int Run<T>(Screen screen, Request request, IRowEvaluator<T> evaluator, CancellationToken token)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long start = Stopwatch.GetTimestamp();
        using var source = RowSource<T>.Open(request.Input,
            new RowColumns([.. RowColumns.Of(request.Document.InputNames, evaluator.InputCount)], request.ByPosition));
        using var sink = RowSink<T>.Create(request.Output, evaluator.OutputCount, request.Document.OutputNames, request.Resume,
            screen.Output);
        long before = sink.Rows;
        if (before > 0) RequireSameBeginning(evaluator, source, sink);
        try
        {
            screen.Progress("Evaluating " + request.Input, report => Evaluate(evaluator, source, sink, report, token));
            sink.Complete();
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw Output.Failure(request.Output, exception);
        }
        catch (Exception exception) when (exception is ToolException or OperationCanceledException)
        {
            KeepOrAbandon(screen, request, sink);
            throw;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (screen.Json) screen.WriteJson(new { File = request.Output, sink.Rows, ResumedAt = before, Seconds = seconds });
        else if (before > 0) screen.Note($"resumed after {NumberText.Count(before, "row")}.");
        return ExitCode.Success;
    }

    private static void KeepOrAbandon<T>(Screen screen, Request request, RowSink<T> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (request.IsToConsole)
        {
            sink.Flush();
            return;
        }

        if (sink.Rows == 0)
        {
            sink.Abandon();
            return;
        }

        Output.Write(request.Output + ".part", sink.Flush);
        screen.Note($"{NumberText.Count(sink.Rows, "row")} {(sink.Rows == 1 ? "is" : "are")} in {request.Output}.part; the same command "
            + $"with --resume continues after {(sink.Rows == 1 ? "it" : "them")}.");
    }

    /// <summary>The last row of the part is computed again: another model or other data would give another.</summary>
    private static void RequireSameBeginning<T>(IRowEvaluator<T> evaluator, RowSource<T> source, RowSink<T> sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var inputs = new T[evaluator.InputCount];
        var outputs = new T[evaluator.OutputCount];
        source.Skip(sink.Rows - 1);
        if (!source.Read(inputs)) source.Skip(1);
        evaluator.Evaluate(inputs, outputs);
        if (!sink.LastRowIs(outputs)) throw ToolException.Option($"Row {sink.Rows} of the partial file is not what this model computes "
            + $"for this input: another command wrote it. Run without --resume.");
    }

    private static long Evaluate<T>(IRowEvaluator<T> evaluator, RowSource<T> source, RowSink<T> sink, Action<double> report,
        CancellationToken token)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var inputs = new T[evaluator.InputCount];
        var outputs = new T[evaluator.OutputCount];
        while (source.Read(inputs))
        {
            evaluator.Evaluate(inputs, outputs);
            sink.Write(outputs);
            if (sink.Rows % RowsBetweenReports != 0) continue;
            token.ThrowIfCancellationRequested();
            report(source.Position);
        }

        return sink.Rows;
    }

    private sealed record Request(KanDocument Document, string Input, string Output, bool Resume, bool ByPosition)
    {
        public bool IsToConsole => Output == DataFile.Standard;
    }
}
