using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Export;

/// <summary>Integer networks over images, made of floating-point ones, in ONNX files against ONNX Runtime.</summary>
public sealed class QuantizedImageOnnxTests
{
    private static readonly Dictionary<string, Func<KanDocument>> s_documents = new()
    {
        ["a classifier"] = static () => Of(1, Image(3, 6, 5, channelsFirst: true)).Conv(5, pad: 1).Relu().Max().Dense(4).Document,
        ["an image with the channels last"] = static () =>
            Of(2, Image(3, 5, 5, channelsFirst: false)).Conv(4).Relu().Conv(6).Dense(3).Document,
        ["a matrix before a convolution"] = static () =>
            Of(3, Image(2, 4, 4, channelsFirst: false), inputs: 7).Relu().Conv(5).Relu().Dense(2).Document,
        ["groups, and an average at the end"] = static () => Of(4, Image(4, 6, 6, channelsFirst: true)).Conv(8, groups: 4).Relu().Average()
            .Document,
        ["a convolution at the end"] = static () => Of(5, Image(1, 4, 3, channelsFirst: false)).Conv(3).Document,
        ["a maximum at the end"] = static () => Of(6, Image(3, 4, 4, channelsFirst: true)).Conv(3, pad: 1).Max().Document,
    };

    public static TheoryData<string> Names => [.. s_documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_give_the_numbers_of_onnx_runtime_and_are_read_as_they_are(string name)
    {
        var document = s_documents[name]();
        var form = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!.Form;
        byte[] exported = QuantizedOnnxExporter.Export(form);
        using (var runtime = new OrtRun(exported)) IntegerAgreement.AssertSame(runtime, form);
        using var scratch = new Scratch();
        var reread = ModelImporter.Import(scratch.Write("m.onnx", exported));
        IntegerAgreement.AssertEqual(form, reread.Codes!.FormOf(reread.Layers));
    }

    private static WindowGeometry Image(int channels, int height, int width, bool channelsFirst) => new()
    {
        Channels = channels,
        Height = height,
        Width = width,
        KernelHeight = 1,
        KernelWidth = 1,
        ChannelsFirst = channelsFirst,
    };

    private static Builder Of(int seed, WindowGeometry image, int inputs = 0) => new(seed, image, inputs);

    private sealed class Builder
    {
        private readonly Random _random;
        private readonly List<LayerDescription> _layers = [];
        private WindowGeometry _image;

        public Builder(int seed, WindowGeometry image, int inputs)
        {
            (_random, _image) = (new Random(seed), image);
            if (inputs > 0) _layers.Add(Matrix(inputs, image.InputCount));
        }

        public KanDocument Document => new() { Name = "m", Layers = [.. _layers], InputRanges = [new(-1, Rational.Create(3, 2))] };

        public Builder Conv(int filters, int groups = 1, int pad = 0)
        {
            int count = _image.Channels / groups * 4;
            return Add(new ConvolutionDescription(Kernel(2) with { PadTop = pad, PadLeft = pad }, filters, groups,
                Numbers(filters * count, count), Numbers(filters, 4)));
        }

        public Builder Max() => Add(new MaximumDescription(Kernel(2) with { StrideX = 2, StrideY = 2 }));

        public Builder Average()
        {
            int taps = _image.Height * _image.Width;
            var geometry = Kernel(1) with { KernelHeight = _image.Height, KernelWidth = _image.Width };
            return Add(new ConvolutionDescription(geometry, _image.Channels, _image.Channels,
                [.. Enumerable.Repeat(Rational.Create(1, taps), taps * _image.Channels)], []));
        }

        public Builder Relu()
        {
            _layers.Add(new ActivationDescription(_image.InputCount, [PiecewiseLinearFunction.Relu]));
            return this;
        }

        public Builder Dense(int outputs)
        {
            _layers.Add(Matrix(_image.InputCount, outputs));
            return this;
        }

        private Builder Add(WindowDescription layer)
        {
            _layers.Add(layer);
            _image = Image(layer.OutputChannels, layer.Geometry.OutputHeight, layer.Geometry.OutputWidth, channelsFirst: false);
            return this;
        }

        private WindowGeometry Kernel(int size) => _image with { KernelHeight = size, KernelWidth = size };

        private AffineDescription Matrix(int inputs, int outputs) =>
            new(inputs, outputs, Numbers(inputs * outputs, inputs), Numbers(outputs, 4));

        private ImmutableArray<Rational> Numbers(int count, int terms) =>
            [.. Enumerable.Range(0, count).Select(_ => Rational.FromSingle((float)((_random.NextDouble() - 0.5) * 3 / Math.Sqrt(terms))))];
    }
}
