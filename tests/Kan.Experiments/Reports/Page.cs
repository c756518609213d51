using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using OxyPlot;

namespace Kan.Experiments.Reports;

/// <summary>One page of results in Markdown, and the pictures that stand on it.</summary>
/// <param name="name">The name of the experiment, of its command and of its page.</param>
/// <param name="title">The heading of the page.</param>
internal sealed class Page(string name, string title)
{
    /// <summary>What introduces the one line that the index repeats.</summary>
    public const string ResultMark = "**Result.** ";

    private readonly StringBuilder _body = new();
    private readonly List<(string File, string Svg)> _images = [];

    public string Name => name;

    /// <summary>The outcome in one line, for the index.</summary>
    public string Result { get; set; } = "";

    /// <summary>What the outcome says about the paper's claim, in two sentences.</summary>
    public string Claim { get; set; } = "";

    /// <summary>Whether all figures are exact, so that the page is the same on every machine.</summary>
    public bool IsExact { get; init; }

    /// <summary>The pictures: file names and SVG text.</summary>
    public IReadOnlyList<(string File, string Svg)> Images => _images;

    public void Heading(string text) => _body.Append("## ").Append(text).Append("\n\n");

    public void Text(FormattableString text) => Text(FormattableString.Invariant(text));

    public void Text(string text) => _body.Append(text).Append("\n\n");

    /// <summary>A table; numbers line up at the right from the second column on.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(header);
        _body.Append("|---|").Append(string.Concat(Enumerable.Repeat("---:|", header.Count - 1))).Append('\n');
        foreach (var row in rows)
        {
            if (row.Count != header.Count)
                throw new ArgumentException($"A row of {row.Count} cells in a table of {header.Count} columns.", nameof(rows));
            Row(row);
        }

        _body.Append('\n');
    }

    /// <summary>A chart; its file is named after the page.</summary>
    public void Chart(string part, string description, PlotModel chart) => Image(part, description, Charts.ToSvg(chart));

    /// <summary>A picture; its file is named after the page.</summary>
    public void Image(string part, string description, string svg)
    {
        string file = $"{name}-{part}.svg";
        _images.Add((file, svg));
        _body.Append($"![{description}](images/{file})\n\n");
    }

    /// <summary>The whole page.</summary>
    public string ToMarkdown()
    {
        if (Result.Length == 0 || Claim.Length == 0) throw new InvalidOperationException($"The page '{name}' draws no conclusion.");
        return $"# {title}\n\n{ResultMark}{Result}\n\n"
            + $"Produced by `dotnet run -c Release --project tests/Kan.Experiments -- "
            + $"{name}`{(IsExact ? ", which gives the same figures on every machine" : $" on {Machine.Description}")}.\n\n"
            + _body
            + $"## Conclusions about the paper\n\n{Claim}\n";
    }

    private void Row(IReadOnlyList<string> cells) => _body.Append("| ").Append(string.Join(" | ", cells)).Append(" |\n");
}
