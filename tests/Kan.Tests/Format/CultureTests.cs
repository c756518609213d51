using System;
using System.Globalization;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>The culture of the machine changes nothing.</summary>
public sealed class CultureTests
{
    public static readonly TheoryData<string, string, string> Cultures = new()
    {
        // Decimal comma and group point, as German has them; the minus sign U+2212 of Swedish and others.
        { ",", ".", "-" },
        { ",", "\u00A0", "\u2212" },
        { "\u066B", "\u066C", "\u200F-" },
    };

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Files_hashes_and_messages_do_not_depend_on_the_culture(string decimalSeparator, string groupSeparator, string negativeSign)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = decimalSeparator;
        culture.NumberFormat.NumberGroupSeparator = groupSeparator;
        culture.NumberFormat.NegativeSign = negativeSign;

        Documents.Any.Sample(
            document =>
            {
                var invariant = Describe(document);
                Assert.Equal(invariant, Under(culture, () => Describe(document)));
                Documents.AssertEqual(document, Under(culture, () => KanDocumentReader.Read(invariant.Text)));
            },
            iter: 50);

        const string Faulty = "{\"format\":\"kan\",\"version\":-2}";
        Assert.Equal(Message(Faulty), Under(culture, () => Message(Faulty)));
    }

    private static (string Text, string Hash, string Rational) Describe(KanDocument document) =>
        (KanDocumentWriter.Write(document), ContentHash.Compute(document.ToNetwork()), Rational.Create(-1234567, 1000).ToString());

    private static string Message(string text) => Assert.Throws<KanFormatException>(() => KanDocumentReader.Read(text)).Message;

    private static T Under<T>(CultureInfo culture, Func<T> function)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return function();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
