using System;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>
/// An activation is one table, compiled as one lookup for each node and an affine map, of about as few segments as there can be.
/// </summary>
public sealed class CurveTableTests
{
    /// <summary>A policy as reinforcement learning trains them: two layers of 64 units.</summary>
    private static OnnxBuilder Policy(string activation)
    {
        var random = new Random(11);
        return Dense(Dense(Dense(new OnnxBuilder(0, 4), 4, 64).Append(activation), 64, 64).Append(activation), 64, 2);

        OnnxBuilder Dense(OnnxBuilder model, int inputs, int outputs)
        {
            string name = "w" + model.Graph.Node.Count;
            float[] weights = [.. Enumerable.Range(0, inputs * outputs)
                .Select(_ => (float)(((random.NextDouble() * 2) - 1) * Math.Sqrt(3.0 / inputs)))];
            float[] biases = [.. Enumerable.Range(0, outputs).Select(_ => (float)((random.NextDouble() - 0.5) / 5))];
            return model.Floats(name, [inputs, outputs], weights).Floats(name + "b", [outputs], biases)
                .Node("Gemm", ["*", name, name + "b"]);
        }
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Mish")]
    [InlineData("x * Sigmoid(x)")]
    [InlineData("0.5 x (1 + Erf(x / sqrt 2))")]
    public void Layers_of_curves_compile_to_one_shape_and_an_affine_map(string activation)
    {
        using var scratch = new Scratch();
        byte[] bytes = Policy(activation).ToBytes(CurveGraphs.OpsetOf(activation));
        var (document, report) = ModelImporter.Import(scratch.Write("m.onnx", bytes),
            new ImportOptions { Tolerance = 1e-3, Domain = [new InputRange(-3, 3)] });
        Assert.InRange(report.CertifiedError, 0.9e-3, 1e-3);
        Assert.All(document.Layers.OfType<ActivationDescription>(), static layer => Assert.Single(layer.Functions));
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.Equal([LayerLowering.Affine, LayerLowering.Factored, LayerLowering.Factored],
            plan.Layers.Select(static layer => layer.Form.Lowering));

        // Knots are multiples of one step, so that the segment of a number is found by arithmetic.
        Assert.All(document.Layers.OfType<ActivationDescription>(), static layer =>
        {
            double[] knots = [.. layer.Functions[0].Breakpoints.Select(static knot => knot.ToDouble())];
            double step = 0;
            foreach (double knot in knots)
            {
                for (double rest = Math.Abs(knot); rest != 0;) (step, rest) = (rest, step % rest);
            }

            Assert.InRange((knots[^1] - knots[0]) / step, knots.Length, 8 * knots.Length);
        });
    }

    /// <summary>
    /// No continuous piecewise-linear function within an error e has fewer segments than the integral of sqrt(|f''| / (16 e)),
    /// asymptotically. That is computed here from differences.
    /// </summary>
    [Theory]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Gelu")]
    [InlineData("Mish")]
    [InlineData("x / (1 + Exp(-x))")]
    [InlineData("Elu")]
    [InlineData("Softsign")]
    [InlineData("Sin")]
    [InlineData("Exp")]
    public void Segments_are_about_as_few_as_there_can_be(string activation)
    {
        const double Tolerance = 1e-4, Low = -6, High = 6, Wide = 0.1;
        var model = new OnnxBuilder(0, 1).Append(activation);
        using var scratch = new Scratch();
        string path = scratch.Write("m.onnx", model.ToBytes(CurveGraphs.OpsetOf(activation)));
        var (document, report) = ModelImporter.Import(path, new ImportOptions { Tolerance = Tolerance, Domain = [new InputRange(-6, 6)] });

        // A much closer approximation stands for the function; its own error is far below what the differences see.
        var close = ModelImporter.Import(path, new ImportOptions { Tolerance = 5e-8, Domain = [new InputRange(-6, 6)] })
            .Document.ToNetwork();
        double optimum = 0;
        for (double x = Low + Wide; x <= High - Wide; x += Wide)
        {
            double bend = Math.Abs(At(x - Wide) - (2 * At(x)) + At(x + Wide)) / (Wide * Wide);
            optimum += Wide * Math.Sqrt(bend / (16 * report.CertifiedError));
        }

        int segments = document.ToNetwork().Layers.Max(static layer => layer.Edges.Max(static edge => edge.Function.Slopes.Length));
        Assert.InRange(segments, 0.9 * optimum, (1.6 * optimum) + 2);

        double At(double x) => close.Evaluate([x])[0];
    }

    /// <summary>Work, not time: what both take is counted in steps. Both have too many segments for knots at multiples of a step.</summary>
    [Fact]
    public void Twice_the_segments_take_twice_the_work()
    {
        var (few, workOfFew) = Measure(1e-7);
        var (many, workOfMany) = Measure(1e-7 / 4);
        Assert.InRange((double)many / few, 1.9, 2.1);
        Assert.InRange((double)workOfMany / workOfFew, 1.5, 2.3);

        static (long Segments, long Work) Measure(double tolerance)
        {
            using var work = ExactWork.Limit(long.MaxValue, cancellation: TestContext.Current.CancellationToken);
            var report = new OnnxBuilder(0, 1).Append("Sin")
                .Import(new ImportOptions { Tolerance = tolerance, Domain = [new InputRange(-20, 20)] }).Report;
            return (report.SegmentCount, work.Spent);
        }
    }
}
