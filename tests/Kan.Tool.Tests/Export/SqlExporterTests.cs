using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>
/// Networks as queries compute, in DuckDB and PostgreSQL, the form in double without fused multiply-add, bit for bit but for the sign of
/// zero, and differ from the reference evaluator by what these roundings can do.
/// </summary>
public sealed class SqlExporterTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const int Rows = 48;

    /// <summary>Shapes that fit a query.</summary>
    public static TheoryData<int> Seeds => [0, 1, 2, 3, 8, 10];

    private static Lowering[] Lowerings => [Lowering.Rows, Lowering.Clamp, Lowering.Relu];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DuckDB_computes_the_form_without_fused_multiply_add(int seed)
    {
        var document = RandomNetworks.Create(seed, dyadic: false);
        foreach (var lowering in Lowerings)
        {
            var form = Form(document, lowering);
            double[] inputs = Inputs(document, form.InputCount, seed);
            foreach (var dialect in (SqlDialect[])(lowering == Lowering.Rows ? [SqlDialect.DuckDB, SqlDialect.Ansi] : [SqlDialect.DuckDB]))
                Compare(form, inputs, InDuckDB(Table(inputs, form.InputCount),
                    SqlExporter.Export(form, new SqlExportOptions { Dialect = dialect, KeptColumns = ["id"] })), 1e-9);
        }
    }

    [Theory]
    [InlineData("breast-cancer-mlp.onnx")]
    [InlineData("digits-mlp.onnx")]
    public void Trained_networks_are_within_the_roundings_of_double(string model)
    {
        var document = ModelImporter.Import(TestFiles.Model(model));
        var form = Form(document, Lowering.Rows);
        double[] inputs = Inputs(document, form.InputCount, 1);
        Compare(form, inputs, InDuckDB(Table(inputs, form.InputCount),
            SqlExporter.Export(form, new SqlExportOptions { Dialect = SqlDialect.DuckDB, KeptColumns = ["id"] })), 1e-12);
    }

    [Fact]
    public async Task PostgreSQL_computes_the_form_without_fused_multiply_add()
    {
        Assert.SkipUnless(postgres.Reason is null, postgres.Reason ?? "");
        foreach (int seed in (int[])[0, 1, 2, 8])
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            foreach (var lowering in Lowerings)
            {
                var form = Form(document, lowering);

                // PostgreSQL stops at a product that is less than the least number.
                double[] inputs = [.. Inputs(document, form.InputCount, seed).Select(static x => Math.Abs(x) < 1e-100 ? 0 : x)];
                string query = SqlExporter.Export(form, new SqlExportOptions { Dialect = SqlDialect.Postgres, KeptColumns = ["id"] });
                string[] lines = await postgres.Query(Table(inputs, form.InputCount) + query + "DROP TABLE rows;\n");
                Compare(form, inputs,
                    [.. lines.Select(static line => line.Split('|')
                    .Select(static field => (double?)double.Parse(field, CultureInfo.InvariantCulture)).ToArray())], 1e-9);
            }
        }
    }

    [Fact]
    public async Task NULL_and_NaN_stay_what_they_are_in_every_lowering()
    {
        Rational half = Rational.Create(1, 2);
        KanEdge[] edges =
        [
            new(0, 0, PiecewiseLinearFunction.FromSlopes([0, 1], [0, 1, 0], 0, half)), new(1, 0, PiecewiseLinearFunction.Linear(2, 0)),
            new(1, 1, PiecewiseLinearFunction.FromSlopes([0], [0, 3], 0, 0)),
        ];
        var document = new KanDocument { Name = "small", Layers = [new EdgesDescription(2, 2, [.. edges], [0, 0])] };
        foreach (var lowering in Lowerings)
        {
            var form = Form(document, lowering);
            const string Table = "CREATE TABLE rows (id INTEGER, x0 DOUBLE PRECISION, x1 DOUBLE PRECISION);\nINSERT INTO rows VALUES (0, "
                + "NULL, 1), (1, 'NaN', 1), (2, 1, NULL), (3, 'Infinity', 1), (4, '-Infinity', -1);\n";
            double high = new FormEvaluator<double, UnfusedOps>(form).Evaluate([double.PositiveInfinity, 1])[0];
            double?[][] expected = [[0, null, 3], [1, double.NaN, 3], [2, null, null], [3, high, 3], [4, -1.5, 0]];
            Assert.Equal(expected, InDuckDB(Table,
                SqlExporter.Export(form, new SqlExportOptions { Dialect = SqlDialect.DuckDB, KeptColumns = ["id"] })));
            if (postgres.Reason is not null) continue;
            string[] lines = await postgres.Query(Table
                + SqlExporter.Export(form, new SqlExportOptions { Dialect = SqlDialect.Postgres, KeptColumns = ["id"] })
                + "DROP TABLE rows;\n");
            Assert.Equal(["0||3", "1|NaN|3", "2||", $"3|{high}|3", "4|-1.5|0"],
                lines.Select(static line => line.Replace("|-0", "|0", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Names_are_quoted_and_comments_stay_comments()
    {
        var form = Form(RandomNetworks.Create(2, dyadic: false), Lowering.Rows);
        var options = new SqlExportOptions
        {
            Dialect = SqlDialect.DuckDB,
            Name = "a\n; DROP TABLE t; --",
            Table = "main.my \"rows\"",
            InputNames = [.. Enumerable.Range(0, form.InputCount).Select(static i => $"in\"put; {i}\n")],
            OutputNames = [.. Enumerable.Range(0, form.OutputCount).Select(static i => $"select {i}")],
            KeptColumns = ["the id"],
        };
        string table = Table(Inputs(RandomNetworks.Create(2, dyadic: false), form.InputCount, 1), form.InputCount)
            .Replace("TABLE rows", "TABLE main.\"my \"\"rows\"\"\"", StringComparison.Ordinal)
            .Replace("INTO rows", "INTO main.\"my \"\"rows\"\"\"", StringComparison.Ordinal)
            .Replace("id INTEGER", "\"the id\" INTEGER", StringComparison.Ordinal);
        for (int i = 0; i < form.InputCount; i++)
            table = table.Replace($"x{i} DOUBLE", $"\"in\"\"put; {i}\n\" DOUBLE", StringComparison.Ordinal);
        Assert.Equal(Rows, InDuckDB(table, SqlExporter.Export(form, options)).Length);
    }

    [Fact]
    public void What_does_not_fit_a_query_is_refused()
    {
        var wide = Form(RandomNetworks.ForBatches(0), Lowering.Rows);
        Assert.StartsWith("SQL is for small networks: this one has ",
            Assert.Throws<NotSupportedException>(() => SqlExporter.Export(wide)).Message, StringComparison.Ordinal);
        var form = Form(RandomNetworks.Create(0, dyadic: false), Lowering.Rows);
        Assert.Contains("'y0'",
            Assert.Throws<ArgumentException>(() => SqlExporter.Export(form, new SqlExportOptions { KeptColumns = ["Y0"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("kan_",
            Assert.Throws<ArgumentException>(() => SqlExporter.Export(form, new SqlExportOptions { KeptColumns = ["kan_0"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("2 names for 1 inputs",
            Assert.Throws<ArgumentException>(() => SqlExporter.Export(form, new SqlExportOptions { InputNames = ["a", "b"] })).Message,
            StringComparison.Ordinal);
        var single = NetworkCompiler.Plan(RandomNetworks.Create(0, dyadic: false), Precision.Single, Lowering.Auto,
            TestContext.Current.CancellationToken).Form;
        Assert.Throws<ArgumentException>(() => SqlExporter.Export(single));
    }

    private static NetworkForm Form(KanDocument document, Lowering lowering) =>
        NetworkCompiler.Plan(document, Precision.Double, lowering, TestContext.Current.CancellationToken).Form;

    /// <summary>Ordinary numbers, and breakpoints of the first layer with their neighbours.</summary>
    private static double[] Inputs(KanDocument document, int count, int seed)
    {
        double[][] adversarial = [.. AdversarialInputs.For<double>(document.ToNetwork(), seed)
            .Where(static row => row.All(static x => Math.Abs(x) < 1e30))];
        var random = new Random(seed);
        return [.. adversarial.Take(Rows)
            .Concat(Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 8) - 4).ToArray()))
            .Take(Rows).SelectMany(static row => row)];
    }

    private static string Table(double[] inputs, int count)
    {
        string columns = string.Join(", ", Enumerable.Range(0, count).Select(static i => $"x{i} DOUBLE PRECISION"));
        var rows = inputs.Chunk(count).Select(static (row, i) => $"({i}, {string.Join(", ", row.Select(SqlText.Number))})");
        return $"CREATE TABLE rows (id INTEGER, {columns});\nINSERT INTO rows VALUES {string.Join(",\n", rows)};\n";
    }

    private static double?[][] InDuckDB(string table, string query)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = table;
        command.ExecuteNonQuery();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<double?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.IsDBNull(i) ? (double?)null : Convert.ToDouble(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        return [.. rows.OrderBy(static row => row[0])];
    }

    /// <summary>Compares rows of an identifier and outputs with the form.</summary>
    private static void Compare(NetworkForm form, double[] inputs, double?[][] found, double tolerance)
    {
        var reference = new ReferenceEvaluator<double>(form);
        var unfused = new FormEvaluator<double, UnfusedOps>(form);
        var rows = inputs.Chunk(form.InputCount).ToArray();
        Assert.Equal(rows.Length, found.Length);
        foreach (var row in found)
        {
            double[] sample = rows[(int)row[0]!.Value], same = unfused.Evaluate(sample), near = reference.Evaluate(sample);
            for (int q = 0; q < form.OutputCount; q++)
            {
                Assert.Equal(same[q], row[q + 1]);
                Assert.InRange(Math.Abs(near[q] - row[q + 1]!.Value), 0, tolerance * Math.Max(1, near.Max(Math.Abs)));
            }
        }
    }

    /// <summary>The operations of double, a product rounded before it is added.</summary>
    private readonly struct UnfusedOps : IFormOps<double>
    {
        private static FloatOps<double> Ops => default;

        public double Zero => 0;

        public double Least => double.MinValue;

        public double Most => double.MaxValue;

        public double Add(double left, double right) => left + right;

        public double Subtract(double left, double right) => left - right;

        public double AtLeast(double value, double bound) => Ops.AtLeast(value, bound);

        public double AtMost(double value, double bound) => Ops.AtMost(value, bound);

        public double Largest(double left, double right) => Ops.Largest(left, right);

        public double Constant(double number) => number;

        public double InSegment<TState>(SegmentTable table, double x, TState state, Func<TState, int, double, double> ofSegment) =>
            Ops.InSegment(table, x, state, ofSegment);

        public double Fma(double left, double right, double addend)
        {
            double product = left * right;
            return product + addend;
        }
    }
}
