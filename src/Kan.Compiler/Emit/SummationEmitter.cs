using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the micro-kernels: a block of panels of outputs of one sample or several, their partial sums in registers, a loop over inputs whose
/// body is written out.
/// </summary>
internal static class SummationEmitter
{
    /// <summary>Multiply-adds of a loop body below which inputs are unrolled, so that counting costs little.</summary>
    private const int TermsOfLoopBody = 16;

    /// <summary>Rounds that an unrolled loop keeps: the JIT writes out loops of four rounds and then runs out of registers.</summary>
    private const int FewestRounds = 5;

    /// <summary>Units of an input that are written out; more of one kind are looped over.</summary>
    private const int MostUnitsWritten = 4;

    /// <summary>
    /// Operations on panels that a loop body of units may have: past some 500 temporaries, several for each operation, the JIT inlines no more,
    /// and a call for each operation takes thirty times as long.
    /// </summary>
    private const int MostUnitOperations = 140;

    /// <summary>Operations of a unit on a panel: loads, a difference, bounds and a multiply-add.</summary>
    private const int UnitOperations = 7;

    /// <summary>Prints the kernels of a layer and the methods that run them: for one sample, and for a block of samples.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="next">The layer that reads the outputs, or null.</param>
    public static void Emit(CodeWriter writer, LayerPlan layer, LayerPlan? next)
    {
        Tile wide = Tile.Single(layer, wide: true), narrow = Tile.Single(layer, wide: false);
        Tile? wideBatch = Tile.Batch(layer, wide: true), narrowBatch = Tile.Batch(layer, wide: false);
        var printed = new HashSet<string>();
        if (layer.Sparse is not null) SparseEmitter.EmitKernels(writer, layer);
        if (layer.Windows is not null) WindowEmitter.EmitKernels(writer, layer);
        foreach (var tile in layer.Sparse is null ? new Tile?[] { wide, narrow, wideBatch, narrowBatch } : [wideBatch, narrowBatch])
        {
            if (tile is not { } kernel) continue;
            foreach (var block in kernel.Blocks(layer))
            {
                if (printed.Add(KernelName(layer, kernel, block))) EmitKernel(writer, layer, next, kernel, block);
            }
        }

        bool keepsSums = InputStage.KeepsSums(layer, next);
        string parameters = Parameters(layer), sums = keepsSums ? $", ref {KernelNames.Type(layer.Precision)} sums" : "";
        writer.Line($"/// <summary>{Summary(layer)}</summary>");
        writer.Line(KernelNames.Inline);
        using (writer.Kernel($"private static void Sum{layer.Index}<TPanel>({parameters}{sums})\n    where TPanel : struct, {PanelInterface(layer)}"))
        {
            bool hasWindows = layer.Windows is { ForSingle: true };
            if (hasWindows) WindowEmitter.EmitCalls(writer, layer, next);
            using (hasWindows ? writer.Braces("else") : default(IDisposable))
            {
                if (layer.Sparse is not null) SparseEmitter.EmitCalls(writer, layer, next);
                else EmitByWidth(writer, wide == narrow, () => EmitCalls(writer, layer, wide, keepsSums), () => EmitCalls(writer, layer, narrow, keepsSums));
            }
        }

        writer.Line();
        writer.Line("/// <summary>The same for a block of samples, row by row.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void SumBatch{layer.Index}<TPanel>({parameters}, int rows)\n    where TPanel : struct, {PanelInterface(layer)}"))
        {
            bool hasWindows = layer.Windows is { ForBatch: true };
            if (hasWindows) WindowEmitter.EmitBatch(writer, layer, next);
            using (hasWindows ? writer.Braces("else") : default(IDisposable))
                EmitByWidth(writer, wideBatch is null && narrowBatch is null, () => EmitBatch(writer, layer, wideBatch, keepsSums), () => EmitBatch(writer, layer, narrowBatch, keepsSums));
        }
    }

    /// <summary>Elements from one sample's inputs to the next, where a block of samples is computed.</summary>
    public static int InputStride(LayerPlan layer) =>
        layer.Index == 0 && !InputStage.IsNeeded(layer.Form) ? layer.Form.InputCount : layer.InputPanels * layer.Lanes;

    private static string Parameters(LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        return $"ref {type} x{(layer.Form is RowsForm ? $", ref {type} segments" : "")}, ref {type} table, ref {type} y";
    }

    private static string PanelInterface(LayerPlan layer) => $"{KernelNames.Panels}IPanel<{KernelNames.Type(layer.Precision)}, TPanel>";

    private static void EmitByWidth(CodeWriter writer, bool same, Action wide, Action narrow)
    {
        if (same)
        {
            wide();
            return;
        }

        // Where a panel takes several registers, fewer of them fill the register file.
        using (writer.Braces("if (TPanel.Registers == 1)")) wide();
        using (writer.Braces("else")) narrow();
    }

    private static void EmitCalls(CodeWriter writer, LayerPlan layer, Tile tile, bool keepsSums)
    {
        var blocks = tile.Blocks(layer);
        int equal = blocks.TakeWhile(block => block.SameShape(blocks[0])).Count(), done = 0;
        if (equal > 4 && blocks[1].Weights - blocks[0].Weights is var step && Enumerable.Range(0, equal).All(i => blocks[i].Weights == i * step))
        {
            using (writer.Braces($"for (int block = 0; block < {Literal.Integer(equal)}; block++)"))
                EmitCall(writer, layer, tile, blocks[0], "x", "y", keepsSums, $"block * {Literal.Integer(step)}", $"block * {Literal.Integer(blocks[0].Panels * layer.Lanes)}");
            done = equal;
        }

        foreach (var block in blocks.Skip(done))
            EmitCall(writer, layer, tile, block, "x", "y", keepsSums, Literal.Integer(block.Weights), Literal.Integer(block.First * layer.Lanes));
    }

    private static void EmitCall(CodeWriter writer, LayerPlan layer, Tile tile, Block block, string x, string y, bool keepsSums, string weights, string output) =>
        writer.Line($"{KernelName(layer, tile, block)}<TPanel>(ref {x}{(layer.Form is RowsForm ? ", ref segments" : "")}, ref table, ref {y}, {weights}, {output}{(keepsSums ? ", ref sums" : "")});");

    private static void EmitBatch(CodeWriter writer, LayerPlan layer, Tile? batch, bool keepsSums)
    {
        string xs = Literal.Integer(InputStride(layer)), ys = Literal.Integer(layer.OutputWidth);

        // What is stored takes the place of the sums.
        string y = $"ref At(ref y, row * {ys})" + (keepsSums ? $", ref At(ref y, row * {ys})" : "");
        if (batch is not { } tile || tile.Samples == 1)
        {
            string segments = layer.Form is RowsForm ? $", ref At(ref segments, row * {xs})" : "";
            writer.Line($"for (int row = 0; row < rows; row++) Sum{layer.Index}<TPanel>(ref At(ref x, row * {xs}){segments}, ref table, {y});");
            return;
        }

        string samples = Literal.Integer(tile.Samples);
        using (writer.Braces($"if (rows < {samples})"))
        {
            writer.Line($"for (int row = 0; row < rows; row++) Sum{layer.Index}<TPanel>(ref At(ref x, row * {xs}), ref table, {y});");
            writer.Line("return;");
        }

        writer.Line();
        writer.Line("// The last tile takes some samples of the one before once more; they give the same bits.");
        foreach (var blocks in Runs(tile.Blocks(layer)))
        {
            string panels = blocks.Count == 1 ? "" : $"for (int block = 0; block < {Literal.Integer(blocks.Count)}; block++)";
            int step = blocks.Count == 1 ? 0 : blocks[1].Weights - blocks[0].Weights, first = blocks[0].First * layer.Lanes;
            string weights = blocks.Count == 1 ? Literal.Integer(blocks[0].Weights) : $"{(blocks[0].Weights == 0 ? "" : Literal.Integer(blocks[0].Weights) + " + ")}block * {Literal.Integer(step)}";
            string output = blocks.Count == 1 ? Literal.Integer(first) : $"{(first == 0 ? "" : Literal.Integer(first) + " + ")}block * {Literal.Integer(blocks[0].Panels * layer.Lanes)}";
            using (panels.Length == 0 ? default(IDisposable) : writer.Braces(panels))
            {
                using (writer.Braces($"for (int row = 0; row < rows; row += {samples})"))
                {
                    writer.Line($"int start = global::System.Math.Min(row, rows - {samples});");
                    EmitCall(writer, layer, tile, blocks[0], $"At(ref x, start * {xs})", $"At(ref y, start * {ys})", keepsSums: false, weights, output);
                }
            }
        }
    }

    /// <summary>Blocks that one loop can run through: of one shape, at equal distances.</summary>
    private static IEnumerable<IReadOnlyList<Block>> Runs(IReadOnlyList<Block> blocks)
    {
        var run = new List<Block>();
        foreach (var block in blocks)
        {
            bool fits = run.Count == 0 || (block.SameShape(run[0]) && (run.Count == 1 || block.Weights - run[run.Count - 1].Weights == run[1].Weights - run[0].Weights));
            if (!fits)
            {
                yield return run;
                run = [];
            }

            run.Add(block);
        }

        yield return run;
    }

    private static string KernelName(LayerPlan layer, Tile tile, Block block) =>
        $"Sum{layer.Index}Block{block.Shape}{(tile.SumsAtOnce == layer.PartialSums ? "" : $"By{tile.SumsAtOnce}")}{(tile.Samples == 1 ? "" : $"Samples{tile.Samples}")}";

    private static void EmitKernel(CodeWriter writer, LayerPlan layer, LayerPlan? next, Tile tile, Block block)
    {
        string type = KernelNames.Type(layer.Precision);
        int sums = layer.PartialSums;
        bool keepsSums = tile.Samples == 1 && InputStage.KeepsSums(layer, next);
        writer.Line($"/// <summary>{Outputs(layer, tile, block)}, {KernelNames.Sums(sums)}{(tile.SumsAtOnce < sums ? $", {Literal.Integer(tile.SumsAtOnce)} at once" : "")}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {KernelName(layer, tile, block)}<TPanel>({Parameters(layer)}, int weights, int output{(keepsSums ? $", ref {type} sums" : "")})\n    where TPanel : struct, {PanelInterface(layer)}"))
        {
            writer.Line($"ref {type} biases = ref At(ref table, {Literal.Integer(layer.Layout.Biases)} + output);");
            writer.Line($"ref {type} body = ref At(ref table, {Literal.Integer(layer.Layout.Body)} + weights);");
            if (layer.Form is UnitsForm units && HoldsConstants(layer, tile)) EmitConstants(writer, units, type);
            var ofBlock = tile with { Panels = block.Panels };
            var accumulators = PartialSums.Emit(writer, ofBlock, sums, layer.Form.InputCount, Unrolled(layer, ofBlock), new Terms(writer, layer, tile, block));
            writer.Line($"ref {type} outputs = ref At(ref y, output);");
            bool affine = layer.Form is AffineForm or FactoredForm;
            if (keepsSums) writer.Line($"ref {type} kept = ref At(ref sums, output);");
            foreach (var (panel, sample) in accumulators.Places)
            {
                string sum = accumulators.Name(0, panel, sample);
                if (affine) writer.Line($"{sum} = TPanel.Add({sum}, TPanel.Zero);");
                if (keepsSums) writer.Line($"TPanel.Store({sum}, ref At(ref kept, {Literal.Integer(panel * layer.Lanes)}));");
                writer.Line($"TPanel.Store({InputStage.Stored(layer, next, sum, new VectorText(type))}, ref At(ref outputs, {Literal.Integer((sample * layer.OutputWidth) + (panel * layer.Lanes))}));");
            }
        }

        writer.Line();
    }

    /// <summary>Whether the bounds of units have registers of their own; kernels of several passes are short of them.</summary>
    private static bool HoldsConstants(LayerPlan layer, Tile tile) => tile.SumsAtOnce == layer.PartialSums;

    /// <summary>Prints what units are bounded by, once: each property or method of a panel that is spelled counts among those that the JIT inlines.</summary>
    private static void EmitConstants(CodeWriter writer, UnitsForm form, string type)
    {
        writer.Line("TPanel zero = TPanel.Zero;");
        if (form.Ends != default) writer.Line($"TPanel least = TPanel.Splat({type}.MinValue), most = TPanel.Splat({type}.MaxValue);");
    }

    /// <summary>Terms of each partial sum in the body of the loop.</summary>
    private static int Unrolled(LayerPlan layer, Tile tile)
    {
        // The term of a row is long by itself; and past a certain number of calls to inline, the JIT inlines no more.
        if (layer.Form is not (AffineForm or FactoredForm)) return 1;
        int unrolled = Math.Max(1, TermsOfLoopBody / (tile.Panels * tile.Samples * tile.SumsAtOnce));
        while (unrolled > 1 && layer.Form.InputCount / (layer.PartialSums * unrolled) < FewestRounds) unrolled /= 2;
        return unrolled;
    }

    private static void EmitUnits(CodeWriter writer, LayerPlan layer, UnitsForm form, int size, Accumulators accumulators, int sum, int at, bool holdsConstants)
    {
        int mostWritten = form.Kinds.Length * size * layer.PartialSums * UnitOperations <= MostUnitOperations ? MostUnitsWritten : 1;
        for (int i = 0; i < form.Kinds.Length;)
        {
            int run = 1;
            while (i + run < form.Kinds.Length && form.Kinds[i + run] == form.Kinds[i]) run++;
            int length = (form.Kinds[i] == UnitKind.Clamp ? 3 : 2) * layer.OutputWidth;
            if (run > mostWritten)
            {
                using (writer.Braces($"for (int u = {Literal.Integer(at)}; u < {Literal.Integer(at + (run * length))}; u += {Literal.Integer(length)})"))
                {
                    for (int c = 0; c < size; c++) EmitUnit(writer, layer, form, form.Kinds[i], accumulators.Name(sum, c, 0), holdsConstants, $"u + {Literal.Integer(c * layer.Lanes)}", layer.OutputWidth);
                }
            }
            else
            {
                for (int u = 0; u < run; u++)
                {
                    for (int c = 0; c < size; c++) EmitUnit(writer, layer, form, form.Kinds[i], accumulators.Name(sum, c, 0), holdsConstants, Literal.Integer(at + (u * length) + (c * layer.Lanes)), layer.OutputWidth);
                }
            }

            at += run * length;
            i += run;
        }
    }

    private static void EmitUnit(CodeWriter writer, LayerPlan layer, UnitsForm form, UnitKind kind, string accumulator, bool holdsConstants, string at, int width)
    {
        string type = KernelNames.Type(layer.Precision);
        string zero = holdsConstants ? "zero" : "TPanel.Zero", least = holdsConstants ? "least" : $"TPanel.Splat({type}.MinValue)", most = holdsConstants ? "most" : $"TPanel.Splat({type}.MaxValue)";
        string Load(int part) => $"TPanel.Load(in At(ref stream0, {(int.TryParse(at, out int start) ? Literal.Integer(start + (part * width)) : part == 0 ? at : $"{at} + {Literal.Integer(part * width)}")}))";
        string difference = kind == UnitKind.LeftRelu ? $"TPanel.Subtract({Load(0)}, v)" : $"TPanel.Subtract(v, {Load(0)})";
        if (kind != UnitKind.Clamp)
        {
            var ends = kind == UnitKind.LeftRelu ? new FiniteEnds(form.Ends.High, form.Ends.Low) : form.Ends;
            if (ends.Low) difference = $"TPanel.AtLeast({difference}, {least})";
            if (ends.High) difference = $"TPanel.AtMost({difference}, {most})";
        }

        string bend = kind switch
        {
            UnitKind.LowRay => $"TPanel.AtMost({difference}, {zero})",
            UnitKind.Clamp => $"TPanel.AtMost(TPanel.AtLeast({difference}, {zero}), {Load(1)})",
            _ => $"TPanel.AtLeast({difference}, {zero})",
        };
        writer.Line($"{accumulator} = TPanel.Fma({Load(kind == UnitKind.Clamp ? 2 : 1)}, {bend}, {accumulator});");
    }

    private static string Outputs(LayerPlan layer, Tile tile, Block block)
    {
        int outputs = block.Panels * layer.Lanes;
        string text = block.Panels == 1 ? $"{outputs} outputs" : $"{outputs} outputs in {block.Panels} panels";
        return tile.Samples == 1 ? text : $"{text} of {tile.Samples} samples";
    }

    /// <summary>What a layer computes, in a line.</summary>
    public static string Summary(LayerPlan layer) => layer.Form switch
    {
        ElementwiseForm => "one function for each node.",
        RowsForm => "y = b + sum over p of values[segment p] + slopes[segment p] * x[p], where x holds distances from anchor points.",
        UnitsForm { Lowering: LayerLowering.Clamp } => "y = b + sum over p of the clamped differences of x[p].",
        UnitsForm => "y = b + sum over p of the ReLU units of x[p].",
        _ => "y = W x + b.",
    };

    /// <summary>The terms of a block of panels.</summary>
    private sealed class Terms(CodeWriter writer, LayerPlan layer, Tile tile, Block block) : ITermPrinter
    {
        private string Type => KernelNames.Type(layer.Precision);

        public VectorText Vectors => new(Type);

        public string Start(int panel) => $"TPanel.Load(in At(ref biases, {Literal.Integer(panel * layer.Lanes)}))";

        /// <summary>One reference for the inputs, and one along the table for each column group.</summary>
        public void EmitReferences()
        {
            writer.Line($"ref {Type} i = ref x;");
            if (layer.Form is RowsForm) writer.Line($"ref {Type} j = ref segments;");
            for (int k = 0; k < block.Streams.Count; k++)
            {
                int start = block.Streams[k].Start;
                writer.Line($"ref {Type} stream{k} = ref {(start == 0 ? "body" : $"At(ref body, {Literal.Integer(start)})")};");
            }
        }

        public void EmitAdvance(int inputs)
        {
            writer.Line($"i = ref At(ref i, {Literal.Integer(inputs)});");
            if (layer.Form is RowsForm) writer.Line($"j = ref At(ref j, {Literal.Integer(inputs)});");
            for (int k = 0; k < block.Streams.Count; k++)
            {
                int step = inputs * block.Streams[k].Stride;
                if (step > 0) writer.Line($"stream{k} = ref At(ref stream{k}, {Literal.Integer(step)});");
            }
        }

        public void EmitTerms(Accumulators accumulators, int sum, int offset)
        {
            int lanes = layer.Lanes;
            string at = Literal.Integer(offset), type = KernelNames.Type(layer.Precision);
            using (writer.Braces(""))
            {
                switch (layer.Form)
                {
                    case AffineForm or FactoredForm when tile.IsNarrow:
                        // One panel of weights at a time, each number of the samples broadcast again: 16 registers hold no more.
                        for (int c = 0; c < block.Panels; c++)
                        {
                            writer.Line($"TPanel w{c} = TPanel.Load(in {Weight(offset, c)});");
                            for (int r = 0; r < tile.Samples; r++)
                                writer.Line($"{accumulators.Name(sum, c, r)} = TPanel.Fma(TPanel.Splat(At(ref i, {Literal.Integer((r * InputStride(layer)) + offset)})), w{c}, {accumulators.Name(sum, c, r)});");
                        }

                        break;
                    case AffineForm or FactoredForm when tile.Samples > 1:
                        for (int c = 0; c < block.Panels; c++) writer.Line($"TPanel w{c} = TPanel.Load(in {Weight(offset, c)});");
                        for (int r = 0; r < tile.Samples; r++)
                        {
                            writer.Line($"TPanel x{r} = TPanel.Splat(At(ref i, {Literal.Integer((r * InputStride(layer)) + offset)}));");
                            for (int c = 0; c < block.Panels; c++)
                                writer.Line($"{accumulators.Name(sum, c, r)} = TPanel.Fma(x{r}, w{c}, {accumulators.Name(sum, c, r)});");
                        }

                        break;
                    case AffineForm or FactoredForm:
                        writer.Line($"TPanel v = TPanel.Splat(At(ref i, {at}));");
                        for (int c = 0; c < block.Panels; c++)
                            writer.Line($"{accumulators.Name(sum, c, 0)} = TPanel.Fma(v, TPanel.Load(in {Weight(offset, c)}), {accumulators.Name(sum, c, 0)});");
                        break;
                    case RowsForm:
                        writer.Line($"TPanel v = TPanel.Splat(At(ref i, {at}));");
                        writer.Line($"ref {type} row = ref At(ref stream0, {KernelNames.Panels}SegmentSearch.Row(ref At(ref j, {at})) * {Literal.Integer(2 * layer.OutputWidth)});");
                        for (int c = 0; c < block.Panels; c++)
                            writer.Line($"{accumulators.Name(sum, c, 0)} = TPanel.Add({accumulators.Name(sum, c, 0)}, TPanel.Fma(v, TPanel.Load(in At(ref row, {Literal.Integer(((2 * c) + 1) * lanes)})), TPanel.Load(in At(ref row, {Literal.Integer(2 * c * lanes)}))));");
                        break;
                    case UnitsForm units:
                        writer.Line($"TPanel v = TPanel.Splat(At(ref i, {at}));");
                        EmitUnits(writer, layer, units, block.Panels, accumulators, sum, offset * layer.Layout.Stride, HoldsConstants(layer, tile));
                        break;
                }
            }
        }

        /// <summary>The weights of an input and a panel of the block.</summary>
        private string Weight(int input, int panel)
        {
            int k = 0;
            while (panel >= block.Streams[k].Panels) panel -= block.Streams[k++].Panels;
            return $"At(ref stream{k}, {Literal.Integer((input * block.Streams[k].Stride) + (panel * layer.Lanes))})";
        }
    }
}
