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
            if (integers.CurveDecision is not null)
            {
                writer.Line("\n/// <summary>All numbers.</summary>");
                writer.Line("public static ref int Table => ref s_table.Start;");
            }

            for (int l = 0; l < layouts.Length; l++) EmitPlaces(writer, layouts[l], l);
            EmitEvaluate(writer, integers, layouts);
            if (integers.CurveDecision is not null) EmitSums(writer, layouts[0]);
            int width = Width(layouts);
            for (int l = 0; l < layouts.Length; l++) EmitLayer(writer, layouts[l], l, l == layouts.Length - 1, Literal.Integer(width));
            foreach (var group in layouts.GroupBy(static layout => layout.Together).OrderByDescending(static group => group.Key))
                CurveKernels.EmitSums(writer, group.Key, group.Any(static layout => layout.Panels > 1), width);
            writer.Line(CurveKernels.Terms);
            writer.Line(CurveKernels.PlaceReader);
        }

        if (integers.CurveDecision is { } decision) CurveDecisionEmitter.Emit(writer, integers, decision);
    }

    /// <summary>Prints the method that computes the sums of the first layer for one sample.</summary>
    private static void EmitSums(CodeWriter writer, CurveLayout layout)
    {
        string panels = Literal.Integer(layout.Panels);
        writer.Line("\n/// <summary>The sums of the first layer, of one sample.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel("public static void Sums(ref byte codes, global::System.Span<int> sums)");
        writer.Line("ref int table = ref s_table.Start;");
        writer.Line($"ref byte values = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Rows)}));");
        using var loop = writer.Braces($"for (int panel = 0; panel < {panels}; panel += 2)");
        writer.Line($"Add{Literal.Integer(layout.Together)}(ref codes, 1, ref s_places0.Start, {Literal.Integer(layout.PlaceStep)}, "
            + $"ref Runtime::Unsafe.Add(ref values, panel * 32), {Literal.Integer(layout.InputBytes)}, "
            + $"{Literal.Integer(layout.Layer.InputCount)}, global::System.Math.Min(2, {panels} - panel), "
            + $"ref At(ref table, {Literal.Integer(layout.Biases)} + (panel * 16)), 0, ref sums[panel * 16]);");
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
        string width = Literal.Integer(Width(layouts)), n = Literal.Integer(integers.Form.InputCount),
            ranges = $"var ranges = new {KernelNames.Panels}IntegerInputs(ref s_table.Start, {Literal.Integer(integers.InputRanges)});",
            quantize = $"!{KernelNames.Panels}CodeRounding.Quantize";
        var batch = new CodeBatch(writer, integers.Form, layouts.Length);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<byte> codes = {KernelNames.Panels}Scratch<byte>.Get(2 * {width}), "
                + $"next = codes.Slice({width});");
            writer.Line("global::System.Span<int> sums = stackalloc int[32];");
            writer.Line(ranges);
            using (writer.Braces($"if ({quantize}(inputs, in ranges, codes) && HasNaN(inputs))"))
            {
                writer.Line("outputs.Fill(float.NaN);");
                writer.Line("return;");
            }

            writer.Line();
            batch.EmitLayers("1", "outputs");
        }

        batch.Emit("byte", Width(layouts), CodeBatch.Rows * 32, ranges, () =>
        {
            writer.Line($"var sample = inputs.Slice((first + i) * {n}, {n});");
            writer.Line($"if ({quantize}(sample, in ranges, codes.Slice(i * {width})) && HasNaN(sample)) unknown |= 1u << i;");
        });
    }

    /// <summary>Codes from one sample to the next.</summary>
    private static int Width(CurveLayout[] layouts) =>
        (layouts.Max(static layout => System.Math.Max(layout.Layer.InputCount, layout.Panels * CurveLayout.Lanes)) + 63) & ~63;

    private static void EmitLayer(CodeWriter writer, CurveLayout layout, int l, bool isLast, string width)
    {
        var layer = layout.Layer;
        string panels = Literal.Integer(layout.Panels), index = Literal.Integer(l), m = Literal.Integer(layer.OutputCount),
            n = Literal.Integer(layer.InputCount), samples = Literal.Integer(CurveKernels.Samples),
            block = Literal.Integer(layout.BlockInputs);
        bool isOne = layout.BlockInputs >= layer.InputCount;
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{Literal.Count(layer.OutputCount, isLast ? "output" : "code")} of each sample, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        string type = isLast ? "float" : "byte";
        using (writer.Kernel($"private static void Layer{index}(ref byte codes, int rows, global::System.Span<int> sums, "
            + $"global::System.Span<{type}> results)"))
        {
            writer.Line("ref int table = ref s_table.Start;");
            writer.Line($"ref byte values = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Rows)}));");
            if (!isOne) writer.Line($"int block = rows == 1 ? {n} : {block};");
            using (writer.Braces($"for (int panel = 0; panel < {panels}; panel += 2)"))
            {
                writer.Line($"int panels = global::System.Math.Min(2, {panels} - panel), first = panel * 16;");
                if (isOne)
                {
                    EmitAdd("codes", $"s_places{index}.Start", "Runtime::Unsafe.Add(ref values, panel * 32)", n,
                        $"ref At(ref table, {Literal.Integer(layout.Biases)} + first), 0");
                }
                else
                {
                    // The rows of a block of inputs stay in the cache while all samples go through it.
                    using (writer.Braces($"for (int from = 0; from < {n}; from += block)"))
                    {
                        string places = layout.PlaceStep == 0 ? $"s_places{index}.Start"
                            : $"Runtime::Unsafe.Add(ref s_places{index}.Start, from * {Literal.Integer(layout.PlaceStep)})",
                            values = layout.InputBytes == 0 ? "panel * 32"
                            : $"(panel * 32) + (from * {Literal.Integer(layout.InputBytes)})";
                        writer.Line("bool isFirst = from == 0;");
                        EmitAdd("Runtime::Unsafe.Add(ref codes, from)", places, $"Runtime::Unsafe.Add(ref values, {values})",
                            $"global::System.Math.Min(block, {n} - from)",
                            $"ref isFirst ? ref At(ref table, {Literal.Integer(layout.Biases)} + first) : ref sums[row * 32], "
                            + "isFirst ? 0 : 32");
                    }
                }

                writer.Line("var multipliers = Interop::MemoryMarshal.CreateReadOnlySpan("
                    + $"ref Runtime::Unsafe.As<int, float>(ref At(ref table, "
                    + $"{Literal.Integer(layout.Multipliers)} + first)), panels * 16);");
                using (writer.Braces("for (int row = 0; row < rows; row++)"))
                {
                    writer.Line("var found = sums.Slice(row * 32, panels * 16);");
                    writer.Line(isLast
                        ? $"{KernelNames.Panels}CodeRounding.Scale(found, multipliers, results.Slice((row * {m}) + first, "
                            + $"global::System.Math.Min(panels * 16, {m} - first)));"
                        : $"{KernelNames.Panels}CodeRounding.Requantize(found, multipliers, "
                            + $"{Literal.Integer(layer.Codes.Zero)}, {Literal.Integer(layer.Lowest)}, "
                            + $"results.Slice((row * {width}) + first));");
                }
            }
        }

        void EmitAdd(string codes, string places, string values, string inputs, string start)
        {
            using (writer.Braces("for (int row = 0; row < rows;)"))
            {
                writer.Line($"int count = Simd::X86.Avx2.IsSupported && rows - row >= {samples} ? {samples} : 1;");
                writer.Line($"Add{Literal.Integer(layout.Together)}(ref Runtime::Unsafe.Add(ref {codes}, row * {width}), count, "
                    + $"ref {places}, {Literal.Integer(layout.PlaceStep)}, ref {values}, {Literal.Integer(layout.InputBytes)}, "
                    + $"{inputs}, panels, {start}, ref sums[row * 32]);");
                writer.Line("row += count;");
            }
        }
    }
}
