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
    public static Command Create()
    {
        var list = new Argument<string>("list") { Description = "A UTF-8 text file of models: input, output and metadata such as Range=0,1, with the character U+001F between them and U+001E after each model." };
        var project = new Option<string?>("--project") { Description = "The project file, where wrong metadata is reported." };
        var inputs = new Option<string?>("--inputs") { Description = "Write the files that models read beside their own to this file, one a line." };
        var stamp = new Option<string?>("--stamp") { Description = "Make this file, with the time of the start, when all models are converted." };
        var last = new Option<string?>("--last-failure")
        {
            Description = "Write the last failure to this file, as three lines (code, file, message), instead of printing it: a build raises it as the error that stops it.",
        };
        var command = new Command("import", "Convert the models of a list, those that changed. " + ExitCode.Help) { list, project, inputs, stamp, last };
        command.SetAction(result =>
        {
            var start = DateTime.UtcNow;
            var import = new Import(result.GetValue(project));
            foreach (var item in ModelItem.ReadList(File.ReadAllText(result.GetValue(list)!))) import.Add(item);
            if (result.GetValue(inputs) is { } inputsFile) import.WriteDependencies(inputsFile);
            if (import.Failures.Count == 0)
            {
                if (result.GetValue(stamp) is { } stampFile) Stamp(stampFile, start);
                return ExitCode.Success;
            }

            string? lastFile = result.GetValue(last);
            for (int i = 0; i < import.Failures.Count; i++)
            {
                if (lastFile is not null && i == import.Failures.Count - 1) Conversion.WriteAtomically(lastFile, import.Failures[i].ToRecord());
                else Console.Error.WriteLine(import.Failures[i].ToCanonicalLine());
            }

            return ExitCode.ModelFailed;
        });
        return command;
    }

    // Of the start, so that a file that changes while the models are converted is newer.
    private static void Stamp(string path, DateTime start)
    {
        Conversion.WriteAtomically(path, "");
        File.SetLastWriteTimeUtc(path, start);
    }

    private sealed class Import(string? project)
    {
        private readonly Dictionary<string, ModelItem> _outputs = new(StringComparer.OrdinalIgnoreCase);
        private readonly SortedSet<string> _dependencies = new(StringComparer.Ordinal);

        public List<Failure> Failures { get; } = [];

        public void Add(ModelItem item)
        {
            if (!_outputs.TryAdd(item.Output, item))
            {
                Fail(item, $"The KanModel item '{item.Name}' is there twice with different metadata: give each a Class or a Link of its own");
                return;
            }

            if (item.TryGetOptions(out var options) is var (name, value, expected))
            {
                Fail(item, $"The KanModel item '{item.Name}' has {name}=\"{value.ReplaceLineEndings(" ")}\": expected is {expected}");
                return;
            }

            var origin = Origin.Of(item);
            _dependencies.UnionWith(origin.Dependencies);
            if (origin.IsOf(item.Output)) return;
            if (Conversion.Run(item.Input, item.Output, options, out var report) is { } failure)
            {
                Failures.Add(failure);
                return;
            }

            origin.WriteBeside(item.Output);
            Console.WriteLine($"{item.Name}: {string.Join(" -> ", report!.Widths)}, {report.SegmentCount} segments");
            foreach (string note in report.Notes) Console.WriteLine($"{item.Name}: {note.ReplaceLineEndings(" ")}");
        }

        public void WriteDependencies(string path)
        {
            string text = string.Concat(_dependencies.Select(static file => file + "\n"));
            if (!File.Exists(path) || File.ReadAllText(path) != text) Conversion.WriteAtomically(path, text);
        }

        private void Fail(ModelItem item, string message) => Failures.Add(new Failure(project ?? item.Input, "KAN0306", message));
    }
}
