using System;
using System.Diagnostics;
using System.Linq;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>Large files are read quickly, and large nonsense is refused quickly.</summary>
public sealed class DocumentSizeTests
{
    // Ten times what a slow machine needs, so that only a wrong order of growth fails.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_hundred_thousand_weights_are_read_quickly()
    {
        var random = new Random(1);
        Rational[] weights = [.. Enumerable.Range(0, 784 * 128).Select(_ => Rational.FromSingle(random.NextSingle() - 0.5f))];
        string text = KanDocumentWriter.Write(new KanDocument { Name = "n", Layers = [new AffineDescription(784, 128, [.. weights], [])] });
        Assert.InRange(text.Length, 500_000, 600_000);
        Timed(() => Assert.Equal(weights, ((AffineDescription)KanDocumentReader.Read(text).Layers[0]).Weights));
    }

    [Fact]
    public void A_number_of_a_million_digits_is_read_quickly()
    {
        string layer = "{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[0." + new string('3', 1_000_000) + "]}";
        Timed(() => Assert.Equal(1.0 / 3, ((AffineDescription)Read(layer).Layers[0]).Weights[0].ToDouble()));
    }

    [Fact]
    public void An_exponent_of_a_million_digits_is_refused_quickly()
    {
        string layer = "{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[1e" + new string('9', 1_000_000) + "]}";
        Timed(() => Assert.Throws<KanFormatException>(() => Read(layer)));
    }

    [Fact]
    public void Many_unknown_fields_are_refused_quickly()
    {
        string layer = "{\"kind\":\"affine\"" + string.Concat(Enumerable.Range(0, 200_000).Select(static i => ",\"f" + i + "\":0")) + "}";
        Timed(() => Assert.Throws<KanFormatException>(() => Read(layer)));
    }

    [Fact]
    public void Sizes_cost_nothing_before_their_numbers_are_there()
    {
        string layer = "{\"kind\":\"kan\",\"inputs\":1048576,\"outputs\":1048576,\"sharedKnots\":[0,1],\"values\":[]}";
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<KanFormatException>(() => Read(layer));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static KanDocument Read(string layer) =>
        KanDocumentReader.Read("{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[" + layer + "]}");

    private static void Timed(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        Assert.True(watch.Elapsed < s_limit, $"It took {watch.Elapsed}.");
    }
}
