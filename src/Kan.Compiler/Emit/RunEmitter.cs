using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the methods that run all layers: for one sample, and for many.</summary>
internal sealed class RunEmitter
{
    private readonly CodeWriter _writer = new();
    private readonly KernelPlaces _places = new();
    private readonly NetworkPlan _plan;
    private readonly KernelPool _kernels;
    private readonly ScratchLayout _scratch;
    private readonly string _type;

    private RunEmitter(NetworkPlan plan, KernelPool kernels)
    {
        _plan = plan;
        _kernels = kernels;
        _scratch = plan.Run.Scratch;
        _type = KernelNames.Type(plan.Precision);
    }

    /// <summary>Prints the constants that say where everything is, and the methods.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="plan">The network.</param>
    /// <param name="kernels">The methods of the layers, printed before.</param>
    public static void Emit(CodeWriter writer, NetworkPlan plan, KernelPool kernels)
    {
        var emitter = new RunEmitter(plan, kernels);
        emitter.EmitRun();
        emitter._writer.Line();
        emitter.EmitBatch();

        writer.Line($"""
            /// <summary>Samples that go through the layers together.</summary>
            private const int BlockRows = {Literal.Integer(plan.Run.BlockRows)};

            """);
        emitter._places.Emit(
            writer,
            "Where a layer's numbers begin in the table (Table), and its values in the memory of a sample: its inputs after what happens "
            + "to each (Prepared), "
            + "the segments that they lie in (Segments), its outputs (Values). What has no name begins at 0.");
        if (plan.Run.HasLoops) emitter.EmitLoops(writer);
        writer.Append(emitter._writer);
    }

    private string Interface => $"where TPanel : struct, {KernelNames.Panels}IPanel<{_type}, TPanel>";

    private void EmitRun()
    {
        _writer.Line($"/// <summary>Computes all layers; <paramref name=\"scratch\"/> holds {Literal.Integer(_scratch.Length)} numbers "
            + $"on a 64-byte boundary.</summary>");
        string parameters = $"ref {_type} inputs, ref {_type} scratch, ref {_type} table", arguments = "ref inputs, ref scratch, ref table";
        EmitChoice("Run", parameters, arguments,
            _plan.Run.HasLoops ? $"{KernelNames.Panels}Loops.Run(s_loops, {arguments});" : "");
        _writer.Line();
        _writer.Line(KernelNames.Optimize);
        using (_writer.Kernel(
            $"private static void Run<TPanel>({parameters})\n    {Interface}"))
        {
            string x = "inputs";
            foreach (var layer in _plan.Layers)
            {
                string outputs = Place("Values", layer, ""), segments = layer.ReadsSegments
                    ? Place("Segments", layer, "")
                    : layer.Window is { IsCopied: true } ? Place("Prepared", layer, "") : "";
                if (layer.Stage.IsPass)
                {
                    string values = layer.Kernel is null ? outputs : Place("Prepared", layer, "");
                    _writer.Line(layer.Stage.Grid is null
                        ? StageEmitter.Call(layer, _kernels, x, values, segments, Table(layer))
                        : StageEmitter.CurveCall(layer, _kernels, x, values, Rows(layer),
                            Literal.Integer(layer.InputPanels * layer.Lanes), Passing(layer)));
                    x = values;
                }

                string y = layer.KeepsSums ? Place("Prepared", _plan.Layers[layer.Index + 1], "") : outputs;
                if (layer.Kernel is not null)
                    _writer.Line($"{Sum(layer, "Sum", x, segments, y)}{(layer.KeepsSums ? ", ref " + outputs : "")});{Remark(layer)}");
                x = y;
            }
        }
    }

    /// <summary>Prints where loops find what the kernels read and write.</summary>
    private void EmitLoops(CodeWriter writer)
    {
        writer.Line($"""
            /// <summary>The layers for loops over numbers, which WebAssembly prefers.</summary>
            private static readonly {KernelNames.Panels}LoopLayer[] s_loops =
            [
            """);
        using (writer.Indented())
        {
            foreach (var layer in _plan.Layers)
            {
                int kept = _scratch[layer].Outputs, values = layer.KeepsSums ? _scratch[_plan.Layers[layer.Index + 1]].Prepared : kept;
                (string Name, int Value)[] places =
                [
                    ("inputs", layer.Form.InputCount), ("outputs", layer.OutputWidth), ("group", layer.GroupPanels * layer.Lanes),
                    ("sums", layer.PartialSums), ("biases", layer.TableStart + layer.Layout.Biases),
                    ("weights", layer.TableStart + layer.Layout.Body), ("kept", kept), ("values", values),
                ];
                writer.List("new(",
                    [
                        .. places.Select(static place => $"{place.Name}: {Literal.Integer(place.Value)}"),
                        $"isRelu: {(layer.KeepsSums ? "true" : "false")}",
                    ], "),");
            }
        }

        writer.Line("];\n");
    }

    private void EmitBatch()
    {
        int block = _plan.Run.BlockRows;
        var last = _plan.Layers[_plan.Layers.Length - 1];
        string m = Literal.Integer(_plan.OutputCount);
        _writer.Prose(
            "/// ",
            $"<summary>Computes rows of samples, a block at a time; <paramref name=\"scratch\"/> holds "
            + $"{Literal.Integer(block * _scratch.Length)} numbers on a 64-byte boundary.</summary>");
        EmitChoice("RunBatch", $"ref {_type} inputs, ref {_type} outputs, int rows, ref {_type} scratch, ref {_type} table",
            "ref inputs, ref outputs, rows, ref scratch, ref table");
        _writer.Line();
        _writer.Line(KernelNames.Optimize);
        using (_writer.Kernel($"private static void RunBatch<TPanel>(ref {_type} inputs, ref {_type} outputs, int rows, ref {_type} "
            + $"scratch, ref {_type} table)\n    {Interface}"))
        {
            using (_writer.Braces("for (int first = 0; first < rows; first += BlockRows)"))
            {
                _writer.Line($"""
                    int count = global::System.Math.Min(BlockRows, rows - first);
                    ref {_type} samples = ref {KernelNames.Row("inputs", _plan.InputCount, "first")};
                    """);
                string x = "samples";
                int stride = _plan.InputCount;
                foreach (var layer in _plan.Layers)
                {
                    string values = Place("Values", layer, " * BlockRows"),
                        segments = layer.ReadsSegments ? Place("Segments", layer, " * BlockRows") : "";
                    if (layer.Stage.IsPass)
                    {
                        string inputs = layer.Kernel is null ? values : Place("Prepared", layer, " * BlockRows");
                        EmitStageOfBatch(layer, x, stride, inputs, segments);
                        x = inputs;
                    }

                    if (layer.Kernel is not null) _writer.Line(Sum(layer, "SumBatch", x, segments, values) + ", count);" + Remark(layer));
                    x = values;
                    stride = layer.OutputWidth;
                }

                string result = KernelNames.Row("results", last.OutputWidth, "row");
                _writer.Line($$"""
                    ref {{_type}} results = ref {{x}};
                    for (int row = 0; row < count; row++)
                    {
                        ref {{_type}} target = ref {{KernelNames.Row("outputs", _plan.OutputCount, "(first + row)")}};
                        Interop::MemoryMarshal.CreateReadOnlySpan(ref {{result}}, {{m}}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref target, {{m}}));
                    }
                    """);
            }
        }
    }

    /// <summary>Prints the calls of a stage for all samples of a block.</summary>
    private void EmitStageOfBatch(LayerPlan layer, string x, int stride, string inputs, string segments)
    {
        int width = layer.Window is null ? layer.InputPanels * layer.Lanes : layer.OutputWidth;
        if (layer.Stage.Grid is not null && stride == width)
        {
            int samples = CurveGridEmitter.Samples(layer);
            _writer.Line($"for (int row = 0; row < count; row += {Literal.Integer(samples)})");
            using (_writer.Indented())
            {
                _writer.Line(StageEmitter.CurveCall(layer, _kernels, KernelNames.Row(x, width, "row"),
                    KernelNames.Row(inputs, width, "row"), Rows(layer), Literal.Integer(samples * width), Passing(layer)));
            }

            return;
        }

        _writer.Line("for (int row = 0; row < count; row++)");
        using (_writer.Indented())
        {
            string from = KernelNames.Row(x, stride, "row"), to = KernelNames.Row(inputs, width, "row");
            string found = layer.ReadsSegments ? KernelNames.Row(segments, width, "row")
                : layer.Window is { IsCopied: true } ? Place("Prepared", layer, " * BlockRows") : "";
            _writer.Line(layer.Stage.Grid is null
                ? StageEmitter.Call(layer, _kernels, from, to, found, Table(layer))
                : StageEmitter.CurveCall(layer, _kernels, from, to, Rows(layer), Literal.Integer(width), Passing(layer)));
        }
    }

    /// <summary>Why a layer calls the kernels of another.</summary>
    private string Remark(LayerPlan layer) =>
        _kernels["Sum" + layer.Index] == "Sum" + layer.Index ? "" : $" // Layer {Literal.Integer(layer.Index)}, of the same shape";

    private string Sum(LayerPlan layer, string method, string x, string segments, string outputs) =>
        $"{_kernels[method + layer.Index]}<TPanel>(ref {x}{(layer.ReadsSegments ? ", ref " + segments : "")}, ref {Table(layer)}, ref "
        + $"{outputs}";

    private string Table(LayerPlan layer) => KernelPlaces.At("table", _places.Name("Table", layer, layer.TableStart));

    /// <summary>Where it says which nodes pass a curve; nothing where none does.</summary>
    private string Passing(LayerPlan layer) => layer.Layout.Passing > 0 ? Table(layer) : "";

    private string Rows(LayerPlan layer) => KernelPlaces.At("table", _places.Name("Rows", layer, layer.CurveStart));

    private string Place(string part, LayerPlan layer, string rows)
    {
        var place = _scratch[layer];
        string name = _places.Name(part, layer,
            part switch { "Prepared" => place.Prepared, "Segments" => place.Segments, _ => place.Outputs });
        return KernelPlaces.At("scratch", name.Length == 0 ? "" : name + rows);
    }

    /// <summary>Prints a method that picks the panel of the machine's vectors; the JIT keeps one branch.</summary>
    private void EmitChoice(string method, string parameters, string arguments, string loops = "")
    {
        int lanes = SummationOrder.Lanes(_plan.Precision);
        using (_writer.Braces($"public static void {method}({parameters})"))
        {
            string call(string panel) => $"{method}<{KernelNames.Panels}{panel}<{_type}>>({arguments});";
            string otherwise = "";
            if (loops.Length > 0)
            {
                _writer.Line($"if ({KernelNames.Panels}Loops.AreFaster) {loops}");
                otherwise = "else ";
            }

            string count = $"global::System.Numerics.Vector<{_type}>.Count";
            _writer.Line($"""
                {otherwise}if (Simd::Vector512.IsHardwareAccelerated || {count} == {lanes}) {call("Panel512")}
                else if ({count} == {lanes / 2}) {call("Panel2")}
                else {call("Panel4")}
                """);
        }
    }
}
