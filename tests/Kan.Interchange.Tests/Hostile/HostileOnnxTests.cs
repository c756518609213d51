using System;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Hostile;

/// <summary>
/// Graphs of a few bytes that ask for much, and graphs that no runtime would take. What each is refused for is the assertion, never a time.
/// </summary>
public sealed class HostileOnnxTests
{
    private static ModelFileException Refusal(OnnxBuilder model, ModelFileProblem problem = ModelFileProblem.Unsupported,
        params string[] parts)
    {
        var exception = Assert.Throws<ModelFileException>(() => model.Import());
        Assert.False(exception.IsFault, exception.ToString());
        Assert.Equal(problem, exception.Problem);
        foreach (string part in parts) Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
        return exception;
    }

    [Theory]
    [InlineData(14)]
    [InlineData(30)]
    [InlineData(10_000)]
    public void Constants_squared_again_and_again(int times)
    {
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1.1f).Node("Mul", ["c", "c"]);
        for (int i = 1; i < times; i++) model.Node("Mul", ["*", "*"]);
        var exception = Refusal(model.Node("Mul", ["x", "*"]), parts: ["(Mul)", "too many digits", "4,932"]);
        Assert.IsType<ExactWorkException>(exception.InnerException);
    }

    /// <summary>The first squares are not an attack: their exact value is the constant.</summary>
    [Fact]
    public void Constants_squared_a_few_times()
    {
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1.1f).Node("Mul", ["c", "c"]);
        for (int i = 1; i < 6; i++) model.Node("Mul", ["*", "*"]);
        var expected = Rational.FromSingle(1.1f);
        for (int i = 0; i < 6; i++) expected *= expected;
        Assert.Equal(expected, model.Node("Mul", ["x", "*"]).Import().ToNetwork().Evaluate([Rational.One])[0]);
    }

    [Fact]
    public void Quotients_in_a_long_chain()
    {
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1.1f);
        for (int i = 0; i < 2_000; i++) model.Node("Div", ["*", "c"]);
        Refusal(model, parts: ["(Div)", "too many digits"]);
    }

    /// <summary>Where no single number is long, the steps of all of them together are counted.</summary>
    [Fact]
    public void Fractions_of_many_digits_in_many_values()
    {
        var model = new OnnxBuilder(0, 4096).Floats("c", [4096], [.. Enumerable.Range(0, 4096).Select(static i => 1.1f + (i * 1e-4f))]);
        model.Floats("c2", [4096], [.. Enumerable.Range(0, 4096).Select(static i => 1.3f + (i * 1e-4f))]);
        for (int i = 0; i < 600; i++) model.Node(i % 2 == 0 ? "Div" : "Mul", ["*", i % 2 == 0 ? "c" : "c2"]);
        Refusal(model, parts: ["cannot be computed exactly", "steps"]);
    }

    [Theory]
    [InlineData("Dropout", "mask")]
    [InlineData("MaxPool", "indices")]
    public void Second_results_that_a_node_reads(string type, string second)
    {
        var model = new OnnxBuilder(0, 1, 4)
            .Node(type, ["x"], ["first", second], type == "MaxPool" ? [("kernel_shape", OnnxBuilder.Ints(2))] : []);
        model.Node("Cast", [second], ["cast"], ("to", 1)).Node("Add", ["first", "cast"]);
        Refusal(model, parts: [$"'n0' ({type})", $"'{second}' as its result 2", "node 'n1' (Cast) reads"]);
    }

    [Fact]
    public void Second_results_that_are_outputs()
    {
        var model = new OnnxBuilder(0, 4).Node("Dropout", ["x"], ["first", "mask"]).Output("first").Output("mask");
        foreach (string[] outputs in new string[][] { ["first", "mask"], ["mask", "first"], ["mask"] })
        {
            var exception = Assert.Throws<ModelFileException>(() => model.Import(new ImportOptions { Outputs = [.. outputs] }));
            Assert.False(exception.IsFault, exception.ToString());
            Assert.Contains("'mask' as its result 2", exception.Reason, StringComparison.Ordinal);
        }

        Assert.Equal([1.0, 2, 3, 4], model.Import(new ImportOptions { Outputs = ["first"] }).Document.ToNetwork().Evaluate([1.0, 2, 3, 4]));
    }

    [Fact]
    public void Results_of_training_that_nothing_reads()
    {
        var model = new OnnxBuilder(0, 1).Node("Dropout", ["x"], ["first", "mask"]).Node("Relu", ["first"]);
        Assert.Equal(3, model.Import().ToNetwork().Evaluate([3.0])[0]);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(-3)]
    [InlineData(long.MaxValue)]
    public void Versions_of_the_format(long version)
    {
        var model = ModelProto.Parser.ParseFrom(new OnnxBuilder(0, 1).Node("Relu", ["*"]).ToBytes());
        model.IrVersion = version;
        using var scratch = new Scratch();
        string path = scratch.Write("m.onnx", model.ToByteArray());
        Assert.Contains("ir_version", Assert.Throws<ModelFileException>(() => ModelImporter.Import(path)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pools_of_padding() => Refusal(
        new OnnxBuilder(1, 1, 3, 3).Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)),
            ("pads", OnnxBuilder.Ints(700, 700, 700, 700))),
        ModelFileProblem.Malformed,
        "'n0' (AveragePool)",
        "pads 700 and 700");

    [Fact]
    public void Convolutions_that_make_large_layers() => Refusal(
        new OnnxBuilder(1, 3, 20, 40, 40).Floats("w", [8, 3, 5, 5, 5], [.. Enumerable.Repeat(0.5f, 3000)]).Node("Conv", ["*", "w"]),
        parts: ["'n0' (Conv)", "62,208,000 edges", "2,097,152"]);

    [Fact]
    public void Matrices_applied_to_many_vectors() => Refusal(
        new OnnxBuilder(1, 4096, 64).Floats("w", [64, 64], [.. Enumerable.Repeat(0.5f, 4096)]).Node("MatMul", ["*", "w"]),
        parts: ["'n0' (MatMul)", "16,777,216 edges"]);

    [Theory]
    [InlineData("Pad")]
    [InlineData("Expand")]
    [InlineData("Conv")]
    [InlineData("Concat")]
    public void Shapes_that_multiply(string type)
    {
        var model = new OnnxBuilder(1, 1, 8, 8).Integers("pads", 0, 0, 2000, 2000, 0, 0, 2000, 2000).Integers("shape", 1, 1 << 19, 8, 8)
            .Floats("w", [1, 1, 1, 1], 1);
        switch (type)
        {
            case "Pad":
                model.Node("Pad", ["*", "pads"]);
                break;
            case "Expand":
                model.Node("Expand", ["*", "shape"]);
                break;
            case "Conv":
                model.Node("Conv", ["*", "w"], ("pads", OnnxBuilder.Ints(2000, 2000, 2000, 2000)));
                break;
            default:
                for (int i = 0; i < 24; i++) model.Node("Concat", ["*", "*"], ("axis", 1));
                break;
        }

        Refusal(model, parts: [$"({type})", "has a result of shape"]);
    }

    [Fact]
    public void Axes_without_end()
    {
        var model = new OnnxBuilder(0, 1).Integers("s", [.. Enumerable.Repeat(1L, 100_000)]).Node("Reshape", ["*", "s"])
            .Node("Transpose", ["*"]);
        Refusal(model, parts: ["'n0' (Reshape)", "100000 axes"]);
    }

    [Fact]
    public void Sums_of_many_values()
    {
        const int Count = 3_000;
        var model = new OnnxBuilder(0, Count);
        string[] parts = [.. Enumerable.Range(0, Count).Select(static i => "p" + i)];
        model.Node("Split", ["x"], parts, ("axis", 1)).Node("Sum", parts);
        var outputs = model.Import().ToNetwork().Evaluate([.. Enumerable.Range(0, Count).Select(static i => (Rational)i)]);
        Assert.Equal((Rational)(Count * (Count - 1) / 2), Assert.Single(outputs));
    }

    /// <summary>The sum of many is that of pairs: constants, spread shapes and computed values of several levels.</summary>
    [Fact]
    public void Sums_of_many_values_of_several_shapes()
    {
        var model = new OnnxBuilder(0, 3).Floats("row", [1, 3], 1, 2, 3).Floats("one", [1], 0.5f).Node("Relu", ["x"], ["bent"]);
        string[] operands = [.. Enumerable.Range(0, 40)
            .Select(static i => (i % 4) switch { 0 => "x", 1 => "row", 2 => "one", _ => "bent" })];
        model.Node("Sum", operands);
        var actual = model.Import().ToNetwork().Evaluate([2.0, -1.0, 0.5]);
        Assert.Equal([10 * (2 + 1 + 0.5 + 2), 10 * (-1 + 2 + 0.5 + 0), 10 * (0.5 + 3 + 0.5 + 0.5)], actual);
    }

    [Fact]
    public void Chains_of_many_layers()
    {
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1);
        for (int i = 0; i < 50_000; i++) model.Node("Relu", ["*"]).Node("Sub", ["*", "c"]);
        Refusal(model, parts: ["50000 consecutive layers", "16384"]);
    }

    [Fact]
    public void Chains_of_many_nodes_that_fold()
    {
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1);
        for (int i = 0; i < 100_000; i++) model.Node("Add", ["*", "c"]);
        Assert.Equal(100_000, model.Import().ToNetwork().Evaluate([0.0])[0]);
    }

    /// <summary>A node that reads the results of many others goes through its inputs once.</summary>
    [Fact]
    public void Nodes_of_many_inputs()
    {
        var model = new OnnxBuilder(0, 1);
        string[] names = [.. Enumerable.Range(0, 60_000).Select(static i => "r" + i)];
        foreach (string name in names) model.Node("Identity", ["x"], [name]);
        model.Node("Sum", names);
        Assert.Equal(120_000, model.Import().ToNetwork().Evaluate([2.0])[0]);
    }

    [Fact]
    public void Inputs_and_tensors_of_many_axes()
    {
        long[] shape = [.. Enumerable.Repeat(1L, 65)];
        Refusal(new OnnxBuilder(shape).Node("Relu", ["*"]), parts: ["The input 'x' has 65 axes"]);
        Refusal(new OnnxBuilder(0, 1).Floats("c", shape, 1).Node("Add", ["*", "c"]), parts: ["The tensor 'c' has 65 axes"]);
    }

    [Fact]
    public void Pads_of_one_axis_again_and_again()
    {
        var model = new OnnxBuilder(0, 4).Integers("pads", [.. Enumerable.Repeat(1L << 20, 4_000)])
            .Integers("axes", [.. Enumerable.Repeat(1L, 2_000)]).Floats("zero", [], 0);
        Refusal(model.Node("Pad", ["*", "pads", "zero", "axes"]), ModelFileProblem.Malformed, "names an axis twice");
    }

    [Fact]
    public void Names_that_multiply()
    {
        string name = new('n', 130_000);
        var model = new OnnxBuilder(0, 2_000).Input(name, 0, 2_000).Node("Add", ["x", name]);
        var exception = Assert.Throws<ModelFileException>(() => model.Import(new ImportOptions { Inputs = ["x", name] }));
        Assert.Contains("shorter names", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_without_end()
    {
        var model = new OnnxBuilder(0, 1);
        for (int i = 0; i < 20_000; i++) model.Node("Cast", ["*"], ("to", 11));
        Assert.InRange(model.Node("Relu", ["*"]).Import().SourceNotes.Length, 1, 300);
    }

    /// <summary>A limit in force around the import carries a token into the middle of exact arithmetic.</summary>
    [Fact]
    public void Imports_that_are_cancelled()
    {
        using var source = new System.Threading.CancellationTokenSource();
        source.Cancel();
        using var work = ExactWork.Limit(long.MaxValue, cancellation: source.Token);
        var model = new OnnxBuilder(0, 1).Floats("c", [1], 1.1f);
        for (int i = 0; i < 300; i++) model.Node("Div", ["*", "c"]);
        for (int i = 0; i < 4_000; i++) model.Node("Mul", ["*", "c"]).Node("Div", ["*", "c"]);
        Assert.Throws<OperationCanceledException>(() => model.Import());
    }
}
