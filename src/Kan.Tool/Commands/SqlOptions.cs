using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>The options of a network as SQL: the dialect, the table, and the columns that stay next to the outputs.</summary>
internal sealed class SqlOptions
{
    private readonly Option<string?> _dialect =
        new("--dialect") { Description = "For .sql: the dialect. Default: ansi.", HelpName = "duckdb|postgres|ansi" };
    private readonly Option<string?> _table =
        new("--table") { Description = "For .sql: the table of the inputs, such as lake.applicants. Default: rows.", HelpName = "name" };
    private readonly Option<string?> _id =
        new("--id") { Description = "For .sql: columns of the table to keep next to the outputs.", HelpName = "name[,name...]" };

    public SqlOptions() => _dialect.AcceptOnlyFromAmong("duckdb", "postgres", "ansi");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_dialect, _table, _id]) command.Options.Add(option);
    }

    /// <summary>The query of a network; nothing of it is written.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="document">The network.</param>
    /// <param name="lowering">The form of the layers; where the choice is free, that of fewest products.</param>
    /// <param name="token">Stops the compilation.</param>
    /// <exception cref="ToolException">Names do not fit each other.</exception>
    /// <exception cref="NotSupportedException">The network is too large, or has layers over images.</exception>
    public string Export(ParseResult result, KanDocument document, Lowering lowering, CancellationToken token)
    {
        if (document.Layers.Any(static layer => layer is WindowDescription)) throw SqlExporter.OverImages();
        var plan = NetworkCompiler.Plan(document, Precision.Double, lowering == Lowering.Auto ? Lowering.Rows : lowering, token);
        var outputs = document.Labels.IsEmpty ? document.OutputNames : document.Labels;
        var options = new SqlExportOptions
        {
            Dialect = result.GetValue(_dialect) switch
            {
                "duckdb" => SqlDialect.DuckDB,
                "postgres" => SqlDialect.Postgres,
                _ => SqlDialect.Ansi
            },
            Name = document.Name,
            Table = result.GetValue(_table) is { Length: > 0 } table ? table : "rows",
            InputNames = document.InputNames,
            OutputNames = outputs,
            KeptColumns = result.GetValue(_id) is { } kept ? NameText.Split(kept) : [],
            Description = [.. CDescription.Of(plan).Take(1), $"SHA-256 of the exact network: {plan.ContentHash}"],
        };
        try
        {
            return SqlExporter.Export(plan.Form, options);
        }
        catch (ArgumentException exception)
        {
            throw ToolException.Option(exception.Message);
        }
    }

    /// <summary>Refuses the options for other outputs.</summary>
    public void RefuseUnlessSql(ParseResult result, string file)
    {
        if (file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)) return;
        foreach (var option in (Option<string?>[])[_dialect, _table, _id])
        {
            if (result.GetValue(option) is not null) throw ToolException.Option($"{option.Name} is for SQL: '{file}' must end in .sql.");
        }
    }
}
