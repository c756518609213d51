using System;
using System.IO;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.StateDicts;

/// <summary>Files that torch wrote compute what torch computes.</summary>
public sealed class StateDictTests
{
    [Theory]
    [InlineData("pooled-digits-double.pt", "pooled-digits", "relu", 1e-13)]
    [InlineData("pooled-digits-views.pt", "pooled-digits", "relu", 1e-13)]
    [InlineData("pooled-digits.safetensors", "pooled-digits", "relu", 1e-13)]
    [InlineData("pooled-digits-half.pt", "pooled-digits-half", "relu", 1e-13)]
    [InlineData("pooled-digits-norm.pt", "pooled-digits-norm", "leaky_relu(0.1)", 1e-7)]
    [InlineData("pooled-digits-checkpoint.pth", "pooled-digits-norm", "leaky_relu(0.1)", 1e-7)]
    [InlineData("efficient-kan-k1.pth", "efficient-kan-k1", "relu", 1e-13)]
    public void Outputs_are_those_of_torch(string file, string expected, string activation, double tolerance)
    {
        var result = ModelImporter.Import(TestFiles.Model(file), new ImportOptions { Activation = activation });
        Assert.Equal(0, result.Report.CertifiedError);
        var network = result.Document.ToNetwork();
        var (inputs, outputs) = TestFiles.Expected(expected);
        for (int row = 0; row < inputs.Length; row++)
        {
            double[] actual = network.Evaluate(inputs[row]);
            double scale = outputs[row].Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
                Assert.True(Math.Abs(actual[i] - outputs[row][i]) <= tolerance * scale,
                    $"row {row}, output {i}: {actual[i]:R} is not {outputs[row][i]:R}");
        }
    }

    /// <summary>The slope of a float32 network is the float nearest to 0.1, as in torch; computed in double it is 0.1 itself.</summary>
    [Fact]
    public void Slopes_are_floats_where_the_weights_are()
    {
        var document = ModelImporter.Import(TestFiles.Model("pooled-digits-norm.pt"), new ImportOptions { Activation = "leaky_relu(0.1)" })
            .Document;
        Assert.Contains(document.Layers.OfType<ActivationDescription>(),
            static layer => layer.Functions is [{ IsAffine: false } f] && f.Slopes[0] == Rational.FromSingle(0.1f));
    }

    [Fact]
    public void Views_halves_and_copies_are_the_same_numbers()
    {
        var options = new ImportOptions { Activation = "relu" };
        var plain = ModelImporter.Import(TestFiles.Model("pooled-digits-double.pt"), options).Document;
        foreach (string file in new[] { "pooled-digits-views.pt", "pooled-digits.safetensors" })
        {
            var other = ModelImporter.Import(TestFiles.Model(file), options).Document;
            Assert.All(plain.Layers.Zip(other.Layers), static pair =>
            {
                Assert.Equal(pair.First.GetType(), pair.Second.GetType());
                if (pair.First is AffineDescription left && pair.Second is AffineDescription right)
                {
                    Assert.Equal<Rational>(left.Weights, right.Weights);
                    Assert.Equal<Rational>(left.Biases, right.Biases);
                }
            });
        }
    }

    [Fact]
    public void The_report_says_what_was_assumed()
    {
        var notes = ModelImporter.Import(TestFiles.Model("pooled-digits-norm.pt"), new ImportOptions { Activation = "leaky_relu(0.1)" })
            .Report.Notes;
        Assert.Contains(notes, static note => note.Contains("'0' (49 to 16), '1', leaky_relu(0.1), '4' (16 to 12), leaky_relu(0.1), '6' "
            + "(12 to 10)", StringComparison.Ordinal));
        Assert.Contains(notes, static note => note.Contains("eps = 1e-05", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pooled-digits-double.pt", null, "does not say which activation", "Activation = relu")]
    [InlineData("pooled-digits-double.pt", "swiglu", "activation 'swiglu' is not known", "silu")]
    [InlineData("pooled-digits-double.pt", "leaky_relu(x)", "activation 'leaky_relu(x)' is not known", "leaky_relu(0.1)")]
    [InlineData("pooled-digits-double.pt", "tanh", "tanh", "Tolerance = 1e-3")]
    [InlineData("whole-module.pt", "relu", "'__main__.Named'", "model.state_dict()")]
    [InlineData("efficient-kan-k3.pth", null, "silu and a spline of order 3", "Tolerance = 1e-3")]
    [InlineData("hello-kan-k3_state", null, "pykan", "NAME_config.yml")]
    public void Refusals_say_what_to_add(string file, string? activation, params string[] parts)
    {
        var exception =
            Assert.Throws<ModelFileException>(() =>
            ModelImporter.Import(TestFiles.Model(file), new ImportOptions { Activation = activation }));
        Assert.Equal(ModelFileProblem.Unsupported, exception.Problem);
        foreach (string part in parts) Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tanh", 1e-2)]
    [InlineData("silu", 1e-1)]
    public void Curved_activations_keep_the_tolerance(string activation, double tolerance)
    {
        var options = new ImportOptions
        {
            Activation = activation,
            Tolerance = tolerance,
            Domain = [new InputRange(Rational.Zero, Rational.One)]
        };
        var result = ModelImporter.Import(TestFiles.Model("pooled-digits-double.pt"), options);
        Assert.InRange(result.Report.CertifiedError, 0.5 * tolerance, tolerance);

        // The same weights with the curve itself, in double.
        var relu = ModelImporter.Import(TestFiles.Model("pooled-digits-double.pt"), new ImportOptions { Activation = "relu" }).Document;
        Func<double, double> curve = activation == "tanh" ? Math.Tanh : static x => x / (1 + Math.Exp(-x));
        var (inputs, _) = TestFiles.Expected("pooled-digits");
        foreach (double[] input in inputs)
        {
            double[] values = input;
            foreach (var layer in relu.Layers)
            {
                if (layer is AffineDescription affine)
                    values = [.. Enumerable.Range(0, affine.Outputs)
                        .Select(q => (affine.Biases.IsEmpty ? 0 : affine.Biases[q].ToDouble())
                            + Enumerable.Range(0, affine.Inputs).Sum(p => affine.Weights[(q * affine.Inputs) + p].ToDouble() * values[p]))];
                else values = Array.ConvertAll(values, value => curve(value));
            }

            double[] actual = DoubleEvaluation.Evaluate(result.Document.ToNetwork(), input);
            Assert.All(actual.Zip(values), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
        }
    }

    [Fact]
    public void Efficient_kan_of_order_three_keeps_the_tolerance()
    {
        var (inputs, outputs) = TestFiles.Expected("efficient-kan-k3");
        var result = ModelImporter.Import(TestFiles.Model("efficient-kan-k3.pth"), new ImportOptions { Tolerance = 1e-3 });
        Assert.InRange(result.Report.CertifiedError, 0.9e-3, 1e-3);
        Assert.Equal(2, result.Report.Domain.Length);
        var network = result.Document.ToNetwork();
        for (int row = 0; row < inputs.Length; row++) Assert.InRange(Math.Abs(network.Evaluate(inputs[row])[0] - outputs[row][0]), 0, 1e-3);
    }
}
