using System;
using System.CommandLine;
using System.Linq;
using Kan.Service.Load;

var seconds = new Option<int>("--seconds") { Description = "How long the clients ask.", DefaultValueFactory = static _ => 120 };
var clients = new Option<int>("--clients") { Description = "How many ask at once.", DefaultValueFactory = static _ => 64 };
foreach (var option in (Option<int>[])[seconds, clients])
{
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value is < 1 or > 3600)
            result.AddError($"{option.Name} is {value}: give a number from 1 to 3600.");
    });
}

var command = new RootCommand("Starts the service of the sample on the loopback address, asks it from many clients at once, checks every "
    + "answer and reports how long they took.") { seconds, clients };
command.SetAction(async (parsed, cancellation) =>
{
    int count = parsed.GetValue(clients);
    var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
    await using var service = await ServiceProcess.Start();

    // Methods are compiled and the heap settles before anything is measured.
    await LoadRun.For(service, count, TimeSpan.FromSeconds(Math.Min(10, time.TotalSeconds)), cancellation);
    long before = service.WorkingSet();
    var answers = await LoadRun.For(service, count, time, cancellation);
    Report.Write(Console.Out, answers, count, time.TotalSeconds, before, service.WorkingSet());
    return answers.All(static answer => answer.Outcome == Outcome.Right) && await service.Stop() ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
