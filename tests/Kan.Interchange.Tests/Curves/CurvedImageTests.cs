using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Interchange.Curves;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>
/// Curves behind convolutions: one function for a layer, whatever its size, and outputs within the certificate of what ONNX Runtime and
/// closed forms say.
/// </summary>
public sealed class CurvedImageTests
{
    private const double Tolerance = 1e-2;

    private static readonly ImportOptions s_options = new() { Tolerance = Tolerance, Range = new InputRange(0, 1) };

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Silu")]
    [InlineData("Gelu")]
    public void A_network_for_digits_keeps_its_convolutions_and_has_one_curve_a_layer(string activation)
    {
        var document = AssertWithin(DigitModels.Plain(28, activation));
        Assert.Equal(
            [typeof(ConvolutionDescription), typeof(ActivationDescription), typeof(MaximumDescription), typeof(ConvolutionDescription),
                typeof(ActivationDescription), typeof(MaximumDescription), typeof(AffineDescription)],
            document.Layers.Select(static layer => layer.GetType()));
        Assert.All(document.Layers.OfType<ActivationDescription>(), static layer => Assert.Single(layer.Functions));
        Assert.InRange(KanDocumentWriter.Write(document).Length, 1, 200_000);

        // The numbers of a curve, which are in the table once, not for each of thousands of nodes.
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        foreach (var (layer, described) in plan.Layers.Zip(document.Layers))
        {
            if (described is ActivationDescription { Functions: [var curve] })
                Assert.InRange(layer.Table.Length, 3 * curve.Slopes.Length, (3 * curve.Slopes.Length) + 16);
        }
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Silu")]
    public void Values_that_pass_a_curve_are_channels_that_it_leaves_as_they_are(string activation)
    {
        var document = AssertWithin(DigitModels.Residual(activation, scale: 0.25f));
        Assert.Equal([16, 32, 16, 48, 24, 24], document.Layers.OfType<ConvolutionDescription>().Select(static layer => layer.Filters));
        Assert.All(document.Layers.OfType<ActivationDescription>(), static layer =>
            Assert.InRange(layer.Functions.Distinct().Count(), 1, 2));
        string text = KanDocumentWriter.Write(document);
        Assert.InRange(text.Length, 1, 2_000_000);
        Assert.Equal(ContentHash.Compute(document.ToNetwork()), ContentHash.Compute(KanDocumentReader.Read(text).ToNetwork()));
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.InRange(plan.Layers.Sum(static layer => (long)layer.Table.Length), 1, 200_000);
    }

    /// <summary>Against a sum over the taps and Math.Tanh, written here.</summary>
    [Fact]
    public void Outputs_are_within_the_certificate_of_the_closed_form()
    {
        const int Size = 32, Places = 256, Filters = 6;
        float[] kernel = DigitModels.Some(Filters * 9), weights = DigitModels.Some(Filters * Places * 2);
        var model = new OnnxBuilder([1, 1, Size, Size]).Floats("k", [Filters, 1, 3, 3], kernel)
            .Node("Conv", ["x", "k"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1)), ("strides", OnnxBuilder.Ints(2, 2)))
            .Node("Tanh", ["*"]).Node("Flatten", ["*"]).Floats("w", [Filters * Places, 2], weights).Node("MatMul", ["*", "w"]);
        var result = model.Import(s_options with { Tolerance = 1e-3 });
        Assert.IsType<ConvolutionDescription>(result.Document.Layers[0]);
        var network = result.Document.ToNetwork();
        var random = new Random(3);
        double worst = 0;
        for (int sample = 0; sample < 40; sample++)
        {
            double[] image = [.. Enumerable.Range(0, Size * Size).Select(_ => sample < 20 ? random.Next(2) : random.NextDouble())];
            var expected = new double[2];
            for (int filter = 0; filter < Filters; filter++)
            {
                for (int place = 0; place < Places; place++)
                {
                    double sum = 0;
                    for (int tap = 0; tap < 9; tap++)
                    {
                        int row = (place / 16 * 2) + (tap / 3) - 1, column = (place % 16 * 2) + (tap % 3) - 1;
                        if (row is >= 0 and < Size && column is >= 0 and < Size)
                            sum += kernel[(filter * 9) + tap] * image[(row * Size) + column];
                    }

                    for (int o = 0; o < 2; o++) expected[o] += Math.Tanh(sum) * weights[(((filter * Places) + place) * 2) + o];
                }
            }

            double[] actual = network.Evaluate(image);
            for (int o = 0; o < 2; o++) worst = Math.Max(worst, Math.Abs(actual[o] - expected[o]));
        }

        Assert.InRange(worst, 1e-9, result.Report.CertifiedError);
        Assert.InRange(result.Report.CertifiedError, 1e-9, 1e-3);
    }

    /// <summary>Layers over images bound what their edges bound: values, errors and slopes.</summary>
    [Fact]
    public void Bounds_of_windows_hold_those_of_edges()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int groups = random.Next(1, 3), channels = groups * random.Next(1, 3), filters = groups * random.Next(1, 3);
            var geometry = new WindowGeometry
            {
                Channels = channels,
                Height = random.Next(3, 7),
                Width = random.Next(3, 7),
                KernelHeight = random.Next(1, 4),
                KernelWidth = random.Next(1, 4),
                StrideY = random.Next(1, 3),
                StrideX = random.Next(1, 3),
                ChannelsFirst = random.Next(2) == 0,
            };
            if (geometry.KernelHeight > 1) geometry = geometry with { PadTop = random.Next(2), PadBottom = random.Next(2) };
            var layer = new ConvolutionDescription(geometry, filters, groups,
                [.. Enumerable.Range(0, filters * channels / groups * geometry.KernelHeight * geometry.KernelWidth)
                    .Select(_ => Rational.Create(random.Next(-9, 10), random.Next(1, 8)))],
                random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, filters).Select(_ => Rational.Create(random.Next(-9, 10), 3))]);
            var edges = layer.ToLayer();
            var window = new WindowBounds(layer);
            Interval[] inputs = [.. Enumerable.Range(0, layer.InputCount).Select(_ => Some(random))],
                behind = [.. Enumerable.Range(0, layer.OutputCount).Select(_ => Some(random))];
            Interval[] range = window.Range(inputs), errors = window.Errors(Array.ConvertAll(inputs, static input => input.Absolute())),
                slopes = window.Behind(behind);

            // A corner of the box, exactly, and the transposed product.
            Rational[] corner = [.. inputs.Select(input => Rational.FromDouble(random.Next(2) == 0 ? input.Low : input.High))];
            var values = edges.Evaluate(corner);
            var back = new double[layer.InputCount];
            var sums = new double[layer.OutputCount];
            foreach (var edge in edges.Edges)
            {
                double weight = edge.Function.Slopes[0].ToDouble();
                back[edge.Input] += weight * behind[edge.Output].Middle;
                sums[edge.Output] += Math.Abs(weight) * inputs[edge.Input].Magnitude;
            }

            for (int q = 0; q < values.Length; q++)
            {
                Assert.True(range[q].Contains(values[q].ToDouble()), $"seed {seed}, output {q}");
                Assert.InRange(errors[q].High, sums[q] * (1 - 1e-12), (sums[q] * (1 + 1e-12)) + 1e-300);
            }

            for (int p = 0; p < back.Length; p++)
                Assert.InRange(back[p], slopes[p].Low - 1e-12, slopes[p].High + 1e-12);
        }
    }

    private static Interval Some(Random random)
    {
        double from = (random.NextDouble() * 4) - 2;
        return new Interval(from, from + random.NextDouble());
    }

    /// <summary>
    /// Requires that float evaluations are within the certificates of what ONNX Runtime computes, corners among the images.
    /// </summary>
    private static KanDocument AssertWithin(OnnxBuilder model)
    {
        byte[] bytes = model.ToBytes();
        var result = model.Import(s_options);
        var plan = NetworkCompiler.Plan(result.Document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        var evaluator = new ReferenceEvaluator<float>(plan.Form);
        var random = new Random(5);
        using var runtime = new OrtRun(bytes);
        double worst = 0, most = 0;
        for (int sample = 0; sample < 24; sample++)
        {
            float[] image =
                [.. Enumerable.Range(0, plan.InputCount).Select(_ => sample < 12 ? random.Next(2) : random.NextSingle())];
            float[] expected = runtime.Evaluate(image), actual = evaluator.Evaluate(image);
            for (int i = 0; i < actual.Length; i++) worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]));
            most = Math.Max(most, expected.Max(Math.Abs));
        }

        // ONNX Runtime rounds too, and knows no bound of it.
        Assert.InRange(result.Report.CertifiedError, 1e-9, Tolerance);
        Assert.InRange(worst, 0, result.Report.CertifiedError + Math.Min(plan.ErrorBound, 1e-5 * most) + (1e-5 * most));
        return result.Document;
    }
}
