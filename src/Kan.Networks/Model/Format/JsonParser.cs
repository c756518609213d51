using System.Globalization;
using System.Text;

namespace Kan.Networks;

/// <summary>
/// JSON of RFC 8259 with places. The compiler host has no System.Text.Json to link against; this one is small, its depth is limited,
/// and its only exception is <see cref="KanFormatException"/>.
/// </summary>
internal sealed class JsonParser(string text)
{
    /// <summary>Twice what a document needs.</summary>
    private const int MaximumDepth = 16;

    private int _position;

    /// <summary>The one value that the text holds.</summary>
    public JsonValue Parse()
    {
        if (text.Length > 0 && text[0] == '\uFEFF') _position = 1;
        var value = ParseValue(0);
        SkipWhitespace();
        if (_position < text.Length) throw Unexpected("the end of the text");
        return value;
    }

    private JsonValue ParseValue(int depth)
    {
        SkipWhitespace();
        if (_position == text.Length) throw Unexpected("a value");
        char c = text[_position];
        switch (c)
        {
            case '{':
            case '[':
                if (depth == MaximumDepth) throw Fail($"Arrays and objects are nested more than {MaximumDepth} deep.", _position, 1);
                return c == '{' ? ParseObject(depth) : ParseArray(depth);
            case '"':
                return ParseString();
            case 't':
                return ParseWord("true", JsonKind.Boolean);
            case 'f':
                return ParseWord("false", JsonKind.Boolean);
            case 'n':
                return ParseWord("null", JsonKind.Null);
            default:
                if (c == '-' || IsDigit(c)) return ParseNumber();
                throw Unexpected("a value");
        }
    }

    private JsonValue ParseObject(int depth)
    {
        var value = new JsonValue(JsonKind.Object, _position++);
        SkipWhitespace();
        if (!TryTake('}'))
        {
            do
            {
                SkipWhitespace();
                if (_position == text.Length || text[_position] != '"') throw Unexpected("a field name in quotes");
                var name = ParseString();
                SkipWhitespace();
                if (!TryTake(':')) throw Unexpected("':'");
                value.Members.Add(new JsonMember(name, ParseValue(depth + 1)));
                SkipWhitespace();
            }
            while (TryTake(','));
            if (!TryTake('}')) throw Unexpected("',' or '}'");
        }

        value.Length = _position - value.Start;
        return value;
    }

    private JsonValue ParseArray(int depth)
    {
        var value = new JsonValue(JsonKind.Array, _position++);
        SkipWhitespace();
        if (!TryTake(']'))
        {
            do
            {
                value.Items.Add(ParseValue(depth + 1));
                SkipWhitespace();
            }
            while (TryTake(','));
            if (!TryTake(']')) throw Unexpected("',' or ']'");
        }

        value.Length = _position - value.Start;
        return value;
    }

    private JsonValue ParseWord(string word, JsonKind kind)
    {
        if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0) throw Unexpected("a value");
        var value = new JsonValue(kind, _position) { Length = word.Length };
        _position += word.Length;
        return value;
    }

    private JsonValue ParseNumber()
    {
        int start = _position;
        TryTake('-');
        if (TryTake('0'))
        {
            if (_position < text.Length && IsDigit(text[_position]))
                throw Fail("A number must not have leading zeros.", start, _position + 1 - start);
        }
        else
        {
            TakeDigits();
        }

        if (TryTake('.')) TakeDigits();
        if (TryTake('e') || TryTake('E'))
        {
            if (!TryTake('+')) TryTake('-');
            TakeDigits();
        }

        return new JsonValue(JsonKind.Number, start) { Length = _position - start };
    }

    private void TakeDigits()
    {
        int start = _position;
        while (_position < text.Length && IsDigit(text[_position])) _position++;
        if (_position == start) throw Unexpected("a digit");
    }

    private JsonValue ParseString()
    {
        int start = _position++;
        int run = _position;
        StringBuilder? unescaped = null;
        while (true)
        {
            if (_position == text.Length) throw Fail("The text ends inside a string.", start, text.Length - start);
            char c = text[_position];
            if (c == '"') break;
            if (c < ' ') throw Fail($"A string contains the control character U+{(int)c:X4}; write it as an escape.", _position, 1);
            if (c == '\\')
            {
                unescaped ??= new StringBuilder();
                unescaped.Append(text, run, _position - run);
                ParseEscape(unescaped);
                run = _position;
            }
            else if (char.IsSurrogate(c))
            {
                if (_position + 1 >= text.Length || !char.IsSurrogatePair(c, text[_position + 1]))
                    throw LoneSurrogate(c, _position, 1);
                _position += 2;
            }
            else
            {
                _position++;
            }
        }

        string value = unescaped is null
            ? text.Substring(run, _position - run)
            : unescaped.Append(text, run, _position - run).ToString();
        _position++;
        return new JsonValue(JsonKind.String, start) { Length = _position - start, Text = value };
    }

    private void ParseEscape(StringBuilder unescaped)
    {
        int start = _position++;
        char kind = _position < text.Length ? text[_position++] : '\0';
        int simple = "\"\\/bfnrt".IndexOf(kind);
        if (simple >= 0)
        {
            unescaped.Append("\"\\/\b\f\n\r\t"[simple]);
            return;
        }

        if (kind != 'u' || !TryTakeHex(out char unit)) throw Fail("An escape must be one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and "
            + "four hexadecimal digits.", start, _position - start);
        unescaped.Append(unit);
        if (!char.IsSurrogate(unit)) return;
        if (char.IsHighSurrogate(unit) && _position + 1 < text.Length && text[_position] == '\\' && text[_position + 1] == 'u')
        {
            _position += 2;
            if (TryTakeHex(out char low) && char.IsLowSurrogate(low))
            {
                unescaped.Append(low);
                return;
            }
        }

        throw LoneSurrogate(unit, start, 6);
    }

    private bool TryTakeHex(out char unit)
    {
        int value = 0;
        unit = '\0';
        for (int i = 0; i < 4; i++)
        {
            char c = _position < text.Length ? text[_position] : '\0';
            int digit = IsDigit(c) ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : c is >= 'A' and <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) return false;
            value = (value * 16) + digit;
            _position++;
        }

        unit = (char)value;
        return true;
    }

    private bool TryTake(char c)
    {
        if (_position == text.Length || text[_position] != c) return false;
        _position++;
        return true;
    }

    private void SkipWhitespace()
    {
        while (_position < text.Length && text[_position] is ' ' or '\t' or '\n' or '\r') _position++;
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private KanFormatException LoneSurrogate(char unit, int offset, int length) =>
        Fail($"A string contains half of a surrogate pair, U+{(int)unit:X4}.", offset, length);

    private KanFormatException Unexpected(string expected)
    {
        if (_position == text.Length) return Fail($"The text ends where {expected} was expected.", _position, 0);
        char c = text[_position];
        string found = c is > ' ' and < '\u007F' ? $"'{c}'" : "U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture);
        return Fail($"Found {found} where {expected} was expected.", _position, 1);
    }

    private KanFormatException Fail(string message, int offset, int length) => new(message, text, offset, length);
}
