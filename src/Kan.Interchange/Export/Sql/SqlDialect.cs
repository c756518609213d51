namespace Kan.Interchange;

/// <summary>The dialect of a query.</summary>
public enum SqlDialect
{
    /// <summary>
    /// Standard SQL with common table expressions, as Trino, Snowflake, Spark (with ANSI identifiers) and others read it.
    /// </summary>
    Ansi,

    /// <summary>DuckDB: rows stream through the layers.</summary>
    DuckDB,

    /// <summary>PostgreSQL 12 or later: no layer is merged into the next one, which would repeat its expressions.</summary>
    Postgres,
}
