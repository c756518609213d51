using System;
using System.Collections.Generic;
using System.Data;
using System.IO;
using System.Linq;
using DuckDB.NET.Data;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.DuckDB.Tests;

/// <summary>Networks as SQL functions.</summary>
public sealed class FunctionTests : IDisposable
{
    private const int Rows = 100_003;

    private readonly Scratch _scratch = new();
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public FunctionTests()
    {
        _connection.Open();
        _connection.RegisterKan<Credit>("credit");
        _connection.RegisterKan<Signs>("signs");
        _connection.RegisterKan<Fine>("fine");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_query_over_a_file_gives_the_bits_of_a_batch(int threads)
    {
        string file = Samples();
        Execute($"SET threads = {threads}");
        var found = Query($"SELECT age, income, credit(age, income) FROM '{file}'").ToArray();
        Assert.Equal(Rows, found.Length);
        float[] inputs = [.. found.SelectMany(static row => new[] { (float)row[0], (float)row[1] })], expected = new float[Rows];
        Credit.EvaluateBatch(inputs, expected);
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits),
            found.Select(static row => BitConverter.SingleToUInt32Bits((float)row[2])));
        Assert.True(expected.Distinct().Count() > 1000);
    }

    [Fact]
    public void Several_outputs_are_a_struct_with_their_names()
    {
        string file = Samples();
        var found = Query($"SELECT age, income, s.up, s.\"down and out\" FROM (SELECT *, signs(age, income, age - 40) AS s FROM '{file}')")
            .ToArray();
        float[] inputs = [.. found.SelectMany(static row => new[] { (float)row[0], (float)row[1], (float)row[0] - 40 })],
            expected = new float[2 * Rows];
        Signs.EvaluateBatch(inputs, expected);
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits),
            found.SelectMany(static row => new[] { (float)row[2], (float)row[3] }).Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal("STRUCT(up FLOAT, \"down and out\" FLOAT)", Scalar("SELECT typeof(signs(1, 2, 3))"));
    }

    [Fact]
    public void A_network_in_double_takes_and_gives_doubles()
    {
        var found = Query("SELECT x, y, fine(x, y).y0, fine(x, y).y1 FROM (SELECT i / 7.0::DOUBLE - 300 AS x, sqrt(i::DOUBLE) AS y FROM "
            + "range(5000) t(i))").ToArray();
        double[] inputs = [.. found.SelectMany(static row => new[] { (double)row[0], (double)row[1] })], expected = new double[2 * 5000];
        Fine.EvaluateBatch(inputs, expected);
        Assert.Equal(expected.Select(BitConverter.DoubleToUInt64Bits),
            found.SelectMany(static row => new[] { (double)row[2], (double)row[3] }).Select(BitConverter.DoubleToUInt64Bits));
        Assert.Equal("STRUCT(y0 DOUBLE, y1 DOUBLE)", Scalar("SELECT typeof(fine(0.5::FLOAT, 2))"));
    }

    [Fact]
    public void Doubles_are_rounded_to_the_nearest_float()
    {
        float expected = Credit.Evaluate(new(52.1f, 31_000.7f));
        Assert.Equal(expected, Scalar("SELECT credit(52.1::DOUBLE, 31000.7::DOUBLE)"));
        Assert.Equal(expected, Scalar("SELECT credit(52.1::FLOAT, 31000.7::DOUBLE)"));
        Assert.Equal(expected, Scalar("SELECT credit(52.1, 31000.7)"));
        Assert.Equal(Credit.Evaluate(new(52, 31_000)), Scalar("SELECT credit(52, 31000::BIGINT)"));
    }

    [Fact]
    public void A_null_makes_its_row_null_and_no_other()
    {
        var found = Query("""
            SELECT i, credit(CASE WHEN i % 3 = 0 THEN NULL ELSE i END, CASE WHEN i % 1000 = 1 THEN NULL ELSE 5 * i END), signs(i, NULL, i), signs(i, CASE WHEN i % 2 = 0 THEN 1 END, i)
            FROM range(5000) t(i)
            """).ToArray();
        foreach (var row in found)
        {
            long i = (long)row[0];
            Assert.Equal(i % 3 == 0 || i % 1000 == 1 ? DBNull.Value : Credit.Evaluate(new(i, 5 * i)), row[1]);
            Assert.Equal(DBNull.Value, row[2]);
            Assert.Equal(i % 2 == 0, row[3] is not DBNull);
        }

        Assert.Equal(2500L,
            Scalar("SELECT count(s.up) FROM (SELECT signs(i, CASE WHEN i % 2 = 0 THEN 1 END, i) AS s FROM range(5000) t(i))"));
        Assert.Equal(DBNull.Value, Scalar("SELECT credit(NULL, 1)"));
    }

    [Fact]
    public void NaN_is_a_number_and_gives_NaN_where_it_counts()
    {
        Assert.Equal(float.NaN, Scalar("SELECT credit('nan'::FLOAT, 1)"));
        var outputs = new float[2];
        Signs.Evaluate([1, 0, float.NaN], outputs);
        Assert.Equal(outputs.Cast<object>(),
            Assert.Single(Query("SELECT s.up, s.\"down and out\" FROM (SELECT signs(1, 0, 'nan'::FLOAT) AS s)")));
        Assert.Equal(float.NaN, outputs[1]);
        Assert.Equal(Credit.Evaluate(50, float.PositiveInfinity), Scalar("SELECT credit(50, 'inf'::DOUBLE)"));
    }

    [Fact]
    public void No_rows_are_no_rows()
    {
        Assert.Empty(Query("SELECT credit(i, i) FROM range(0) t(i)"));
        Assert.Empty(Query("SELECT credit(i, i) FROM range(10) t(i) WHERE i > 10"));
    }

    [Fact]
    public void Constants_and_columns_mix()
    {
        var found = Query("SELECT i, credit(52, i), credit(i, 31000), credit(52, 31000) FROM range(3000) t(i)").ToArray();
        Assert.All(found, static row =>
            Assert.Equal([Credit.Evaluate(new(52, (long)row[0])), Credit.Evaluate(new((long)row[0], 31_000)),
                Credit.Evaluate(new(52, 31_000))], row.Skip(1)));
        Assert.Equal(100L, Scalar("SELECT count(*) FROM (SELECT CASE WHEN i % 2 = 0 THEN 52 ELSE 30 END AS age FROM range(200) t(i)) "
            + "WHERE credit(age, 1000) = credit(52, 1000)"));
    }

    [Fact]
    public void Explanations_are_those_of_the_network()
    {
        var found = Query("SELECT i, e.slopes.age, e.slopes.income, e.\"offset\", e.on_border FROM (SELECT i, credit_explain(i, 500 * i) "
            + "AS e FROM range(100) t(i))").ToArray();
        var jacobian = new float[2];
        var offset = new float[1];
        foreach (var row in found)
        {
            long i = (long)row[0];
            bool isOnBorder = Credit.Explain([i, 500 * i], jacobian, offset);
            Assert.Equal([jacobian[0], jacobian[1], offset[0], isOnBorder], row.Skip(1));
        }

        Assert.Contains(found, static row => (bool)row[4]);
        Assert.Equal(
            "STRUCT(slopes STRUCT(up STRUCT(x0 FLOAT, x1 FLOAT, x2 FLOAT), \"down and out\" STRUCT(x0 FLOAT, x1 FLOAT, x2 FLOAT)), "
            + "\"offset\" STRUCT(up FLOAT, \"down and out\" FLOAT), on_border BOOLEAN)",
            Scalar("SELECT typeof(signs_explain(1, 2, 3))"));
        Assert.Equal(-1.7f, Scalar("SELECT signs_explain(1, 2, 3).slopes.\"down and out\".x2"));
        Assert.Equal(DBNull.Value, Scalar("SELECT signs_explain(1, NULL, 3)"));
    }

    [Fact]
    public void Functions_work_in_filters_groups_and_files()
    {
        string file = Samples(), output = _scratch.PathOf("out.parquet").Replace("'", "''", StringComparison.Ordinal);
        Execute($"COPY (SELECT credit(age, income) AS score FROM '{file}' WHERE credit(age, income) > 10) TO '{output}'");
        Assert.Equal(Scalar($"SELECT sum(credit(age, income)::DECIMAL(38, 6)) FROM '{file}' WHERE credit(age, income) > 10"),
            Scalar($"SELECT sum(score::DECIMAL(38, 6)) FROM '{output}'"));
    }

    [Fact]
    public void Other_connections_to_the_database_see_the_functions()
    {
        using var other = _connection.Duplicate();
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "SELECT credit(52, 31000)";
        Assert.Equal(Credit.Evaluate(new(52, 31_000)), command.ExecuteScalar());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("credit score")]
    [InlineData("credit\"")]
    public void Names_that_would_need_quotes_are_refused(string name) =>
        Assert.StartsWith($"'{name}' is not a name of a function: ",
            Assert.Throws<ArgumentException>(() => _connection.RegisterKan<Credit>(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_used_again_means_the_newer_network()
    {
        _connection.RegisterKan<Other>("credit");
        Assert.Equal(13f, Scalar("SELECT credit(2, 3)"));
        Assert.Equal(13f, Scalar("SELECT credit(2::DOUBLE, 3)"));
    }

    [Theory]
    [InlineData("abs")]
    [InlineData("Pow")]
    [InlineData("sum")]
    public void A_name_of_DuckDB_is_refused(string name) =>
        Assert.Equal($"'{name}' is a built-in function of DuckDB: choose another name. (Parameter 'name')",
            Assert.Throws<ArgumentException>(() => _connection.RegisterKan<Other>(name)).Message);

    [Fact]
    public void A_closed_connection_is_refused()
    {
        using var closed = new DuckDBConnection("DataSource=:memory:");
        Assert.Equal("The connection is not open: call Open before RegisterKan.",
            Assert.Throws<InvalidOperationException>(() => closed.RegisterKan<Credit>("credit")).Message);
    }

    [Theory]
    [InlineData("SELECT credit(1)")]
    [InlineData("SELECT credit(1, 2, 3)")]
    [InlineData("SELECT credit(1, DATE '2020-01-01')")]
    [InlineData("SELECT credit(1, t) FROM (SELECT 'x' || range AS t FROM range(3))")]
    public void Arguments_of_another_number_or_type_are_an_error_that_names_the_function(string query)
    {
        string message = Assert.Throws<DuckDBException>(() => Scalar(query)).Message;
        Assert.Contains("credit(FLOAT, FLOAT)", message, StringComparison.Ordinal);
    }

    /// <summary>A file of samples; the path for SQL.</summary>
    private string Samples()
    {
        string file = _scratch.PathOf("rows.parquet").Replace("'", "''", StringComparison.Ordinal);
        if (!File.Exists(_scratch.PathOf("rows.parquet")))
            Execute($"COPY (SELECT (18 + hash(i) % 7200 / 100.0)::FLOAT AS age, (hash(i + 0.5) % 20000000 / 100.0)::FLOAT AS income FROM "
                + $"range({Rows}) t(i)) TO '{file}' (ROW_GROUP_SIZE 5000)");
        return file;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object Scalar(string sql) => Assert.Single(Assert.Single(Query(sql)));

    private IEnumerable<object[]> Query(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }
}
