using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>Real models compute what their trainers say.</summary>
public sealed class TrainedModelTests
{
    [Theory]
    [InlineData("digits-mlp.onnx", 64, 10)]
    [InlineData("breast-cancer-mlp.onnx", 30, 1)]
    [InlineData("mnist-mlp.onnx", 784, 10)]
    [InlineData("mnist-kan.npz", 784, 10)]
    public void Outputs_are_those_of_the_trained_model(string file, int inputCount, int outputCount)
    {
        var document = ModelImporter.Import(TestFiles.Model(file));
        var network = document.ToNetwork();
        Assert.Equal(inputCount, network.InputCount);
        Assert.Equal(outputCount, network.OutputCount);

        AssertOutputs(network, document.Name, tolerance: 1e-12);
    }

    /// <summary>
    /// The file holds the attribute alpha as the float 0.1f, the trainer computed with the double 0.1: the outputs differ by that much,
    /// and by nothing else.
    /// </summary>
    [Fact]
    public void Attributes_are_the_floats_of_the_file()
    {
        var document = ModelImporter.Import(TestFiles.Model("digits-batchnorm-leaky.onnx"));
        AssertOutputs(document.ToNetwork(), document.Name, tolerance: 1e-7);

        var leaky = Assert.Single(document.Layers.OfType<ActivationDescription>(),
            static layer => layer.Functions is [{ IsAffine: false } f] && !f.Equals(PiecewiseLinearFunction.Relu));
        Assert.Equal(Rational.FromSingle(0.1f), leaky.Functions[0].Slopes[0]);
        var trained = PiecewiseLinearFunction.FromSlopes([Rational.Zero], [Rational.FromDouble(0.1), Rational.One], Rational.Zero,
            Rational.Zero);
        var replaced = document with { Layers = document.Layers.Replace(leaky, leaky with { Functions = [trained] }) };
        AssertOutputs(replaced.ToNetwork(), document.Name, tolerance: 1e-12);
    }

    [Fact]
    public void Exact_outputs_are_those_of_the_trained_model()
    {
        var network = ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx")).ToNetwork();
        var (inputs, outputs) = TestFiles.Expected("breast-cancer-mlp");
        for (int row = 0; row < 3; row++)
            Assert.Equal(outputs[row][0], network.Evaluate(inputs[row])[0], 1e-12 * Math.Abs(outputs[row][0]) + 1e-14);
    }

    private static void AssertOutputs(KanNetwork network, string model, double tolerance)
    {
        var (inputs, outputs) = TestFiles.Expected(model);
        Assert.NotEmpty(inputs);
        Assert.Equal(inputs.Length, outputs.Length);
        for (int row = 0; row < Math.Min(inputs.Length, 16); row++)
        {
            var actual = DoubleEvaluation.Evaluate(network, inputs[row]);
            double scale = outputs[row].Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
                Assert.True(Math.Abs(actual[i] - outputs[row][i]) <= tolerance * scale,
                    $"row {row}, output {i}: {actual[i]:R} is not {outputs[row][i]:R}");
        }
    }

    [Fact]
    public void The_document_says_where_it_comes_from()
    {
        var range = new InputRange(Rational.Zero, Rational.One);
        var document = ModelImporter.Import(TestFiles.Model("digits-batchnorm-leaky.onnx"), range);
        Assert.Equal("digits-batchnorm-leaky", document.Name);
        Assert.Equal("digits-batchnorm-leaky.onnx", document.SourceFile);
        Assert.Equal("0db9f319b539d92e206fb6086216f664ec60084fa1f2f0f1a8f4f0fc79216b80", document.SourceHash);
        Assert.Equal([range], document.InputRanges);
    }

    [Theory]
    [InlineData("digits-batchnorm-leaky.onnx")]
    [InlineData("mnist-kan.npz")]
    public void Written_as_kan_json_and_read_back_the_network_is_the_same(string file)
    {
        using var scratch = new Scratch();
        var document = ModelImporter.Import(TestFiles.Model(file));
        string path = scratch.Write("x.kan.json", System.Text.Encoding.UTF8.GetBytes(KanDocumentWriter.Write(document)));
        var again = ModelImporter.Import(path);
        Assert.Equal(document.Name, again.Name);
        var layers = document.ToNetwork().Layers.Zip(again.ToNetwork().Layers);
        Assert.All(layers, static pair =>
        {
            Assert.True(pair.First.Edges.AsSpan().SequenceEqual(pair.Second.Edges.AsSpan()));
            Assert.True(pair.First.Biases.AsSpan().SequenceEqual(pair.Second.Biases.AsSpan()));
        });
    }
}
