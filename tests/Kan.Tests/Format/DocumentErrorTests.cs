using System;
using System.Linq;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>Each fault is reported with its place, marked here by &#171; and &#187;.</summary>
public sealed class DocumentErrorTests
{
    [Theory]
    [InlineData("«»", "The text ends where a value was expected.")]
    [InlineData("{«»", "a field name in quotes")]
    [InlineData("{\"a\":1«»", "',' or '}'")]
    [InlineData("«x»", "Found 'x' where a value was expected.")]
    [InlineData("{\"a\"«1»}", "Found '1' where ':' was expected.")]
    [InlineData("{«a»:1}", "a field name in quotes")]
    [InlineData("[1 «2»]", "',' or ']'")]
    [InlineData("[1,«]»", "a value")]
    [InlineData("[«01»]", "leading zeros")]
    [InlineData("[1.«]»", "a digit")]
    [InlineData("[1e+«]»", "a digit")]
    [InlineData("[-«x»]", "a digit")]
    [InlineData("[«N»aN]", "a value")]
    [InlineData("[-«I»nfinity]", "a digit")]
    [InlineData("[«n»ul]", "a value")]
    [InlineData("{} «x»", "the end of the text")]
    [InlineData("[«\"abc»", "inside a string")]
    [InlineData("[\"a«\n»b\"]", "control character U+000A")]
    [InlineData("[\"a«\\x»b\"]", "An escape must be one of")]
    [InlineData("[\"a«\\u12»g4\"]", "An escape must be one of")]
    [InlineData("[\"a«\\ud800»b\"]", "half of a surrogate pair, U+D800")]
    [InlineData("[\"a«\\udc00»\"]", "half of a surrogate pair, U+DC00")]
    [InlineData("[\"«\\ud800»\\ud800\"]", "half of a surrogate pair, U+D800")]
    [InlineData("[[[[[[[[[[[[[[[[«[»", "nested more than 16 deep")]
    public void Faults_of_JSON(string marked, string message) => Check(marked, message);

    [Theory]
    [InlineData("«[]»", "Found an array where the document, an object, was expected.")]
    [InlineData("«{»}", "\"format\" is missing")]
    [InlineData("{\"format\":«\"onnx\"»}", "Found the string \"onnx\" where the format \"kan\"")]
    [InlineData("{\"format\":\"kan\",\"version\":«2»}", "Found 2 where an integer from 1 to 1")]
    [InlineData("{\"format\":\"kan\",\"version\":«1.0»}", "Found 1.0 where an integer")]
    [InlineData("{\"format\":\"kan\",\n \"version\":1,\r\n\t«\"title\"»:\"x\"}",
        "unknown field \"title\" in the document; expected \"format\", \"version\"")]
    [InlineData("{\"format\":\"kan\",«\"format\"»:\"kan\"}", "\"format\" appears twice")]
    [InlineData("{\"format\":\"kan\",\"version\":1,\"name\":«null»,\"layers\":[]}", "Found null where a string")]
    [InlineData("{\"format\":\"kan\",\"version\":1,\"name\":\"\",\"layers\":«[]»}", "at least one layer")]
    public void Faults_of_the_document(string marked, string message) => Check(marked, message);

    [Theory]
    [InlineData("«3»", "Found a number where a layer, an object, was expected.")]
    [InlineData("«{»\"inputs\":1}", "The field \"kind\" is missing in a layer.")]
    [InlineData("{\"kind\":«\"conv\"»}",
        "Found the string \"conv\" where the kind \"affine\", \"activation\", \"convolution\", \"maximum\" or \"kan\"")]
    [InlineData("{\"kind\":\"affine\",«\"knots\"»:[]}", "unknown field \"knots\" in an affine layer")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":«0»,\"outputs\":1,\"weights\":[]}", "an integer from 1 to 1048576")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":«-1»,\"outputs\":1,\"weights\":[]}", "Found -1 where an integer from 1")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":«4294967297»,\"outputs\":1,\"weights\":[]}", "Found 4294967297")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1048576,\"outputs\":1048576,\"weights\":«[1]»}",
        "Found 1 numbers in \"weights\" where 1099511627776")]
    [InlineData("«{»\"kind\":\"affine\",\"inputs\":1,\"outputs\":1}", "\"weights\" is missing in an affine layer")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[«1e999999999»]}", "larger than any double")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[«1.7976931348623159e308»]}", "larger than any double")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[«\"1/0\"»]}", "the string \"1/0\" where a number")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[«\"NaN\"»]}", "the string \"NaN\" where a number")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[«\"+1\"»]}", "where a number")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f16:AAAA\"»}", "\"f32:<base64>\" or \"f64:<base64>\"")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f32:AAA\"»}", "not base64")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f32:AA AA\"»}", "not base64")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f32:AAAA\"»}", "3 bytes, which is not a multiple of 4")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f32:AADAfw==\"»}", "Number 0 of the base64 is NaN")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":«\"f64:AAAAAAAA8P8=\"»}",
        "Number 0 of the base64 is infinite")]
    [InlineData("{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[1],\"bias\":«[]»}", "Found 0 numbers in \"bias\" where 1")]
    [InlineData("{\"kind\":\"activation\",\"size\":1,\"function\":«\"tanh\"»}", "Found the string \"tanh\" where \"relu\"")]
    [InlineData("{\"kind\":\"activation\",\"size\":1,\"function\":«\"relu\"»,\"functions\":[]}", "not both")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"functions\":«[\"relu\"]»}", "Found 1 functions for 2 nodes")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"function\":\"relu\",\"nodes\":«[0]»}", "which are missing")]
    [InlineData("{\"kind\":\"activation\",\"size\":3,\"functions\":[\"relu\"],\"nodes\":«[0,0]»}", "Found 2 numbers of functions")]
    [InlineData("{\"kind\":\"activation\",\"size\":3,\"functions\":[\"relu\"],\"nodes\":«[]»}", "Found 0 numbers of functions")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"functions\":[],\"nodes\":«[0]»}", "Found no functions")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"functions\":[\"relu\"],\"nodes\":[0,«1»]}", "from 0 to 0")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"functions\":[\"relu\"],\"nodes\":[0,«-1»]}", "from 0 to 0")]
    [InlineData("{\"kind\":\"activation\",\"size\":1,\"function\":{\"breakpoints\":[0,«0»],\"slopes\":[],\"anchor\":[0,0]}}",
        "breakpoint 1 does not exceed breakpoint 0")]
    [InlineData("{\"kind\":\"activation\",\"size\":1,\"function\":{\"breakpoints\":[0],\"slopes\":«[1]»,\"anchor\":[0,0]}}",
        "Found 1 slopes where 1 breakpoints need 2")]
    [InlineData("{\"kind\":\"activation\",\"size\":1,\"function\":{\"slopes\":[1],\"anchor\":«[0]»}}", "an anchor [x, y]")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":2,\"outputs\":1,\"knots\":«[[0,1]]»,\"values\":[]}", "Found 1 arrays of knots for 2 inputs")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":[«[0]»],\"values\":[]}", "at least 2")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":[[0,1,«0.5»]],\"values\":[]}", "knot 2 does not exceed knot 1")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":«[[0,1]]»,\"sharedKnots\":[0,1],\"values\":[]}", "not both")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":2,\"sharedKnots\":[0,1],\"values\":«[1,2,3]»}",
        "where 4 (2 knots of all inputs x 2 outputs)")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[{\"input\":«1»,\"output\":0}]}", "from 0 to 0")]
    [InlineData(
        "{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[{\"input\":0,\"output\":0,\"slopes\":[1],\"anchor\":[0,0]},«{\"input\":0,\"output\":0}»]}", "appears twice")]
    [InlineData("{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[],«\"knots\"»:[]}",
        "unknown field \"knots\" in a KAN layer by edges")]
    [InlineData("{\"kind\":\"activation\",\"size\":2,\"function\":\"relu\"},«{»\"kind\":\"activation\",\"size\":3,\"function\":\"relu\"}",
        "Layer 1 has 3 inputs, but layer 0 has 2 outputs")]
    public void Faults_of_layers(string marked, string message) =>
        Check("{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[\n  " + marked + "\n]}", message);

    [Theory]
    [InlineData("\"source\":{\"sha256\":«\"AB\"»}", "64 lowercase hexadecimal digits")]
    [InlineData("\"source\":{«\"path\"»:\"x\"}", "unknown field \"path\" in \"source\"")]
    [InlineData("\"inputs\":{\"names\":«[\"a\"]»}", "Found 1 names for 2 inputs")]
    [InlineData("\"inputs\":{\"names\":[\"a\",«1»]}", "Found a number where a string")]
    [InlineData("\"inputs\":{\"ranges\":«[[0,1],[0,1],[0,1]]»}", "Found 3 ranges for 2 inputs")]
    [InlineData("\"inputs\":{\"ranges\":[«[1,0]»]}", "low end of the range exceeds")]
    [InlineData("\"inputs\":{\"ranges\":[«[1]»]}", "a range [low, high]")]
    [InlineData("\"outputs\":{\"names\":[],«\"units\"»:[]}", "unknown field \"units\" in \"outputs\"")]
    [InlineData("\"outputs\":{\"names\":«[\"a\"]»}", "Found 1 names for 2 outputs")]
    [InlineData("\"outputs\":{\"head\":«\"none\"»}", "unknown head; expected one of softmax, logSoftmax, sigmoid, argMax")]
    [InlineData("\"outputs\":{\"head\":«1»}", "a string was expected")]
    [InlineData("\"outputs\":{\"labels\":«[\"a\",\"b\",\"c\"]»}", "Found 3 labels for 2 outputs")]
    public void Faults_of_what_is_known_about_the_model(string marked, string message) =>
        Check(
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\"," + marked
            + ",\"layers\":[{\"kind\":\"activation\",\"size\":2,\"function\":\"relu\"}]}", message);

    // No row above: attributes are stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void A_lone_surrogate_is_refused() => Check("[\"a«" + '\uDC00' + "»\"]", "half of a surrogate pair, U+DC00");

    [Fact]
    public void Deep_nesting_ends_early()
    {
        Assert.Throws<KanFormatException>(static () => KanDocumentReader.Read(new string('[', 1_000_000)));
        Assert.Throws<KanFormatException>(static () => KanDocumentReader.Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
    }

    [Fact]
    public void Long_fractions_are_refused()
    {
        string text =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"affine\",\"inputs\":1,\"outputs\":1,\"weights\":[\"1"
            + new string('0', 2_000_000) + "\"]}]}";
        Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text));
    }

    private static void Check(string marked, string message)
    {
        int start = marked.IndexOf('«', StringComparison.Ordinal);
        int end = marked.IndexOf('»', StringComparison.Ordinal) - 1;
        string text = marked.Remove(start, 1).Remove(end, 1);
        var exception = Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(start, exception.Offset);
        Assert.Equal(end - start, exception.Length);
        string before = text[..start];
        Assert.Equal(before.Count(static c => c == '\n') + 1, exception.Line);
        Assert.Equal(start - before.LastIndexOf('\n'), exception.Column);
    }
}
