using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints <c>Info</c>: what the network is, and how it was compiled.</summary>
internal static class InfoEmitter
{
    /// <summary>Prints the property.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan, CompilerOptions options)
    {
        DocumentationEmitter.EmitInfo(writer, plan);
        writer.Line($$"""
            {{KernelNames.GeneratedCode}}
            public static global::Kan.KanModelInfo Info { get; } = new()
            {
            """);
        using (writer.Indented())
        {
            writer.Line($"""
                Name = {Literal.Text(plan.Name)},
                Precision = global::Kan.Precision.{plan.ComputedPrecision},
                """);
            writer.List("Widths = [", [.. plan.Layers.Select(static layer => Literal.Integer(layer.Form.InputCount)),
                Literal.Integer(plan.OutputCount)], "],");
            writer.Line("Layers =\n[");
            using (writer.Indented())
            {
                foreach (var layer in plan.Layers)
                {
                    writer.List(
                        "new(",
                        [
                            $"Inputs: {Literal.Integer(layer.Form.InputCount)}", $"Outputs: {Literal.Integer(layer.Form.OutputCount)}",
                            $"Edges: {Literal.Integer(layer.EdgeCount)}", $"Segments: {Literal.Integer(layer.SegmentCount)}",
                            $"Lowering: global::Kan.LayerLowering.{layer.Form.Lowering}", $"Reason: {Literal.Text(layer.Reason)}",
                            $"TableBytes: {Literal.Integer(plan.BytesOf(layer))}",
                        ],
                        "),");
                }
            }

            writer.Line($"""
                ],
                ContentHash = {Literal.Text(plan.ContentHash)},
                ErrorBound = {Literal.Number(plan.ErrorBound, Precision.Double)},
                """);
            if (plan.Certificate.Reason.Length > 0) writer.Line($"ErrorBoundReason = {Literal.Text(plan.Certificate.Reason)},");
            var notes = plan.Notes.Select(Literal.Text).ToList();
            if (options.EvaluateWithBound && BoundEmitter.Unsupported(plan) is { } reason)
                notes.Add(Literal.Text(NetworkWords.NoBound + reason + "."));
            if (notes.Count > 0) writer.List("Notes = [", notes, "],");
            EmitLabels(writer, plan);
            if (!options.Contracts.IsEmpty) writer.List("Contracts = [", [.. options.Contracts.Select(Literal.Text)], "],");
        }

        writer.Line("};");
    }

    /// <summary>Prints what is known of inputs and outputs; what is not known is empty when silent.</summary>
    private static void EmitLabels(CodeWriter writer, NetworkPlan plan)
    {
        EmitList("InputNames", plan.Labels.InputNames.Select(Literal.Text));
        EmitList("InputUnits", plan.Labels.InputUnits.Select(Literal.Text));
        EmitList("InputRanges", plan.Labels.InputRanges.Select(static range =>
            $"new({Literal.Number(range.Low.ToDouble(), Precision.Double)}, {Literal.Number(range.High.ToDouble(), Precision.Double)})"));
        EmitList("OutputNames", plan.Labels.OutputNames.Select(Literal.Text));
        EmitList("Labels", plan.Labels.Classes.Select(Literal.Text));
        EmitList("UnreadInputs", plan.UnreadInputs.Select(Literal.Integer));
        EmitList("ConstantOutputs", plan.ConstantOutputs.Select(Literal.Integer));

        void EmitList(string name, IEnumerable<string> items)
        {
            string[] list = [.. items];
            if (list.Length > 0) writer.List(name + " = [", list, "],");
        }
    }
}
