using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary><c>kan import LIST</c>: many files in one process, for the build.</summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";
    private const long LongestList = 1 << 26;

    /// <summary>The command.</summary>
    /// <param name="calibrate">Gives a model the ranges that the samples of a file have.</param>
    public static Command Create(Func<KanDocument, string, KanDocument> calibrate)
    {
        var list = new Argument<string>("list")
        {
            Description = "A UTF-8 text file of models, one per line: input, output and metadata such as Range=0,1, separated by tabs, "
                + "with these characters escaped as \\t, \\n, \\r and \\\\. - reads standard input.",
        };
        var project = new Option<string?>("--project") { Description = "The project file, at which wrong metadata is reported." };
        var records = new Option<bool>("--records")
        {
            Description = "Print lines for a program, with fields as in the list: failure, code, file, line, column, message; note, "
                + "text; input, an additional file that a model reads.",
        };
        var command = new Command("import", "Convert the models in a list that have changed. " + ExitCode.Help) { list, project, records };
        command.SetAction(result =>
        {
            var configuration = result.InvocationConfiguration;
            bool asRecords = result.GetValue(records);
            var import = new Import(calibrate, result.GetValue(project), asRecords, configuration.Output, configuration.Error);
            foreach (var item in ImportItem.ReadList(ReadText(result.GetValue(list)!), result.GetValue(list)!)) import.Add(item);
            return import.Finish();
        });
        return command;
    }

    private static string ReadText(string list)
    {
        try
        {
            if (list != StandardInput) return Text(RegularFile.ReadAllBytes(list, LongestList));
            using var memory = new MemoryStream();
            using (var input = Console.OpenStandardInput()) input.CopyTo(memory);
            return Text(memory.ToArray());
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw new ToolException(Failure.From(FileFailure.OfReading(list, exception, "Correct the path of the list.")),
                ExitCode.InputOutput);
        }
    }

    // What .NET Framework sends to a process may begin with a byte order mark.
    private static string Text(byte[] bytes) => new StreamReader(new MemoryStream(bytes)).ReadToEnd();

    private sealed class Import(Func<KanDocument, string, KanDocument> calibrate, string? project, bool asRecords, TextWriter output,
        TextWriter error)
    {
        private readonly Dictionary<string, ImportItem> _outputs = new(StringComparer.OrdinalIgnoreCase);
        private readonly SortedSet<string> _dependencies = new(StringComparer.Ordinal);
        private int _exitCode = ExitCode.Success;

        public void Add(ImportItem item)
        {
            string name = MessageText.Name(item.Name);
            if (!_outputs.TryAdd(item.Output, item))
            {
                Fail(item, $"The KanModel item '{name}' occurs twice with different metadata: give each a different Class or Link");
                return;
            }

            if (item.TryGetOptions(out var options) is var (option, value, expected))
            {
                Fail(item, $"The KanModel item '{name}' has {MessageText.Name(option)}=\"{MessageText.Name(value)}\": expected {expected}");
                return;
            }

            try
            {
                Convert(item, options);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The other models are converted all the same.
                var (failure, exitCode) = Boundary.Describe(item.Input, exception);
                Report(failure!, exitCode);
            }
        }

        public int Finish()
        {
            if (asRecords)
            {
                foreach (string file in _dependencies) output.Write(Records.Line("input", file));
            }

            return _exitCode;
        }

        private void Convert(ImportItem item, ImportOptions options)
        {
            var origin = Origin.Of(item);
            _dependencies.UnionWith(origin.Dependencies);
            if (origin.IsOf(item.Output)) return;
            var (text, report) = Conversion.Run(item.Input, item.Output, item.WithFiles(options), item.Simplification,
                document => Toleranced(item.Calibration is { } samples ? calibrate(document, samples) : document, options.Tolerance));
            origin.WriteBeside(item.Output, text);
            Note($"{item.Name}: {string.Join(" -> ", report.Widths)}, {report.SegmentCount} segments");
            foreach (string note in report.Notes) Note($"{item.Name}: {note}");
        }

        /// <summary>A document whose integers should keep a tolerance, unless they are those of the file.</summary>
        private static KanDocument Toleranced(KanDocument document, double? tolerance) =>
            document.Codes is null && tolerance is not null ? document with { IntegerTolerance = tolerance } : document;

        private void Note(string text)
        {
            string line = MessageText.Bound(text);
            output.Write(asRecords ? Records.Line("note", line) : line + "\n");
        }

        private void Fail(ImportItem item, string message) =>
            Report(new Failure(project ?? item.Input, "KAN0306", message), ExitCode.ModelFailed);

        private void Report(Failure failure, int exitCode)
        {
            _exitCode = Math.Max(_exitCode, exitCode);
            if (asRecords) output.Write(failure.ToRecord());
            else error.Write(failure.ToCanonicalLine() + "\n");
        }
    }
}
