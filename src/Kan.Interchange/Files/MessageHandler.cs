using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kan.Interchange;

/// <summary>
/// A message that is written as an interpolated string: its own words stay as they are, and every text put into it is cut and escaped by
/// <see cref="MessageText"/>, since it may be a name of 60,000 characters or one that turns the line around. Numbers have the invariant
/// culture.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct MessageHandler
{
    // Lists of names and sentences of this product's own are put into messages as well.
    private const int LongestText = 600;

    private readonly StringBuilder _text;

    public MessageHandler(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) =>
        Append(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text.ToString();

    private void Append(string? value) => _text.Append(MessageText.Escape(MessageText.Cut(value ?? "", LongestText)));
}
