using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Kan.Experiments;
using Kan.Experiments.BackendSuite;
using Kan.Experiments.Integers;
using Kan.Experiments.Verification;
using Kan.Testing;

var quick = new Option<bool>("--quick")
{
    Description =
    "A small run of the same code, in seconds; its pages go to artifacts/experiments unless told otherwise.",
    Recursive = true
};
var output = new Option<string?>("--output", "-o")
{
    Description =
    "The folder to which pages and images are written. Default: docs/experiments.",
    HelpName = "folder",
    Recursive = true
};
var root = new RootCommand("Measures the claims of arXiv 2503.01702, and writes the results as pages.") { quick, output };
root.Add(BackendCommand.Create());
root.Add(VerificationCommand.Create());
root.Add(AttackCommand.Create(output));
foreach (var experiment in Experiments.All) root.Add(CommandOf(experiment.Name, experiment.Question, [experiment]));
root.Add(CommandOf("all", "Every experiment, one after the other.", Experiments.All));

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}

Command CommandOf(string name, string description, IReadOnlyList<IExperiment> experiments)
{
    var command = new Command(name, description);
    command.SetAction(result =>
    {
        bool isQuick = result.GetValue(quick);
        Runner.Run(experiments, isQuick,
            result.GetValue(output) ?? Repository.PathOf(isQuick ? "artifacts/experiments" : "docs/experiments"));
    });
    return command;
}
