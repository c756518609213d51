using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Kan.Benchmarks;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Sections;

Section[] sections =
[
    new CeilingSection(),
    new SingleSection(),
    new BatchSection(),
    new IntegerSection(),
    new ImageSection(),
    new CurveSection(),
    new ImageCurveSection(),
    new NarrowSection(),
    new NativeSection(),
    new ColdSection(),
    new FormSection(),
    new SparsitySection(),
    new BuildSection(),
    new CancellationSection(),
    new ScoringSection(),
    new ExactSection(),
];

if (args is [Child.Argument, var job, .. var jobArguments])
{
    if (job == ColdSection.Job) ColdSection.RunChild(jobArguments);
    else if (job == ColdSection.CodeJob) ColdSection.RunCodeChild(jobArguments);
    else NarrowSection.RunChild(jobArguments);
    return 0;
}

try
{
    bool reportOnly = args is ["--report", ..];
    if (args is ["--list"])
    {
        foreach (var section in sections) Console.WriteLine($"{section.Name,-12} {section.Summary}");
        return 0;
    }

    var options = Options.Parse(reportOnly ? args[1..] : args, [.. sections.Select(static section => section.Name)]);
    var results = Results.Load(options.Numbers);
    results.Machine = [.. Machine.Describe().Select(static fact => KeyValuePair.Create(fact.Name, fact.Value))];
    foreach (var section in sections.Where(section => !reportOnly && (options.Only.Count == 0 || options.Only.Contains(section.Name))))
    {
        Console.WriteLine(section.Name);
        long start = Stopwatch.GetTimestamp();
        var result = new SectionResult { Quick = options.Quick };
        section.Network = options.Network;
        section.Run(options.Quick ? Effort.Quick : Effort.Full, result);
        if (options.Network is not null)
        {
            Console.Write(Report.Text(result));
            continue;
        }

        results.Sections[section.Name] = result;
        results.Save(options.Numbers);
        Console.WriteLine($"  {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    if (options.Network is not null) return 0;
    Report.Write(results, [.. sections.Select(static section => section.Name)], options.Output);
    Console.WriteLine($"{options.Output} (checksum {Sink.Sum})");
    return 0;
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
