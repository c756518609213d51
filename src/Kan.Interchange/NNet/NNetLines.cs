using System;
using System.Globalization;
using System.Text;

namespace Kan.Interchange.NNet;

/// <summary>The lines of a <c>.nnet</c> file, each of numbers with commas between and, as a rule, one behind the last.</summary>
internal sealed class NNetLines(ModelFile file)
{
    private readonly string[] _lines = Encoding.Latin1.GetString(file.Bytes).TrimEnd().Split('\n');
    private int _line;

    /// <summary>The numbers of the next line that is no comment.</summary>
    /// <param name="count">How many there must be.</param>
    /// <param name="what">What they are, for complaints.</param>
    /// <exception cref="ModelFileException">The file ends, or the line holds something else.</exception>
    public double[] Next(int count, string what)
    {
        string[] words = Words(what);
        if (words.Length != count)
            throw file.Malformed($"Line {_line} has {words.Length} numbers; expected {count}: {what}. The file is damaged.");
        return Array.ConvertAll(words, word => Number(word, what));
    }

    /// <summary>The counts of the next line.</summary>
    /// <param name="what">What the line holds.</param>
    public int[] NextCounts(string what) => Array.ConvertAll(Words(what), word =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 && count <= ModelLimits.Width
            ? count
            : throw file.Malformed(
                $"Line {_line} holds '{MessageText.Name(word)}' where a count from 1 to {ModelLimits.Width} was expected: {what}."));

    /// <summary>Passes over a line that says nothing any more.</summary>
    public void Skip(string what) => _ = Words(what);

    private string[] Words(string what)
    {
        string? text;
        do
        {
            text = _line < _lines.Length ? _lines[_line] : null;
            _line++;
        }
        while (text is not null && text.StartsWith("//", StringComparison.Ordinal));
        if (text is null) throw file.Malformed($"The file ends at line {_line}, where {what} was expected. The file is damaged.");
        return text.TrimEnd().TrimEnd(',').Split(',', StringSplitOptions.TrimEntries);
    }

    private double Number(string word, string what) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw file.Malformed($"Line {_line} holds '{MessageText.Name(word)}', which is not a finite number: {what}.");
}
