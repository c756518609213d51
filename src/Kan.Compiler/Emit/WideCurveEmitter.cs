using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network of curves with codes of 16 bits. The places of some codes are found first: two weights of 15 bits, and where the row
/// of the segment begins. Then one instruction multiplies the two values of each output with them and adds the products in 32 bits; what
/// comes out is shifted, so that all of it fits, and added. Sums of integers have no order, so all machines give the same bits.
/// </summary>
internal static class WideCurveEmitter
{
    private const int Block = WideCurveLayout.BlockPanels * WideCurveLayout.Lanes;

    /// <summary>Prints the class that holds it.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="target">The type that they are printed for.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, TargetType target)
    {
        WideCurveLayout[] layouts = [.. integers.Form.Layers.Select((layer, l) => new WideCurveLayout(layer, integers.Starts[l]))];
        writer.Line();
        writer.Line("/// <summary>The network in integers: inputs become codes of 16 bits, which are kept less 2^15, the edges of a layer "
            + "are functions of codes, and sums have 32 bits.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<int> s_table = "
                + $"{IntegerEmitter.Table(integers, target)};");
            int width = Width(layouts), places = layouts.Max(Places);
            WideCodeEmitter.EmitEvaluate(writer, integers, width, CodeBatch.Rows);
            for (int l = 0; l < layouts.Length; l++) EmitLayer(writer, layouts[l], l, l == layouts.Length - 1, width, places);
            var kernels = new List<(int Panels, int Shift)>();
            foreach (var layout in layouts)
            {
                if (layout.Panels >= WideCurveLayout.BlockPanels) kernels.Add((WideCurveLayout.BlockPanels, Shift(layout)));
                if (layout.Panels % WideCurveLayout.BlockPanels is > 0 and var rest) kernels.Add((rest, Shift(layout)));
            }

            foreach (var (panels, shift) in kernels.Distinct().OrderByDescending(static kernel => kernel))
                WideCurveKernels.EmitSums(writer, panels, shift, places);
            if (layouts.Any(static layout => layout.AreCompared && layout.AreShared)) writer.Line(WideCurveKernels.SharedPlaces);
            if (layouts.Any(static layout => layout.AreCompared && !layout.AreShared)) writer.Line(WideCurveKernels.OwnPlaces);
            if (layouts.Any(static layout => layout.AreCompared)) writer.Line(WideCurveKernels.Store);
            if (layouts.Any(static layout => !layout.AreCompared)) writer.Line(WideCurveKernels.SearchedPlaces);
            writer.Line(WideCurveKernels.Products);
            writer.Line(WideKernels.Codes);
        }
    }

    /// <summary>Codes from one sample to the next.</summary>
    private static int Width(WideCurveLayout[] layouts) =>
        (layouts.Max(static layout => Math.Max(layout.Layer.InputCount, layout.Panels * WideCurveLayout.Lanes)) + 63) & ~63;

    /// <summary>Places of a sample that are kept of one layer.</summary>
    private static int Places(WideCurveLayout layout) =>
        Math.Max(layout.BatchInputs, (layout.SampleInputs + WideCurveKernels.Rows - 1) / WideCurveKernels.Rows);

    private static int Shift(WideCurveLayout layout) => layout.Layer.WideCurves!.Shift;

    private static void EmitLayer(CodeWriter writer, WideCurveLayout layout, int l, bool isLast, int width, int places)
    {
        var layer = layout.Layer;
        int full = layout.Panels / WideCurveLayout.BlockPanels, rest = layout.Panels % WideCurveLayout.BlockPanels;
        string index = Literal.Integer(l), n = Literal.Integer(layer.InputCount), m = Literal.Integer(layer.OutputCount),
            kept = Literal.Integer(WideCurveKernels.Rows * places), stride = Literal.Integer(places), codesWidth = Literal.Integer(width);
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{Literal.Count(layer.OutputCount, isLast ? "output" : "code")} of each sample, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Layer{index}(ref short codes, int rows, global::System.Span<int> sums, "
            + $"global::System.Span<{(isLast ? "float" : "short")}> results)"))
        {
            writer.Line("ref int table = ref s_table.Start;");
            writer.Line($"ref byte values = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Rows)}));");
            writer.Line($"ref int weights = ref Interop::MemoryMarshal.GetReference({KernelNames.Panels}Scratch<int>.Get(2 * {kept}));");
            writer.Line($"ref int places = ref At(ref weights, {kept});");
            writer.Line($"int block = rows == 1 ? {Literal.Integer(layout.SampleInputs)} : {Literal.Integer(layout.BatchInputs)};");
            if (full > 0)
            {
                using (writer.Braces($"for (int first = 0; first < {Literal.Integer(full * Block)}; first += {Literal.Integer(Block)})"))
                    EmitBlock("first", WideCurveLayout.BlockPanels);
            }

            if (rest > 0) EmitBlock(Literal.Integer(full * Block), rest);
        }

        void EmitBlock(string first, int panels)
        {
            string lanes = Literal.Integer(panels * WideCurveLayout.Lanes), end = first == "0" ? "" : " + " + first,
                biases = $"At(ref table, {Literal.Integer(layout.Biases)}{end})",
                own = first == "0" ? "values" : $"Runtime::Unsafe.Add(ref values, {first} * 4)",
                multipliers = $"Runtime::Unsafe.As<int, float>(ref At(ref table, {Literal.Integer(layout.Multipliers)}{end}))";
            using (writer.Braces($"for (int from = 0; from < {n}; from += block)"))
            {
                writer.Line($"int inputs = global::System.Math.Min(block, {n} - from);");
                using (writer.Braces("for (int row = 0; row < rows;)"))
                {
                    string rows = Literal.Integer(WideCurveKernels.Rows);
                    writer.Line($"int count = Simd::X86.Avx2.IsSupported && rows - row >= {rows} ? {rows} : 1;");
                    writer.Line("for (int i = 0; i < count; i++)");
                    writer.Line($"    {FindPlaces(layout, $"Runtime::Unsafe.Add(ref codes, ((row + i) * {codesWidth}) + from)", stride)}");
                    writer.Line($"ref int sum = ref sums[row * {Literal.Integer(Block)}];");
                    writer.Line($"if (from == 0) Add{WideCurveKernels.Name(panels, Shift(layout))}(ref weights, ref places, inputs, count, "
                        + $"ref {own}, ref {biases}, 0, ref sum);");
                    writer.Line($"else Add{WideCurveKernels.Name(panels, Shift(layout))}(ref weights, ref places, inputs, count, "
                        + $"ref {own}, ref sum, {Literal.Integer(Block)}, ref sum);");
                    writer.Line("row += count;");
                }
            }

            writer.Line();
            using (writer.Braces("for (int row = 0; row < rows; row++)"))
            {
                string found = $"sums.Slice(row * {Literal.Integer(Block)}, {lanes})";
                writer.Line(isLast
                    ? $"{KernelNames.Panels}CodeRounding.Scale({found}, Interop::MemoryMarshal.CreateReadOnlySpan(ref {multipliers}, "
                        + $"{lanes}), results.Slice((row * {m}) + {first}, global::System.Math.Min({lanes}, {m} - {first})));"
                    : $"Requantize({found}, ref {multipliers}, {Literal.Integer(layer.Codes.Zero)}, "
                        + $"{Literal.Integer(layer.Lowest)}, results.Slice((row * {codesWidth}) + {first}));");
            }
        }
    }

    /// <summary>The statement that finds the places of some codes of a sample.</summary>
    private static string FindPlaces(WideCurveLayout layout, string codes, string stride)
    {
        string start = Literal.Integer(layout.Start), knots = Literal.Integer(layout.Knots),
            outputs = $"ref At(ref table, {Literal.Integer(layout.Bases)} + from), "
            + $"ref At(ref weights, i * {stride}), ref At(ref places, i * {stride}));",
            row = Literal.Integer(layout.RowBytes);
        if (!layout.AreCompared)
        {
            string grid = layout.AreShared ? start : $"{start} + (from * {Literal.Integer(2 * layout.Searched)})";
            return $"SearchedPlaces(ref {codes}, inputs, ref At(ref table, {grid}), {Literal.Integer(layout.Searched)}, "
                + $"{(layout.AreShared ? "0" : Literal.Integer(2 * layout.Searched))}, {row}, {outputs}";
        }

        string from = layout.AreShared ? "" : " + from", step = layout.AreShared ? "" : $"{Literal.Integer(layout.KnotStep)}, ";
        return $"{(layout.AreShared ? "Shared" : "Own")}Places(ref {codes}, inputs, ref At(ref table, {start}{from}), "
            + $"ref At(ref table, {Literal.Integer(layout.Factors)}{from}), {knots}, {step}{row}, {outputs}";
    }
}
