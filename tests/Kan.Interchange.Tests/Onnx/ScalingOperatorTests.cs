using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Transposed convolutions and images of another size mean what ONNX Runtime computes.</summary>
public sealed class ScalingOperatorTests
{
    [Fact]
    public void Transposed_convolutions()
    {
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 3, 4).Floats("k", [2, 3, 2, 3], Some(36)).Floats("b", [3], Some(3))
            .Node("ConvTranspose", ["x", "k", "b"], ("strides", OnnxBuilder.Ints(2, 3)), ("pads", OnnxBuilder.Ints(1, 0, 0, 2)),
                ("output_padding", OnnxBuilder.Ints(1, 2))));
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 4, 5, 5).Floats("k", [4, 1, 3, 3], Some(36))
            .Node("ConvTranspose", ["x", "k"], ("group", 2), ("dilations", OnnxBuilder.Ints(2, 1))).Node("Relu", ["*"]));
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 6).Floats("k", [2, 2, 4], Some(16))
            .Node("ConvTranspose", ["x", "k"], ("strides", OnnxBuilder.Ints(2)), ("pads", OnnxBuilder.Ints(1, 1)))
            .Node("Relu", ["*"]).Node("ConvTranspose", ["*", "k"]));
    }

    [Theory]
    [InlineData("half_pixel", "round_prefer_floor")]
    [InlineData("half_pixel", "round_prefer_ceil")]
    [InlineData("asymmetric", "floor")]
    [InlineData("asymmetric", "ceil")]
    [InlineData("align_corners", "round_prefer_floor")]
    [InlineData("pytorch_half_pixel", "floor")]
    public void Resize_by_scales_and_to_sizes(string coordinates, string rounding)
    {
        foreach (float[] scales in new float[][] { [1, 1, 2, 3], [1, 1, 0.5f, 1.5f], [1, 1, 1, 2.5f] })
        {
            OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 4, 6).Floats("r", [0]).Floats("s", [4], scales).Node("Resize", ["x", "r", "s"],
                ("mode", "nearest"), ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding)).Node("Relu", ["*"]));
        }

        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 4, 6).Integers("z", 1, 2, 7, 4).Node("Resize", ["x", "", "", "z"],
            ("mode", "nearest"), ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding)).Node("Relu", ["*"]));
    }

    [Fact]
    public void Upsample_of_old_operator_sets()
    {
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 3, 2).Floats("s", [4], 1, 1, 2, 3).Node("Upsample", ["x", "s"], ("mode", "nearest")),
            9);
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 3, 2)
            .Node("Upsample", ["x"], ("mode", "nearest"), ("scales", new[] { 1, 1, 2.5f, 1 })), 8);
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 3, 2).Floats("s", [4], 1, 1, 2, 2).Node("Resize", ["x", "s"], ("mode", "nearest")),
            10);
    }

    [Fact]
    public void What_is_not_read_is_refused_with_the_reason()
    {
        Refuses("has the mode 'linear'",
            new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 2, 2).Node("Resize", ["x", "", "s"], ("mode", "linear")));
        Refuses("tf_crop_and_resize", new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 2, 2)
            .Node("Resize", ["x", "", "s"], ("coordinate_transformation_mode", "tf_crop_and_resize")));
        Refuses("has not one of scales and sizes", new OnnxBuilder(1, 1, 2, 2).Node("Resize", ["x", "", ""]));
        Refuses("resizes an axis of 2 values by 1",
            new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 1e30f, 1).Node("Resize", ["x", "", "s"]));
        Refuses("has an output_shape", new OnnxBuilder(1, 1, 3).Floats("k", [1, 1, 2], 1, 2)
            .Node("ConvTranspose", ["x", "k"], ("output_shape", OnnxBuilder.Ints(5))));
        Refuses("has a result of -", new OnnxBuilder(1, 1, 3).Floats("k", [1, 1, 2], 1, 2)
            .Node("ConvTranspose", ["x", "k"], ("pads", OnnxBuilder.Ints(5, 5))));

        static void Refuses(string message, OnnxBuilder model) =>
            Assert.Contains(message, Assert.Throws<ModelFileException>(model.Import).Message);
    }

    private static float[] Some(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 32f)];
}
