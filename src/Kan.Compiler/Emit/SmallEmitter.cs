using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a small network operation by operation: the form of each layer, its numbers as literals, its outputs in the lanes of short
/// vectors. The order of operations is that of the form, so the bits are those of the kernels over panels.
/// </summary>
internal sealed class SmallEmitter
{
    private readonly CodeWriter _writer;
    private readonly NetworkPlan _plan;
    private readonly LaneVectors _vectors;

    private SmallEmitter(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _plan = plan;
        _vectors = new LaneVectors(plan.Precision);
    }

    /// <summary>What the calls of the kernel end with: the table, where it is read.</summary>
    public static string TableArgument(NetworkPlan plan) => plan.Run.ReadsTable ? ", ref Tables.Start" : "";

    /// <summary>Prints the class of the kernel.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        writer.Line($"""

            /// <summary>The layers, operation by operation.</summary>
            {KernelNames.GeneratedCode}
            """);
        using (writer.Braces("file static class Kernels"))
        {
            var emitter = new SmallEmitter(writer, plan);
            emitter.EmitRun();
            if (plan.Layers.Length > 1)
            {
                writer.Line();
                emitter.EmitTrace();
            }

            writer.Line($"""

                {KernelNames.Inline}
                private static ref {type} At(ref {type} start, int index) => ref Runtime::Unsafe.Add(ref start, index);
                """);
        }
    }

    /// <summary>Prints the call of the kernel for one sample of some spans.</summary>
    /// <param name="writer">The text.</param>
    /// <param name="plan">The network.</param>
    /// <param name="inputs">The span of inputs.</param>
    /// <param name="outputs">The span of outputs.</param>
    /// <param name="row">The variable that counts samples, or empty for the only one.</param>
    public static void EmitCall(CodeWriter writer, NetworkPlan plan, string inputs, string outputs, string row)
    {
        string At(string span, int count, int index)
        {
            string start = $"Interop::MemoryMarshal.GetReference({span})";
            var place = row.Length > 0 ? new Offset(index, row, count) : index;
            return place.IsZero ? start : $"Runtime::Unsafe.Add(ref {start}, {place})";
        }

        if (!plan.Run.TakesNumbers)
        {
            writer.Line($"Kernels.Run(ref {At(inputs, plan.InputCount, 0)}, ref {At(outputs, plan.OutputCount, 0)}{TableArgument(plan)});");
            return;
        }

        var numbers = Enumerable.Range(0, plan.InputCount)
            .Select(i => row.Length == 0 ? $"{inputs}[{Literal.Integer(i)}]" : At(inputs, plan.InputCount, i));
        writer.Line($"{outputs}[{(row.Length == 0 ? "0" : row)}] = Kernels.Run({string.Join(", ", numbers)}{TableArgument(plan)});");
    }

    private void EmitRun()
    {
        string type = _vectors.Type;
        _writer.Line($"""
            /// <summary>Computes all layers.</summary>
            {KernelNames.Optimize}
            """);
        if (_plan.Run.TakesNumbers)
        {
            string[] names = [.. Enumerable.Range(0, _plan.InputCount).Select(static i => $"x{i}")];
            string parameters = string.Join(", ", names.Select(name => $"{type} {name}"));
            if (_plan.Run.ReadsTable) parameters += $", ref {type} table";
            using (_writer.Kernel($"public static {type} Run({parameters})"))
            {
                var values = EmitLayers(new LaneValues(names, []), _plan.Layers.Length, static (_, _) => { });
                _writer.Line($"return {values.Scalars(_writer, _vectors, "y", 1)[0]};");
            }

            return;
        }

        using (_writer.Kernel($"public static void Run(ref {type} x, ref {type} y{(_plan.Run.ReadsTable ? $", ref {type} table" : "")})"))
            EmitStore(EmitLayers(ReadInputs(), _plan.Layers.Length, static (_, _) => { }), _plan.OutputCount, "y", 0);
    }

    /// <summary>Prints the method that keeps the hidden values, which <c>Explain</c> reads.</summary>
    private void EmitTrace()
    {
        var scratch = _plan.Run.Scratch;
        _writer.Line("/// <summary>Computes the hidden values as <c>Run</c> does, and keeps them.</summary>");
        using (_writer.Kernel($"public static void Trace(ref {_vectors.Type} x, ref {_vectors.Type} scratch, ref {_vectors.Type} table)"))
        {
            EmitLayers(ReadInputs(), _plan.Layers.Length - 1, (layer, values) =>
                EmitStore(values, layer.Form.OutputCount, "scratch", scratch[layer].Outputs));
        }
    }

    private LaneValues ReadInputs()
    {
        string[] names = [.. Enumerable.Range(0, _plan.InputCount).Select(static i => $"x{i}")];
        for (int i = 0; i < names.Length; i++) _writer.Line($"{_vectors.Type} {names[i]} = {KernelNames.At("x", i)};");
        _writer.Line();
        return new LaneValues(names, []);
    }

    private LaneValues EmitLayers(LaneValues values, int count, Action<LayerPlan, LaneValues> after)
    {
        foreach (var layer in _plan.Layers.Take(count))
        {
            if (layer.Index > 0) _writer.Line();
            _writer.Line($"// Layer {layer.Index}: {SummationEmitter.Summary(layer)}");
            values = layer.Form.Accept(new SmallLayer(_writer, _vectors, layer, values));
            after(layer, values);
        }

        return values;
    }

    private void EmitStore(LaneValues values, int count, string reference, int offset)
    {
        for (int c = 0, first = 0; c < values.Names.Length; first += values.Widths[c], c++)
        {
            int width = values.Widths[c];
            if (width > 1 && first + width <= count)
            {
                _writer.Line($"{_vectors.Class(width)}.StoreUnsafe({values.Names[c]}, ref {KernelNames.At(reference, offset + first)});");
                continue;
            }

            for (int lane = 0; lane < width && first + lane < count; lane++)
                _writer.Line($"{KernelNames.At(reference, offset + first + lane)} = {_vectors.Lane(values.Names[c], lane, width)};");
        }
    }
}
