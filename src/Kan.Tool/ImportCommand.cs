using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;

namespace Kan.Tool;

/// <summary><c>kan import LIST</c>: many files in one process, for the build.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var list = new Argument<string>("list") { Description = "A UTF-8 text file with one line for each model: input, output and optional range lo,hi, separated by tabs." };
        var last = new Option<string?>("--last-failure")
        {
            Description = "Write the last failure to this file, as three lines (code, file, message), instead of printing it: a build raises it as the error that stops it.",
        };
        var command = new Command("import", "Convert the models of a list. " + ExitCode.Help) { list, last };
        command.SetAction(result =>
        {
            var failures = Run(File.ReadAllLines(result.GetValue(list)!));
            if (failures.Count == 0) return ExitCode.Success;
            string? lastFile = result.GetValue(last);
            for (int i = 0; i < failures.Count; i++)
            {
                if (lastFile is not null && i == failures.Count - 1) Conversion.WriteAtomically(lastFile, failures[i].ToRecord());
                else Console.Error.WriteLine(failures[i].ToCanonicalLine());
            }

            return ExitCode.ModelFailed;
        });
        return command;
    }

    private static List<Failure> Run(string[] lines)
    {
        var failures = new List<Failure>();
        foreach (string line in lines)
        {
            if (line.Length == 0) continue;
            var fields = line.Split('\t');
            if (fields.Length is < 2 or > 3) throw new InvalidDataException($"The list has the line '{line}'; expected are input, output and optional range, separated by tabs.");
            InputRange? range = null;
            if (fields.Length == 3 && fields[2].Trim().Length > 0)
            {
                if (!RangeText.TryParse(fields[2], out var parsed))
                {
                    failures.Add(new Failure(fields[0], "KAN0302", $"The item has Range=\"{fields[2]}\". {RangeText.Expected}"));
                    continue;
                }

                range = parsed;
            }

            if (Conversion.Run(fields[0], fields[1], range) is { } failure) failures.Add(failure);
        }

        return failures;
    }
}
