using System;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the methods that run all layers: for one sample, and for many.</summary>
internal static class RunEmitter
{
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        var scratch = new ScratchLayout(plan);
        writer.Line($"/// <summary>Computes all layers; <paramref name=\"scratch\"/> holds {Literal.Integer(scratch.Length)} numbers on a 64-byte boundary.</summary>");
        EmitChoice(writer, plan, $"Run(ref {type} inputs, ref {type} scratch, ref {type} table)", "ref inputs, ref scratch, ref table");
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Run<TPanel>(ref {type} inputs, ref {type} scratch, ref {type} table)\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            string x = "inputs";
            foreach (var layer in plan.Layers)
            {
                string outputs = Place(scratch.Outputs(layer)), segments = Place(scratch.Segments(layer));
                if (InputStage.IsPass(plan, layer))
                {
                    string prepared = layer.Form is ElementwiseForm ? outputs : Place(scratch.Prepared(layer));
                    writer.Line(InputStage.Call(layer, x, prepared, segments));
                    x = prepared;
                }

                var next = plan.After(layer);
                bool keepsSums = InputStage.KeepsSums(layer, next);
                string y = keepsSums ? Place(scratch.Prepared(next!)) : outputs;
                if (layer.Form is not ElementwiseForm) writer.Line($"{Sum(layer, "Sum", x, segments, y)}{(keepsSums ? ", ref " + outputs : "")});");
                x = y;
            }
        }

        writer.Line();
        EmitBatch(writer, plan, type, scratch);
    }

    /// <summary>Samples that go through the layers together: their values stay in the second-level cache, and the weights are read once for all.</summary>
    public static int BlockRows(NetworkPlan plan)
    {
        int bytes = plan.Precision == Precision.Single ? 4 : 8;
        int most = BlockBytes / (bytes * Math.Max(plan.InputCount, new ScratchLayout(plan).Length)) / BlockStep * BlockStep;
        return Math.Max(BlockStep, Math.Min(8 * BlockStep, most));
    }

    private const int BlockBytes = 128 * 1024;

    /// <summary>A multiple of the samples of every tile.</summary>
    private const int BlockStep = 24;

    private static void EmitBatch(CodeWriter writer, NetworkPlan plan, string type, ScratchLayout scratch)
    {
        int block = BlockRows(plan);
        string n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount), blockRows = Literal.Integer(block);
        var last = plan.Layers[plan.Layers.Length - 1];
        writer.Line($"/// <summary>Computes rows of samples, {blockRows} at a time; <paramref name=\"scratch\"/> holds {Literal.Integer(block * scratch.Length)} numbers on a 64-byte boundary.</summary>");
        EmitChoice(writer, plan, $"RunBatch(ref {type} inputs, ref {type} outputs, int rows, ref {type} scratch, ref {type} table)", "ref inputs, ref outputs, rows, ref scratch, ref table");
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void RunBatch<TPanel>(ref {type} inputs, ref {type} outputs, int rows, ref {type} scratch, ref {type} table)\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            using (writer.Braces($"for (int first = 0; first < rows; first += {blockRows})"))
            {
                writer.Line($"int count = global::System.Math.Min({blockRows}, rows - first);");
                writer.Line($"ref {type} samples = ref At(ref inputs, first * {n});");
                string x = "samples", stride = n;
                foreach (var layer in plan.Layers)
                {
                    string values = Place(scratch.Outputs(layer) * block), segments = Place(scratch.Segments(layer) * block);
                    if (InputStage.IsPass(plan, layer))
                    {
                        bool elementwise = layer.Form is ElementwiseForm;
                        string prepared = elementwise ? values : Place(scratch.Prepared(layer) * block), width = Literal.Integer(layer.InputPanels * layer.Lanes);
                        writer.Line($"for (int row = 0; row < count; row++) {InputStage.Call(layer, Row(x, stride), Row(prepared, width), Row(segments, width))}");
                        x = prepared;
                    }

                    if (layer.Form is not ElementwiseForm) writer.Line(Sum(layer, "SumBatch", x, segments, values) + ", count);");
                    x = values;
                    stride = Literal.Integer(layer.OutputWidth);
                }

                writer.Line($"for (int row = 0; row < count; row++)\n    Interop::MemoryMarshal.CreateReadOnlySpan(ref {Row(x, Literal.Integer(last.OutputWidth))}, {m}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref {Row("outputs", m, "(first + row)")}, {m}));");
            }
        }
    }

    private static string Sum(LayerPlan layer, string method, string x, string segments, string outputs) =>
        $"{method}{layer.Index}<TPanel>(ref {x}{(layer.Form is RowsForm ? ", ref " + segments : "")}, ref {KernelNames.Table(layer)}, ref {outputs}";

    private static string Place(int offset) => KernelNames.At("scratch", offset);

    private static string Row(string start, string stride, string row = "row") => $"At(ref {start}, {row} * {stride})";

    /// <summary>Prints a method that picks the panel of the machine's vectors; the JIT keeps one branch.</summary>
    private static void EmitChoice(CodeWriter writer, NetworkPlan plan, string declaration, string arguments)
    {
        string type = KernelNames.Type(plan.Precision), method = declaration.Substring(0, declaration.IndexOf('('));
        int lanes = SummationOrder.Lanes(plan.Precision);
        using (writer.Braces("public static void " + declaration))
        {
            string call(string panel) => $"{method}<{KernelNames.Panels}{panel}<{type}>>({arguments});";
            writer.Line($"if (global::System.Numerics.Vector<{type}>.Count == {lanes}) {call("Panel1")}");
            writer.Line($"else if (Simd::Vector512.IsHardwareAccelerated) {call("Panel512")}");
            writer.Line($"else if (global::System.Numerics.Vector<{type}>.Count == {lanes / 2}) {call("Panel2")}");
            writer.Line($"else {call("Panel4")}");
        }
    }
}
