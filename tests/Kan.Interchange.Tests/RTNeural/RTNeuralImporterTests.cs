using System;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.RTNeural;

/// <summary>The JSON of RTNeural: dense layers, normalization, PReLU and activations in a chain.</summary>
public sealed class RTNeuralImporterTests
{
    // h = relu([x + 2 y + 0.5, 3 x - y]); p = prelu(h - [1, 2]) with slopes 0.5 and 0.25 (variance 3, epsilon 1: half); output 2 p0 - 4 p1.
    private const string Small = """
        { "in_shape": [null, null, 2],
          "layers": [
            { "type": "dense", "activation": "relu", "shape": [null, null, 2], "weights": [[[1.0, 3.0], [2.0, -1.0]], [0.5, 0.0]] },
            { "type": "batchnorm", "activation": "", "shape": [null, null, 2], "weights": [[2.0, 2.0], [0.0, 0.0], [1.0, 2.0], [3.0, 3.0]], "epsilon": 1.0 },
            { "type": "prelu", "activation": "", "shape": [null, null, 2], "weights": [[[0.5, 0.25]]] },
            { "type": "time-distributed-dense", "activation": "", "shape": [null, null, 1], "weights": [[[2.0], [-4.0]]] }
          ] }
        """;

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(-1, 0, 1)]
    [InlineData(0, -1, 0)]
    [InlineData(1, 0, -3)]
    public void The_network_is_the_one_of_the_file(double x, double y, double expected) =>
        Assert.Equal([Rational.FromDouble(expected)], Evaluate(Import(Small), x, y));

    [Fact]
    public void A_curve_needs_a_tolerance_and_keeps_it()
    {
        string text = Small.Replace("\"relu\"", "\"elu\"", StringComparison.Ordinal);
        Assert.Contains("layers[0].activation (elu) is curved", Refusal(text).Reason, StringComparison.Ordinal);
        var result = Import(text, new ImportOptions { Tolerance = 1e-4, Domain = [new InputRange(-1, 1)] });
        Assert.InRange(result.Report.CertifiedError, 1e-9, 1e-4);
        double value = Evaluate(result, -0.5, -0.25)[0].ToDouble();
        double h0 = Math.Exp(-0.5) - 1, h1 = Math.Exp(-1.25) - 1;
        Assert.Equal((2 * 0.5 * (h0 - 1)) - (4 * 0.25 * (h1 - 2)), value, 1e-4);
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("sigmoid")]
    public void A_final_head_is_left_out_where_asked(string head)
    {
        string text = Small.Replace("\"activation\": \"\", \"shape\": [null, null, 1]",
            $"\"activation\": \"{head}\", \"shape\": [null, null, 1]", StringComparison.Ordinal);
        Assert.NotEqual(Small, text);
        Assert.Equal(ModelFileProblem.Unsupported, Refusal(text).Problem);
        var result = Import(text, new ImportOptions { Head = ModelHead.Drop });
        Assert.Equal(Evaluate(Import(Small), 1, 1), Evaluate(result, 1, 1));
        Assert.Contains(result.Document.SourceNotes,
            note => note.Contains($"The {head} of layers[3] was left out", StringComparison.Ordinal));
        var kept = Import(text, new ImportOptions { Head = ModelHead.Keep }).Document;
        Assert.Equal(head, kept.Head.ToString(), ignoreCase: true);
        Assert.Equal(result.Document.Layers.Length, kept.Layers.Length);
    }

    [Theory]
    [InlineData("\"dense\", \"activation\": \"relu\"", "\"gru\", \"activation\": \"tanh\"", "layers[0] is a recurrent layer (gru)")]
    [InlineData("\"dense\", \"activation\": \"relu\"", "\"conv1d\", \"activation\": \"tanh\"", "which in RTNeural runs over a stream")]
    [InlineData("\"dense\", \"activation\": \"relu\"", "\"dense\", \"activation\": \"softmax\"",
        "layers[0].activation is a softmax between layers")]
    [InlineData("\"dense\", \"activation\": \"relu\"", "\"magic\", \"activation\": \"relu\"", "layers[0] has the type 'magic'")]
    [InlineData("[3.0, 3.0]]", "[3.0, -1.0]]", "layers[1] has the variance -1 for value 1")]
    [InlineData("[[[0.5, 0.25]]]", "[[[0.5]]]", "layers[2].weights[0][0] has 1 numbers; expected 2")]
    [InlineData("[[[1.0, 3.0], [2.0, -1.0]]", "[[[1.0, 3.0]]", "layers[0].weights[0] has 1 rows")]
    [InlineData("[2.0, -1.0]]", "[2.0, \"x\"]]", "layers[0].weights[0][1][1] holds string where a finite number was expected")]
    [InlineData("[null, null, 2],\n  \"layers\"", "[],\n  \"layers\"", "in_shape")]
    [InlineData("\"in_shape\"", "\"inshape\"", "not a model of RTNeural")]
    [InlineData("\"shape\": [null, null, 2], \"weights\": [[2.0", "\"shape\": [null, null, 3], \"weights\": [[2.0",
        "layers[1].shape ends in 3")]
    [InlineData("] }\n", "]", "The file is not valid JSON")]
    [InlineData("\"dense\", \"activation\": \"relu\"", "\"\\ud800\", \"activation\": \"relu\"",
        "layers[0].type holds string where text of whole characters was expected")]
    public void Refusals_name_the_place(string found, string replacement, string message)
    {
        string text = Small.Replace("\r\n", "\n", StringComparison.Ordinal).Replace(found, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Small, text);
        Assert.Contains(message, Refusal(text).Reason, StringComparison.Ordinal);
    }

    private static Rational[] Evaluate(ImportResult result, double x, double y) =>
        [.. result.Document.ToNetwork().Evaluate(new[] { Rational.FromDouble(x), Rational.FromDouble(y) })];

    private static ModelFileException Refusal(string text) => Assert.Throws<ModelFileException>(() => Import(text));

    private static ImportResult Import(string text, ImportOptions? options = null)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("small.json", Encoding.UTF8.GetBytes(text)), options ?? ImportOptions.None);
    }
}
