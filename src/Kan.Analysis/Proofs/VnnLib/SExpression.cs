using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis.Proofs;

/// <summary>An s-expression and where it starts: a word, or a list.</summary>
internal sealed record SExpression(string? Word, IReadOnlyList<SExpression> Items, int Line, int Column)
{
    /// <summary>The word at the head of a list; the word itself otherwise.</summary>
    public string Head => Word ?? (Items.Count > 0 ? Items[0].Word ?? "" : "");

    /// <summary>What follows the head.</summary>
    public IEnumerable<SExpression> Operands => Items.Skip(1);
}

/// <summary>Reads s-expressions: words, lists in parentheses, comments from a semicolon to the end of the line.</summary>
internal sealed class ExpressionReader(string file, string text)
{
    private const int DeepestNesting = 200;

    private int _at, _line = 1, _column = 1;

    /// <summary>All expressions of the text, in order.</summary>
    public List<SExpression> ReadAll()
    {
        var all = new List<SExpression>();
        while (SkipSpace()) all.Add(Read(0));
        return all;
    }

    private SExpression Read(int depth)
    {
        var (line, column) = (_line, _column);
        if (depth > DeepestNesting) throw new VnnLibException(file, line, column, $"Lists are nested more than {DeepestNesting} deep.");
        if (text[_at] == ')') throw new VnnLibException(file, line, column, "There is a ')' without its '('.");
        if (text[_at] != '(')
        {
            int start = _at;
            while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not ('(' or ')' or ';')) Advance();
            return new SExpression(text[start.._at], [], line, column);
        }

        Advance();
        var items = new List<SExpression>();
        while (true)
        {
            if (!SkipSpace()) throw new VnnLibException(file, line, column, "This '(' has no ')' before the end of the file.");
            if (text[_at] == ')') break;
            items.Add(Read(depth + 1));
        }

        Advance();
        return new SExpression(null, items, line, column);
    }

    /// <summary>Goes to the next expression; false at the end.</summary>
    private bool SkipSpace()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] == ';'))
        {
            if (text[_at] == ';')
            {
                while (_at < text.Length && text[_at] != '\n') Advance();
            }
            else
            {
                Advance();
            }
        }

        return _at < text.Length;
    }

    private void Advance()
    {
        if (text[_at++] == '\n') (_line, _column) = (_line + 1, 1);
        else _column++;
    }
}
