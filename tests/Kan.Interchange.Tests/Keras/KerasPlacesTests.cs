using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using PureHDF;
using Xunit;

namespace Kan.Interchange.Tests.Keras;

/// <summary>Layers of Keras that place values anew, average at borders or multiply each place mean what direct sums give.</summary>
public sealed class KerasPlacesTests
{
    private const int Height = 5, Width = 4, Channels = 3;

    private static readonly double[] s_image =
        [.. Enumerable.Range(0, Height * Width * Channels).Select(static i => ((i * 29 % 31) - 15) / 8.0)];

    private static double Pixel(int y, int x, int c) =>
        y >= 0 && y < Height && x >= 0 && x < Width ? s_image[(((y * Width) + x) * Channels) + c] : 0;

    [Theory]
    [InlineData(3, 2, 1, 2)]
    [InlineData(2, 3, 2, 1)]
    [InlineData(3, 3, 3, 3)]
    public void Averages_at_borders_divide_by_what_is_there(int height, int width, int strideY, int strideX)
    {
        int rows = (Height + strideY - 1) / strideY, columns = (Width + strideX - 1) / strideX;
        int top = Math.Max(0, ((rows - 1) * strideY) + height - Height) / 2,
            left = Math.Max(0, ((columns - 1) * strideX) + width - Width) / 2;
        Agrees(Image(rows, columns, Channels, (y, x, c) =>
        {
            var under = new List<double>();
            for (int at = (y * strideY) - top; at < (y * strideY) - top + height; at++)
            {
                for (int to = (x * strideX) - left; to < (x * strideX) - left + width; to++)
                {
                    if (at >= 0 && at < Height && to >= 0 && to < Width) under.Add(Pixel(at, to, c));
                }
            }

            return under.Average();
        }), Model("AveragePooling2D",
            $"\"pool_size\": [{height}, {width}], \"strides\": [{strideY}, {strideX}], \"padding\": \"same\""));
    }

    [Fact]
    public void Borders_of_zeros() => Agrees(Image(Height + 3, Width + 1, Channels, static (y, x, c) => Pixel(y - 1, x, c)),
        Model("ZeroPadding2D", "\"padding\": [[1, 2], [0, 1]]"));

    [Fact]
    public void Borders_of_one_width() => Agrees(Image(Height + 4, Width + 4, Channels, static (y, x, c) => Pixel(y - 2, x - 2, c)),
        Model("ZeroPadding2D", "\"padding\": 2"));

    [Fact]
    public void Crops() => Agrees(Image(Height - 3, Width - 2, Channels, static (y, x, c) => Pixel(y + 2, x + 1, c)),
        Model("Cropping2D", "\"cropping\": [[2, 1], [1, 1]]"));

    [Fact]
    public void Copies() => Agrees(Image(Height * 2, Width * 3, Channels, static (y, x, c) => Pixel(y / 2, x / 3, c)),
        Model("UpSampling2D", "\"size\": [2, 3], \"interpolation\": \"nearest\""));

    [Fact]
    public void Another_order_of_axes() => Agrees(Image(Channels, Height, Width, static (y, x, c) => Pixel(x, c, y)),
        Model("Permute", "\"dims\": [3, 1, 2]"));

    [Fact]
    public void A_vector_again_and_again() => Agrees([.. s_image, .. s_image, .. s_image],
        Model(("Flatten", "\"data_format\": \"channels_last\"", []), ("RepeatVector", "\"n\": 3", [])));

    [Fact]
    public void Dense_multiplies_each_place()
    {
        Array kernel = Numbers(3, 2), bias = Numbers(2);
        Agrees(Image(Height, Width, 2, (y, x, q) => Math.Max(0, Enumerable.Range(0, Channels)
            .Sum(c => Pixel(y, x, c) * (float)kernel.GetValue(c, q)!) + (float)bias.GetValue(q)!)),
            Model(("Dense", "\"units\": 2, \"activation\": \"relu\", \"use_bias\": true", [kernel, bias])));
    }

    [Fact]
    public void Separable_convolutions()
    {
        Array apart = Numbers(2, 3, Channels, 2), together = Numbers(1, 1, 6, 4), bias = Numbers(4);
        Agrees(Image(4, 1, 4, (y, x, q) => (float)bias.GetValue(q)! + Enumerable.Range(0, Channels).Sum(c => Enumerable.Range(0, 2).Sum(m =>
        {
            double sum = 0;
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 3; j++) sum += Pixel(y + i, (x * 2) + j, c) * (float)apart.GetValue(i, j, c, m)!;
            }

            return sum * (float)together.GetValue(0, 0, (c * 2) + m, q)!;
        }))), Model(("SeparableConv2D", "\"filters\": 4, \"kernel_size\": [2, 3], \"strides\": [1, 2], \"padding\": \"valid\", "
            + "\"depth_multiplier\": 2, \"activation\": \"linear\", \"use_bias\": true", [apart, together, bias])));
    }

    [Theory]
    [InlineData("UpSampling2D", "\"size\": 2, \"interpolation\": \"bilinear\"", "has the interpolation 'bilinear'")]
    [InlineData("UpSampling2D", "\"size\": 300", "compiled networks hold a number for each pair")]
    [InlineData("Cropping2D", "\"cropping\": 3", "leaves nothing of values of shape [5, 4, 3]")]
    [InlineData("ZeroPadding2D", "\"padding\": [1, 2, 3]", "has 3 members; expected 2")]
    [InlineData("ZeroPadding2D", "\"padding\": -1", "holds -1 where a number from 0")]
    [InlineData("Permute", "\"dims\": [1, 1, 2]", "has the order [1, 1, 2]")]
    [InlineData("RepeatVector", "\"n\": 2", "repeats a vector")]
    public void Refusals_name_the_layer(string kind, string arguments, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => KerasModel.Import("a.keras", Model(kind, arguments))).Message,
            StringComparison.Ordinal);

    private static Array Numbers(params int[] shape)
    {
        var array = Array.CreateInstance(typeof(float), shape);
        int[] place = new int[shape.Length];
        for (int i = 0; i < array.Length; i++)
        {
            array.SetValue(((i * 7 % 11) - 5) / 4f, place);
            for (int axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis]; axis--) place[axis] = 0;
        }

        return array;
    }

    private static double[] Image(int height, int width, int channels, Func<int, int, int, double> pixel) =>
        [.. Enumerable.Range(0, height * width * channels).Select(i => pixel(i / channels / width, i / channels % width, i % channels))];

    private static byte[] Model(string kind, string arguments) => Model((kind, arguments, []));

    /// <summary>An archive with an image as its input and some layers.</summary>
    private static byte[] Model(params (string Kind, string Arguments, Array[] Weights)[] layers)
    {
        var text = new StringBuilder("{\"module\": \"keras\", \"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": [");
        Layer("InputLayer", "input", $"\"batch_shape\": [null, {Height}, {Width}, {Channels}]");
        var groups = new H5Group();
        foreach (var (kind, arguments, weights) in layers)
        {
            text.Append(", ");
            Layer(kind, "last", arguments);
            var own = new H5Group();
            for (int i = 0; i < weights.Length; i++) own[$"{i}"] = weights[i];
            groups[kind == "SeparableConv2D" ? "separable_conv2d" : kind.ToLowerInvariant()] = new H5Group { ["vars"] = own };
        }

        text.Append("]}, \"registered_name\": null}");
        using var scratch = new Scratch();
        string file = scratch.Write("w.h5", []);
        new H5File { ["layers"] = groups }.Write(file);
        using var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in new[]
            {
                ("metadata.json", Encoding.UTF8.GetBytes("{\"keras_version\": \"3.6.0\"}")),
                ("config.json", Encoding.UTF8.GetBytes(text.ToString())), ("model.weights.h5", File.ReadAllBytes(file)),
            })
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return result.ToArray();

        void Layer(string kind, string name, string arguments) => text.Append("{\"module\": \"keras.layers\", "
            + $"\"class_name\": \"{kind}\", "
            + $"\"config\": {{\"name\": \"{name}\", {arguments}}}, \"registered_name\": null}}");
    }

    private static void Agrees(double[] expected, byte[] model)
    {
        double[] actual = DoubleEvaluation.Evaluate(KerasModel.Import("a.keras", model).Document.ToNetwork(), s_image);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }
}
