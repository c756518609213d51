using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>
/// Prints one layer: its tables, and a function with the operations of its form in their order. No product is outside a fused
/// multiply-add, so that there is nothing a compiler might contract.
/// </summary>
internal sealed class CLayerWriter(CWriter writer, int index, Precision precision) : ILayerFormVisitor<Action>
{
    private readonly string _name = $"layer{index}";

    private readonly CText _ops = new(writer);

    public void Write(LayerForm form) => form.Accept(this)();

    public Action Affine(AffineForm form) => () => WriteAffine(form, form.Lowering, null);

    public Action Factored(FactoredForm form) => () => WriteAffine(form.Affine, form.Lowering, form.Activation);

    public Action Elementwise(ElementwiseForm form) => () => WriteElementwise(form);

    public Action Rows(RowsForm form) => () => WriteRows(form);

    public Action Units(UnitsForm form) => () => WriteUnits(form);

    public Action Convolution(ConvolutionForm form) => () =>
    {
        Heading(form, form.Lowering);
        new CWindowWriter(writer, _name).Convolution(form);
    };

    public Action Maximum(MaximumForm form) => () =>
    {
        Heading(form, form.Lowering);
        new CWindowWriter(writer, _name).Maximum(form);
    };

    private void WriteAffine(AffineForm form, LayerLowering lowering, ActivationForm? activation)
    {
        Heading(form, lowering);
        if (activation is not null) WriteActivation(activation);
        writer.Table($"{_name}_bias", form.Biases);
        writer.Table($"{_name}_weight", form.Weights, form.OutputCount);
        string value = _ops.Bounded(activation is null ? "x[p]" : Activation(activation, "p"), form.Ends);
        WriteSum(
            form,
            $$"""
                    const {{writer.Type}} value = {{value}};
                    for (int q = 0; q < {{form.OutputCount}}; q++) acc[q] = {{_ops.Fma($"{_name}_weight[p][q]", "value", "acc[q]")}};
            """,
            " + " + writer.Zero);
    }

    private void WriteElementwise(ElementwiseForm form)
    {
        Heading(form, form.Lowering);
        WriteActivation(form.Activation);
        writer.Lines($$"""

            static void {{_name}}(const {{writer.Type}} *x, {{writer.Type}} *y)
            {
                for (int p = 0; p < {{form.InputCount}}; p++) y[p] = {{Activation(form.Activation, "p")}};
            }
            """);
    }

    private void WriteRows(RowsForm form)
    {
        Heading(form, form.Lowering);
        WriteSegments(form.Segments, WriteTable, WriteTable);

        void WriteTable(string name, IReadOnlyList<double> values) => writer.Table(name, values, form.OutputCount);

        writer.Table($"{_name}_bias", form.Biases);
        WriteSum(
            form,
            $$"""
                    const int count = {{_name}}_start[p + 1] - {{_name}}_start[p];
                    const {{writer.Type}} *knots = {{_name}}_knot + {{_name}}_start[p];
                    const int j = segment_of(knots, count, x[p]);
                    const {{writer.Type}} t = {{SegmentTerm.Distance(_ops, "x[p]", "point_of(knots, count, j)", form.Ends)}};
                    const {{writer.Type}} *value = {{_name}}_value[{{_name}}_start[p] + p + j];
                    const {{writer.Type}} *slope = {{_name}}_slope[{{_name}}_start[p] + p + j];
                    for (int q = 0; q < {{form.OutputCount}}; q++) acc[q] += {{SegmentTerm.Line(_ops, "slope[q]", "t", "value[q]")}};
            """);
    }

    private void WriteUnits(UnitsForm form)
    {
        Heading(form, form.Lowering);
        int units = form.Kinds.Length, m = form.OutputCount;
        double[] heights = [.. form.Units.SelectMany(static unit => unit.Heights)];
        writer.Table($"{_name}_bias", form.Biases);
        writer.Table($"{_name}_point", [.. form.Units.SelectMany(static unit => unit.Points)], m);
        writer.Table($"{_name}_weight", [.. form.Units.SelectMany(static unit => unit.Weights)], m);
        if (heights.Length > 0) writer.Table($"{_name}_height", heights, m);

        var terms = new List<string>();
        for (int first = 0; first < units;)
        {
            // Neighbours of one kind share a loop.
            var kind = form.Kinds[first];
            int last = first;
            while (last + 1 < units && form.Kinds[last + 1] == kind) last++;
            terms.Add($"        for (int u = {first}; u <= {last}; u++) {{");
            terms.Add($"            const {writer.Type} *point = {_name}_point[p * {units} + u];");
            terms.Add($"            const {writer.Type} *weight = {_name}_weight[p * {units} + u];");
            if (UnitTerm.HasHeight(kind))
                terms.Add($"            const {writer.Type} *height = {_name}_height[p * {last - first + 1} + u - {first}];");
            terms.Add($"            for (int q = 0; q < {m}; q++) acc[q] = "
                + $"{UnitTerm.AddTo(_ops, kind, "x[p]", "point[q]", "height[q]", "weight[q]", form.Ends, "acc[q]")};");
            terms.Add("        }");
            first = last + 1;
        }

        WriteSum(form, string.Join('\n', terms));
    }

    /// <summary>The partial sums over the inputs, combined in the fixed tree.</summary>
    /// <param name="form">The layer.</param>
    /// <param name="term">Adds what input p contributes to acc.</param>
    /// <param name="last">What is added to each output at the end.</param>
    private void WriteSum(LayerForm form, string term, string last = "")
    {
        int n = form.InputCount, m = form.OutputCount, sums = SummationOrder.PartialSums(n, m, precision);
        writer.Lines($$"""

            static void {{_name}}(const {{writer.Type}} *x, {{writer.Type}} *y)
            {
                {{writer.Type}} sum[{{sums}}][{{m}}];
                for (int q = 0; q < {{m}}; q++) sum[0][q] = {{_name}}_bias[q];
            """);
        if (sums > 1)
            writer.Lines($"    for (int s = 1; s < {sums}; s++)\n        for (int q = 0; q < {m}; q++) sum[s][q] = {writer.Zero};");
        writer.Lines($$"""
                for (int p = 0; p < {{n}}; p++) {
                    {{writer.Type}} *acc = sum[{{(sums > 1 ? $"p % {sums}" : "0")}}];
            {{term}}
                }
            """);
        if (sums > 1)
        {
            var loops = SumTree.Loops(sums, "half", "s");
            writer.Lines($"    {loops[0]}\n        {loops[1]}\n            for (int q = 0; q < {m}; q++) sum[s][q] += sum[s + half][q];");
        }

        writer.Lines($"    for (int q = 0; q < {m}; q++) y[q] = sum[0][q]{last};\n}}");
    }

    /// <summary>The tables of an activation, and the function that looks into them.</summary>
    private void WriteActivation(ActivationForm form)
    {
        if (form.IsRelu) return;
        WriteSegments(SegmentLists.Written(form), writer.Table, writer.Table);
        if (SegmentLists.Numbers(form) is { } numbers) writer.Table($"{_name}_node", numbers);
        writer.Lines($$"""

            static {{writer.Type}} {{_name}}_activation(int p, {{writer.Type}} x)
            {
                const int count = {{_name}}_start[p + 1] - {{_name}}_start[p];
                const {{writer.Type}} *knots = {{_name}}_knot + {{_name}}_start[p];
                const int j = segment_of(knots, count, x);
                const {{writer.Type}} t = {{SegmentTerm.Distance(_ops, "x", "point_of(knots, count, j)", form.Ends)}};
                const int row = {{_name}}_start[p] + p + j;
                return {{SegmentTerm.Line(_ops, $"{_name}_slope[row]", "t", $"{_name}_value[row]")}};
            }

            """);
    }

    /// <summary>The tables of segments.</summary>
    private void WriteSegments(IReadOnlyList<SegmentTable> tables, Action<string, IReadOnlyList<double>> writeValues, Action<string,
        IReadOnlyList<double>> writeSlopes)
    {
        var lists = SegmentLists.Of(tables);
        writer.Lines("/* Where the knots of each input begin. */");
        writer.Table($"{_name}_start", lists.Starts);
        writer.Table($"{_name}_knot", lists.Knots);
        writeValues($"{_name}_value", lists.Values);
        writeSlopes($"{_name}_slope", lists.Slopes);
    }

    private string Activation(ActivationForm form, string p) => form.IsRelu
        ? _ops.AtLeast($"x[{p}]", _ops.Zero)
        : $"{_name}_activation({(SegmentLists.IsShared(form) ? "0" : SegmentLists.Numbers(form) is null ? p : $"{_name}_node[{p}]")}, "
            + $"x[{p}])";

    private void Heading(LayerForm form, LayerLowering lowering) =>
        writer.Lines($"\n/* Layer {index}: {form.InputCount} -> {form.OutputCount}, {lowering}. */");
}
