using System;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>Damaged and random text: a document, or <see cref="KanFormatException"/> with a place in the text, and nothing else.</summary>
public sealed class DocumentFuzzTests
{
    private static readonly string[] s_fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "1e999", "-", "1e-400", "0.1", "1048576", "2147483648",
            "-1",
        "\"f32:\"", "\"f64:AAAAAAAA+H8=\"", "\"1/3\"", "\"kind\"", "\"kan\"", "\"edges\"", "\"knots\"", "\"sharedKnots\"", "\"size\":",
            "\0", "\uD800", "\uFEFF", " ", "\r\n",
    ];

    private static readonly Gen<string> s_valid = Documents.Any.Select(KanDocumentWriter.Write);

    [Fact]
    public void Every_beginning_of_a_document_is_refused_with_a_place() => s_valid.Sample(
        static text =>
        {
            int step = Math.Max(1, text.Length / 300);
            for (int length = 0; length < text.TrimEnd().Length; length += step)
                Assert.Throws<KanFormatException>(() => Read(text[..length]));
        },
        iter: 20);

    [Fact]
    public void Damaged_documents_are_read_or_refused() =>
        Gen.Select(s_valid, Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Int[0, 200], Gen.Char).Array[1, 4]).Sample(
        static (text, edits) =>
        {
            foreach (var (kind, where, what, character) in edits)
            {
                int at = (int)(where * (text.Length - 1));
                text = kind switch
                {
                    0 => text.Remove(at, Math.Min(1 + (what % 9), text.Length - at)),
                    1 => text.Insert(at, s_fragments[what % s_fragments.Length]),
                    2 => text.Remove(at, 1).Insert(at, character.ToString()),
                    _ => text.Remove(at, 1).Insert(at, ((char)(text[at] ^ (1 << (what % 7)))).ToString()),
                };
                if (text.Length == 0) break;
            }

            Read(text, orRefuse: true);
        },
        iter: 4_000);

    [Fact]
    public void Random_fragments_are_refused() =>
        Gen.Int[0, 32].Array[0, 60].Sample(static pieces =>
            Read(string.Concat(pieces.Select(static piece => s_fragments[piece])), orRefuse: true), iter: 5_000);

    [Fact]
    public void Random_text_is_refused() => Gen.String.Sample(static text => Read(text, orRefuse: true), iter: 2_000);

    private static void Read(string text, bool orRefuse = false)
    {
        KanDocument document;
        try
        {
            document = KanDocumentReader.Read(text);
        }
        catch (KanFormatException exception)
        {
            Assert.InRange(exception.Offset, 0, text.Length);
            Assert.InRange(exception.Length, 0, text.Length - exception.Offset);
            Assert.True(exception.Line >= 1 && exception.Column >= 1);
            if (orRefuse) return;
            throw;
        }

        // What reads is valid.
        Documents.AssertEqual(document, KanDocumentReader.Read(KanDocumentWriter.Write(document)));
        if (document.Layers.All(static layer => layer.InputCount <= 1000 && layer.OutputCount <= 1000)) document.ToNetwork();
    }
}
