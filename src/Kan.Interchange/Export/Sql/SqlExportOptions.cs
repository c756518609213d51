using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>Options for writing a network as a SQL query.</summary>
public sealed record SqlExportOptions
{
    /// <summary>The dialect.</summary>
    public SqlDialect Dialect { get; init; }

    /// <summary>The name of the network, for the header.</summary>
    public string Name { get; init; } = "network";

    /// <summary>The table of the inputs: names separated by dots, such as <c>lake.applicants</c>. They are quoted.</summary>
    public string Table { get; init; } = "rows";

    /// <summary>The columns of the inputs, in order; empty for <c>x0</c>, <c>x1</c>, ...</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>The columns of the outputs, in order; empty for <c>y0</c>, <c>y1</c>, ...</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Columns of the table that the result contains before the outputs, such as the identifier of a row.</summary>
    public ImmutableArray<string> KeptColumns { get; init; } = [];

    /// <summary>The lines of the header that describe the network.</summary>
    public ImmutableArray<string> Description { get; init; } = [];
}
