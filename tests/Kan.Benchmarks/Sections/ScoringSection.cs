using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Interchange;

namespace Kan.Benchmarks.Sections;

/// <summary>
/// Rows of Parquet files through DuckDB: what the network takes of a query, what a second core brings, and ONNX Runtime in the same query.
/// </summary>
internal sealed class ScoringSection() : Section("scoring", "rows of Parquet files through DuckDB and kan score, with one core and two")
{
    private const string Network8 = "KAN [8,16,8,1]";
    private const string Memory = "a table in memory, no network", Read = "Parquet, no network", Ours = "Parquet, network",
        Peer = "Parquet, ONNX Runtime", Job = "Parquet, network, to Parquet";
    private const int FullRows = 10_000_000, QuickRows = 1_000_000, FullRounds = 9, QuickRounds = 3;

    public override void Run(Effort effort, SectionResult result)
    {
        var workload = Workload.Named(Network8);
        int rows = effort == Effort.Full ? FullRows : QuickRows, rounds = effort == Effort.Full ? FullRounds : QuickRounds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rows:N0} rows of {Network8}"));
        using var files = new ScoringFiles(workload.InputCount, rows);
        files.Register(RuntimeCompiler.Compile(workload.Document), OnnxExporter.Export(workload.Document.ToNetwork()).Bytes);
        RequireAgreement(files, workload.OutputCount);
        result.Tables.Add(Queries(files, rows, rounds, result));
        result.Tables.Add(Tool(files, workload, rows, rounds, result));
    }

    private static Table Queries(ScoringFiles files, int rows, int rounds, SectionResult result)
    {
        string written = files.PathOf("written.parquet");
        string Sum(string function, string table) => $"SELECT sum({function}({files.Arguments})) FROM {table}";
        (string Name, string Sql)[] queries =
        [
            (Memory, Sum(ScoringFiles.Idle, ScoringFiles.MemoryTable)), (Read, Sum(ScoringFiles.Idle, files.Table)),
                (Ours, Sum(ScoringFiles.Ours, files.Table)), (Peer, Sum(ScoringFiles.Peer, files.Table)),
            (Job, $"COPY (SELECT id, {ScoringFiles.Ours}({files.Arguments}) AS score FROM {files.Table}) TO '{written}'"),
        ];
        var one = Time(files, queries, threads: 1, rounds);
        var two = Time(files, queries, threads: 2, rounds);
        var both = queries.Select(query => Statistics.Median([.. one[query.Name].Zip(two[query.Name], static (a, b) => a / b)])).ToArray();
        double Each(string name) => Statistics.Median(one[name]) / rows * 1e9;
        var table = new Table
        {
            Title = string.Create(CultureInfo.InvariantCulture,
                $"{Network8} in DuckDB, {rows:N0} rows in two Parquet files of together {Format.Bytes(files.Bytes)}, nanoseconds a row"),
            Columns = ["query", "one thread", "rows a second", "two threads", "one / two"],
        };
        for (int i = 0; i < queries.Length; i++)
        {
            string name = queries[i].Name;
            table.Rows.Add([name, Format.Number(Each(name)), Format.Number(1e3 / Each(name)) + " M",
                Format.Number(Statistics.Median(two[name]) / rows * 1e9), Format.Times(both[i])]);
            result.Numbers[$"scoring/{name}/one thread"] = Each(name);
            result.Numbers[$"scoring/{name}/cores"] = both[i];
        }

        string Share(double nanoseconds) => Format.Percent(nanoseconds / Each(Job));
        double network = Each(Ours) - Each(Read), peer = Statistics.Median([.. one[Peer].Zip(one[Ours], static (a, b) => a / b)]);
        result.Numbers["scoring/peer"] = peer;
        result.Numbers["scoring/share"] = network / Each(Job);
        table.Notes.Add($"""
            Of the last query, the network takes {Share(network)}, reading Parquet {Share(Each(Read) - Each(Memory))}, writing it {Share(Each(Job) - Each(Ours))}, the rest of DuckDB with turning columns into rows
            {Share(Each(Memory))}: differences of whole queries on one thread.
            """.ReplaceLineEndings(" "));
        table.Notes.Add($"The query with ONNX Runtime, one run for each chunk of 2,048 rows, takes {Format.Number(peer)} times as long "
            + $"as the one with the network.");
        return table;
    }

    private static Dictionary<string, double[]> Time(ScoringFiles files, (string Name, string Sql)[] queries, int threads, int rounds)
    {
        files.Run(string.Create(CultureInfo.InvariantCulture, $"SET threads = {threads}"));
        foreach (var (_, sql) in queries) files.Run(sql);
        var times = queries.ToDictionary(static query => query.Name, _ => new double[rounds]);
        for (int round = 0; round < rounds; round++)
        {
            foreach (var (name, sql) in round % 2 == 0 ? queries : Enumerable.Reverse(queries))
            {
                long start = Clock.Now;
                files.Run(sql);
                times[name][round] = Clock.NanosecondsSince(start) / 1e9;
            }
        }

        return times;
    }

    private static Table Tool(ScoringFiles files, Workload workload, int rows, int rounds, SectionResult result)
    {
        string model = files.PathOf("network.kan.json");
        File.WriteAllText(model, KanDocumentWriter.Write(workload.Document));
        var table = new Table
        {
            Title = "`kan score`, a separate process",
            Columns = ["threads", "rows a second, scoring", "rows a second, with start and compilation", "memory at the peak"]
        };
        foreach (int threads in (int[])[1, 2])
        {
            var runs = Enumerable.Range(0, Math.Max(3, rounds / 3)).Select(_ => Score(files, model, threads)).ToArray();
            double scoring = rows / Statistics.Median([.. runs.Select(static run => run.Scoring)]),
                whole = rows / Statistics.Median([.. runs.Select(static run => run.Seconds)]);
            double memory = runs.Max(static run => run.Bytes);
            table.Rows.Add([threads.ToString(CultureInfo.InvariantCulture), Format.Number(scoring / 1e6) + " M",
                Format.Number(whole / 1e6) + " M", Format.Bytes(memory)]);
            result.Numbers[$"scoring/kan score/{threads}/rows"] = scoring;
            result.Numbers[$"scoring/kan score/{threads}/bytes"] = memory;
        }

        table.Notes.Add("`kan score rows --by-position --id id --threads N`, results in Parquet.");
        return table;
    }

    private static (double Scoring, double Seconds, double Bytes) Score(ScoringFiles files, string model, int threads)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Options.Metadata("KanTool"), "score", files.PathOf("rows"), "--model", model, "--by-position", "--id", "id", "-o",
                files.PathOf("scores"), "--overwrite",
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--json",
        ])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            peak = Math.Max(peak, PeakOf(process));
        }

        if (process.ExitCode != 0) throw new InvalidOperationException($"kan score ended with exit code {process.ExitCode}.");
        using var json = JsonDocument.Parse(output.GetAwaiter().GetResult());
        return (json.RootElement.GetProperty("scoringSeconds").GetDouble(), json.RootElement.GetProperty("seconds").GetDouble(), peak);
    }

    /// <summary>The most memory of a process so far; 0 where it has just ended.</summary>
    private static long PeakOf(Process process)
    {
        try
        {
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private static void RequireAgreement(ScoringFiles files, int outputs)
    {
        if (outputs != 1) throw new InvalidOperationException("Queries are written for networks of one output.");
        double worst = files.Number($"SELECT max(abs({ScoringFiles.Ours}({files.Arguments}) - {ScoringFiles.Peer}({files.Arguments}))) "
            + $"FROM {files.Table}");
        double scale = files.Number($"SELECT max(abs({ScoringFiles.Ours}({files.Arguments}))) FROM {files.Table}");
        if (!(worst <= 2e-3 * scale)) throw new InvalidOperationException($"ONNX Runtime differs by {worst} where outputs reach {scale}; "
            + $"they do not compute the same network.");
    }
}
