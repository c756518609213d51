using System;
using System.Globalization;
using System.Text;

namespace Kan.Networks;

/// <summary>JSON values as messages and files spell them.</summary>
internal static class JsonText
{
    /// <summary>A value in a few words.</summary>
    public static string Describe(JsonValue value) => value.Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => "true or false",
        JsonKind.Number => "a number",
        JsonKind.String => value.Text.Length <= 24 ? $"the string \"{value.Text}\"" : "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>Writes a string in quotes.</summary>
    /// <exception cref="ArgumentException">The string holds half of a surrogate pair.</exception>
    public static void WriteString(StringBuilder output, string value)
    {
        output.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c is '"' or '\\')
            {
                output.Append('\\').Append(c);
            }
            else if (c < ' ')
            {
                output.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else if (char.IsSurrogate(c))
            {
                if (i + 1 >= value.Length || !char.IsSurrogatePair(c, value[i + 1]))
                    throw new ArgumentException("A string contains half of a surrogate pair.", nameof(value));
                output.Append(c).Append(value[++i]);
            }
            else
            {
                output.Append(c);
            }
        }

        output.Append('"');
    }
}
