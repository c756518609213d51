using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Interchange;

/// <summary>
/// Writes a small network as one SQL query in double: a common table expression for each layer, without any function but <c>CASE</c> and
/// <c>CAST</c>. The operations are those of the form in its order of sums, but SQL has no fused multiply-add: products are rounded before
/// they are added.
/// </summary>
public static class SqlExporter
{
    /// <summary>
    /// The most terms of a query: products of a number and a column. Engines plan larger ones for minutes, or not at all.
    /// </summary>
    public const int MostTerms = 10_000;

    /// <summary>The most columns of a layer.</summary>
    public const int MostColumns = 1_000;

    private const string Prefix = "kan_";

    /// <summary>Writes the query of a network.</summary>
    /// <param name="form">The layers, in <see cref="Precision.Double"/>.</param>
    /// <param name="options">The dialect and the names.</param>
    /// <exception cref="ArgumentException">
    /// The form is not in double, there are too many or too few names, or two columns of the result have the same name.
    /// </exception>
    /// <exception cref="NotSupportedException">The network is too large for a query, or has layers over images.</exception>
    public static string Export(NetworkForm form, SqlExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(form);
        options ??= new SqlExportOptions();
        if (form.Precision != Precision.Double)
            throw new ArgumentException("SQL computes in double: the form must be of that precision.", nameof(form));
        var inputs = Names(options.InputNames, form.InputCount, "x", "inputs");
        var outputs = Names(options.OutputNames, form.OutputCount, "y", "outputs");
        RequireDifferent([.. options.KeptColumns, .. outputs]);
        var steps = Steps(form);
        var text = new StringBuilder(Header(form, options, inputs));
        string kept = string.Concat(options.KeptColumns.Select(static name => $"\n    {SqlText.Quote(name)},"));
        string table = string.Join('.', options.Table.Split('.').Select(SqlText.Quote));
        WriteStep(text, options, "inputs", 0, kept, table,
            [.. inputs.Select(static name => $"CAST({SqlText.Quote(name)} AS DOUBLE PRECISION)")]);
        string[] columns = Columns(0, inputs.Length);
        for (int i = 0; i < steps.Count; i++)
        {
            string[] expressions = steps[i].Columns(columns);
            WriteStep(text, options, steps[i].Comment, i + 1, kept, Prefix + i, expressions);
            columns = Columns(i + 1, expressions.Length);
        }

        string last = string.Join(",", columns.Select((column, q) => $"\n    {column} AS {SqlText.Quote(outputs[q])}"));
        return text.Append(CultureInfo.InvariantCulture, $"\nSELECT{kept}{last}\nFROM {Prefix}{steps.Count};\n").ToString();
    }

    /// <summary>The refusal of layers over images.</summary>
    internal static NotSupportedException OverImages() => new(
        $"SQL has an expression for each output and no loops over the places of an image, so convolutions and maxima are not written. "
        + $"{Instead} For a small network, --to kan writes out their edges first.");

    private static List<SqlStep> Steps(NetworkForm form)
    {
        long terms = 0;
        var writer = new SqlLayerWriter(count => terms += count);
        var steps = new List<SqlStep>();
        if (form.Layers.Any(static layer => layer is ConvolutionForm or MaximumForm)) throw OverImages();
        int widest = Math.Max(form.InputCount, form.Layers.Max(static layer => layer.OutputCount));
        if (widest > MostColumns)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture,
                $"SQL is for small networks: a layer has {widest} values, and a query at most {MostColumns} columns. {Instead}"));
        foreach (var layer in form.Layers) steps.AddRange(layer.Accept(writer));
        if (terms > MostTerms) throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"SQL is for small networks: "
            + $"this one has {terms} terms, and a query at most {MostTerms}. {Instead}"));
        return steps;
    }

    private const string Instead = "Use kan score, or the package Kan.DuckDB.";

    private static string Header(NetworkForm form, SqlExportOptions options, ImmutableArray<string> inputs)
    {
        string columns = string.Join(", ", inputs.Take(8).Select(static name => MessageText.Name(name)))
            + (inputs.Length > 8 ? $" and {inputs.Length - 8} more" : "");
        string[] lines =
        [
            $"{MessageText.Name(options.Name)}: a network of {Count(form.InputCount, "input")} and {Count(form.OutputCount, "output")}, "
            + $"computed in double.",
            .. options.Description,
            $"Reads the columns {columns} of the table {MessageText.Name(options.Table)}. NULL in an input makes the outputs NULL that "
            + $"depend on it.",
        ];
        return string.Concat(lines.Select(static line => $"-- {CNames.Comment(line)}\n"));
    }

    private static void WriteStep(StringBuilder text, SqlExportOptions options, string comment, int index, string kept, string source,
        string[] expressions)
    {
        // PostgreSQL would write the expressions of a layer into the next one, once for each use; OFFSET keeps it from that without storing
        // rows.
        string hint = options.Dialect == SqlDialect.DuckDB ? "NOT MATERIALIZED " : "",
            fence = options.Dialect == SqlDialect.Postgres ? "\n    OFFSET 0" : "";
        string[] columns = Columns(index, expressions.Length);
        text.Append(index == 0 ? "WITH " : ",\n")
            .Append(CultureInfo.InvariantCulture, $"{Prefix}{index} AS {hint}( -- {CNames.Comment(comment)}\n    SELECT");
        text.Append(kept.Replace("\n", "\n    ", StringComparison.Ordinal));
        text.Append(string.Join(',', expressions.Select((expression, i) => $"\n        {expression} AS {columns[i]}")));
        text.Append(CultureInfo.InvariantCulture, $"\n    FROM {source}{fence}\n)");
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string[] Columns(int step, int count) =>
        [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{Prefix}{step}_{i}"))];

    private static ImmutableArray<string> Names(ImmutableArray<string> names, int count, string letter, string what)
    {
        if (names.IsDefaultOrEmpty) return [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{letter}{i}"))];
        return names.Length == count ? names : throw new ArgumentException($"There are {names.Length} names for {count} {what}.");
    }

    private static void RequireDifferent(ImmutableArray<string> columns)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string column in columns)
        {
            if (!seen.Add(column)) throw new ArgumentException($"Two columns of the result would be called '{MessageText.Name(column)}'.");
            if (column.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"The column '{MessageText.Name(column)}' begins with {Prefix}, as those of the query do.");
        }
    }
}
