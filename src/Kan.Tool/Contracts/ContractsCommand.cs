using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Tool;

/// <summary><c>kan prove-contracts ASSEMBLY</c>: the contracts of a compiled assembly, for the build.</summary>
internal static class ContractsCommand
{
    public static Command Create()
    {
        var assembly = new Argument<string>("assembly")
        {
            Description =
            "The compiled assembly. Standard input names the documents of its models, in records: document, path."
        };
        var project = new Option<string>("--project")
        {
            Description =
            "The project file; files that contracts name are relative to its folder.",
            Required = true
        };
        var results = new Option<string>("--results") { Description = "The folder that keeps results.", Required = true };
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long to search for each contract.",
            DefaultValueFactory = static _ => 60
        };
        var command = new Command("prove-contracts", "Prove the contracts of a compiled assembly, and print records: proved, undecided "
            + "or failure, code, file, line, column, message; note, text; input, path. " + ExitCode.Help)
        {
            assembly, project, results, seconds,
        };
        command.Hidden = true;
        command.SetAction((result, cancellation) => Task.Run(
            () => Run(result.GetValue(assembly)!, result.GetValue(project)!, result.GetValue(results)!, result.GetValue(seconds),
                Documents(Console.In), result.InvocationConfiguration.Output, cancellation),
            CancellationToken.None));
        return command;
    }

    /// <summary>Proves what an assembly promises.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="project">The project file.</param>
    /// <param name="results">Where results are kept.</param>
    /// <param name="seconds">How long to search for each contract.</param>
    /// <param name="documents">The documents of the models.</param>
    /// <param name="output">Takes the records.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static int Run(string assembly, string project, string results, double seconds, IReadOnlyList<string> documents,
        TextWriter output, CancellationToken cancellation)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(project))!;
        var networks = new ModelDocuments(documents);
        var shown = new List<string>();
        int code = ExitCode.Success;
        foreach (string text in ContractAssembly.Read(assembly))
        {
            var stated = StatedNetwork.Read(text);
            ContractProver? prover = null;
            foreach (var contract in stated.Contracts)
            {
                string place = contract.Path.Length == 0 ? project : Path.Combine(folder, contract.Path);
                string? about = contract.File.Length == 0 ? null : Path.Combine(folder, contract.File);
                if (about is not null) output.Write(Records.Line("input", about));
                string kept = Path.Combine(results, ContractKey.Of(stated, contract, about) + ".proof");
                var verdict = ContractResult.Load(kept);
                if (verdict is null || !verdict.Settles(seconds))
                {
                    output.Write(Records.Line("note", $"{stated.Type}: proving that {contract.Text}"));
                    output.Flush();
                    prover ??= new ContractProver(stated, networks.Find(stated, project));
                    verdict = prover.Prove(contract, about, seconds, cancellation);
                    verdict.Save(kept);
                }

                string kind = verdict.Verdict switch
                {
                    ContractVerdict.Proved => "proved",
                    ContractVerdict.Undecided => "undecided",
                    _ => "failure"
                };
                string message = MessageText.Bound(verdict.Message(stated.Type, contract));
                output.Write(Records.Line(kind, verdict.Code, place, Text(contract.Line), Text(contract.Column), message));
                output.Flush();
                shown.Add(Records.Line(stated.Type, stated.ContentHash, contract.Text, verdict.Code, verdict.Reason));
                if (kind == "failure") code = ExitCode.ModelFailed;
            }
        }

        Show(Path.Combine(results, "contracts.results"), string.Concat(shown));
        return code;
    }

    /// <summary>Writes what the editor shows until the next build; where nothing has changed the file stays as it is.</summary>
    private static void Show(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build of the project may be writing it.
        }
    }

    private static string[] Documents(TextReader input) =>
        [.. Records.Read(input.ReadToEnd()).Where(static record => record is ["document", _]).Select(static record => record[1])];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
