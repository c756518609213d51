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

    [Theory]
    [InlineData("SAME_UPPER", 7, 9)]
    [InlineData("SAME_LOWER", 7, 9)]
    [InlineData("NOTSET", 7, 9)]
    [InlineData("SAME_UPPER", 9, 15)]
    [InlineData("SAME_UPPER", 0, 0)]
    [InlineData("SAME_LOWER", 0, 0)]
    public void Transposed_convolutions_of_a_shape(string automatic, int rows, int columns)
    {
        var model = new OnnxBuilder(1, 2, 3, 4).Floats("k", [2, 3, 4, 4], Some(96)).Floats("b", [3], Some(3));
        (string, object)[] attributes = [("strides", OnnxBuilder.Ints(2, 3)), ("auto_pad", automatic)];
        if (rows > 0) attributes = [.. attributes, ("output_shape", OnnxBuilder.Ints(rows, columns))];
        OnnxOracle.AssertAgrees(model.Node("ConvTranspose", ["x", "k", "b"], attributes).Node("Relu", ["*"]));
    }

    /// <summary>
    /// By hand: stride 2 puts 1, 2, 3 at 0, 2, 4 of a kernel of 1, 10, 100, seven numbers in all: 1, 10, 102, 20, 203, 30, 300.
    /// </summary>
    [Theory]
    [InlineData("SAME_UPPER", new double[] { 1, 10, 102, 20, 203, 30 })]
    [InlineData("SAME_LOWER", new double[] { 10, 102, 20, 203, 30, 300 })]
    public void Transposed_convolutions_cut_off_one_end(string automatic, double[] expected) =>
        Assert.Equal(expected, new OnnxBuilder(1, 1, 3).Floats("k", [1, 1, 3], 1, 10, 100)
            .Node("ConvTranspose", ["x", "k"], ("strides", OnnxBuilder.Ints(2)), ("auto_pad", automatic)).Import().ToNetwork()
            .Evaluate([1.0, 2, 3]));

    [Theory]
    [InlineData("linear", "half_pixel")]
    [InlineData("linear", "asymmetric")]
    [InlineData("linear", "align_corners")]
    [InlineData("linear", "pytorch_half_pixel")]
    [InlineData("cubic", "half_pixel")]
    [InlineData("cubic", "align_corners")]
    [InlineData("cubic", "asymmetric")]
    public void Resize_between_places(string mode, string coordinates)
    {
        foreach (float[] scales in new float[][] { [1, 1, 2, 3], [1, 1, 0.5f, 1.5f], [1, 1, 1, 2.5f] })
        {
            OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 4, 6).Floats("s", [4], scales).Node("Resize", ["x", "", "s"], ("mode", mode),
                ("coordinate_transformation_mode", coordinates)).Node("Relu", ["*"]));
        }

        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 4, 6).Integers("z", 1, 2, 7, 4).Node("Resize", ["x", "", "", "z"], ("mode", mode),
            ("coordinate_transformation_mode", coordinates)).Node("Relu", ["*"]));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("cubic")]
    public void Resize_that_averages_what_it_makes_smaller(string mode)
    {
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 1, 6, 8).Integers("z", 1, 1, 3, 5).Floats("r", [0]).Floats("s", [0])
            .Node("Resize", ["x", "r", "s", "z"], ("mode", mode),
            ("antialias", 1)).Node("Relu", ["*"]), 18);
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 1, 6, 8).Integers("z", 1, 1, 9, 5).Node("Resize", ["x", "", "", "z"], ("mode", mode),
            ("exclude_outside", mode == "cubic" ? 1 : 0), ("cubic_coeff_a", -0.5f)).Node("Relu", ["*"]), 13);
    }

    /// <summary>By hand, of 10, 20, 40: corners stay, or pixels have their middle at one half.</summary>
    [Theory]
    [InlineData("align_corners", new double[] { 10, 14, 18, 24, 32, 40 })]
    [InlineData("half_pixel", new double[] { 10, 12.5, 17.5, 25, 35, 40 })]
    [InlineData("asymmetric", new double[] { 10, 15, 20, 30, 40, 40 })]
    public void Resize_of_three_numbers_to_six(string coordinates, double[] expected) =>
        Assert.Equal(expected, new OnnxBuilder(1, 1, 3).Integers("z", 1, 1, 6).Node("Resize", ["x", "", "", "z"], ("mode", "linear"),
            ("coordinate_transformation_mode", coordinates)).Import().ToNetwork().Evaluate([10.0, 20, 40]));

    /// <summary>
    /// By hand: the middle half of 0, 4, 8, 12, 16, in three numbers, is 4, 8, 12; what is left of the axis is the other number.
    /// </summary>
    [Fact]
    public void Resize_of_a_part()
    {
        Assert.Equal([4.0, 8, 12], Cropped(0.25f, 0.75f));
        Assert.Equal([-1.0, 0, 8], Cropped(-0.5f, 0.5f));

        static double[] Cropped(float start, float end) => new OnnxBuilder(1, 1, 5).Floats("r", [6], 0, 0, start, 1, 1, end)
            .Integers("z", 1, 1, 3).Node("Resize", ["x", "r", "", "z"], ("mode", "linear"), ("extrapolation_value", -1f),
                ("coordinate_transformation_mode", "tf_crop_and_resize")).Import().ToNetwork().Evaluate([0.0, 4, 8, 12, 16]);
    }

    [Theory]
    [InlineData("not_larger", 6)]
    [InlineData("not_smaller", 9)]
    public void Resize_that_keeps_the_ratio(string policy, int rows)
    {
        var document = new OnnxBuilder(1, 1, 3, 2).Integers("z", 7, 6).Node("Resize", ["x", "", "", "z"], ("axes", OnnxBuilder.Ints(2, 3)),
            ("keep_aspect_ratio_policy", policy)).Import();
        Assert.Equal(rows == 6 ? 7 * 5 : 9 * 6, document.ToNetwork().OutputCount);
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
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 2, 3, 2).Floats("s", [4], 1, 1, 2, 3).Node("Resize", ["x", "s"], ("mode", "linear")),
            10);
    }

    [Fact]
    public void What_is_not_read_is_refused_with_the_reason()
    {
        Refuses("has the mode 'area'",
            new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 2, 2).Node("Resize", ["x", "", "s"], ("mode", "area")));
        Refuses("aligns corners by a scale that makes no whole size", new OnnxBuilder(1, 1, 2, 4).Floats("s", [4], 1, 1, 0.6f, 0.6f)
            .Node("Resize", ["x", "", "s"], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners")));
        Refuses("has no region", new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 2, 2)
            .Node("Resize", ["x", "", "s"], ("coordinate_transformation_mode", "tf_crop_and_resize")));
        Refuses("has not one of scales and sizes", new OnnxBuilder(1, 1, 2, 2).Node("Resize", ["x", "", ""]));
        Refuses("resizes an axis of 2 values by 1",
            new OnnxBuilder(1, 1, 2, 2).Floats("s", [4], 1, 1, 1e30f, 1).Node("Resize", ["x", "", "s"]));
        Refuses("has an output_shape out of range", new OnnxBuilder(1, 1, 3).Floats("k", [1, 1, 2], 1, 2)
            .Node("ConvTranspose", ["x", "k"], ("output_shape", OnnxBuilder.Ints(5, 6))));
        Refuses("has a result of -", new OnnxBuilder(1, 1, 3).Floats("k", [1, 1, 2], 1, 2)
            .Node("ConvTranspose", ["x", "k"], ("pads", OnnxBuilder.Ints(5, 5))));

        static void Refuses(string message, OnnxBuilder model) =>
            Assert.Contains(message, Assert.Throws<ModelFileException>(model.Import).Message);
    }

    private static float[] Some(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 32f)];
}
