using System;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>
/// Trained models, imported and computed as their generated code computes (bit by bit, in float), are within the bounds that are stated of
/// what their trainers recorded: the certified rounding, the certified approximation, and the rounding of the records themselves.
/// </summary>
public sealed class CompiledModelTests
{
    [Theory]
    [InlineData("mnist-mlp.onnx", "mnist-mlp", 0, 1e-9)]
    [InlineData("mnist-kan.npz", "mnist-kan", 0, 1e-9)]
    [InlineData("digits-mlp.onnx", "digits-mlp", 0, 1e-9)]
    [InlineData("digits-batchnorm-leaky.onnx", "digits-batchnorm-leaky", 0, 1e-5)]
    [InlineData("breast-cancer-mlp.onnx", "breast-cancer-mlp", 0, 1e-9)]
    [InlineData("hello-kan-k1-identity_config.yml", "hello-kan-k1-identity", 0, 4e-6)]
    [InlineData("hello-kan-k3_config.yml", "hello-kan-k3", 1e-2, 4e-6)]
    [InlineData("hello-kan-k3_config.yml", "hello-kan-k3", 1e-3, 4e-6)]
    [InlineData("pooled-digits-norm.pt", "pooled-digits-norm", 0, 1e-5)]
    [InlineData("pooled-digits.safetensors", "pooled-digits", 0, 1e-9)]
    public void Outputs_are_within_the_stated_bounds(string file, string expected, double tolerance, double ofTheRecord)
    {
        var (inputs, outputs) = TestFiles.Expected(expected);
        var range = new InputRange(Rational.FromDouble(inputs.Min(static row => row.Min())),
            Rational.FromDouble(inputs.Max(static row => row.Max())));
        string? activation = file.StartsWith("pooled", StringComparison.Ordinal) ? expected.EndsWith("norm", StringComparison.Ordinal)
            ? "leaky_relu(0.1)"
            : "relu" : null;
        var (document, report) = ModelImporter.Import(TestFiles.Model(file),
            new ImportOptions { Range = range, Activation = activation, Tolerance = tolerance > 0 ? tolerance : null });
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.True(double.IsFinite(plan.ErrorBound));
        double bound = plan.ErrorBound + report.CertifiedError + ofTheRecord;
        var evaluator = new ReferenceEvaluator<float>(plan.Form);
        for (int row = 0; row < inputs.Length; row++)
        {
            float[] actual = evaluator.Evaluate([.. inputs[row].Select(static value => (float)value)]);
            for (int i = 0; i < actual.Length; i++)
                Assert.True(Math.Abs(actual[i] - outputs[row][i]) <= bound,
                    $"row {row}, output {i}: {actual[i]:R} is not within {bound:R} of {outputs[row][i]:R}");
        }
    }
}
