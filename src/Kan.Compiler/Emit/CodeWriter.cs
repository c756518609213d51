using System;
using System.Text;

namespace Kan.Compiler.Emit;

/// <summary>Indented text with '\n' line ends on every host.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indentation;

    /// <summary>Writes one line, or several separated by '\n', at the current indentation.</summary>
    public void Line(string text = "")
    {
        foreach (string line in text.Replace("\r", "").Split('\n'))
        {
            if (line.Length > 0) _text.Append(' ', _indentation * 4).Append(line);
            _text.Append('\n');
        }
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
