using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using DuckDB.NET.Data;
using Kan.DuckDB;

namespace Kan.Tool.Scoring;

/// <summary>The query that scores a file: its columns are checked before a row is read.</summary>
/// <param name="Document">The network.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Columns">How the inputs are found among the columns.</param>
/// <param name="Kept">The columns that are kept; <c>*</c> for all.</param>
/// <param name="Outputs">The names of the outputs.</param>
internal sealed record ScoreQuery(KanDocument Document, Precision Precision, RowColumns Columns, ImmutableArray<string> Kept,
    ImmutableArray<string> Outputs)
{
    public const string Function = "kan_score", All = "*";

    private static readonly HashSet<string> s_numbers = new(StringComparer.Ordinal)
    {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT",
            "DOUBLE",
    };

    private string Number => Precision == Precision.Single ? "FLOAT" : "DOUBLE";

    /// <summary>The query of a file.</summary>
    /// <exception cref="ToolException">A column is missing or is not a number.</exception>
    public string Of(DuckDBConnection connection, ScoreFile file)
    {
        var found = Sql.Rows(connection, $"DESCRIBE SELECT * FROM {Source(file, [])}",
            static reader => (Name: reader.GetString(0), Type: reader.GetString(1)));
        string[] header = [.. found.Select(static column => column.Name)];
        if (Kept.FirstOrDefault(name => name != All && !header.Contains(name)) is { } missing)
            throw ToolException.BadData(file.Path,
                $"There is no column '{MessageText.Name(missing)}', which --id names; found {List(header)}.");
        var candidates = found.Where(column => !Kept.Contains(column.Name)).ToArray();
        int[] places = Columns.Find(file.Path, [.. candidates.Select(static column => column.Name)], candidates.Length);
        var inputs = places.Select(place => candidates[place]).ToArray();
        if (inputs.FirstOrDefault(static column => !s_numbers.Contains(column.Type)
            && !column.Type.StartsWith("DECIMAL", StringComparison.Ordinal)) is { Name: { } text } wrong)
            throw ToolException.BadData(file.Path, $"The column '{MessageText.Name(text)}' is {wrong.Type}; expected numbers.");
        string[] kept = Kept.Contains(All) ? header : [.. Kept];
        if (kept.FirstOrDefault(name => Outputs.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } twice)
            throw ToolException.BadData(file.Path,
                $"The column '{MessageText.Name(twice)}' has the name of an output; name the outputs otherwise with --output-names.");

        // The scores are a column of an inner query, so that a network of several outputs is computed once.
        string columns = string.Concat(kept.Select(static name => Sql.Name(name) + ", "));
        string scores = Outputs.Length == 1
            ? $"s AS {Sql.Name(Outputs[0])}"
            : string.Join(", ", Outputs.Select(static name => $"s.{Sql.Name(name)} AS {Sql.Name(name)}"));
        string arguments = string.Join(", ", inputs.Select(static column => Sql.Name(column.Name)));
        return $"SELECT {columns}{scores} FROM (SELECT {columns}{Function}({arguments}) AS s FROM "
            + $"{Source(file, [.. inputs, .. found.Where(column => kept.Contains(column.Name))])}{Where(file)})";
    }

    private static string Where(ScoreFile file) => file.Rows is not { } rows ? ""
        : string.Create(CultureInfo.InvariantCulture,
            $" WHERE file_row_number >= {rows.First} AND file_row_number < {rows.First + rows.Count}");

    /// <summary>
    /// A file as a table. Text becomes numbers of the network's type at once: by way of another type it would be rounded twice.
    /// </summary>
    private string Source(ScoreFile file, (string Name, string Type)[] columns)
    {
        string path = Sql.Text(file.Path);
        if (file.Format == RowFormat.Parquet)
            return $"read_parquet({path}{(file.Rows is null || columns.Length == 0 ? "" : ", file_row_number = true")})";
        var inputs = columns.Take(Document.Layers[0].InputCount).Select(static column => column.Name).ToHashSet();
        string types = string.Join(", ", columns.Select(column => (column.Name, Type: inputs.Contains(column.Name) ? Number : column.Type))
            .Distinct().Select(static column => $"{Sql.Text(column.Name)}: {Sql.Text(column.Type)}"));
        return file.Format == RowFormat.Csv
            ? $"read_csv({path}{(types.Length > 0 ? $", types = {{{types}}}" : "")})"
            : $"read_json({path}{(types.Length > 0 ? $", columns = {{{types}}}" : "")})";
    }

    private static string List(string[] names) => string.Join(", ", names.Take(24).Select(static name => $"'{MessageText.Name(name)}'"))
        + (names.Length > 24 ? $" and {names.Length - 24} more" : "");
}
