using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network whose edges are functions of codes in integers. A code stands for the row of its segment, and two weights of 8 bits.
/// One instruction multiplies the two values of each output with them and adds the products in 16 bits; terms of some inputs are added
/// there, as many as fit, and then, even and odd ones, in 32 bits. Sums of integers have no order, so all machines give the same bits.
/// </summary>
internal static class IntegerCurveEmitter
{
    /// <summary>Prints the class that holds it.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="target">The type that they are printed for.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, TargetType target)
    {
        CurveLayout[] layouts = [.. integers.Form.Layers.Select((layer, l) => CurveLayout.Of(layer, integers.Starts[l]))];
        writer.Line();
        writer.Line("/// <summary>The network in integers: inputs become codes of 8 bits, the edges of a layer are functions of codes, and "
            + "sums have 32 bits.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<int> s_table = "
                + $"{IntegerEmitter.Table(integers, target)};");
            for (int l = 0; l < layouts.Length; l++) EmitPlaces(writer, layouts[l], l);
            EmitEvaluate(writer, integers, layouts);
            for (int l = 0; l < layouts.Length; l++) EmitLayer(writer, layouts[l], l, isLast: l == layouts.Length - 1);
            foreach (var group in layouts.GroupBy(static layout => layout.Together).OrderByDescending(static group => group.Key))
                CurveKernels.EmitSums(writer, group.Key, group.Any(static layout => layout.Panels > 1));
            writer.Line(CurveKernels.Terms);
            writer.Line(CurveKernels.PlaceReader);
        }
    }

    private static void EmitPlaces(CodeWriter writer, CurveLayout layout, int l)
    {
        string whose = layout.Grids == 1 ? "for all inputs" : "for each input";
        writer.Line($"\n/// <summary>The places of the codes before layer {Literal.Integer(l)}, {whose}: weights, and where their row "
            + "begins.</summary>");
        writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<long> s_places{Literal.Integer(l)} = "
            + $"Places({Literal.Integer(layout.Start)}, {Literal.Integer(layout.Grids)}, {Literal.Integer(layout.Layer.Curves!.Whole)}, "
            + $"{Literal.Integer(layout.RowBytes)});");
    }

    private static void EmitEvaluate(CodeWriter writer, IntegerPlan integers, CurveLayout[] layouts)
    {
        int most = layouts.Max(static layout => System.Math.Max(layout.Layer.InputCount, layout.Panels * CurveLayout.Lanes));
        string width = Literal.Integer((most + 63) & ~63), n = Literal.Integer(integers.Form.InputCount),
            m = Literal.Integer(integers.Form.OutputCount);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<byte> codes = {KernelNames.Panels}Scratch<byte>.Get(2 * {width}), "
                + $"next = codes.Slice({width});");
            writer.Line($"var ranges = new {KernelNames.Panels}IntegerInputs(ref s_table.Start, {Literal.Integer(integers.InputRanges)});");
            using (writer.Braces($"if (!{KernelNames.Panels}CodeRounding.Quantize(inputs, in ranges, codes) && HasNaN(inputs))"))
            {
                writer.Line("outputs.Fill(float.NaN);");
                writer.Line("return;");
            }

            writer.Line();
            for (int l = 0; l < layouts.Length; l++)
            {
                string from = l % 2 == 0 ? "codes" : "next", to = l == layouts.Length - 1 ? "outputs" : l % 2 == 0 ? "next" : "codes";
                writer.Line($"Layer{Literal.Integer(l)}(ref Interop::MemoryMarshal.GetReference({from}), {to});");
            }
        }

        IntegerEmitter.EmitBatch(writer, integers.Form);
    }

    private static void EmitLayer(CodeWriter writer, CurveLayout layout, int l, bool isLast)
    {
        var layer = layout.Layer;
        string panels = Literal.Integer(layout.Panels), index = Literal.Integer(l), m = Literal.Integer(layer.OutputCount);
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{Literal.Count(layer.OutputCount, isLast ? "output" : "code")}, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        string type = isLast ? "float" : "byte";
        using (writer.Kernel($"private static void Layer{index}(ref byte codes, global::System.Span<{type}> results)"))
        {
            writer.Line("global::System.Span<int> sums = stackalloc int[32];");
            writer.Line("ref int table = ref s_table.Start;");
            writer.Line($"ref byte rows = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Rows)}));");
            using (writer.Braces($"for (int panel = 0; panel < {panels}; panel += 2)"))
            {
                writer.Line($"int panels = global::System.Math.Min(2, {panels} - panel), first = panel * 16;");
                writer.Line($"Add{Literal.Integer(layout.Together)}(ref codes, ref s_places{index}.Start, "
                    + $"{Literal.Integer(layout.PlaceStep)}, ref Runtime::Unsafe.Add(ref rows, panel * 32), "
                    + $"{Literal.Integer(layout.InputBytes)}, {Literal.Integer(layer.InputCount)}, panels, "
                    + $"ref At(ref table, {Literal.Integer(layout.Biases)} + first), ref Interop::MemoryMarshal.GetReference(sums));");
                writer.Line("var multipliers = Interop::MemoryMarshal.CreateReadOnlySpan("
                    + $"ref Runtime::Unsafe.As<int, float>(ref At(ref table, "
                    + $"{Literal.Integer(layout.Multipliers)} + first)), panels * 16);");
                writer.Line(isLast
                    ? $"{KernelNames.Panels}CodeRounding.Scale(sums, multipliers, results.Slice(first, "
                        + $"global::System.Math.Min(panels * 16, {m} - first)));"
                    : $"{KernelNames.Panels}CodeRounding.Requantize(sums.Slice(0, panels * 16), multipliers, "
                        + $"{Literal.Integer(layer.Codes.Zero)}, {Literal.Integer(layer.Lowest)}, results.Slice(first));");
            }
        }
    }
}
