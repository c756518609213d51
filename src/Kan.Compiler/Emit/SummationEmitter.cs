using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Forms;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the micro-kernels: a block of panels of outputs, all partial sums of each in registers, a loop over inputs whose body is written out.
/// </summary>
internal static class SummationEmitter
{
    /// <summary>Accumulators that a block holds: enough chains to hide latency, few enough for 32 registers, with operands beside them.</summary>
    private const int MostAccumulators = 8;

    /// <summary>Units of an input that are written out; more of one kind are looped over.</summary>
    private const int MostUnitsWritten = 4;

    /// <summary>Prints the blocks of a layer and the method that runs them.</summary>
    public static void Emit(CodeWriter writer, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        int panels = layer.OutputPanels;
        int wide = BlockSize(panels, MostAccumulators / layer.PartialSums), narrow = BlockSize(panels, Math.Max(1, wide / 2));
        var sizes = new SortedSet<int>();
        var wideBlocks = Blocks(panels, wide, sizes);
        var narrowBlocks = Blocks(panels, narrow, sizes);
        foreach (int size in sizes) EmitBlock(writer, layer, size);

        writer.Line($"/// <summary>{Summary(layer)}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces($"private static void Sum{layer.Index}<TPanel>(ref {type} x{SegmentsParameter(layer)}, ref {type} y)\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            if (wide == narrow)
            {
                EmitCalls(writer, layer, wideBlocks);
                return;
            }

            // Where a panel takes several registers, half the panels fill the register file.
            using (writer.Braces("if (TPanel.Registers == 1)")) EmitCalls(writer, layer, wideBlocks);
            using (writer.Braces("else")) EmitCalls(writer, layer, narrowBlocks);
        }
    }

    private static int BlockSize(int panels, int most)
    {
        int blocks = (panels + most - 1) / most;
        return (panels + blocks - 1) / blocks;
    }

    private static List<(int First, int Size)> Blocks(int panels, int size, SortedSet<int> sizes)
    {
        var blocks = new List<(int, int)>();
        for (int first = 0; first < panels; first += size)
        {
            int count = Math.Min(size, panels - first);
            blocks.Add((first, count));
            sizes.Add(count);
        }

        return blocks;
    }

    private static void EmitCalls(CodeWriter writer, LayerPlan layer, List<(int First, int Size)> blocks)
    {
        string segments = layer.Form is RowsForm ? ", ref segments" : "";
        int size = blocks[0].Size, equal = blocks.Count(block => block.Size == size);
        if (equal > 4)
        {
            using (writer.Braces($"for (int panel = 0; panel < {Literal.Integer(equal * size)}; panel += {Literal.Integer(size)})"))
                writer.Line($"Sum{layer.Index}Block{size}<TPanel>(ref x{segments}, ref y, panel);");
            blocks = blocks.GetRange(equal, blocks.Count - equal);
        }

        foreach (var (first, count) in blocks)
            writer.Line($"Sum{layer.Index}Block{count}<TPanel>(ref x{segments}, ref y, {Literal.Integer(first)});");
    }

    private static void EmitBlock(CodeWriter writer, LayerPlan layer, int size)
    {
        string type = KernelNames.Type(layer.Precision);
        int sums = layer.PartialSums, n = layer.Form.InputCount, looped = n - (n % sums);
        writer.Line($"/// <summary>{Outputs(layer, size)}, {(sums == 1 ? "one sum" : sums + " partial sums")} each.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces($"private static void Sum{layer.Index}Block{size}<TPanel>(ref {type} x{SegmentsParameter(layer)}, ref {type} y, int panel)\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            int panelWidth = PanelWidth(layer.Form) * layer.Lanes;
            writer.Line($"ref {type} table = ref Tables.Layer{layer.Index}.Start;");
            writer.Line($"ref {type} biases = ref At(ref table, {Literal.Integer(layer.Layout.Biases)} + panel * {Literal.Integer(layer.Lanes)});");
            writer.Line($"ref {type} w = ref At(ref table, {Literal.Integer(layer.Layout.Body)} + panel * {Literal.Integer(panelWidth)});");
            if (!layer.Layout.Starts.IsEmpty) writer.Line($"ref int starts = ref global::System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(Tables.Starts{layer.Index});");
            for (int c = 0; c < size; c++) writer.Line($"TPanel {Accumulator(0, c)} = TPanel.Load(in At(ref biases, {Literal.Integer(c * layer.Lanes)}));");
            for (int s = 1; s < sums; s++)
            {
                for (int c = 0; c < size; c++) writer.Line($"TPanel {Accumulator(s, c)} = TPanel.Zero;");
            }

            writer.Line();
            if (looped > sums)
            {
                using (writer.Braces($"for (int p = 0; p < {Literal.Integer(looped)}; p += {Literal.Integer(sums)})"))
                {
                    for (int s = 0; s < sums; s++) EmitTerms(writer, layer, size, s, s == 0 ? "p" : $"p + {s}", s);
                    Advance(writer, layer, sums);
                }
            }
            else
            {
                using (writer.Braces(""))
                {
                    for (int s = 0; s < looped; s++) EmitTerms(writer, layer, size, s, Literal.Integer(s), s);
                    if (n > looped) Advance(writer, layer, looped);
                }
            }

            if (n > looped)
            {
                using (writer.Braces(""))
                {
                    for (int s = 0; looped + s < n; s++) EmitTerms(writer, layer, size, s, Literal.Integer(looped + s), s);
                }
            }

            writer.Line();
            for (int half = sums / 2; half > 0; half /= 2)
            {
                for (int s = 0; s < half; s++)
                {
                    for (int c = 0; c < size; c++) writer.Line($"{Accumulator(s, c)} = TPanel.Add({Accumulator(s, c)}, {Accumulator(s + half, c)});");
                }
            }

            writer.Line($"ref {type} outputs = ref At(ref y, panel * {Literal.Integer(layer.Lanes)});");
            for (int c = 0; c < size; c++) writer.Line($"TPanel.Store({Accumulator(0, c)}, ref At(ref outputs, {Literal.Integer(c * layer.Lanes)}));");
        }

        writer.Line();
    }

    private static void Advance(CodeWriter writer, LayerPlan layer, int inputs)
    {
        if (layer.Layout.Starts.IsEmpty) writer.Line($"w = ref At(ref w, {Literal.Integer(inputs * layer.Layout.Stride)});");
    }

    /// <summary>The terms of one input; <paramref name="offset"/> counts inputs from where w points.</summary>
    private static void EmitTerms(CodeWriter writer, LayerPlan layer, int size, int sum, string input, int offset)
    {
        int at = offset * layer.Layout.Stride, lanes = layer.Lanes;
        string x = $"x{offset}";
        switch (layer.Form)
        {
            case AffineForm or FactoredForm:
                writer.Line($"TPanel {x} = TPanel.Splat(At(ref x, {input}));");
                for (int c = 0; c < size; c++)
                    writer.Line($"{Accumulator(sum, c)} = TPanel.Fma({x}, TPanel.Load(in At(ref w, {Literal.Integer(at + (c * lanes))})), {Accumulator(sum, c)});");
                break;
            case RowsForm:
                string start = layer.Layout.Starts.IsEmpty ? at == 0 ? "" : Literal.Integer(at) + " + " : $"At(ref starts, {input}) + ";
                string type = KernelNames.Type(layer.Precision);
                writer.Line($"TPanel {x} = TPanel.Splat(At(ref x, {input}));");
                writer.Line($"ref {type} row{offset} = ref At(ref w, {start}{KernelNames.Panels}SegmentSearch.Index(ref At(ref segments, {input})) * {Literal.Integer(2 * layer.OutputWidth)});");
                for (int c = 0; c < size; c++)
                    writer.Line($"{Accumulator(sum, c)} = TPanel.Add({Accumulator(sum, c)}, TPanel.Fma({x}, TPanel.Load(in At(ref row{offset}, {Literal.Integer(((2 * c) + 1) * lanes)})), TPanel.Load(in At(ref row{offset}, {Literal.Integer(2 * c * lanes)}))));");
                break;
            case UnitsForm units:
                writer.Line($"TPanel {x} = TPanel.Splat(At(ref x, {input}));");
                EmitUnits(writer, layer, units, size, sum, x, at);
                break;
        }
    }

    private static void EmitUnits(CodeWriter writer, LayerPlan layer, UnitsForm form, int size, int sum, string x, int at)
    {
        for (int i = 0; i < form.Kinds.Length;)
        {
            int run = 1;
            while (i + run < form.Kinds.Length && form.Kinds[i + run] == form.Kinds[i]) run++;
            int length = (form.Kinds[i] == UnitKind.Clamp ? 3 : 2) * layer.OutputWidth;
            if (run > MostUnitsWritten)
            {
                using (writer.Braces($"for (int u = {Literal.Integer(at)}; u < {Literal.Integer(at + (run * length))}; u += {Literal.Integer(length)})"))
                {
                    for (int c = 0; c < size; c++) EmitUnit(writer, layer, form, form.Kinds[i], sum, c, x, $"u + {Literal.Integer(c * layer.Lanes)}", layer.OutputWidth);
                }
            }
            else
            {
                for (int u = 0; u < run; u++)
                {
                    for (int c = 0; c < size; c++) EmitUnit(writer, layer, form, form.Kinds[i], sum, c, x, Literal.Integer(at + (u * length) + (c * layer.Lanes)), layer.OutputWidth);
                }
            }

            at += run * length;
            i += run;
        }
    }

    private static void EmitUnit(CodeWriter writer, LayerPlan layer, UnitsForm form, UnitKind kind, int sum, int panel, string x, string at, int width)
    {
        string type = KernelNames.Type(layer.Precision);
        string Load(int part) => $"TPanel.Load(in At(ref w, {(int.TryParse(at, out int start) ? Literal.Integer(start + (part * width)) : part == 0 ? at : $"{at} + {Literal.Integer(part * width)}")}))";
        string difference = kind == UnitKind.LeftRelu ? $"TPanel.Subtract({Load(0)}, {x})" : $"TPanel.Subtract({x}, {Load(0)})";
        if (kind != UnitKind.Clamp)
        {
            var ends = kind == UnitKind.LeftRelu ? new FiniteEnds(form.Ends.High, form.Ends.Low) : form.Ends;
            if (ends.Low) difference = $"TPanel.AtLeast({difference}, TPanel.Splat({type}.MinValue))";
            if (ends.High) difference = $"TPanel.AtMost({difference}, TPanel.Splat({type}.MaxValue))";
        }

        string bend = kind switch
        {
            UnitKind.LowRay => $"TPanel.AtMost({difference}, TPanel.Zero)",
            UnitKind.Clamp => $"TPanel.AtMost(TPanel.AtLeast({difference}, TPanel.Zero), {Load(1)})",
            _ => $"TPanel.AtLeast({difference}, TPanel.Zero)",
        };
        writer.Line($"{Accumulator(sum, panel)} = TPanel.Fma({Load(kind == UnitKind.Clamp ? 2 : 1)}, {bend}, {Accumulator(sum, panel)});");
    }

    /// <summary>Panels of the body that one panel of outputs takes in a row: a row of values and slopes interleaves them.</summary>
    private static int PanelWidth(LayerForm form) => form is RowsForm ? 2 : 1;

    private static string Accumulator(int sum, int panel) => $"s{sum}_{panel}";

    private static string SegmentsParameter(LayerPlan layer) => layer.Form is RowsForm ? $", ref {KernelNames.Type(layer.Precision)} segments" : "";

    private static string Outputs(LayerPlan layer, int size) => size == 1 ? $"{layer.Lanes} outputs" : $"{size * layer.Lanes} outputs in {size} panels";

    /// <summary>What a layer computes, in a line.</summary>
    public static string Summary(LayerPlan layer) => layer.Form switch
    {
        ElementwiseForm => "one function for each node.",
        RowsForm => "y = b + sum over p of values[segment p] + slopes[segment p] * x[p], where x holds distances from anchor points.",
        UnitsForm { Lowering: LayerLowering.Clamp } => "y = b + sum over p of the clamped differences of x[p].",
        UnitsForm => "y = b + sum over p of the ReLU units of x[p].",
        _ => "y = W x + b.",
    };
}
