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
    public void Long_functions_that_nodes_share_are_written_once()
    {
        var curve = PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(0, 9).Select(static i => (Rational)i)],
            [.. Enumerable.Range(0, 10).Select(static i => (Rational)(i % 3))], 0, 0);
        var document = new KanDocument
        {
            Name = "n",
            Layers = [new ActivationDescription(6,
                [curve, PiecewiseLinearFunction.Identity, curve, curve, PiecewiseLinearFunction.Identity, curve])],
        };
        string text = KanDocumentWriter.Write(document);
        Assert.Contains("\"nodes\": [0, 1, 0]", text, StringComparison.Ordinal);

        // Two functions.
        Assert.Equal(2, text.Split("\"slopes\"").Length - 1);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tolerance_of_integers_is_kept(bool isCalibrated)
    {
        var document = new KanDocument
        {
            Name = "n",
            HiddenRanges = isCalibrated ? [new(-1, 2)] : [],
            IntegerTolerance = 0.1,
            Layers = [new AffineDescription(1, 1, [1], [])],
        };
        string text = KanDocumentWriter.Write(document);
        var again = KanDocumentReader.Read(text);
        Assert.Equal(document.HiddenRanges, again.HiddenRanges);
        Assert.Equal(document.IntegerTolerance, again.IntegerTolerance);
        Assert.Contains("\"tolerance\": 0.1\n", text, StringComparison.Ordinal);
        Assert.Contains("A tolerance must be a number above 0", Assert.Throws<KanFormatException>(() =>
            KanDocumentReader.Read(text.Replace("\"tolerance\": 0.1", "\"tolerance\": 0", StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_are_kept_and_tell_the_integers()
    {
        var document = Quantized;
        var again = KanDocumentReader.Read(KanDocumentWriter.Write(document));
        Assert.Equal(KanDocumentWriter.Write(document), KanDocumentWriter.Write(again));
        var form = again.Codes!.FormOf(again.Layers);
        Assert.Equal([new CodeRange(0.1f, 7)], form.Inputs);
        Assert.Equal((sbyte[])[3, 127, -128, 0], form.Layers[0].Weights);
        Assert.Equal((int[])[int.MaxValue / 2, -9], form.Layers[0].Biases);
        Assert.Equal((float[])[0.1f * 0.3f, 0.1f * 0.7f], form.Layers[0].Units);
        Assert.Equal((new CodeRange(0.5f, 40), 40), (form.Layers[0].Codes, form.Layers[0].Lowest));
        Assert.Equal((sbyte[])[5, -6], form.Layers[1].Weights);
        Assert.True(form.Layers[2].IsIdentity);
        Assert.Equal(new CodeRange(0.25f, 128), form.Layers[1].Codes);
        Assert.Equal((float[])[0.25f], form.Layers[2].Units);
    }

    /// <summary>Weights and biases that no scale divides, codes that are not there, a ReLU too few and a ReLU too many.</summary>
    [Theory]
    [InlineData("\"scale\": 0.10000000149011612", "\"scale\": 0.2", "A scale must be a float above 0.")]
    [InlineData("\"scale\": 0.10000000149011612", "\"scale\": 0.25", "The bias of output 0 of the affine layer 0 is not")]
    [InlineData("\"scale\": 0.10000000149011612", "\"scale\": -0.25", "A scale must be a float above 0.")]
    [InlineData("\"zero\": 7", "\"zero\": 256", "an integer from 0 to 255 was expected")]
    [InlineData("[0.30000001192092896, 0.699999988079071]", "[0.5, 0.5]",
        "Weight 0 of output 0 of the affine layer 0 is not its scale 0.5 times an integer of 8 bits.")]
    [InlineData("[0.30000001192092896, 0.699999988079071]", "[0.5, 0.5, 0.5]", "has 2 outputs and 3 scales of weights")]
    [InlineData(", \"lowest\": 40", "", "but number 1 is not where it is expected")]
    [InlineData("\"lowest\": 40", "\"lowest\": 41", "The lowest code of the affine layer 0 is 41, which must be from 0 to the code of 0")]
    [InlineData(", \"nodes\": [{ \"scale\": 0.25, \"zero\": 128 }]", ", \"nodes\": [{ \"scale\": 0.25, \"zero\": 0 }]",
        "but no ReLU follows it")]
    public void Codes_that_do_not_fit_are_refused(string found, string wrong, string reason)
    {
        string text = KanDocumentWriter.Write(Quantized);
        Assert.Contains(found, text, StringComparison.Ordinal);
        Assert.Contains(reason,
            Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text.Replace(found, wrong, StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);
    }

    private static KanDocument Quantized
    {
        get
        {
            Rational first = Rational.FromSingle(0.3f), second = Rational.FromSingle(0.7f), third = Rational.FromSingle(0.2f);
            return new KanDocument
            {
                Name = "n",
                Codes = new QuantizedCodes(new CodeRange(0.1f, 7),
                    [new([0.3f, 0.7f], [new(new CodeRange(0.5f, 40), 40)]), new([0.2f], [new(new CodeRange(0.25f, 128), 0)])]),
                Layers =
                [
                    new AffineDescription(2, 2, [first * 3, first * -128, second * 127, 0],
                        [Rational.FromSingle(0.1f * 0.3f) * (int.MaxValue / 2), Rational.FromSingle(0.1f * 0.7f) * -9]),
                    new ActivationDescription(2, [PiecewiseLinearFunction.Relu]),
                    new AffineDescription(2, 1, [third * 5, third * -6], []),
                ],
            };
        }
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
        Reject(valid with { Codes = new QuantizedCodes(new CodeRange(1, 0), []) });
        Reject(valid with { Codes = new QuantizedCodes(new CodeRange(0, 0), [new([1], [])]) });
        Reject(valid with { Codes = new QuantizedCodes(new CodeRange(1, 0), [new([0.7f], [])]) });
        Reject(valid with
        {
            Codes = new QuantizedCodes(new CodeRange(1, 0), [new([1], [])]),
            Layers = [new AffineDescription(2, 1, [1], [])]
        });
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
