using System;
using System.Collections.Immutable;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>What is written reads back exactly, and is written again as the same text.</summary>
public sealed class DocumentRoundTripTests
{
    [Fact]
    public void Any_document_reads_back_exactly() => Documents.Any.Sample(
        static document =>
        {
            string text = KanDocumentWriter.Write(document);
            var again = KanDocumentReader.Read(text);
            Documents.AssertEqual(document, again);
            Assert.Equal(text, KanDocumentWriter.Write(again));
            Assert.DoesNotContain('\r', text);
        },
        iter: 500);

    [Fact]
    public void A_network_keeps_its_content_hash() => Documents.Any.Sample(
        static document => Assert.Equal(
            ContentHash.Compute(document.ToNetwork()),
            ContentHash.Compute(KanDocumentReader.Read(KanDocumentWriter.Write(document)).ToNetwork())),
        iter: 50);

    [Fact]
    public void Long_arrays_are_packed_as_the_narrowest_type_that_holds_them()
    {
        Assert.Contains("\"weights\": \"f32:", Write(i => Rational.Create(i, 8)), StringComparison.Ordinal);
        Assert.Contains("\"weights\": \"f64:", Write(i => Rational.FromDouble(i + 0.1)), StringComparison.Ordinal);
        Assert.Contains("\"weights\": [0, \"1/3\", \"2/3\", 1,", Write(i => Rational.Create(i, 3)), StringComparison.Ordinal);

        static string Write(Func<int, Rational> weight) => KanDocumentWriter.Write(new KanDocument
        {
            Name = "n",
            Layers = [new AffineDescription(20, 1, [.. Enumerable.Range(0, 20).Select(weight)], [])],
        });
    }

    [Fact]
    public void Equal_knots_are_written_once()
    {
        ImmutableArray<Rational> knots = [0, 1];
        var document = new KanDocument { Name = "n", Layers = [new GridDescription(1, [knots, [0, 1]], [1, 2, 3, 4], [])] };
        string text = KanDocumentWriter.Write(document);
        Assert.Contains("\"sharedKnots\": [0, 1]", text, StringComparison.Ordinal);
        Documents.AssertEqual(document, KanDocumentReader.Read(text));
    }

    [Fact]
    public void Ranges_of_hidden_values_are_kept()
    {
        var document = new KanDocument
        {
            Name = "n",
            HiddenRanges = [new(-1, 2), new(0, Rational.Create(1, 3))],
            Layers = [new AffineDescription(1, 1, [1], [])],
        };
        Assert.Equal(document.HiddenRanges, KanDocumentReader.Read(KanDocumentWriter.Write(document)).HiddenRanges);
    }

    [Fact]
    public void Negative_zero_is_zero()
    {
        string negativeZeros = Convert.ToBase64String([0, 0, 0, 0x80, 0, 0, 0, 0x80]);
        var document = Read($$"""{"kind":"affine","inputs":1,"outputs":2,"weights":"f32:{{negativeZeros}}","bias":[-0,-0.0e5]}""");
        Assert.All(((AffineDescription)document.Layers[0]).Biases, static value => Assert.True(value.IsZero));
        Assert.All(((AffineDescription)document.Layers[0]).Weights, static value => Assert.True(value.IsZero));
    }

    [Fact]
    public void A_number_is_a_double_and_a_fraction_is_itself()
    {
        var weights = ((AffineDescription)Read("""{"kind":"affine","inputs":3,"outputs":1,"weights":[0.1,"1/10","-4/6"]}""").Layers[0]).Weights;
        Assert.Equal([Rational.FromDouble(0.1), Rational.Create(1, 10), Rational.Create(-2, 3)], weights);
    }

    [Fact]
    public void Fields_come_in_any_order_and_a_byte_order_mark_is_skipped()
    {
        var document = KanDocumentReader.Read(
            "\uFEFF{\"layers\":[{\"function\":\"relu\",\"size\":2,\"kind\":\"activation\"}],\"name\":\"\\u006e\\ud83d\\uDE00\",\"version\":1,\"format\":\"kan\"}");
        Assert.Equal("n\U0001F600", document.Name);
    }

    [Fact]
    public void What_could_not_be_read_is_not_written()
    {
        var valid = new KanDocument { Name = "n", Layers = [new AffineDescription(1, 1, [1], [])] };
        Reject(valid with { Name = "\uD800" });
        Reject(valid with { SourceHash = "ABC" });
        Reject(valid with { InputNames = ["a", "b"] });
        Reject(valid with { Labels = ["a", "b", "c"] });
        Reject(valid with { InputRanges = [new InputRange(1, 0)] });
        Reject(valid with { HiddenRanges = [new InputRange(1, 0)] });
        Reject(valid with { Layers = [] });
        Reject(valid with { Layers = [new AffineDescription(2, 1, [1], [])] });
        Reject(valid with { Layers = [new AffineDescription(1, 1, [1], [1, 2])] });
        Reject(valid with { Layers = [new AffineDescription(1, 2, [1, 1], []), new AffineDescription(1, 1, [1], [])] });
        Reject(valid with { Layers = [new GridDescription(1, [[1, 1]], [1, 2], [])] });
        Reject(valid with { Layers = [new EdgesDescription(1, 1, [new KanEdge(1, 0, PiecewiseLinearFunction.Relu)], [])] });

        static void Reject(KanDocument document) => Assert.ThrowsAny<ArgumentException>(() => KanDocumentWriter.Write(document));
    }

    private static KanDocument Read(string layer) =>
        KanDocumentReader.Read($$"""{"format":"kan","version":1,"name":"n","layers":[{{layer}}]}""");
}
