using System;
using System.Collections.Generic;
using DuckDB.NET.Data;

namespace Kan.DuckDB;

/// <summary>Pieces of SQL, and statements that are run at once.</summary>
internal static class Sql
{
    /// <summary>A literal.</summary>
    public static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A name in quotes.</summary>
    public static string Name(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The texts of a column.</summary>
    public static string[] Column(DuckDBConnection connection, string sql) =>
        [.. Rows(connection, sql, static reader => reader.GetString(0))];

    /// <summary>The rows of a query.</summary>
    public static List<T> Rows<T>(DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
