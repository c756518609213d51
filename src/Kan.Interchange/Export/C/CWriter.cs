using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Kan.Interchange;

/// <summary>C text of one number type, with LF line ends.</summary>
internal sealed class CWriter(Precision precision)
{
    private const int LineWidth = 120;

    private readonly StringBuilder _text = new();

    /// <summary>The number type.</summary>
    public string Type => precision == Precision.Single ? "float" : "double";

    /// <summary>The fused multiply-add of the type.</summary>
    public string Fma => precision == Precision.Single ? "fmaf" : "fma";

    /// <summary>The largest finite number of the type.</summary>
    public string Largest => precision == Precision.Single ? "FLT_MAX" : "DBL_MAX";

    /// <summary>0.</summary>
    public string Zero => Number(0);

    /// <summary>A literal with the shortest digits that read back as the same bits.</summary>
    public string Number(double value)
    {
        string digits = precision == Precision.Single
            ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
        if (!digits.AsSpan().ContainsAny('.', 'E')) digits += ".0";
        return digits.Replace('E', 'e') + (precision == Precision.Single ? "f" : "");
    }

    /// <summary>Lines, each ended.</summary>
    public void Lines(string text) => _text.Append(text).Append('\n');

    /// <summary>A table of numbers.</summary>
    public void Table(string name, IReadOnlyList<double> values)
    {
        _text.Append(CultureInfo.InvariantCulture, $"static const {Type} {name}[{Math.Max(1, values.Count)}] = {{\n");
        Row(values.Count == 0 ? [0.0] : values, 0, Math.Max(1, values.Count), 4);
        _text.Append("};\n");
    }

    /// <summary>A table of rows of numbers.</summary>
    public void Table(string name, IReadOnlyList<double> values, int width)
    {
        int rows = values.Count / width;
        _text.Append(CultureInfo.InvariantCulture, $"static const {Type} {name}[{Math.Max(1, rows)}][{width}] = {{\n");
        for (int row = 0; row < rows; row++)
        {
            _text.Append("    {\n");
            Row(values, row * width, width, 8);
            _text.Append("    },\n");
        }

        if (rows == 0) _text.Append(CultureInfo.InvariantCulture, $"    {{ {Zero} }}\n");
        _text.Append("};\n");
    }

    /// <summary>A table of integers.</summary>
    public void Table(string name, IReadOnlyList<int> values, string type = "int")
    {
        _text.Append(CultureInfo.InvariantCulture, $"static const {type} {name}[{values.Count}] = {{\n");
        Wrap(values.Count, 4, i => values[i].ToString(CultureInfo.InvariantCulture));
        _text.Append("};\n");
    }

    public override string ToString() => _text.ToString();

    private void Row(IReadOnlyList<double> values, int start, int count, int indentation) =>
        Wrap(count, indentation, i => Number(values[start + i]));

    private void Wrap(int count, int indentation, Func<int, string> item)
    {
        int column = 0;
        for (int i = 0; i < count; i++)
        {
            string text = item(i);
            if (column > 0 && column + text.Length + 2 > LineWidth)
            {
                _text.Append('\n');
                column = 0;
            }

            _text.Append(' ', column == 0 ? indentation : 1).Append(text).Append(',');
            column += text.Length + (column == 0 ? indentation + 1 : 2);
        }

        _text.Append('\n');
    }
}
