using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>
/// What a model adds to a build: time and memory of the compiler, the generator by itself, and how tables are best written.
/// </summary>
internal sealed class BuildSection() : Section("build", "time and memory that models of 1,000 to 1,000,000 parameters add to a build")
{
    private static readonly (int Parameters, int[] Widths)[] s_models =
    [
        (1_000, [25, 32, 5]), (10_000, [100, 90, 10]), (110_000, [784, 128, 64, 10]), (1_000_000, [1000, 900, 100, 10]),
    ];

    private static readonly int[] s_tables = [64, 256, 512, 1024, 4096, 16384];

    public override void Run(Effort effort, SectionResult result)
    {
        result.Tables.Add(Builds(effort == Effort.Full ? 3 : 1, result));
        result.Tables.Add(Generator(effort == Effort.Full ? 5 : 3, result));
        result.Tables.Add(Tables(effort == Effort.Full ? 15 : 7));
    }

    private static Table Builds(int pairs, SectionResult result)
    {
        var table = new Table
        {
            Title = "Build of a project with a network, dotnet build after an edit",
            Columns = ["parameters", "network", "without, s", "with, s", "added, s", "compiler's memory without, MiB", "with, MiB"]
        };
        using var without = new TemporaryProject(null);
        without.Build();
        foreach (var (parameters, widths) in s_models)
        {
            Console.WriteLine($"  build with {parameters} parameters");
            using var with = new TemporaryProject(Model(widths));
            with.Build();
            var runs = Enumerable.Range(0, pairs).Select(_ => (Without: without.Build(), With: with.Build())).ToList();
            double Middle(Func<((double Seconds, double Megabytes) Without, (double Seconds, double Megabytes) With), double> number) =>
                Statistics.Median([.. runs.Select(number)]);
            double added = Middle(static run => run.With.Seconds - run.Without.Seconds);
            result.Numbers[$"build/{parameters}/added"] = added;
            result.Numbers[$"build/{parameters}/megabytes"] = Middle(static run => run.With.Megabytes);
            table.Rows.Add([
                Integer(parameters), NameOf(widths), Format.Number(Middle(static run => run.Without.Seconds)),
                    Format.Number(Middle(static run => run.With.Seconds)), Format.Number(added),
                Format.Number(Middle(static run => run.Without.Megabytes)), Format.Number(Middle(static run => run.With.Megabytes))]);
        }

        table.Notes.Add($"Median of {pairs} pairs. Each build starts all of its processes from scratch (no build server, no compiler "
            + $"server), so a developer's builds are faster; the compiler's memory is the high-water mark of its process.");
        return table;
    }

    private static Table Generator(int runs, SectionResult result)
    {
        var table = new Table
        {
            Title = "The generator alone, milliseconds",
            Columns =
            ["parameters", "network", "generator", "C# compiler on its output", "driver after an edit elsewhere", "steps run again"]
        };
        foreach (var (parameters, widths) in s_models)
        {
            Console.WriteLine($"  generator with {parameters} parameters");
            var model = Model(widths);
            GeneratorDriverRun.Measure(model);
            var measured = Enumerable.Range(0, parameters > 500_000 ? Math.Min(runs, 3) : runs)
                .Select(_ => GeneratorDriverRun.Measure(model)).ToList();
            double Middle(Func<GeneratorDriverRun, double> number) => Statistics.Median([.. measured.Select(number)]);
            result.Numbers[$"build/{parameters}/generator"] = Middle(static run => run.Generator);
            result.Numbers[$"build/{parameters}/recomputed"] = measured.Max(static run => run.Recomputed);
            table.Rows.Add([
                Integer(parameters), NameOf(widths), Format.Number(Middle(static run => run.Generator)),
                    Format.Number(Middle(static run => run.Compiler)),
                Format.Number(Middle(static run => run.Edit)), Integer(measured.Max(static run => run.Recomputed))]);
        }

        table.Notes.Add(
            "In a process that is warm, as an editor is. The generator reads the model's text, simplifies, lowers, certifies and prints.");
        return table;
    }

    /// <summary>One table as numbers and as base64: where the compact form begins to pay.</summary>
    private static Table Tables(int runs)
    {
        Console.WriteLine("  tables");
        var table = new Table
        {
            Title = "Tables in generated code, milliseconds of the C# compiler",
            Columns = ["numbers", "as literals", "as base64", "literals cost more by", "a number as a literal, us"]
        };
        var random = new Random(41);
        double empty =
            Median(runs, static () => GeneratorDriverRun.Compile("static class Table { static readonly float[] s = new float[] { 1f }; }"));
        foreach (int count in s_tables)
        {
            float[] numbers = [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
            string literals = $"static class Table {{ static readonly float[] s = new float[] {{ "
                + $"{string.Join(", ", numbers.Select(static number => number.ToString("R", CultureInfo.InvariantCulture) + "f"))} }}; }}";
            string text = $"static class Table {{ static System.ReadOnlySpan<byte> S => "
                + $"\"{Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(numbers))}\"u8; }}";
            double asLiterals = Median(runs, () => GeneratorDriverRun.Compile(literals)) - empty,
                asText = Median(runs, () => GeneratorDriverRun.Compile(text)) - empty;
            table.Rows.Add([Integer(count), Format.Number(Math.Max(0, asLiterals)), Format.Number(Math.Max(0, asText)),
                Format.Number(asLiterals - asText), Format.Number(Math.Max(0, asLiterals) * 1000 / count)]);
        }

        table.Notes.Add("Less a table of one number, median. Networks of at most 512 numbers have their tables as literals, which people "
            + "can read, for some milliseconds of a build; all others as base64.");
        return table;
    }

    private static double Median(int runs, Func<double> measure) =>
        Statistics.Median([.. Enumerable.Range(0, runs).Select(_ => measure())]);

    private static KanDocument Model(int[] widths) =>
        RandomNetworks.Mlp("network", 21, 0, widths) with { InputRanges = [new InputRange(Rational.Zero, Rational.One)] };

    private static string NameOf(int[] widths) => "MLP " + string.Join('-', widths);

    private static string Integer(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
