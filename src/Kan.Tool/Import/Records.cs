using System;
using System.Collections.Generic;
using System.Text;

namespace Kan.Tool;

/// <summary>
/// Lines of fields, as the build and <c>kan import</c> exchange them: fields are separated by tabs and records end with a line feed. In a
/// field a backslash, a tab, a line feed and a carriage return are <c>\\</c>, <c>\t</c>, <c>\n</c> and <c>\r</c>, so any text can be a
/// field.
/// </summary>
internal static class Records
{
    /// <summary>One record with its line feed.</summary>
    public static string Line(params string[] fields)
    {
        var text = new StringBuilder();
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0) text.Append('\t');
            foreach (char c in fields[i])
            {
                switch (c)
                {
                    case '\\': text.Append("\\\\"); break;
                    case '\t': text.Append("\\t"); break;
                    case '\n': text.Append("\\n"); break;
                    case '\r': text.Append("\\r"); break;
                    default: text.Append(c); break;
                }
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The fields of each record; empty lines are skipped.</summary>
    public static IEnumerable<string[]> Read(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string record = line.TrimEnd('\r');
            if (record.Length > 0) yield return Array.ConvertAll(record.Split('\t'), Unescape);
        }
    }

    private static string Unescape(string field)
    {
        if (field.IndexOf('\\') < 0) return field;
        var text = new StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] != '\\' || i + 1 == field.Length)
            {
                text.Append(field[i]);
                continue;
            }

            i++;
            text.Append(field[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', var other => other });
        }

        return text.ToString();
    }
}
