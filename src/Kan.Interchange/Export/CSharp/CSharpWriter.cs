using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Kan.Interchange;

/// <summary>Lines of C# inside of a class, with LF line ends.</summary>
internal sealed class CSharpWriter(Precision precision)
{
    private const int LineWidth = 120;

    private readonly StringBuilder _text = new();

    /// <summary>Lines of members.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            _text.Append(line.Length == 0 ? "" : "    ").Append(line).Append('\n');
    }

    /// <summary>A table of numbers.</summary>
    public void Table(string name, IReadOnlyList<double> values) =>
        Table(name, precision == Precision.Single ? "float" : "double", values.Count, i => Number(values[i]));

    /// <summary>A table of counts.</summary>
    public void Table(string name, IReadOnlyList<int> values) =>
        Table(name, "int", values.Count, i => values[i].ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();

    /// <summary>A literal with the shortest digits that read back as the same bits.</summary>
    private string Number(double value) => precision == Precision.Single
        ? ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f"
        : value.ToString("R", CultureInfo.InvariantCulture) + "d";

    private void Table(string name, string type, int count, Func<int, string> item)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n    private static readonly {type}[] {name} =\n    {{\n");
        int column = 0;
        for (int i = 0; i < count; i++)
        {
            string text = item(i);
            if (column > 0 && column + text.Length + 2 > LineWidth)
            {
                _text.Append('\n');
                column = 0;
            }

            _text.Append(' ', column == 0 ? 8 : 1).Append(text).Append(',');
            column += text.Length + (column == 0 ? 9 : 2);
        }

        _text.Append(count == 0 ? "    };\n" : "\n    };\n");
    }
}
