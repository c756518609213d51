using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Files of rows become files of outputs with the bits of <c>kan eval</c>, whole or not at all.</summary>
public sealed class ScoreTests : IDisposable
{
    private const string Model = """
        {"format":"kan","version":1,"name":"score","inputs":{"names":["age","pressure"]},"outputs":{"names":["risk"]},"layers":[{"kind":"kan","inputs":2,"outputs":1,"edges":[
          {"input":0,"output":0,"breakpoints":[40,65.3],"slopes":[0.1,0.5,"4/3"],"anchor":[40,0]},{"input":1,"output":0,"breakpoints":[120,160],"slopes":[0,0.25,0.75],"anchor":[120,0]}]}]}
        """;

    private const string TwoOutputs = """
        {"format":"kan","version":1,"name":"two","layers":[{"kind":"affine","inputs":2,"outputs":2,"weights":[1,2,3,4]}]}
        """;

    private readonly Scratch _scratch = new();

    private string Folder => _scratch.PathOf("out");

    public ScoreTests()
    {
        _scratch.Write("score.kan.json", System.Text.Encoding.UTF8.GetBytes(Model));
        _scratch.Write("two.kan.json", System.Text.Encoding.UTF8.GetBytes(TwoOutputs));
        Directory.CreateDirectory(_scratch.PathOf("rows"));
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("parquet")]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Scores_have_the_bits_of_kan_eval(string extension)
    {
        const int Rows = 10_007;
        Sql($"""
            COPY (SELECT 'P' || i AS patient, (hash(i) % 9000 / 100.0)::FLOAT AS age, i AS visit, (60 + hash(i + 0.5) % 16000 / 100.0)::FLOAT AS pressure FROM range({Rows}) t(i))
            TO {Path($"rows/a.{extension}")} ({(extension == "jsonl" ? "FORMAT json" : "FORMAT " + extension)})
            """);
        Sql($"COPY (SELECT age, pressure FROM {Path($"rows/a.{extension}")}) TO {Path("same.csv")} (FORMAT csv)");
        await Score(_scratch.PathOf("rows/*." + extension), "--id", "patient");
        await KanRun.Succeed("eval", _scratch.PathOf("score.kan.json"), "-i", _scratch.PathOf("same.csv"), "-o",
            _scratch.PathOf("same.out.csv"));
        string[] expected = File.ReadAllLines(_scratch.PathOf("same.out.csv"))[1..];
        var found = Query($"SELECT patient, risk::FLOAT FROM {Path($"out/a.{extension}")}");
        Assert.Equal(Enumerable.Range(0, Rows).Select(static i => "P" + i), found.Select(static row => row[0]));
        Assert.Equal(expected.Select(static text => float.Parse(text, CultureInfo.InvariantCulture)),
            found.Select(static row => (float)row[1]));
    }

    [Fact]
    public async Task Text_is_rounded_once()
    {
        // Between two floats, nearer to the upper one by less than a double can tell: by way of double it would be a tie.
        _scratch.Write("rows/a.csv", "age,pressure\n1.000000059604644775390626,100\n"u8.ToArray());
        _scratch.Write("first.kan.json", """{"format":"kan","version":1,"name":"first","layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[1,0]}]}"""u8.ToArray());
        await KanRun.Succeed("score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("first.kan.json"), "-o", Folder, "--format",
            "parquet");
        Assert.Equal(1.0000001f, Assert.Single(Query($"SELECT y0 FROM {Path("out/a.parquet")}"))[0]);
    }

    [Fact]
    public async Task A_manifest_says_what_is_there_and_what_is_there_is_passed_over()
    {
        Parquet("a", 1000);
        Parquet("b", 2000);
        string pattern = _scratch.PathOf("rows/*.parquet");
        Assert.Equal(3000, (await Json(pattern)).GetProperty("scored").GetInt64());
        using (var manifest = JsonDocument.Parse(File.ReadAllText(_scratch.PathOf("out/manifest.json"))))
        {
            var root = manifest.RootElement;
            Assert.True(root.GetProperty("isComplete").GetBoolean());
            Assert.Equal(3000, root.GetProperty("rows").GetInt64());
            Assert.Equal(["a.parquet", "b.parquet"],
                root.GetProperty("files").EnumerateArray().Select(static file => file.GetProperty("output").GetString()));
            Assert.All(root.GetProperty("files").EnumerateArray(), file =>
                Assert.Equal(Convert.ToHexStringLower(
                    SHA256.HashData(File.ReadAllBytes(_scratch.PathOf("out/" + file.GetProperty("output").GetString())))),
                    file.GetProperty("sha256").GetString()));
        }

        Assert.Equal(0, (await Json(pattern)).GetProperty("scored").GetInt64());
        Parquet("b", 2500);
        File.Delete(_scratch.PathOf("out/a.parquet"));
        Parquet("c", 10);
        var third = await Json(pattern);
        Assert.Equal(3510, third.GetProperty("scored").GetInt64());
        Assert.Equal(3510, third.GetProperty("rows").GetInt64());
        Assert.Equal(3510, (await Json(pattern, "--overwrite")).GetProperty("scored").GetInt64());
        Assert.Equal(["a.parquet", "b.parquet", "c.parquet", "manifest.json"], Results());
    }

    [Fact]
    public async Task Results_of_another_run_are_not_mixed()
    {
        Parquet("a", 10);
        await Score(_scratch.PathOf("rows"));
        string line = await KanRun.Failure(ExitCode.Usage, "score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("score.kan.json"), "-o",
            Folder, "--id", "id");
        Assert.Contains("holds results of another run (the columns risk instead of id,risk)", line, StringComparison.Ordinal);
        line = await KanRun.Failure(ExitCode.Usage, "score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("two.kan.json"), "-o", Folder);
        Assert.Contains("the network ", line, StringComparison.Ordinal);
        await Score(_scratch.PathOf("rows"), "--id", "id", "--overwrite");
        Assert.Equal(2, Query($"SELECT * FROM {Path("out/a.parquet")}")[0].Length);
        await File.WriteAllTextAsync(_scratch.PathOf("out/manifest.json"), "{", TestContext.Current.CancellationToken);
        Assert.Contains("not a manifest",
            await KanRun.Failure(ExitCode.ModelFailed, "score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("score.kan.json"), "-o",
            Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_is_resumed_by_its_row_groups()
    {
        Groups(groups: 5);
        string pattern = _scratch.PathOf("rows/*.parquet");
        await Score(pattern, "--id", "id");
        var whole = Query($"SELECT id, risk FROM {Path("out/a.parquet")}");
        string line = await KanRun.Failure(ExitCode.Usage, "score", pattern, "-m", _scratch.PathOf("score.kan.json"), "-o", Folder, "--id",
            "id", "--rows", "2048");
        Assert.Contains("(parts of whole files instead of 2,048 rows)", line, StringComparison.Ordinal);

        Directory.Delete(Folder, recursive: true);
        string[] parts = ["--id", "id", "--rows", "4000"];
        Assert.Equal(5 * 2048, (await Json(pattern, parts)).GetProperty("scored").GetInt64());
        Assert.Equal(["a-0000.parquet", "a-0001.parquet", "a-0002.parquet", "manifest.json"], Results());
        Assert.Equal(whole, Query($"SELECT id, risk FROM {Path("out/*.parquet")} ORDER BY id"));

        // A part that is gone is scored again; parts of a file that has become shorter go.
        File.Delete(_scratch.PathOf("out/a-0001.parquet"));
        Assert.Equal(2 * 2048, (await Json(pattern, parts)).GetProperty("scored").GetInt64());
        Assert.Equal(whole, Query($"SELECT id, risk FROM {Path("out/*.parquet")} ORDER BY id"));
        Groups(groups: 3);
        Assert.Equal(3 * 2048, (await Json(pattern, parts)).GetProperty("rows").GetInt64());
        Assert.Equal(["a-0000.parquet", "a-0001.parquet", "manifest.json"], Results());
        Assert.Equal(whole[..(3 * 2048)], Query($"SELECT id, risk FROM {Path("out/*.parquet")} ORDER BY id"));
        Groups(groups: 2);
        await Score(pattern, parts);
        Assert.Equal(["a.parquet", "manifest.json"], Results());
    }

    [Fact]
    public async Task A_job_that_is_stopped_keeps_what_is_whole_and_continues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal that stands for Ctrl-C of another process.");
        const int Rows = 80 * 122_880;
        Parquet("a", Rows);
        string[] arguments = ["--rows", "1", "--threads", "1"];
        var start = new ProcessStartInfo("dotnet",
            ["Kan.Tool.dll", "score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("score.kan.json"), "-o", Folder, .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardError = true,
        };
        using (var process = Process.Start(start)!)
        {
            // Tasks may wait, while other tests compute, until the job is done: hence a thread that looks and signals.
            await Task.Factory.StartNew(() =>
            {
                HangGuard.Until(() => process.HasExited
                    || (Directory.Exists(Folder) && Directory.GetFiles(Folder, "a-*.parquet").Length > 3), "results are there");
                using var signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
                signal.WaitForExit();
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await HangGuard.WaitForExitAsync(process, "kan score", TestContext.Current.CancellationToken);
            Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        }

        string[] kept = Results();
        Assert.InRange(kept.Length, 4, 79);
        using (var manifest = JsonDocument.Parse(File.ReadAllText(_scratch.PathOf("out/manifest.json"))))
        {
            Assert.False(manifest.RootElement.GetProperty("isComplete").GetBoolean());
            Assert.Equal(kept[..^1], manifest.RootElement.GetProperty("files").EnumerateArray()
                .Select(static file => file.GetProperty("output").GetString()));
        }

        Assert.Equal(Rows - ((kept.Length - 1) * 122_880),
            (await Json(_scratch.PathOf("rows"), arguments)).GetProperty("scored").GetInt64());
        Assert.Equal(81, Results().Length);
    }

    [Fact]
    public async Task Several_outputs_are_several_columns_and_all_columns_may_stay()
    {
        Sql($"COPY (SELECT i AS \"a b\", 2 * i AS c FROM range(3) t(i)) TO {Path("rows/a.parquet")}");
        await KanRun.Succeed("score", _scratch.PathOf("rows/a.parquet"), "-m", _scratch.PathOf("two.kan.json"), "-o", Folder,
            "--output-names", "up,down \"it\"", "--by-position");
        Assert.Equal([10f, 22f], Query($"SELECT up, \"down \"\"it\"\"\" FROM {Path("out/a.parquet")}")[2]);
        await KanRun.Succeed("score", _scratch.PathOf("rows/a.parquet"), "-m", _scratch.PathOf("two.kan.json"), "-o",
            _scratch.PathOf("all"), "--id", "*", "--format", "csv");
        Assert.StartsWith("a b,c,y0,y1", File.ReadAllText(_scratch.PathOf("all/a.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NULL_gives_NULL()
    {
        _scratch.Write("rows/a.csv", "age,pressure,id\n50,130,1\n,130,2\nnan,130,3\n"u8.ToArray());
        await Score(_scratch.PathOf("rows/a.csv"), "--id", "id", "--format", "parquet");
        Assert.Equal([1L, 7.5f, 2L, DBNull.Value, 3L, float.NaN],
            Query($"SELECT id, risk FROM {Path("out/a.parquet")}").SelectMany(static row => row));
    }

    [Theory]
    [InlineData("SELECT 1 AS age, 2 AS presure", "no column 'pressure': expected 'age', 'pressure'; found 'age', 'presure'")]
    [InlineData("SELECT 1 AS age, 'high' AS pressure", "The column 'pressure' is VARCHAR; expected numbers.")]
    [InlineData("SELECT 1 AS age, 2 AS pressure, 3 AS risk", "The column 'risk' has the name of an output", "--id", "risk")]
    [InlineData("SELECT 1 AS age, 2 AS pressure", "There is no column 'id', which --id names; found 'age', 'pressure'.", "--id", "id")]
    public async Task Columns_that_do_not_fit_are_named_before_a_row_is_read(string rows, string message, params string[] arguments)
    {
        Sql($"COPY ({rows}) TO {Path("rows/a.parquet")}");
        var (code, _, error) =
            await KanRun.Run(["score", _scratch.PathOf("rows/*"), "-m", _scratch.PathOf("score.kan.json"), "-o", Folder, .. arguments]);
        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains(_scratch.PathOf("rows/a.parquet") + " : error KAN0302: ", error.Replace("(1,1)", " ", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch.PathOf("out/a.parquet")));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_does_not_keep_the_others()
    {
        Parquet("a", 10);
        _scratch.Write("rows/b.parquet", "PAR1 this is not Parquet PAR1"u8.ToArray());
        Parquet("c", 20);
        var (code, output, error) = await KanRun.Run("score", _scratch.PathOf("rows"), "-m", _scratch.PathOf("score.kan.json"), "-o",
            Folder, "--json");
        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains("b.parquet : error KAN0302: DuckDB cannot read it: ", Assert.Single(error.TrimEnd('\n').Split('\n')),
            StringComparison.Ordinal);
        Assert.Contains("\"rows\": 30", output, StringComparison.Ordinal);
        Assert.Contains("\"isComplete\": false", File.ReadAllText(_scratch.PathOf("out/manifest.json")), StringComparison.Ordinal);
        Assert.Equal(["a.parquet", "c.parquet", "manifest.json"], Results());
    }

    [Fact]
    public async Task What_is_not_there_or_cannot_be_written_is_an_error_at_once()
    {
        Parquet("a", 10);
        string model = _scratch.PathOf("score.kan.json");
        Assert.Contains("No file is there",
            await KanRun.Failure(ExitCode.ModelFailed, "score", _scratch.PathOf("none/*.parquet"), "-m", model, "-o", Folder),
            StringComparison.Ordinal);
        _scratch.Write("taken", [1]);
        Assert.Contains("error KAN0308: The file cannot be written",
            await KanRun.Failure(ExitCode.InputOutput, "score", _scratch.PathOf("rows"), "-m", model, "-o", _scratch.PathOf("taken")),
            StringComparison.Ordinal);
        _scratch.Write("rows/a.xlsx", [1]);
        Assert.Contains("Rows of this type cannot be read",
            await KanRun.Failure(ExitCode.ModelFailed, "score", _scratch.PathOf("rows/a.xlsx"), "-m", model, "-o", Folder),
            StringComparison.Ordinal);
        File.Copy(_scratch.PathOf("rows/a.parquet"), _scratch.PathOf("rows/a.csv"));
        Assert.Contains("would both become 'a.csv'",
            await KanRun.Failure(ExitCode.Usage, "score", _scratch.PathOf("rows"), "-m", model, "-o", Folder, "--format", "csv"),
            StringComparison.Ordinal);
        Assert.Contains("--threads must be at least 1", (await KanRun.Run("score", "x", "-m", model, "-o", Folder, "--threads", "0")).Error,
            StringComparison.Ordinal);
    }

    private Task<string> Score(string rows, params string[] arguments) =>
        KanRun.Succeed(["score", rows, "-m", _scratch.PathOf("score.kan.json"), "-o", Folder, .. arguments]);

    private Task<JsonElement> Json(string rows, params string[] arguments) =>
        KanRun.Json(ExitCode.Success, ["score", rows, "-m", _scratch.PathOf("score.kan.json"), "-o", Folder, .. arguments]);

    private string[] Results() =>
        [.. Directory.GetFiles(Folder).Select(static path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void Groups(int groups) => Sql($"""
        COPY (SELECT i AS id, i % 90 AS age, 60.0 + i % 160 AS pressure FROM range({groups * 2048}) t(i)) TO {Path("rows/a.parquet")} (FORMAT parquet, ROW_GROUP_SIZE 2048)
        """);

    private void Parquet(string name, int rows) =>
        Sql($"COPY (SELECT i AS id, i % 90 AS age, 60.0 + i % 160 AS pressure FROM range({rows}) t(i)) TO {Path($"rows/{name}.parquet")}");

    private string Path(string name) => Kan.DuckDB.Sql.Text(_scratch.PathOf(name));

    private static void Sql(string sql) => Query(sql);

    private static List<object[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return Kan.DuckDB.Sql.Rows(connection, sql, static reader =>
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            return row;
        });
    }
}
