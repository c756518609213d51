using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;
using Kan.Tool.Scoring;

namespace Kan.Tool;

/// <summary>
/// <c>kan score "rows/*.parquet" --model net.onnx -o out</c>: files of rows become files of outputs, through DuckDB and the compiled
/// network.
/// </summary>
internal static class ScoreCommand
{
    private const int DefaultMegabytes = 128;

    public static Command Create()
    {
        var rows = new Argument<string>("rows")
        {
            Description =
            $"The files of rows: a path, a folder, or a pattern such as \"rows/*.parquet\"; {ScoreFiles.Extensions}."
        };
        var model = new Option<string>("--model", "-m") { Description = $"The model: {ModelOptions.Formats}.", Required = true };
        var output = new Option<string>("--output",
            "-o")
        { Description = "The folder of the results: one file for each file of rows, and manifest.json.", Required = true };
        var id = new Option<string?>("--id")
        {
            Description = "Columns to keep next to the outputs; * keeps all. Default: none.",
            HelpName = "name[,name...]"
        };
        var format = new Option<string?>("--format")
        {
            Description = "The format of the results. Default: that of each file.",
            HelpName = "parquet|csv|json"
        };
        format.AcceptOnlyFromAmong("parquet", "csv", "json");
        var threads = new Option<int>("--threads")
        {
            Description = "The number of threads. Default: one for each processor.",
            DefaultValueFactory = static _ => Environment.ProcessorCount,
            HelpName = "count"
        };
        var memory = new Option<int>("--memory")
        {
            Description = "The megabytes that DuckDB may use for its buffers.",
            DefaultValueFactory = static _ => DefaultMegabytes,
            HelpName = "count"
        };
        var each = new Option<long?>("--rows")
        {
            Description = "Divide Parquet files of more rows, by whole row groups: a file of "
            + "results for each part of at least so many. Default: one for each file.",
            HelpName = "count"
        };
        AtLeastOne(threads);
        AtLeastOne(memory);
        AtLeastOne(each);

        var overwrite = new Option<bool>("--overwrite")
        {
            Description =
            "Score all files again, and replace results of another run. Default: files whose results are there are passed over."
        };
        var byPosition = RowColumns.ByPositionOption();
        var options = new ModelOptions();
        var annotations = new AnnotationOptions();
        var compiled = new CompilationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("score", "Score files of rows with the compiled network: Parquet, CSV and JSON lines of any size, in "
            + "as many threads as there are processors.")
        {
            rows, model, output, id, format, each, threads, memory, overwrite, byPosition, json,
        };
        options.AddTo(command);
        annotations.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            long start = Stopwatch.GetTimestamp();
            var (document, _) = options.Read(result, screen, result.GetValue(model)!, annotations: annotations);
            var precision = compiled.Precision(result);
            string folder = Path.GetFullPath(result.GetValue(output)!);
            Open(folder);
            var query = new ScoreQuery(
                document, precision, new RowColumns([.. RowColumns.Of(document.InputNames, document.Layers[0].InputCount)],
                    result.GetValue(byPosition)),
                result.GetValue(id) is { } kept ? NameText.Split(kept) : [], Outputs(document));
            var type = screen.Wait("Compiling", () => InProcessCompiler.Compile(document, precision, compiled.Lowering(result), token));
            var manifest = new ScoreManifest(
                document.Name, NetworkCompiler.Plan(document, precision, compiled.Lowering(result), token).ContentHash,
                precision.ToString().ToLowerInvariant(),
                result.GetValue(byPosition) ? [] : document.InputNames, query.Kept, query.Outputs, result.GetValue(each), false, 0, []);
            if (!result.GetValue(overwrite) && ScoreManifest.Read(folder) is { } there)
            {
                if (!manifest.IsSameRun(there)) throw ToolException.Option($"The folder '{result.GetValue(output)}' holds results of "
                    + $"another run ({manifest.Difference(there)}). Use another folder, or --overwrite.");
                manifest = manifest with { Files = there.Files };
            }

            NativeDuckDB.Prepare(screen, token);
            using var job = new ScoreJob(query, type, folder, result.GetValue(threads), result.GetValue(memory));
            var files = job.Find(result.GetValue(rows)!, result.GetValue(each));
            var format0 = result.GetValue(format) switch
            {
                "parquet" => RowFormat.Parquet,
                "csv" => RowFormat.Csv,
                "json" => (RowFormat?)RowFormat.Json,
                _ => null
            };
            RequireDifferentOutputs(files, format0);
            int failed = 0;
            long scoring = Stopwatch.GetTimestamp();
            var (last, scored) = screen.Progress("Scoring " + result.GetValue(rows), report => job.Run(files, manifest, format0, failure =>
            {
                failed++;
                screen.Failure(failure.Failure.ToCanonicalLine());
            }, report, token));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, scoringSeconds = Stopwatch.GetElapsedTime(scoring).TotalSeconds;
            if (screen.Json)
                screen.WriteJson(new
                {
                    Folder = folder,
                    Files = files.Count,
                    Failed = failed,
                    last.Rows,
                    Scored = scored,
                    Seconds = seconds,
                    ScoringSeconds = scoringSeconds
                });
            else screen.Note($"{NumberText.Count(files.Count - failed, "file")} with {NumberText.Count(last.Rows, "row")} in "
                + $"{result.GetValue(output)}; {NumberText.Count(scored, "row")} scored now.");
            return failed == 0 ? ExitCode.Success : ExitCode.ModelFailed;
        });
        return command;
    }

    private static void AtLeastOne<T>(Option<T> count) => count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<T>() is { } value && Convert.ToInt64(value, CultureInfo.InvariantCulture) < 1)
            result.AddError($"{count.Name} must be at least 1.");
    });

    private static ImmutableArray<string> Outputs(KanDocument document)
    {
        int count = document.Layers[^1].OutputCount;
        return Kan.DuckDB.SqlType.Names(document.Labels.IsEmpty ? document.OutputNames : document.Labels, count, "y");
    }

    /// <summary>A folder that cannot be written is an error before a row is read.</summary>
    private static void Open(string folder) => Output.Write(folder, () =>
    {
        Directory.CreateDirectory(folder);
        string probe = Path.Combine(folder, $".kan-{Guid.NewGuid():N}");
        using (File.Create(probe, 1, FileOptions.DeleteOnClose))
        {
            // Its creation is the test.
        }
    });

    private static void RequireDifferentOutputs(IReadOnlyList<ScoreFile> files, RowFormat? format)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            string output = ScoreFiles.OutputName(file, format ?? file.Format);
            if (!seen.TryAdd(output, file.Path))
                throw ToolException.Option($"'{seen[output]}' and '{file.Path}' would both become '{output}'.");
        }
    }
}
