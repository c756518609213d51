using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the methods that run all layers: for one sample, and for many.</summary>
internal static class RunEmitter
{
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        var scratch = plan.Run.Scratch;
        writer.Line($"/// <summary>Computes all layers; <paramref name=\"scratch\"/> holds {Literal.Integer(scratch.Length)} numbers on a 64-byte boundary.</summary>");
        EmitChoice(writer, plan, "Run", $"ref {type} inputs, ref {type} scratch, ref {type} table", "ref inputs, ref scratch, ref table");
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Run<TPanel>(ref {type} inputs, ref {type} scratch, ref {type} table)\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            string x = "inputs";
            foreach (var layer in plan.Layers)
            {
                var (prepared, found, stored) = scratch[layer];
                string outputs = Place(stored), segments = Place(found);
                if (layer.Stage.IsPass)
                {
                    string values = layer.Kernel is null ? outputs : Place(prepared);
                    writer.Line(StageEmitter.Call(layer, x, values, segments));
                    x = values;
                }

                string y = layer.KeepsSums ? Place(scratch[plan.Layers[layer.Index + 1]].Prepared) : outputs;
                if (layer.Kernel is not null) writer.Line($"{Sum(layer, "Sum", x, segments, y)}{(layer.KeepsSums ? ", ref " + outputs : "")});");
                x = y;
            }
        }

        writer.Line();
        EmitBatch(writer, plan, type, scratch);
    }

    private static void EmitBatch(CodeWriter writer, NetworkPlan plan, string type, ScratchLayout scratch)
    {
        int block = plan.Run.BlockRows;
        string n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount), blockRows = Literal.Integer(block);
        var last = plan.Layers[plan.Layers.Length - 1];
        writer.Line($"/// <summary>Computes rows of samples, {blockRows} at a time; <paramref name=\"scratch\"/> holds {Literal.Integer(block * scratch.Length)} numbers on a 64-byte boundary.</summary>");
        EmitChoice(writer, plan, "RunBatch", $"ref {type} inputs, ref {type} outputs, int rows, ref {type} scratch, ref {type} table", "ref inputs, ref outputs, rows, ref scratch, ref table");
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
                    var (prepared, found, stored) = scratch[layer];
                    string values = Place(stored * block), segments = Place(found * block);
                    if (layer.Stage.IsPass)
                    {
                        string inputs = layer.Kernel is null ? values : Place(prepared * block), width = Literal.Integer(layer.InputPanels * layer.Lanes);
                        writer.Line($"for (int row = 0; row < count; row++) {StageEmitter.Call(layer, Row(x, stride), Row(inputs, width), Row(segments, width))}");
                        x = inputs;
                    }

                    if (layer.Kernel is not null) writer.Line(Sum(layer, "SumBatch", x, segments, values) + ", count);");
                    x = values;
                    stride = Literal.Integer(layer.OutputWidth);
                }

                writer.Line($"for (int row = 0; row < count; row++)\n    Interop::MemoryMarshal.CreateReadOnlySpan(ref {Row(x, Literal.Integer(last.OutputWidth))}, {m}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref {Row("outputs", m, "(first + row)")}, {m}));");
            }
        }
    }

    private static string Sum(LayerPlan layer, string method, string x, string segments, string outputs) =>
        $"{method}{layer.Index}<TPanel>(ref {x}{(layer.ReadsSegments ? ", ref " + segments : "")}, ref {KernelNames.Table(layer)}, ref {outputs}";

    private static string Place(int offset) => KernelNames.At("scratch", offset);

    private static string Row(string start, string stride, string row = "row") => $"At(ref {start}, {row} * {stride})";

    /// <summary>Prints a method that picks the panel of the machine's vectors; the JIT keeps one branch.</summary>
    private static void EmitChoice(CodeWriter writer, NetworkPlan plan, string method, string parameters, string arguments)
    {
        string type = KernelNames.Type(plan.Precision);
        int lanes = SummationOrder.Lanes(plan.Precision);
        using (writer.Braces($"public static void {method}({parameters})"))
        {
            string call(string panel) => $"{method}<{KernelNames.Panels}{panel}<{type}>>({arguments});";
            writer.Line($"if (global::System.Numerics.Vector<{type}>.Count == {lanes}) {call("Panel1")}");
            writer.Line($"else if (Simd::Vector512.IsHardwareAccelerated) {call("Panel512")}");
            writer.Line($"else if (global::System.Numerics.Vector<{type}>.Count == {lanes / 2}) {call("Panel2")}");
            writer.Line($"else {call("Panel4")}");
        }
    }
}
