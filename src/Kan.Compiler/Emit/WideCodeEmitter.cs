using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network with codes of 16 bits. A pair of codes is multiplied with the two weights of each output, widened to 16 bits, and the
/// products are added to a sum of 32. Sums of integers have no order, so all machines give the same bits.
/// </summary>
internal static class WideCodeEmitter
{
    /// <summary>Prints the class that holds it.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="target">The type that they are printed for.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, TargetType target)
    {
        WideLayout[] layouts = [.. integers.Starts.Select((start, l) => new WideLayout(integers.Form, l, start))];
        writer.Line();
        writer.Line("/// <summary>The network in integers: inputs become codes of 16 bits, which are kept less 2^15, weights have 8 bits, "
            + "and sums have 32.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<int> s_table = "
                + $"{IntegerEmitter.Table(integers, target)};");
            EmitEvaluate(writer, integers, layouts);
            foreach (var layout in layouts) EmitLayer(writer, layout);
            foreach (int panels in layouts.SelectMany(static layout => Blocks(layout)).Distinct().OrderByDescending(static count => count))
                WideKernels.EmitSums(writer, panels);
            writer.Line(WideKernels.Codes);
        }
    }

    /// <summary>The panels of the first and of the last block of a layer.</summary>
    private static int[] Blocks(WideLayout layout) => layout.Panels <= WideLayout.BlockPanels
        ? [layout.Panels]
        : [WideLayout.BlockPanels, layout.Panels % WideLayout.BlockPanels is > 0 and var rest ? rest : WideLayout.BlockPanels];

    private static void EmitEvaluate(CodeWriter writer, IntegerPlan integers, WideLayout[] layouts)
    {
        var form = integers.Form;
        int most = layouts.Max(static layout => Math.Max(layout.Pairs * 2, layout.Panels * WideLayout.Lanes)), inputs = form.InputCount;
        string width = Literal.Integer((most + 63) & ~63), n = Literal.Integer(inputs), m = Literal.Integer(form.OutputCount);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<short> codes = {KernelNames.Panels}Scratch<short>.Get(2 * {width}), "
                + $"next = codes.Slice({width});");
            writer.Line($"bool isKnown = Quantize(inputs, ref s_table.Start, {Literal.Integer(integers.InputRanges)}, codes);");
            if (inputs % 2 != 0) writer.Line($"codes[{n}] = 0;");
            for (int l = 0; l < layouts.Length; l++)
            {
                string from = l % 2 == 0 ? "codes" : "next", to = layouts[l].IsLast ? "outputs" : l % 2 == 0 ? "next" : "codes";
                writer.Line($"Layer{Literal.Integer(l)}(ref Interop::MemoryMarshal.GetReference({from}), {to});");
            }

            writer.Line("if (!isKnown) outputs.Fill(float.NaN);");
        }

        IntegerEmitter.EmitBatch(writer, form);
    }

    private static void EmitLayer(CodeWriter writer, WideLayout layout)
    {
        var layer = layout.Layer;
        int full = layout.Panels / WideLayout.BlockPanels, rest = layout.Panels % WideLayout.BlockPanels;
        const int Block = WideLayout.BlockPanels * WideLayout.Lanes;
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{Literal.Count(layer.OutputCount, layout.IsLast ? "output" : "code")}, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Layer{Literal.Integer(layout.Index)}(ref short codes, "
            + $"global::System.Span<{(layout.IsLast ? "float" : "short")}> results)"))
        {
            writer.Line($"global::System.Span<int> sums = stackalloc int[{Literal.Integer(Block)}];");
            writer.Line("ref int table = ref s_table.Start;");
            writer.Line($"ref byte weights = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Start)}));");
            if (full > 0)
            {
                using (writer.Braces($"for (int first = 0; first < {Literal.Integer(full * Block)}; first += {Literal.Integer(Block)})"))
                    EmitBlock("first", WideLayout.BlockPanels);
            }

            if (rest > 0) EmitBlock(Literal.Integer(full * Block), rest);
        }

        void EmitBlock(string first, int panels)
        {
            int lanes = panels * WideLayout.Lanes;
            string pairs = Literal.Integer(layout.Pairs), end = first == "first" ? " + first" : first == "0" ? "" : " + " + first;
            writer.Line($"Add{Literal.Integer(panels)}(ref codes, ref Runtime::Unsafe.Add(ref weights, {first} * "
                + $"{Literal.Integer(layout.Pairs * 2)}), {pairs}, ref At(ref table, {Literal.Integer(layout.Biases)}{end}), "
                + "ref Interop::MemoryMarshal.GetReference(sums));");
            string multipliers = $"ref Runtime::Unsafe.As<int, float>(ref At(ref table, {Literal.Integer(layout.Multipliers)}{end}))";
            writer.Line(layout.IsLast
                ? $"{KernelNames.Panels}CodeRounding.Scale(sums, Interop::MemoryMarshal.CreateReadOnlySpan({multipliers}, "
                    + $"{Literal.Integer(lanes)}), results.Slice({first}, global::System.Math.Min({Literal.Integer(lanes)}, "
                    + $"{Literal.Integer(layer.OutputCount)} - {first})));"
                : $"Requantize(sums.Slice(0, {Literal.Integer(lanes)}), {multipliers}, {Literal.Integer(layer.Codes.Zero)}, "
                    + $"{Literal.Integer(layer.Lowest)}, results.Slice({first}));");
        }
    }
}
