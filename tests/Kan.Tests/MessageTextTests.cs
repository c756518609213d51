using System;
using System.Globalization;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tests;

/// <summary>Texts of others in messages and comments.</summary>
public sealed class MessageTextTests
{
    private static readonly Gen<string> s_text =
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char[' ', '~'], Gen.OneOf('\n', '\u202E', '\u2028', '\uD800', '\uDC00', '\0', '\u0085')), 0,
        400];

    [Theory]
    [InlineData("plain 'text' \"with\" */ marks", "plain 'text' \"with\" */ marks")]
    [InlineData("übér 名 😀", "übér 名 😀")]
    [InlineData("a\nb\r\tc", "a\\u000ab\\u000d\\u0009c")]
    [InlineData("\u202Eabc\u2066\u200F\uFEFF", "\\u202eabc\\u2066\\u200f\\ufeff")]
    [InlineData("\u0085\u2028\u2029\u009B\u007F", "\\u0085\\u2028\\u2029\\u009b\\u007f")]
    [InlineData("\uDB40\uDC01", "\\udb40\\udc01")]
    public void Characters_that_are_not_shown_as_themselves_are_spelled(string text, string expected) =>
        Assert.Equal(expected, MessageText.Escape(text));

    /// <summary>Half a pair is not a text: attributes and reports do not carry it.</summary>
    [Fact]
    public void Half_a_pair_is_spelled() => Assert.Equal("a\\ud83db", MessageText.Escape("a\uD83Db"));

    [Fact]
    public void What_is_left_is_one_line_of_text_of_bounded_length()
    {
        s_text.Sample(static text =>
        {
            string name = MessageText.Name(text);
            Assert.True(name.Length <= 6 * (MessageText.LongestName + 32));
            for (int i = 0; i < name.Length; i += char.IsSurrogatePair(name, i) ? 2 : 1)
            {
                Assert.DoesNotContain(CharUnicodeInfo.GetUnicodeCategory(name, i), (UnicodeCategory[])
                    [UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.Surrogate, UnicodeCategory.LineSeparator,
                    UnicodeCategory.ParagraphSeparator]);
            }
        }, iter: 5_000);
        string longest = MessageText.Name(new string('a', 60_000));
        Assert.Equal(new string('a', 128) + "...(60000 characters)..." + new string('a', 32), longest);
        Assert.Equal(new string('a', 160), MessageText.Name(new string('a', 160)));
    }

    [Fact]
    public void Cutting_never_parts_a_pair()
    {
        foreach (int shift in Enumerable.Range(0, 2))
        {
            string text = new string('a', shift) + string.Concat(Enumerable.Repeat("😀", 300));
            Assert.DoesNotContain("\\u", MessageText.Name(text), StringComparison.Ordinal);
        }
    }
}
