using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network with codes of 16 bits. A pair of codes is multiplied with the two weights of each output, widened to 16 bits, and the
/// products are added to a sum of 32. Samples of a batch share the weights that are read. Sums of integers have no order, so all machines
/// give the same bits.
/// </summary>
internal static class WideCodeEmitter
{
    private const string Simd = "Simd::";

    /// <summary>Outputs of a block of panels.</summary>
    private const int Block = WideLayout.BlockPanels * WideLayout.Lanes;

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
            EmitEvaluate(writer, integers, Width(layouts), WideKernels.Rows);
            string width = Literal.Integer(Width(layouts));
            foreach (var layout in layouts) EmitLayer(writer, layout, width);
            foreach (int panels in layouts.SelectMany(static layout => Blocks(layout)).Distinct().OrderByDescending(static count => count))
                WideKernels.EmitSums(writer, panels, width);
            writer.Line(WideKernels.Codes);
            writer.Line(WideKernels.Products);
        }
    }

    /// <summary>The panels of the first and of the last block of a layer.</summary>
    private static int[] Blocks(WideLayout layout) => layout.Panels <= WideLayout.BlockPanels
        ? [layout.Panels]
        : [WideLayout.BlockPanels, layout.Panels % WideLayout.BlockPanels is > 0 and var rest ? rest : WideLayout.BlockPanels];

    /// <summary>Prints the methods that compute one sample, and many.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="codes">Codes from one sample to the next.</param>
    /// <param name="rows">Samples of a batch whose sums are kept.</param>
    public static void EmitEvaluate(CodeWriter writer, IntegerPlan integers, int codes, int rows)
    {
        var form = integers.Form;
        string width = Literal.Integer(codes), n = Literal.Integer(form.InputCount);
        var batch = new CodeBatch(writer, form, form.Layers.Length);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<short> codes = {KernelNames.Panels}Scratch<short>.Get(2 * {width}), "
                + $"next = codes.Slice({width});");
            writer.Line($"global::System.Span<int> sums = stackalloc int[{Literal.Integer(Block)}];");
            EmitQuantize(writer, integers, "bool isKnown = ", "inputs", "codes");
            batch.EmitLayers("1", "outputs");
            writer.Line("if (!isKnown) outputs.Fill(float.NaN);");
        }

        batch.Emit("short", codes, rows * Block, null, () =>
        {
            writer.Line($"var own = codes.Slice(i * {width});");
            EmitQuantize(writer, integers, "bool isKnown = ", $"inputs.Slice((first + i) * {n}, {n})", "own");
            writer.Line("if (!isKnown) unknown |= 1u << i;");
        });
    }

    /// <summary>Codes from one sample to the next.</summary>
    private static int Width(WideLayout[] layouts) =>
        (layouts.Max(static layout => Math.Max(layout.Pairs * 2, layout.Panels * WideLayout.Lanes)) + 63) & ~63;

    private static void EmitQuantize(CodeWriter writer, IntegerPlan integers, string found, string inputs, string codes)
    {
        writer.Line($"{found}Quantize({inputs}, ref s_table.Start, {Literal.Integer(integers.InputRanges)}, {codes});");
        if (integers.Form.InputCount % 2 != 0) writer.Line($"{codes}[{Literal.Integer(integers.Form.InputCount)}] = 0;");
    }

    private static void EmitLayer(CodeWriter writer, WideLayout layout, string width)
    {
        var layer = layout.Layer;
        int full = layout.Panels / WideLayout.BlockPanels, rest = layout.Panels % WideLayout.BlockPanels;
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{Literal.Count(layer.OutputCount, layout.IsLast ? "output" : "code")} of each sample, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Layer{Literal.Integer(layout.Index)}(ref short codes, int rows, "
            + $"global::System.Span<int> sums, global::System.Span<{(layout.IsLast ? "float" : "short")}> results)"))
        {
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
            string lanes = Literal.Integer(panels * WideLayout.Lanes), pairs = Literal.Integer(layout.Pairs),
                end = first == "first" ? " + first" : first == "0" ? "" : " + " + first,
                own = first == "0" ? "weights" : $"Runtime::Unsafe.Add(ref weights, {first} * {Literal.Integer(layout.Pairs * 2)})",
                multipliers = $"Runtime::Unsafe.As<int, float>(ref At(ref table, {Literal.Integer(layout.Multipliers)}{end}))";
            using (writer.Braces("for (int row = 0; row < rows;)"))
            {
                writer.Line($"int count = {Simd}X86.Avx2.IsSupported && rows - row >= {Literal.Integer(WideKernels.Rows)} "
                    + $"? {Literal.Integer(WideKernels.Rows)} : 1;");
                writer.Line($"Add{Literal.Integer(panels)}(ref Runtime::Unsafe.Add(ref codes, row * {width}), count, ref {own}, "
                    + $"{pairs}, ref At(ref table, {Literal.Integer(layout.Biases)}{end}), "
                    + "ref Interop::MemoryMarshal.GetReference(sums));");
                using (writer.Braces("for (int i = 0; i < count; i++, row++)"))
                {
                    string found = $"sums.Slice(i * {Literal.Integer(Block)}, {lanes})";
                    writer.Line(layout.IsLast
                        ? $"{KernelNames.Panels}CodeRounding.Scale({found}, Interop::MemoryMarshal.CreateReadOnlySpan(ref {multipliers}, "
                            + $"{lanes}), results.Slice((row * {Literal.Integer(layer.OutputCount)}) + {first}, "
                            + $"global::System.Math.Min({lanes}, {Literal.Integer(layer.OutputCount)} - {first})));"
                        : $"Requantize({found}, ref {multipliers}, {Literal.Integer(layer.Codes.Zero)}, "
                            + $"{Literal.Integer(layer.Lowest)}, results.Slice((row * {width}) + {first}));");
                }
            }
        }
    }
}
