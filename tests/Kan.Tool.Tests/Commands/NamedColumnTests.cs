using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Columns and names: a header that could mix up the inputs of a model is refused by every command that reads one.</summary>
public sealed class NamedColumnTests
{
    private static readonly string[] s_none = [], s_some = ["age", "pressure"], s_numbers = ["0", "1"];

    /// <summary>The commands that read columns with names.</summary>
    public static TheoryData<string> Readers => ["eval", "verify"];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Columns_are_found_by_name_in_any_order(string reader)
    {
        await Agrees(reader, s_some, "age,pressure", [1, 20]);
        await Agrees(reader, s_some, "pressure,age", [20, 1]);
        await Agrees(reader, s_some, "pressure,note,note,age", [20, 5, 5, 1]);
        await Agrees(reader, s_numbers, "1,0", [20, 1]);
        await Agrees(reader, s_none, "what,ever", [1, 20]);
        await Agrees(reader, s_some, null, [1, 20]);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_header_that_does_not_name_every_input_once_is_refused(string reader)
    {
        await Refuses(reader, "pressure,age_years",
            "The header has no column 'age': expected 'age', 'pressure'; found 'pressure', 'age_years'");
        await Refuses(reader, "x,y", "The header has no column 'age', 'pressure': expected 'age', 'pressure'; found 'x', 'y'");
        await Refuses(reader, "Age,pressure", "The header has no column 'age'");
        await Refuses(reader, "age,age", "The header has no column 'pressure'");
        await Refuses(reader, "age,pressure,age",
            "The header has more than one column 'age': expected 'age', 'pressure'; found 'age', 'pressure', 'age'");
        await Refuses(reader, "age", "The header has no column 'pressure'");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task By_position_takes_columns_in_their_order(string reader)
    {
        await Agrees(reader, s_some, "x,y", [1, 20], "--by-position");
        await Agrees(reader, s_some, "pressure,age", [1, 20], "--by-position");
    }

    [Fact]
    public async Task Names_of_inputs_hold_where_outputs_have_none()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Model(s_some, s_none)));
        scratch.Write("rows.csv", "sum,pressure,age\n201,20,1\n"u8.ToArray());
        await KanRun.Succeed("verify", model, scratch.PathOf("rows.csv"));
        scratch.Write("rows.csv", "pressure,age\n20,1\n"u8.ToArray());
        Assert.Contains("The header has 0 columns in addition to 'age', 'pressure'; expected 1",
            await KanRun.Failure(ExitCode.ModelFailed, "verify", model, scratch.PathOf("rows.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_inputs_of_one_name_are_columns_only_by_position()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Model(["x", "y"], ["x"]))),
            data = scratch.Write("rows.csv", "x,y\n1,20\n"u8.ToArray());
        scratch.Write("record.csv", "x,y,z\n1,20,201\n"u8.ToArray());
        await KanRun.Succeed("eval", model, "--input", data, "-o", scratch.PathOf("out.csv"));
        Assert.Contains("two numbers of a row the same name",
            await KanRun.Failure(ExitCode.ModelFailed, "verify", model, scratch.PathOf("record.csv")), StringComparison.Ordinal);
        await KanRun.Succeed("verify", model, scratch.PathOf("record.csv"), "--by-position");
    }

    private static async Task Agrees(string reader, string[] names, string? header, double[] row, params string[] options)
    {
        using var scratch = new Scratch();
        string[] command = Command(scratch, reader, names, header, row, options);
        var (code, _, error) = await KanRun.Run(command);
        Assert.True(code == ExitCode.Success, $"{reader} {header}: {error}");
        if (reader == "eval")
            Assert.Equal("total\n201\n", await File.ReadAllTextAsync(scratch.PathOf("out.csv"), TestContext.Current.CancellationToken));
    }

    private static async Task Refuses(string reader, string header, string complaint)
    {
        using var scratch = new Scratch();
        string[] command = Command(scratch, reader, s_some, header, [.. header.Split(',').Select(static _ => 1.0)], []);
        string error = await KanRun.Failure(ExitCode.ModelFailed, command);
        Assert.Contains("rows.csv(1,1): error KAN0302: ", error, StringComparison.Ordinal);
        Assert.Contains(reader == "eval" ? complaint : complaint.Split(':')[0], error, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("out.csv")));
    }

    private static string[] Command(Scratch scratch, string reader, string[] names, string? header, double[] row, string[] options)
    {
        bool isRecorded = reader == "verify";
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Model(names, ["total"])));
        IEnumerable<string> lines = header is null ? [] : [header + (isRecorded ? ",total" : "")];
        string data = scratch.Write("rows.csv",
            Encoding.UTF8.GetBytes(string.Join('\n', lines.Append(string.Join(',', row) + (isRecorded ? ",201" : "")))));
        return isRecorded ? ["verify", model, data, .. options]
            : ["eval", model, "--input", data, "-o", scratch.PathOf("out.csv"), .. options];
    }

    private static string Model(string[] inputs, string[] outputs) => $$"""
        {"format":"kan","version":1,"name":"sum"{{Names("inputs", inputs)}}{{Names("outputs", outputs)}},
        "layers":[{"kind":"kan","inputs":2,"outputs":1,"edges":[{"input":0,"output":0,"slopes":[1],"anchor":[0,0]},{"input":1,"output":0,"slopes":[10],"anchor":[0,0]}]}]}
        """;

    private static string Names(string side, string[] names) =>
        names.Length == 0 ? "" : $",\"{side}\":{{\"names\":[{string.Join(',', names.Select(static name => $"\"{name}\""))}]}}";
}
