using System;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace Kan.Tests.Model;

/// <summary>Layers over images: what they mean as edges, in files, and rounded.</summary>
public sealed class ImageLayerTests
{
    [Fact]
    public void A_layer_over_an_image_is_its_edges_exactly()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var document = Document(random);
            var inputs = Enumerable.Range(0, document.Layers[0].InputCount).Select(_ => Rational.Create(random.Next(-40, 40), 3)).ToArray();
            Assert.Equal(document.ToNetwork().Evaluate(inputs), document.Compact(TestContext.Current.CancellationToken).Evaluate(inputs));
        }
    }

    [Fact]
    public void The_count_of_edges_is_known_before_they_are_made()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var layer = Convolution(new Random(seed), dyadic: true);
            var full = layer with { Weights = [.. layer.Weights.Select(static _ => Rational.One)] };
            Assert.Equal(full.EdgeCount, full.ToLayer().Edges.Length);
        }
    }

    /// <summary>Where nothing is rounded, the order of sums does not matter.</summary>
    [Fact]
    public void The_reference_gives_exact_results_for_dyadic_layers()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var layer = Convolution(random, dyadic: true);
            double[] inputs = [.. Enumerable.Range(0, layer.InputCount).Select(_ => random.Next(-64, 64) / 8.0)];
            var form = new NetworkForm(Precision.Double, [ConvolutionForm.Build(layer, Precision.Double), new MaximumForm(Over(layer))]);
            var maximum = new MaximumDescription(Over(layer));
            double[] expected = new KanNetwork([layer.ToLayer(), .. maximum.ExpandAll(TestContext.Current.CancellationToken)])
                .Evaluate(inputs);
            Assert.Equal(expected, new ReferenceEvaluator<double>(form).Evaluate(inputs));
        }
    }

    [Fact]
    public void Documents_read_back_as_they_were_written()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            string text = KanDocumentWriter.Write(Document(new Random(seed)));
            var read = KanDocumentReader.Read(text);
            Assert.Equal(text, KanDocumentWriter.Write(read));
            Assert.Equal(Document(new Random(seed)).ToNetwork().Evaluate(Ones(read)), read.ToNetwork().Evaluate(Ones(read)));
        }
    }

    [Theory]
    [InlineData("\"size\":[2147483647,2147483647]", "Found 2147483647 where an integer from 1 to 1048576")]
    [InlineData("\"size\":[1048576,1048576]", "more than 1048576 numbers")]
    [InlineData("\"channels\":1048576", "more than 1048576 numbers")]
    [InlineData("\"kernel\":[1048576,1048576]", "taps")]
    [InlineData("\"kernel\":[5,5]", "does not fit an image of 4 rows and 4 columns")]
    [InlineData("\"padding\":[2,0,0,0]", "The padding is as large as the kernel")]
    [InlineData("\"padding\":[1,1]", "Found 2 numbers in \"padding\" where 4")]
    [InlineData("\"strides\":[0,1]", "Found 0 where an integer from 1")]
    [InlineData("\"dilations\":[1048576,1048576]", "does not fit")]
    [InlineData("\"filters\":1048576", "are more than 1048576 outputs")]
    [InlineData("\"groups\":2", "2 groups do not divide 1 channels")]
    [InlineData("\"weights\":[1]", "Found 1 numbers in \"weights\" where 4")]
    [InlineData("\"bias\":[1,2]", "Found 2 numbers in \"bias\" where 1")]
    [InlineData("\"order\":\"rows\"", "\"channels-last\" or \"channels-first\" was expected")]
    [InlineData("\"inputs\":4", "unknown field \"inputs\"")]
    public void Faults_are_reported(string field, string message)
    {
        string name = field[..field.IndexOf(':', StringComparison.Ordinal)];
        string[] fields = ["\"kind\":\"convolution\"", "\"channels\":1", "\"size\":[4,4]", "\"kernel\":[2,2]", "\"filters\":1",
            "\"weights\":[1,2,3,4]"];
        string layer = string.Join(",", fields.Where(one => !one.StartsWith(name + ":", StringComparison.Ordinal)).Append(field));
        var exception =
            Assert.Throws<KanFormatException>(() =>
            KanDocumentReader.Read($"{{\"format\":\"kan\",\"version\":1,\"name\":\"\",\"layers\":[{{{layer}}}]}}"));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_maximum_over_padding_alone_is_refused() => Assert.Contains(
        "padding alone",
        Assert.Throws<KanFormatException>(() => KanDocumentReader.Read("""{"format":"kan","version":1,"name":"","layers":[{"kind":"maximum","channels":1,"size":[1,1],"kernel":[1,3],"dilations":[1,4],"padding":[0,3,0,6]}]}""")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"kind\":\"maximum\",\"channels\":1,\"size\":[1024,1024],\"kernel\":[512,512]")]
    [InlineData("\"kind\":\"maximum\",\"channels\":1,\"size\":[1,500000],\"kernel\":[1,250000],\"padding\":[0,249999,0,0]")]
    public void A_layer_that_would_take_hours_is_refused(string layer) => Assert.Contains(
        "taps of the kernel in all",
        Assert.Throws<KanFormatException>(() =>
            KanDocumentReader.Read("{\"format\":\"kan\",\"version\":1,\"name\":\"\",\"layers\":[{" + layer + "}]}")).Message,
        StringComparison.Ordinal);

    private static Rational[] Ones(KanDocument document) =>
        [.. Enumerable.Range(0, document.Layers[0].InputCount).Select(static i => (Rational)(i % 5))];

    private static KanDocument Document(Random random)
    {
        var first = Convolution(random, dyadic: false);
        return new KanDocument { Name = "image", Layers = [first, new MaximumDescription(Over(first))] };
    }

    private static WindowGeometry Over(ConvolutionDescription layer) => new()
    {
        Channels = layer.Filters,
        Height = layer.Geometry.OutputHeight,
        Width = layer.Geometry.OutputWidth,
        KernelHeight = Math.Min(2, layer.Geometry.OutputHeight),
        KernelWidth = Math.Min(3, layer.Geometry.OutputWidth),
        StrideX = 2,
        PadLeft = layer.Geometry.OutputWidth > 2 ? 1 : 0,
    };

    private static ConvolutionDescription Convolution(Random random, bool dyadic)
    {
        int groups = random.Next(1, 4), inner = random.Next(1, 3), perGroup = random.Next(1, 4), kernelHeight = random.Next(1, 4),
            kernelWidth = random.Next(1, 4);
        var geometry = new WindowGeometry
        {
            Channels = groups * inner,
            Height = random.Next(5, 8),
            Width = random.Next(5, 8),
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideY = random.Next(1, 3),
            StrideX = random.Next(1, 3),
            DilationY = random.Next(1, 3),
            DilationX = random.Next(1, 3),
            PadTop = random.Next(kernelHeight),
            PadLeft = random.Next(kernelWidth),
            PadBottom = random.Next(kernelHeight),
            PadRight = random.Next(kernelWidth),
            ChannelsFirst = random.Next(2) == 0,
        };
        ImmutableArray<Rational> weights =
            [.. Enumerable.Range(0, groups * perGroup * inner * kernelHeight * kernelWidth)
            .Select(_ => Rational.Create(random.Next(-9, 10), dyadic ? 8 : 7))];
        return new ConvolutionDescription(geometry, groups * perGroup, groups, weights,
            random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, groups * perGroup).Select(i => Rational.Create(i - 1, 4))]);
    }
}
