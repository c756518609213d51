using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace Kan.Tool;

/// <summary>The numbers of a row, and what a file with a header calls them.</summary>
/// <param name="Names">The name of each number; null for a number that has none.</param>
/// <param name="AreByPosition">Whether the columns are used in their order, whatever a header says.</param>
internal sealed record RowColumns(IReadOnlyList<string?> Names, bool AreByPosition = false)
{
    private const int MostShown = 24;

    /// <summary>The numbers of a row.</summary>
    public int Count => Names.Count;

    private bool HaveNames => !AreByPosition && Names.Any(static name => name is not null);

    /// <summary>The option that lets columns be used in their order.</summary>
    public static Option<bool> ByPositionOption() => new("--by-position")
    {
        Description = "Use the columns of a file with a header in their order. Default: the header must name the model's inputs, in any "
            + "order, if the model names them.",
    };

    /// <summary>The names that a model states; nodes without names count as numbers without.</summary>
    public static IEnumerable<string?> Of(IReadOnlyList<string> names, int count) =>
        names.Count == count ? names : Enumerable.Repeat<string?>(null, count);

    /// <summary>Whether a first line of numbers is a header nevertheless, because it says exactly the names.</summary>
    public bool AreIn(IReadOnlyCollection<string> line) => HaveNames && Names.All(name => name is null || line.Contains(name));

    /// <summary>
    /// The column of each number. A header gives every named number the column of that name, and those without a name the other columns in
    /// their order; without a header, and by position, number i is in column i.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="header">The first line if it is a header, or null.</param>
    /// <param name="width">The number of columns.</param>
    /// <exception cref="ToolException">A name is missing or occurs twice, or there are too many or too few columns.</exception>
    public int[] Find(string path, string[]? header, int width)
    {
        if (header is null || !HaveNames)
        {
            if (width != Count) throw ToolException.BadData(path, $"The first line has {NumberText.Count(width, "column")}; expected "
                + $"{Count}, one for each number.", 1, 1);
            return [.. Enumerable.Range(0, Count)];
        }

        string[] wanted = [.. Names.OfType<string>()];
        Require(path, header, "no column", wanted.Where(name => !header.Contains(name)));
        Require(path, header, "more than one column", wanted.Where(name => header.Count(column => column == name) > 1));
        if (wanted.Distinct().Count() < wanted.Length)
            throw ToolException.BadData(path, $"The model gives two numbers of a row the same name, so a header cannot tell them apart: "
                + $"expected {List(wanted)}. Use --by-position if the columns are in this order.", 1, 1);

        int[] others = wanted.Length == Count ? [] : [.. Enumerable.Range(0, width).Where(column => !wanted.Contains(header[column]))];
        if (wanted.Length < Count && others.Length != Count - wanted.Length)
        {
            throw ToolException.BadData(path, $"The header has {NumberText.Count(others.Length, "column")} in addition to {List(wanted)}; "
                + $"expected {Count - wanted.Length}, for the numbers that the model does not name. The header is {List(header)}.", 1, 1);
        }

        int next = 0;
        return [.. Names.Select(name => name is null ? others[next++] : Array.IndexOf(header, name))];
    }

    private void Require(string path, string[] header, string fault, IEnumerable<string> names)
    {
        string[] wrong = [.. names.Distinct()];
        if (wrong.Length == 0) return;
        string position = header.Length == Count ? ", or use --by-position if the columns are in the expected order" : "";
        throw ToolException.BadData(path, $"The header has {fault} {List(wrong)}: expected {List(Names.OfType<string>())}; found "
            + $"{List(header)}. Correct the names in the header{position}.", 1, 1);
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MostShown).Select(static name => $"'{MessageText.Name(name)}'"))
            + (all.Length > MostShown ? $" and {all.Length - MostShown} more" : "");
    }
}
