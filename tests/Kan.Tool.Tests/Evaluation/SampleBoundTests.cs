using System;
using System.IO;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Evaluation;

/// <summary>Bounds for single images against the bound for all images: the figures of the documentation.</summary>
[Trait("Speed", "Slow")]
public sealed class SampleBoundTests
{
    [Theory]
    [InlineData("mnist-mlp.onnx", 10)]
    [InlineData("mnist-kan.npz", 7)]
    public void Bounds_of_images_are_far_below_that_of_all(string model, double times)
    {
        var document = ModelImporter.Import(TestFiles.Model(model)) with { InputRanges = [new InputRange(0, 1)] };
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        var bound = new RunningBound<float>(plan.Form);
        var evaluator = new ReferenceEvaluator<float>(plan.Form);
        var network = document.ToNetwork();
        string images = Path.Combine(AppContext.BaseDirectory, "data", "mnist10k-images-idx3-ubyte.gz");
        using var rows = RowSource<float>.Open(images, new RowColumns([.. RowColumns.Of([], 784)]));
        float[] row = new float[784];
        double[] bounds = new double[100];
        for (int i = 0; i < bounds.Length; i++)
        {
            Assert.True(rows.Read(row));
            float[] of = bound.Evaluate(row);
            bounds[i] = of.Max();
            if (i >= 3) continue;

            // In double the error is smaller by nine digits.
            double[] exact = network.Evaluate(Array.ConvertAll(row, static value => (double)value));
            float[] computed = evaluator.Evaluate(row);
            for (int q = 0; q < exact.Length; q++) Assert.InRange(Math.Abs(computed[q] - exact[q]), 0, of[q]);
        }

        Array.Sort(bounds);
        TestContext.Current.SendDiagnosticMessage($"{model}: median {bounds[50]:E2}, largest {bounds[^1]:E2}, all {plan.ErrorBound:E2}");
        Assert.True(bounds[50] * times < plan.ErrorBound, $"{model}: median {bounds[50]:E2}, all {plan.ErrorBound:E2}");
        Assert.True(bounds[^1] < plan.ErrorBound);
    }

    /// <summary>
    /// The bound for all inputs in [0, 1], and what no analysis of this kind can go below, both as the documentation has them.
    /// </summary>
    [Theory]
    [InlineData("mnist-mlp.onnx", 2, 2.0e-3, 2.2e-2)]
    [InlineData("mnist-kan.npz", 1, 5.0e-4, 2.4e-3)]
    [InlineData("digits-batchnorm-leaky.onnx", 6, 2.4e-4, 1.2e-3)]
    [InlineData("breast-cancer-mlp.onnx", 6, 1.7e-5, 4.1e-5)]
    public void Bounds_of_boxes_are_within_sight_of_what_is_possible(string model, int starts, double floor, double ceiling)
    {
        var document = ModelImporter.Import(TestFiles.Model(model)) with { InputRanges = [new InputRange(0, 1)] };
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        double found = new RunningErrorFloor(plan.Form).Search(starts);
        TestContext.Current.SendDiagnosticMessage($"{model}: at least {found:E2}, certified {plan.ErrorBound:E2}");
        Assert.InRange(found, floor, plan.ErrorBound);
        Assert.InRange(plan.ErrorBound, found, ceiling);
    }
}
