using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Kan.Compiler.Emit;

/// <summary>Indented text with '\n' line ends on every host.</summary>
internal sealed class CodeWriter
{
    /// <summary>Columns that lists and prose keep to.</summary>
    private const int MostColumns = 140;

    /// <summary>Columns of code that is written out, such as vectors of constants.</summary>
    private const int MostCodeColumns = 245;

    private readonly StringBuilder _text = new();
    private int _indentation;

    /// <summary>Writes one line, or several separated by '\n', at the current indentation. Long code goes on in the next line.</summary>
    public void Line(string text = "")
    {
        foreach (string line in text.Replace("\r", "").Split('\n'))
        {
            int start = 0, indentation = _indentation * 4;
            while (FindBreak(line, start, start + MostCodeColumns - indentation) is var end and > 0)
            {
                _text.Append(' ', indentation).Append(line, start, end - start).Append('\n');
                if (start == 0) indentation += 4 + line.Length - line.TrimStart(' ').Length;
                start = end + 1;
            }

            if (line.Length > start) _text.Append(' ', indentation).Append(line, start, line.Length - start);
            _text.Append('\n');
        }
    }

    /// <summary>
    /// The last space before a column where code may be broken: behind a comma or before an addition; 0 if it need not or must not be.
    /// </summary>
    private static int FindBreak(string line, int start, int most)
    {
        if (line.Length <= most || line.StartsWith("//", StringComparison.Ordinal) || line.Contains("\"")) return 0;
        for (int i = most; i > start; i--)
        {
            if (line[i] == ' ' && (line[i - 1] == ',' || line[i + 1] == '+')) return i;
        }

        return 0;
    }

    /// <summary>Writes what another writer has, at the current indentation.</summary>
    public void Append(CodeWriter other) => Line(other._text.ToString().TrimEnd('\n'));

    /// <summary>Writes a text after a prefix, on as many lines as it takes: comments and documentation.</summary>
    public void Prose(string prefix, string text)
    {
        int most = Math.Max(MostColumns / 2, MostColumns - (_indentation * 4) - prefix.Length);
        int start = 0;
        while (text.Length - start > most)
        {
            int end = text.LastIndexOf(' ', start + most, most);
            while (end > start && IsInFormula(text, end)) end = text.LastIndexOf(' ', end - 1, end - 1 - start);
            if (end <= start) end = text.IndexOf(' ', start + most);
            if (end < 0) break;
            Line(prefix + text.Substring(start, end - start));
            start = end + 1;
        }

        Line(prefix + text.Substring(start));
    }

    /// <summary>Whether a space stands beside an operator, as in <c>a - b</c>.</summary>
    private static bool IsInFormula(string text, int space)
    {
        char before = text[space - 1], after = text[space + 1];
        return before is '-' or '=' or '+' || after is '-' or '=' or '+' || (after == '<' && text[space + 2] is '=');
    }

    /// <summary>Writes a list of items between two texts, on as many lines as it takes.</summary>
    /// <param name="before">What ends with the opening bracket.</param>
    /// <param name="items">The items; they are separated by commas.</param>
    /// <param name="after">What begins with the closing bracket or parenthesis.</param>
    public void List(string before, IReadOnlyList<string> items, string after)
    {
        int length = before.Length + after.Length + items.Sum(static item => item.Length + 2);
        if ((_indentation * 4) + length <= MostColumns + 2)
        {
            Line(before + string.Join(", ", items) + after);
            return;
        }

        Line(before);

        // As people do: a bracket stands on a line of its own, a parenthesis behind the last argument.
        bool isArguments = after.StartsWith(")", StringComparison.Ordinal);
        using (Indented()) Fill([.. items.Select((item, i) => i + 1 < items.Count ? item + "," : isArguments ? item + after : item)]);
        if (!isArguments) Line(after);
    }

    /// <summary>Writes words on as many lines as they take.</summary>
    public void Fill(IReadOnlyList<string> words)
    {
        var line = new StringBuilder();
        foreach (string word in words)
        {
            if (line.Length > 0 && (_indentation * 4) + line.Length + word.Length >= MostColumns)
            {
                Line(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Line(line.ToString());
    }

    /// <summary>Writes a line, unless it is empty, and an opening brace; the closing one comes when the result is disposed.</summary>
    public Block Braces(string header)
    {
        if (header.Length > 0) Line(header);
        Line("{");
        _indentation++;
        return new Block(this, "}");
    }

    /// <summary>
    /// A method whose arithmetic is unchecked whatever the project says: it counts within tables, and checks would be branches and calls.
    /// </summary>
    public Block Kernel(string header)
    {
        Braces(header);
        Braces("unchecked");
        return new Block(this, "}", 2);
    }

    /// <summary>Indents what follows until the result is disposed.</summary>
    public Block Indented()
    {
        _indentation++;
        return new Block(this, null);
    }

    public override string ToString() => _text.ToString();

    /// <summary>A part of the text that is indented.</summary>
    public readonly struct Block(CodeWriter writer, string? end, int depth = 1) : IDisposable
    {
        public void Dispose()
        {
            for (int i = 0; i < depth; i++)
            {
                writer._indentation--;
                if (end is not null) writer.Line(end);
            }
        }
    }
}
