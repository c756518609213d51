using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace Kan.Interchange;

/// <summary>
/// The expressions of a layer: one or two steps, each a common table expression with a column for each value. A term that is 0 everywhere
/// is left out, and with it the columns that an output does not depend on.
/// </summary>
/// <param name="budget">Takes the number of terms of each step.</param>
internal sealed class SqlLayerWriter(Action<int> budget) : ILayerFormVisitor<IEnumerable<SqlStep>>
{
    private static SqlText Ops => default;

    public IEnumerable<SqlStep> Affine(AffineForm form)
    {
        if (form.Ends.Low || form.Ends.High)
            yield return new SqlStep("bounds of the inputs", x => [.. x.Select(name => Ops.Bounded(name, form.Ends))]);
        yield return Sum(form, (p, q, x) => form.Weights[(p * form.OutputCount) + q] is var weight && weight == 0
            ? null
            : new SqlTerm(weight, x, null));
    }

    public IEnumerable<SqlStep> Factored(FactoredForm form) => Activation(form.Activation).Concat(Affine(form.Affine));

    public IEnumerable<SqlStep> Elementwise(ElementwiseForm form) => Activation(form.Activation);

    public IEnumerable<SqlStep> Rows(RowsForm form)
    {
        if (form.Ends.Low || form.Ends.High)
            yield return new SqlStep("bounds of the inputs", x => [.. x.Select(name => Ops.Bounded(name, form.Ends))]);
        yield return Sum(form, (p, q, x) => SqlTerm.OfSegments(form.Segments[p], q, form.OutputCount, x));
    }

    public IEnumerable<SqlStep> Units(UnitsForm form)
    {
        int units = form.Kinds.Length;
        budget(units * form.InputCount * form.OutputCount);
        yield return Sums(form, (p, q, x, sum) =>
        {
            for (int u = 0; u < units; u++)
            {
                var unit = form.Units[(p * units) + u];
                if (unit.Weights[q] == 0) continue;
                string height = UnitTerm.HasHeight(form.Kinds[u]) ? SqlText.Number(unit.Heights[q]) : "";
                sum = UnitTerm.AddTo(Ops, form.Kinds[u], x, SqlText.Number(unit.Points[q]), height, SqlText.Number(unit.Weights[q]),
                    form.Ends, sum);
            }

            return sum;
        });
    }

    public IEnumerable<SqlStep> Convolution(ConvolutionForm form) => throw SqlExporter.OverImages();

    public IEnumerable<SqlStep> Maximum(MaximumForm form) => throw SqlExporter.OverImages();

    private IEnumerable<SqlStep> Activation(ActivationForm form)
    {
        if (form.IsRelu)
        {
            budget(form.Count);
            yield return new SqlStep("ReLU", static x => [.. x.Select(static name => Ops.AtLeast(name, Ops.Zero))]);
            yield break;
        }

        if (form.Ends.Low || form.Ends.High)
            yield return new SqlStep("bounds of the inputs", x => [.. x.Select(name => Ops.Bounded(name, form.Ends))]);
        budget(form.Segments.Sum(static table => table.SegmentCount));
        yield return new SqlStep("activation",
            x => [.. x.Select((name, p) => SqlTerm.OfSegments(form.Segments[p], 0, 1, name)?.Text ?? Cast(0))]);
    }

    private SqlStep Sum(LayerForm form, Func<int, int, string, SqlTerm?> term)
    {
        int terms = 0;
        for (int p = 0; p < form.InputCount; p++)
        {
            for (int q = 0; q < form.OutputCount; q++) terms += term(p, q, "x")?.Count ?? 0;
        }

        budget(terms);
        return Sums(form, (p, q, x, sum) => term(p, q, x)?.AddTo(sum) ?? sum);
    }

    /// <summary>The partial sums over the inputs, combined in the fixed tree. A partial sum without terms is the empty text.</summary>
    private static SqlStep Sums(LayerForm form, Func<int, int, string, string, string> add) =>
        new($"{form.InputCount} -> {form.OutputCount}, {form.Lowering}", x =>
    {
        int sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, Precision.Double);
        var outputs = new string[form.OutputCount];
        for (int q = 0; q < outputs.Length; q++)
        {
            var partial = new string[sums];
            Array.Fill(partial, "");
            partial[0] = form.Biases[q] == 0 ? "" : SqlText.Number(form.Biases[q]);
            for (int p = 0; p < form.InputCount; p++) partial[p % sums] = add(p, q, x[p], partial[p % sums]);
            string total = SumTree.Total(default(Together), partial, SumTree.Additions(sums));
            outputs[q] = total.AsSpan().ContainsAny(' ', '"') ? total : Cast(form.Biases[q]);
        }

        return outputs;
    });

    // Some engines read a literal as an exact number, which is another type of column.
    private static string Cast(double number) => $"CAST({SqlText.Number(number)} AS DOUBLE PRECISION)";

    /// <summary>Sums of texts, of which the empty one is nothing.</summary>
    private readonly struct Together : IAddition<string>
    {
        public string Add(string left, string right) => left.Length == 0 ? right : right.Length == 0 ? left : $"({left}) + ({right})";
    }
}

/// <summary>A common table expression.</summary>
/// <param name="Comment">What it computes.</param>
/// <param name="Columns">Its expressions, from the columns of the one before.</param>
internal sealed record SqlStep(string Comment, Func<IReadOnlyList<string>, string[]> Columns);

/// <summary>What an input contributes to an output.</summary>
/// <param name="Weight">The weight of a linear term.</param>
/// <param name="Input">The input.</param>
/// <param name="Segments">The text and the number of segments, if the term is not a weight alone.</param>
internal sealed record SqlTerm(double Weight, string Input, (string Text, int Count)? Segments)
{
    /// <summary>The number of products.</summary>
    public int Count => Segments?.Count ?? 1;

    public string Text => Segments?.Text ?? $"{SqlText.Number(Weight)} * {Input}";

    /// <summary>The value of a function in segment form; null if it is 0 everywhere.</summary>
    public static SqlTerm? OfSegments(SegmentTable table, int output, int outputs, string x)
    {
        int knots = table.Knots.Count(static knot => !double.IsNaN(knot));
        if (Enumerable.Range(0, knots + 1).All(j => table.Slopes[(j * outputs) + output] == 0 && table.Values[(j * outputs) + output] == 0))
            return null;
        var ops = default(SqlText);
        string[] lines = [.. Enumerable.Range(0, knots + 1).Select(j =>
        {
            // A distance from 0 is the number itself, and 0 times any finite distance is 0; NULL and NaN stay. A value of 0 adds nothing.
            string distance = table.Points[j] == 0 || table.Slopes[(j * outputs) + output] == 0
                ? x
                : SegmentTerm.Distance(ops, x, SqlText.Number(table.Points[j]), default);
            double value = table.Values[(j * outputs) + output];
            return SegmentTerm.Line(ops, SqlText.Number(table.Slopes[(j * outputs) + output]), distance,
                value == 0 ? "" : SqlText.Number(value));
        })];
        if (knots == 0) return new SqlTerm(0, x, ($"({lines[0]})", 1));
        var text = new StringBuilder("CASE");
        for (int j = 0; j < knots; j++) text.Append($" WHEN {x} < {SqlText.Number(table.Knots[j])} THEN {lines[j]}");
        return new SqlTerm(0, x, (text.Append($" ELSE {lines[knots]} END").ToString(), knots + 1));
    }

    public string AddTo(string sum) => sum.Length == 0 ? Text : $"{sum} + {Text}";
}
