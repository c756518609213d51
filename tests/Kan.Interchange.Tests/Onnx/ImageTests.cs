using System;
using System.Diagnostics;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Interchange.Tests.Support;
using Xunit;
using static Kan.Interchange.Tests.Support.DigitModels;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Convolutional networks are kept as layers over images, and mean what ONNX Runtime computes.</summary>
public sealed class ImageTests
{
    [Fact]
    public void A_chain_of_convolutions_and_pools_is_kept()
    {
        var document = OnnxOracle.AssertAgrees(Plain(14));
        Assert.Equal(
            [typeof(ConvolutionDescription), typeof(ActivationDescription), typeof(MaximumDescription), typeof(ConvolutionDescription),
                typeof(ActivationDescription), typeof(MaximumDescription), typeof(AffineDescription)],
            document.Layers.Select(static layer => layer.GetType()));
    }

    [Fact]
    public void Images_of_several_channels_are_read_as_they_lie()
    {
        var model = new OnnxBuilder([1, 3, 12, 10]).Floats("k", [6, 3, 3, 3], Some(162))
            .Node("Conv", ["x", "k"], ("strides", OnnxBuilder.Ints(1, 2)), ("pads", OnnxBuilder.Ints(1, 0, 1, 2)))
            .Node("LeakyRelu", ["*"]).Node("Flatten", ["*"]).Floats("w", [12 * 5 * 6, 4], Some(12 * 5 * 6 * 4)).Node("MatMul", ["*", "w"]);
        var document = OnnxOracle.AssertAgrees(model);
        Assert.True(Assert.IsType<ConvolutionDescription>(document.Layers[0]).Geometry.ChannelsFirst);
        Assert.Equal(3, document.Layers.Length);
    }

    [Fact]
    public void Groups_dilations_and_averages_are_kept()
    {
        var model = new OnnxBuilder([1, 4, 20, 20]).Floats("k", [8, 2, 3, 3], Some(144)).Floats("b", [8], Some(8))
            .Node("Conv", ["x", "k", "b"], ("group", 2), ("dilations", OnnxBuilder.Ints(2, 1)))
            .Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)), ("strides", OnnxBuilder.Ints(2, 2)))
            .Node("Relu", ["*"]).Node("Flatten", ["*"]).Floats("w", [8 * 8 * 9, 3], Some(8 * 8 * 9 * 3)).Node("MatMul", ["*", "w"]);
        var document = OnnxOracle.AssertAgrees(model);
        Assert.Equal(2, document.Layers.Count(static layer => layer is ConvolutionDescription));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Averages_at_borders_divide_by_what_counts(int countsPadding, int roundsUp)
    {
        // 18,432 edges: kept, and an image of several channels is the result.
        var document = OnnxOracle.AssertAgrees(new OnnxBuilder([1, 3, 33, 31]).Node("AveragePool", ["x"],
            ("kernel_shape", OnnxBuilder.Ints(3, 4)), ("pads", OnnxBuilder.Ints(1, 2, 0, 1)), ("strides", OnnxBuilder.Ints(1, 2)),
            ("count_include_pad", countsPadding), ("ceil_mode", roundsUp)).Node("Relu", ["*"]));
        Assert.DoesNotContain(document.Layers, static layer => layer is AffineDescription or EdgesDescription);
        Compile(document);
    }

    [Theory]
    [InlineData("MaxPool", 0)]
    [InlineData("AveragePool", 0)]
    [InlineData("AveragePool", 1)]
    public void Pools_over_three_axes_are_two_layers(string type, int countsPadding)
    {
        var model = new OnnxBuilder([1, 2, 9, 12, 11]);
        (string, object)[] attributes =
        [
            ("kernel_shape", OnnxBuilder.Ints(3, 2, 3)), ("pads", OnnxBuilder.Ints(1, 0, 1, 2, 1, 1)),
            ("strides", OnnxBuilder.Ints(2, 1, 2)), ("dilations", OnnxBuilder.Ints(1, 2, 1)),
        ];
        if (type == "AveragePool") attributes = [.. attributes[..3], ("count_include_pad", countsPadding)];
        var document = OnnxOracle.AssertAgrees(model.Node(type, ["x"], attributes).Node("Relu", ["*"]), 19);
        Assert.Equal(2, document.Layers.OfType<WindowDescription>().Count(static layer => layer.Geometry.KernelHeight > 1
            || layer.Geometry.KernelWidth > 1));
        Compile(document);
    }

    [Fact]
    public void An_image_of_several_channels_is_a_result()
    {
        // 4,860 numbers: a matrix that orders them would have 23 million.
        var document = OnnxOracle.AssertAgrees(new OnnxBuilder([1, 3, 20, 29]).Floats("k", [10, 3, 3, 3], Some(270))
            .Node("Conv", ["x", "k"]).Node("Relu", ["*"]));
        Assert.True(document.Layers.OfType<ConvolutionDescription>().Sum(static layer => layer.Weights.Length) < 1000);
        Compile(document);
    }

    [Fact]
    public void Maxima_of_large_windows_are_kept_however_few_they_are() =>
        Assert.IsType<MaximumDescription>(OnnxOracle.AssertAgrees(new OnnxBuilder([1, 3, 32, 32]).Node("MaxPool", ["x"],
            ("kernel_shape", OnnxBuilder.Ints(5, 5)), ("strides", OnnxBuilder.Ints(3, 3))).Node("Relu", ["*"])).Layers[0]);

    [Fact]
    public void What_no_compiler_holds_is_refused() =>
        Assert.Contains("compiled networks hold a number for each of the",
            Assert.Throws<ModelFileException>(new OnnxBuilder([1, 1, 16, 16, 16]).Floats("k", [1, 1, 2, 2, 2], Some(8))
                .Node("Conv", ["x", "k"]).Import).Message);

    /// <summary>Every number of the layers is planned: none needs more than the compiler holds.</summary>
    private static void Compile(KanDocument document) => NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto);

    [Fact]
    public void One_axis_is_an_image_of_one_row()
    {
        var model = new OnnxBuilder([1, 2, 200]).Floats("k", [8, 2, 5], Some(80)).Node("Conv", ["x", "k"], ("pads", OnnxBuilder.Ints(2, 2)))
            .Node("Relu", ["*"])
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(4)), ("strides", OnnxBuilder.Ints(4))).Node("Flatten", ["*"])
            .Floats("w", [400, 3], Some(1200)).Node("MatMul", ["*", "w"]);
        Assert.IsType<MaximumDescription>(OnnxOracle.AssertAgrees(model).Layers[2]);
    }

    [Fact]
    public void A_batch_normalization_behind_a_convolution_is_a_part_of_it()
    {
        var model = new OnnxBuilder([1, 1, 20, 20]).Floats("k", [4, 1, 3, 3], Some(36)).Node("Conv", ["x", "k"])
            .Floats("g", [4], 1, 2, 0.5f, -1).Floats("b", [4], Some(4)).Floats("m", [4], Some(4)).Floats("v", [4], 1, 0.25f, 3, 2)
            .Node("BatchNormalization", ["*", "g", "b", "m", "v"])
            .Node("Relu", ["*"]).Node("Flatten", ["*"]).Floats("w", [1296, 2], Some(2592)).Node("MatMul", ["*", "w"]);
        Assert.Equal(3, OnnxOracle.AssertAgrees(model).Layers.Length);
    }

    [Fact]
    public void A_residual_block_is_kept()
    {
        var model = new OnnxBuilder([1, 2, 8, 8]).Floats("k", [2, 2, 3, 3], Some(36)).Floats("l", [8, 2, 3, 3], Some(144))
            .Floats("r", [2, 8, 3, 3], Some(144))
            .Node("Conv", ["x", "l"], ["a"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1))).Node("Relu", ["a"], ["c"])
            .Node("Conv", ["c", "r"], ["d"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1)))
            .Node("Add", ["x", "d"]).Node("Relu", ["*"]).Node("Flatten", ["*"]).Floats("w", [128, 3], Some(384)).Node("MatMul", ["*", "w"]);

        // The input passes the first convolution as two more channels, and is added by the second.
        var document = OnnxOracle.AssertAgrees(model);
        Assert.Equal([typeof(ConvolutionDescription), typeof(ActivationDescription), typeof(ConvolutionDescription),
            typeof(ActivationDescription), typeof(AffineDescription)], document.Layers.Select(static layer => layer.GetType()));
        Assert.Equal([10, 2], document.Layers.OfType<ConvolutionDescription>().Select(static layer => layer.Filters));
    }

    [Fact]
    public void A_residual_network_for_digits_is_kept_and_one_function_serves_what_passes()
    {
        var document = OnnxOracle.AssertAgrees(Residual());
        Assert.Equal([16, 32, 16, 48, 24, 24], document.Layers.OfType<ConvolutionDescription>().Select(static layer => layer.Filters));
        Assert.Equal(11, document.Layers.TakeWhile(static layer => layer is not AffineDescription and not EdgesDescription).Count());

        // What a ReLU made, it leaves as it is; the sums on the way past the last block do not come from one.
        Assert.Equal([1, 1, 1, 48 * 16, 1], document.Layers.OfType<ActivationDescription>().Select(static layer => layer.Functions.Length));
        Assert.InRange(KanDocumentWriter.Write(document).Length, 1, 2_000_000);
    }

    /// <summary>As in networks for phones: a kernel for each channel, bounds instead of ReLUs, and nothing behind the sum.</summary>
    [Fact]
    public void Blocks_with_linear_ends_are_kept()
    {
        var model = new OnnxBuilder([1, 3, 16, 16]).Floats("zero", []).Floats("six", [], 6);
        model.Graph.Initializer[0].FloatData.Add(0);
        Normalized(model, "x", "a", 8, 3, 3, stride: 2);
        string last = "a";
        foreach (int block in new[] { 1, 2 })
        {
            Normalized(model, last, $"e{block}", 16, 8, 1, stride: 1);
            model.Node("Clip", [$"e{block}", "zero", "six"], [$"f{block}"]);
            Normalized(model, $"f{block}", $"g{block}", 16, 16, 3, stride: 1, groups: 16);
            model.Node("Clip", [$"g{block}", "zero", "six"], [$"h{block}"]);
            Normalized(model, $"h{block}", $"i{block}", 8, 16, 1, stride: 1);
            model.Node("Add", [last, $"i{block}"], [$"j{block}"]);
            last = $"j{block}";
        }

        model.Node("Flatten", [last]).Floats("w", [512, 4], Some(2048)).Node("MatMul", ["*", "w"]);
        var document = OnnxOracle.AssertAgrees(model);
        Assert.DoesNotContain(document.Layers, static layer => layer is EdgesDescription);
        Assert.Contains(document.Layers, static layer => layer is ConvolutionDescription { Groups: 24 });
    }

    /// <summary>Two convolutions of different size read one image, and their results are joined.</summary>
    [Fact]
    public void Branches_of_convolutions_are_one_convolution()
    {
        var model = new OnnxBuilder([1, 2, 12, 12]).Floats("k", [4, 2, 3, 3], Some(72)).Floats("l", [6, 2, 5, 5], Some(300))
            .Floats("m", [2, 2, 1, 1], Some(4))
            .Node("Conv", ["x", "k"], ["a"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1))).Node("Relu", ["a"], ["a2"])
            .Node("Conv", ["x", "l"], ["b"], ("pads", OnnxBuilder.Ints(2, 2, 2, 2))).Node("Relu", ["b"], ["b2"])
            .Node("Conv", ["x", "m"], ["c"]).Node("Relu", ["c"], ["c2"])
            .Node("Concat", ["a2", "b2", "c2"], ("axis", 1))
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)), ("strides", OnnxBuilder.Ints(2, 2)))
            .Node("Flatten", ["*"]).Floats("w", [432, 3], Some(1296)).Node("MatMul", ["*", "w"]);
        var document = OnnxOracle.AssertAgrees(model);
        Assert.Equal([typeof(ConvolutionDescription), typeof(ActivationDescription), typeof(MaximumDescription), typeof(AffineDescription)],
            document.Layers.Select(static layer => layer.GetType()));
    }

    /// <summary>A maximum has no channels for what passes it: such a network takes edges, as long as they are few.</summary>
    [Fact]
    public void Values_that_pass_a_maximum_are_written_out()
    {
        var model = new OnnxBuilder([1, 2, 8, 8]).Floats("l", [7, 2, 3, 3], Some(126)).Floats("r", [2, 7, 3, 3], Some(126))
            .Node("Conv", ["x", "l"], ["a"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1)))
            .Node("MaxPool", ["a"], ["c"], ("kernel_shape", OnnxBuilder.Ints(3, 3)), ("pads", OnnxBuilder.Ints(1, 1, 1, 1)))
            .Node("Conv", ["c", "r"], ["d"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1)))
            .Node("Add", ["x", "d"]).Node("Relu", ["*"]).Node("Flatten", ["*"]).Floats("w", [128, 3], Some(384)).Node("MatMul", ["*", "w"]);
        Assert.DoesNotContain(OnnxOracle.AssertAgrees(model).Layers, static layer => layer is WindowDescription);
    }

    /// <summary>
    /// As generated code computes them, bit by bit; the rounding of ONNX Runtime, which knows no bound, is allowed for apart.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Networks_for_digits_compile_within_seconds_to_what_onnx_runtime_computes(bool isResidual)
    {
        const int Rows = 64;
        var model = isResidual ? Residual() : Plain(28);
        byte[] bytes = model.ToBytes();
        var document = model.Import() with { InputRanges = [new InputRange(0, 1)] };
        var watch = Stopwatch.StartNew();
        Assert.NotEmpty(NetworkCompiler.Compile(document, new CompilerOptions
        {
            Target = new TargetType("Digits", ["partial class Network"], IsStatic: false),
        }, TestContext.Current.CancellationToken).Files);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5000);
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        var evaluator = new ReferenceEvaluator<float>(plan.Form);
        var random = new Random(5);
        float[] images = [.. Enumerable.Range(0, Rows * plan.InputCount).Select(_ => random.NextSingle())];
        using var runtime = new OrtRun(bytes);
        float[] expected = runtime.Evaluate(images);
        double scale = expected.Max(Math.Abs);
        for (int row = 0; row < Rows; row++)
        {
            float[] actual = evaluator.Evaluate(images.AsSpan(row * plan.InputCount, plan.InputCount));
            for (int i = 0; i < actual.Length; i++)
                Assert.InRange(Math.Abs(actual[i] - expected[(row * actual.Length) + i]), 0, Math.Min(plan.ErrorBound, 1e-5 * scale));
        }
    }

    [Fact]
    public void The_document_is_in_proportion_to_the_file_and_ready_within_a_second()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("digits.onnx", Plain(28).ToBytes(13));
        var watch = Stopwatch.StartNew();
        string text = KanDocumentWriter.Write(ModelImporter.Import(path, ImportOptions.None).Document);
        Assert.InRange(text.Length, 1, 100_000);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 10_000);
    }
}
