using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>
/// Prints one layer: its tables, and a method with the operations of its form in their order, from <c>x</c> to <c>y</c>. Sums over inputs
/// are kept in <c>sum</c>, one row of outputs for each partial sum.
/// </summary>
internal sealed class CSharpLayerWriter(CSharpWriter writer, int index, Precision precision) : ILayerFormVisitor<Action>
{
    private readonly string _name = $"Layer{index}";

    private readonly CSharpText _ops = new(precision);

    private string Parameters => $"{_ops.Type}[] x, int from, {_ops.Type}[] y, int to, {_ops.Type}[] sum";

    public void Write(LayerForm form)
    {
        writer.Lines($"\n// Layer {index}: {form.InputCount} -> {form.OutputCount}, {form.Lowering}.");
        form.Accept(this)();
    }

    public Action Affine(AffineForm form) => () => WriteAffine(form, null);

    public Action Factored(FactoredForm form) => () => WriteAffine(form.Affine, form.Activation);

    public Action Elementwise(ElementwiseForm form) => () =>
    {
        WriteActivation(form.Activation);
        writer.Lines($$"""

            private static void {{_name}}({{Parameters}})
            {
                for (int p = 0; p < {{form.InputCount}}; p++) y[to + p] = {{Activation(form.Activation)}};
            }
            """);
    };

    public Action Rows(RowsForm form) => () =>
    {
        WriteSegments(form.Segments);
        string added = SegmentTerm.AddTo(_ops, "sum[at + q]", $"{_name}Slope[row + q]", "t", $"{_name}Value[row + q]");
        WriteSum(
            form,
            $$"""
                int count = {{_name}}Start[p + 1] - {{_name}}Start[p], knots = {{_name}}Start[p];
                int j = SegmentOf({{_name}}Knot, knots, count, x[from + p]);
                {{_ops.Type}} t = {{SegmentTerm.Distance(_ops, "x[from + p]", $"PointOf({_name}Knot, knots, count, j)", form.Ends)}};
                int row = (knots + p + j) * {{form.OutputCount}};
                for (int q = 0; q < {{form.OutputCount}}; q++) sum[at + q] = {{added}};
            """);
    };

    public Action Units(UnitsForm form) => () =>
    {
        int units = form.Kinds.Length, m = form.OutputCount;
        double[] heights = [.. form.Units.SelectMany(static unit => unit.Heights)];
        writer.Table($"{_name}Point", [.. form.Units.SelectMany(static unit => unit.Points)]);
        writer.Table($"{_name}Weight", [.. form.Units.SelectMany(static unit => unit.Weights)]);
        if (heights.Length > 0) writer.Table($"{_name}Height", heights);
        var terms = new List<string>();
        for (int first = 0, last; first < units; first = last + 1)
        {
            // Neighbours of one kind share a loop.
            var kind = form.Kinds[first];
            for (last = first; last + 1 < units && form.Kinds[last + 1] == kind;) last++;
            string height = UnitTerm.HasHeight(kind) ? $"{_name}Height[(p * {last - first + 1} + u - {first}) * {m} + q]" : "";
            string place = $"[(p * {units} + u) * {m} + q]";
            terms.Add($"    for (int u = {first}; u <= {last}; u++)\n    {{");
            string point = $"{_name}Point{place}", weight = $"{_name}Weight{place}";
            string added = UnitTerm.AddTo(_ops, kind, "x[from + p]", point, height, weight, form.Ends, "sum[at + q]");
            terms.Add($"        for (int q = 0; q < {m}; q++) sum[at + q] = {added};");
            terms.Add("    }");
        }

        WriteSum(form, string.Join('\n', terms));
    };

    public Action Convolution(ConvolutionForm form) => () => new CSharpWindowWriter(writer, _ops, _name, Parameters).Convolution(form);

    public Action Maximum(MaximumForm form) => () => new CSharpWindowWriter(writer, _ops, _name, Parameters).Maximum(form);

    private void WriteAffine(AffineForm form, ActivationForm? activation)
    {
        if (activation is not null) WriteActivation(activation);
        writer.Table($"{_name}Weight", form.Weights);
        string value = _ops.Bounded(activation is null ? "x[from + p]" : Activation(activation), form.Ends);
        string added = _ops.Fma($"{_name}Weight[p * {form.OutputCount} + q]", "value", "sum[at + q]");
        WriteSum(
            form,
            $$"""
                {{_ops.Type}} value = {{value}};
                for (int q = 0; q < {{form.OutputCount}}; q++) sum[at + q] = {{added}};
            """,
            endsWithZero: true);
    }

    /// <summary>The partial sums over the inputs, combined in the fixed tree.</summary>
    /// <param name="form">The layer.</param>
    /// <param name="term">Adds what input p contributes to the partial sum that begins at <c>at</c>.</param>
    /// <param name="endsWithZero">Whether 0 is added to each output at the end.</param>
    private void WriteSum(LayerForm form, string term, bool endsWithZero = false)
    {
        int n = form.InputCount, m = form.OutputCount, sums = SummationOrder.PartialSums(n, m, precision);
        writer.Table($"{_name}Bias", form.Biases);
        string tree = "";
        if (sums > 1)
        {
            var loops = SumTree.Loops(sums, "half", "s");
            tree = $"    {loops[0]}\n    {{\n        {loops[1]}\n        {{\n            for (int q = 0; q < {m}; q++) sum[s * {m} + q] "
                + $"= {_ops.Add($"sum[s * {m} + q]", $"sum[(s + half) * {m} + q]")};\n        }}\n    }}\n";
        }

        string start = sums > 1 ? $"    for (int i = {m}; i < {sums * m}; i++) sum[i] = {_ops.Zero};\n" : "",
            result = endsWithZero ? _ops.Add("sum[q]", _ops.Zero) : "sum[q]";
        writer.Lines($$"""

            private static void {{_name}}({{Parameters}})
            {
                for (int q = 0; q < {{m}}; q++) sum[q] = {{_name}}Bias[q];
            {{start}}    for (int p = 0; p < {{n}}; p++)
                {
                    int at = {{(sums > 1 ? $"p % {sums} * {m}" : "0")}};
            {{string.Join('\n', term.ReplaceLineEndings("\n").Split('\n').Select(static line => "    " + line))}}
                }

            {{tree}}    for (int q = 0; q < {{m}}; q++) y[to + q] = {{result}};
            }
            """);
    }

    /// <summary>The tables of an activation, and the method that looks into them.</summary>
    private void WriteActivation(ActivationForm form)
    {
        if (form.IsRelu) return;
        WriteSegments(SegmentLists.Written(form));
        if (SegmentLists.Numbers(form) is { } numbers) writer.Table($"{_name}Node", numbers);
        writer.Lines($$"""

            private static {{_ops.Type}} {{_name}}Activation(int p, {{_ops.Type}} x)
            {
                int count = {{_name}}Start[p + 1] - {{_name}}Start[p], knots = {{_name}}Start[p];
                int j = SegmentOf({{_name}}Knot, knots, count, x);
                {{_ops.Type}} t = {{SegmentTerm.Distance(_ops, "x", $"PointOf({_name}Knot, knots, count, j)", form.Ends)}};
                int row = knots + p + j;
                return {{SegmentTerm.Line(_ops, $"{_name}Slope[row]", "t", $"{_name}Value[row]")}};
            }
            """);
    }

    /// <summary>The tables of segments.</summary>
    private void WriteSegments(IReadOnlyList<SegmentTable> tables)
    {
        var lists = SegmentLists.Of(tables);
        writer.Table($"{_name}Start", lists.Starts);
        writer.Table($"{_name}Knot", lists.Knots);
        writer.Table($"{_name}Value", lists.Values);
        writer.Table($"{_name}Slope", lists.Slopes);
    }

    private string Activation(ActivationForm form) => form.IsRelu
        ? _ops.AtLeast("x[from + p]", _ops.Zero)
        : $"{_name}Activation({(SegmentLists.IsShared(form) ? "0" : SegmentLists.Numbers(form) is null ? "p" : $"{_name}Node[p]")}, "
            + "x[from + p])";
}
