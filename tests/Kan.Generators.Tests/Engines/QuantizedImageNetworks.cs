using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>Networks over images whose integers are those of a file: weights of the full range, and codes of every kind.</summary>
internal static class QuantizedImageNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        Of("a classifier of a file", 1, 3, 8, 7, lowest: 0, zero: 0).Conv(20, 3, pad: 1).Max(2).Conv(17, 2).Dense(5).Document,
        Of("codes around 0 over an image", 2, 4, 6, 6, lowest: 0, zero: 120).Conv(8, 3, groups: 2).Max(2).Dense(3).Document,
        Of("a lowest code over an image", 3, 2, 7, 6, lowest: 130, zero: 130).Max(2).Conv(33, 2, pad: 1).Conv(33, 3, groups: 33)
            .Dense(4).Document,
        Of("fewer codes over an image", 4, 3, 6, 6, lowest: 128, zero: 190).Conv(5, 3, pad: 2).Dense(3).Document,
        Of("other codes behind ReLU over an image", 5, 3, 6, 5, lowest: 100, zero: 100, isRecoded: true).Conv(18, 3).Max(2).Dense(3).Document,
        Of("an average of a file", 6, 3, 6, 6, lowest: 0, zero: 30).Conv(19, 3).Average().Document,
        Of("a maximum of a file at the end", 7, 3, 6, 6, lowest: 0, zero: 90).Conv(7, 3).Max(4).Document,
    ];

    private static Builder Of(string name, int seed, int channels, int height, int width, int lowest, int zero, bool isRecoded = false) =>
        new(name, seed, channels, height, width, lowest, zero, isRecoded);

    private sealed class Builder
    {
        private readonly string _name;
        private readonly Random _random;
        private readonly int _lowest, _zero;
        private readonly bool _isRecoded;
        private readonly List<LayerDescription> _layers = [];
        private int _channels, _height, _width;
        private CodeRange _before;
        private QuantizedCodes _codes;

        public Builder(string name, int seed, int channels, int height, int width, int lowest, int zero, bool isRecoded)
        {
            (_name, _random, _lowest, _zero, _isRecoded) = (name, new Random(seed), lowest, zero, isRecoded);
            (_channels, _height, _width) = (channels, height, width);
            _before = new CodeRange(0.0217f, 100 + seed);
            _codes = new QuantizedCodes(_before, []) { LowestInput = lowest > 0 && lowest < zero ? 70 : 0 };
        }

        public KanDocument Document => new()
        {
            Name = _name,
            Layers = [.. _layers],
            Codes = _codes,
            InputRanges = [_codes.InputRange],
            Head = NetworkHead.Softmax,
        };

        public Builder Conv(int filters, int kernel, int groups = 1, int pad = 0)
        {
            var geometry = Geometry(kernel, 1, pad);
            int count = _channels / groups * kernel * kernel;
            float[] scales = Scales(filters);
            var layer = new ConvolutionDescription(geometry, filters, groups, Weights(scales, count), Biases(scales));
            Add(layer, scales, count, isLast: false);
            return this;
        }

        public Builder Max(int kernel)
        {
            var layer = new MaximumDescription(Geometry(kernel, kernel, 0));
            _layers.Add(layer);
            (_height, _width) = (layer.Geometry.OutputHeight, layer.Geometry.OutputWidth);
            return this;
        }

        public Builder Average()
        {
            int taps = _height * _width;
            var geometry = Geometry(_height, 1, 0) with { KernelWidth = _width };
            float scale = 1f / taps;
            var layer = new ConvolutionDescription(geometry, _channels, _channels,
                [.. Enumerable.Repeat(Rational.FromSingle(scale), taps * _channels)], []);
            _layers.Add(layer);
            _before = new CodeRange(_before.Scale * 0.4f, 20);
            _codes = _codes with { Layers = _codes.Layers.Add(new QuantizedLayer([scale], [new CodeStep(_before, 0)])) };
            return this;
        }

        public Builder Dense(int outputs)
        {
            int n = _channels * _height * _width;
            float[] scales = Scales(outputs);
            Add(new AffineDescription(n, outputs, Weights(scales, n), Biases(scales)), scales, n, isLast: true);
            return this;
        }

        private WindowGeometry Geometry(int kernel, int stride, int pad) => new()
        {
            Channels = _channels,
            Height = _height,
            Width = _width,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideX = stride,
            StrideY = stride,
            PadTop = pad,
            PadLeft = pad,
            PadBottom = pad,
            PadRight = pad,
            ChannelsFirst = _layers.Count == 0,
        };

        private float[] Scales(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.004 + (_random.NextDouble() * 0.02)))];

        private ImmutableArray<Rational> Weights(float[] scales, int count) => [.. Enumerable.Range(0, scales.Length * count)
            .Select(i => Rational.FromSingle(scales[i / count])
                * (_random.Next(3) switch { 0 => -128, 1 => 127, _ => _random.Next(-128, 128) }))];

        private ImmutableArray<Rational> Biases(float[] scales) =>
            [.. scales.Select(scale => Rational.FromSingle(_before.Scale * scale) * _random.Next(-5000, 5000))];

        private void Add(LayerDescription layer, float[] scales, int count, bool isLast)
        {
            _layers.Add(layer);
            var range = new CodeRange(_before.Scale * scales.Average() * (float)Math.Sqrt(count) * 60, _zero);
            ImmutableArray<CodeStep> steps = isLast ? []
                : _isRecoded ? [new(range, 0), new(new CodeRange(range.Scale * 0.7f, _zero), _lowest)] : [new(range, _lowest)];
            if (steps.Any(static step => step.IsRelu)) _layers.Add(new ActivationDescription(layer.OutputCount, [PiecewiseLinearFunction.Relu]));
            _codes = _codes with { Layers = _codes.Layers.Add(new QuantizedLayer([.. scales], steps)) };
            if (!isLast) _before = steps[^1].Range;
            if (layer is WindowDescription window)
                (_channels, _height, _width) = (window.OutputChannels, window.Geometry.OutputHeight, window.Geometry.OutputWidth);
        }
    }
}
