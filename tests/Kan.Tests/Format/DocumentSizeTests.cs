using System;
using System.Linq;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>
/// Large files are read, and large nonsense is refused, with work in proportion to the text. Allocated bytes count the work, since they are
/// the same on every machine: what grows faster than its text copies texts, lists or numbers again and again.
/// </summary>
public sealed class DocumentSizeTests
{
    /// <summary>More than a reading needs that keeps nothing: its stacks, the parts of a message.</summary>
    private const int Little = 1 << 16;

    [Fact]
    public void A_hundred_thousand_weights_are_read_in_proportion()
    {
        var random = new Random(1);
        Rational[] weights = [.. Enumerable.Range(0, 784 * 128).Select(_ => Rational.FromSingle(random.NextSingle() - 0.5f))];
        string text = KanDocumentWriter.Write(new KanDocument { Name = "n", Layers = [new AffineDescription(784, 128, [.. weights], [])] });
        Assert.InRange(text.Length, 500_000, 600_000);
        Assert.Equal(weights, ((AffineDescription)KanDocumentReader.Read(text).Layers[0]).Weights);
        Assert.InRange(BytesOf(() => KanDocumentReader.Read(text)), 0, 512L * weights.Length);
    }

    [Fact]
    public void A_number_of_a_million_digits_costs_no_more_than_its_first_ones()
    {
        string layer = "{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[0." + new string('3', 1_000_000) + "]}";
        Assert.Equal(1.0 / 3, ((AffineDescription)Read(layer).Layers[0]).Weights[0].ToDouble());
        Assert.InRange(BytesBesideTheText(layer), 0, Little);
    }

    [Fact]
    public void An_exponent_of_a_million_digits_is_refused_without_the_number()
    {
        string layer = "{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[1e" + new string('9', 1_000_000) + "]}";
        Assert.Throws<KanFormatException>(() => Read(layer));
        Assert.InRange(BytesBesideTheText(layer), 0, Little);
    }

    [Fact]
    public void Many_unknown_fields_are_refused_in_proportion()
    {
        const int Fields = 200_000;
        string layer = "{\"kind\":\"affine\"" + string.Concat(Enumerable.Range(0, Fields).Select(static i => ",\"f" + i + "\":0")) + "}";
        Assert.Throws<KanFormatException>(() => Read(layer));
        Assert.InRange(BytesBesideTheText(layer), 0, 512L * Fields);
    }

    [Fact]
    public void Sizes_cost_nothing_before_their_numbers_are_there()
    {
        string layer = "{\"kind\":\"kan\",\"inputs\":1048576,\"outputs\":1048576,\"sharedKnots\":[0,1],\"values\":[]}";
        Assert.Throws<KanFormatException>(() => Read(layer));

        // A few bytes for each input are allocated before the missing values are found; for each edge it would be a million times that.
        Assert.InRange(BytesBesideTheText(layer), 0, 16 << 20);
    }

    private static KanDocument Read(string layer) => KanDocumentReader.Read(Document(layer));

    private static string Document(string layer) => "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[" + layer + "]}";

    private static long BytesBesideTheText(string layer)
    {
        string text = Document(layer);
        return BytesOf(() => KanDocumentReader.Read(text));
    }

    /// <summary>What this thread allocates for a reading, whether it succeeds or not.</summary>
    private static long BytesOf(Action reading)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Record.Exception(reading);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
