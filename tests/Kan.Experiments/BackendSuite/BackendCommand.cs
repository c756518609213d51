using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Experiments.BackendSuite;

/// <summary><c>backend-suite FOLDER</c>: the test suite of ONNX, from a folder that is not part of the repository.</summary>
internal static class BackendCommand
{
    public static Command Create()
    {
        var suite = new Argument<string>("folder") { Description = "The folder onnx/backend/test/data of a release of ONNX." };
        var filter = new Option<string?>("--filter") { Description = "Only tests whose name contains this text.", HelpName = "text" };
        var results = new Option<string>("--results")
        {
            Description = "The file to which one line is written for each test.",
            DefaultValueFactory = static _ => "artifacts/experiments/backend-suite.tsv",
            HelpName = "file"
        };
        var page = new Option<bool>("--page") { Description = "Run nothing; write docs/experiments/onnx-backend.md from the results." };
        var command = new Command("backend-suite", "Imports and evaluates the models of the ONNX backend test suite.") { suite, filter,
            results, page };
        command.SetAction(result =>
        {
            if (result.GetValue(page))
            {
                BackendPage.Write(BackendOutcome.ReadAll(result.GetValue(results)!));
                return;
            }

            var outcomes = Run(result.GetValue(suite)!, result.GetValue(filter) ?? "", result.GetValue(results)!);
            foreach (var group in outcomes.GroupBy(static outcome => outcome.Class).OrderBy(static group => group.Key))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Key}: {group.Count()}"));
        });
        return command;
    }

    private static List<BackendOutcome> Run(string suite, string filter, string results)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(results))!);
        string scratch = Directory.CreateTempSubdirectory("kan-backend-").FullName;
        try
        {
            using var lines = new StreamWriter(results) { AutoFlush = true };
            var run = new BackendRun(scratch);
            var outcomes = new List<BackendOutcome>();
            foreach (string folder in BackendTest.Folders(suite).Where(folder => folder.Contains(filter, StringComparison.Ordinal)))
            {
                var outcome = run.Run(BackendTest.Read(suite, folder));
                outcomes.Add(outcome);
                lines.WriteLine(outcome.ToLine());
                if (outcome.IsFault) Console.WriteLine(outcome.ToLine());
            }

            return outcomes;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
