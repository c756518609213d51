using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the micro-kernels: a block of panels of outputs of one sample or several, their partial sums in registers, a loop over inputs
/// whose body is written out.
/// </summary>
internal static class SummationEmitter
{
    /// <summary>Prints the kernels of a layer and the methods that run them: for one sample, and for a block of samples.</summary>
    public static void Emit(KernelPool kernels, LayerPlan layer, KernelPlan plan)
    {
        var tiles = plan.Tiles;
        var (lists, windows) = (layer.Sparse, layer.Windows);
        if (lists is not null) SparseEmitter.EmitKernels(kernels, layer, lists);
        if (windows is not null) WindowEmitter.EmitKernels(kernels, layer, windows);
        foreach (var kernel in lists is null
            ? new[] { tiles.Wide, tiles.Narrow, tiles.WideBatch, tiles.NarrowBatch }
            : [tiles.WideBatch, tiles.NarrowBatch])
        {
            if (kernel is null) continue;
            foreach (var block in kernel.Blocks)
            {
                string kernelName = KernelName(layer, kernel, block);
                for (int pass = 0; kernel.SplitsPasses && pass < layer.PartialSums / kernel.Tile.SumsAtOnce; pass++)
                {
                    int which = pass;
                    kernels.Add(PassName(kernelName, pass), (writer, name) => EmitPass(writer, name, layer, plan, kernel, block, which));
                }

                kernels.Add(kernelName, (writer, name) => EmitKernel(writer, name, kernels, layer, plan, kernel, block));
            }
        }

        string parameters = Parameters(layer), sums = layer.KeepsSums ? $", ref {KernelNames.Type(layer.Precision)} sums" : "";
        kernels.Add("Sum" + layer.Index, (writer, name) =>
        {
            writer.Line($"/// <summary>{Summary(layer)}</summary>");
            writer.Line(KernelNames.Inline);
            using var method = writer.Kernel($"private static void {name}<TPanel>({parameters}{sums})\n    where TPanel : struct, "
                + $"{PanelInterface(layer)}");
            bool hasWindows = windows is { ForSingle: true };
            if (hasWindows) WindowEmitter.EmitCalls(writer, kernels, layer, windows!);
            using (hasWindows ? writer.Braces("else") : default(IDisposable))
            {
                if (lists is not null) SparseEmitter.EmitCalls(writer, kernels, layer, lists);
                else EmitByWidth(writer, tiles.Wide.Tile == tiles.Narrow.Tile, () => EmitCalls(writer, kernels, layer, tiles.Wide),
                    () => EmitCalls(writer, kernels, layer, tiles.Narrow));
            }
        });
        kernels.Add("SumBatch" + layer.Index, (writer, name) =>
        {
            writer.Line("/// <summary>The same for a block of samples, row by row.</summary>");
            writer.Line(KernelNames.Optimize);
            using var method = writer.Kernel($"private static void {name}<TPanel>({parameters}, int rows)\n    where TPanel : struct, "
                + $"{PanelInterface(layer)}");
            bool hasWindows = windows is { ForBatch: true };
            if (hasWindows) WindowEmitter.EmitBatch(writer, kernels, layer, windows!);
            using (hasWindows ? writer.Braces("else") : default(IDisposable))
            {
                EmitByWidth(
                    writer,
                    tiles.WideBatch is null && tiles.NarrowBatch is null,
                    () => EmitBatch(writer, kernels, layer, tiles.WideBatch),
                    () => EmitBatch(writer, kernels, layer, tiles.NarrowBatch));
            }
        });
    }

    private static string Parameters(LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        return $"ref {type} x{(layer.ReadsSegments ? $", ref {type} segments" : "")}, ref {type} table, ref {type} y";
    }

    private static string PanelInterface(LayerPlan layer) => $"{KernelNames.Panels}IPanel<{KernelNames.Type(layer.Precision)}, TPanel>";

    private static void EmitByWidth(CodeWriter writer, bool same, Action wide, Action narrow)
    {
        if (same)
        {
            wide();
            return;
        }

        writer.Line("// Where a panel takes several registers, fewer of them fill the register file.");
        using (writer.Braces("if (TPanel.Registers == 1)")) wide();
        using (writer.Braces("else")) narrow();
    }

    private static void EmitCalls(CodeWriter writer, KernelPool kernels, LayerPlan layer, TiledKernel kernel)
    {
        foreach (var run in kernel.Runs)
        {
            using (run.Count == 1 ? default(IDisposable) : writer.Braces(ForBlocks(run)))
                EmitCall(writer, kernels, layer, kernel, run, "x", "y", layer.KeepsSums);
        }
    }

    private static string ForBlocks(BlockRun run) => $"for (int block = 0; block < {Literal.Integer(run.Count)}; block++)";

    private static void EmitCall(CodeWriter writer, KernelPool kernels, LayerPlan layer, TiledKernel kernel, BlockRun run, string x,
        string y, bool keepsSums)
    {
        int first = run.First.First * layer.Lanes;
        var weights = run.Count == 1 ? run.First.Weights : new Offset(run.First.Weights, "block", run.Step);
        var output = run.Count == 1 ? first : new Offset(first, "block", run.First.Panels * layer.Lanes);
        string segments = layer.ReadsSegments ? ", ref segments" : "", sums = keepsSums ? ", ref sums" : "";
        writer.Line(
            $"{kernels[KernelName(layer, kernel, run.First)]}<TPanel>(ref {x}{segments}, ref table, ref {y}, {weights}, {output}{sums});");
    }

    private static void EmitBatch(CodeWriter writer, KernelPool kernels, LayerPlan layer, TiledKernel? kernel)
    {
        string single = kernels["Sum" + layer.Index];

        // What is stored takes the place of the sums.
        string y = "ref " + KernelNames.Row("y", layer.OutputWidth, "row"), outputs = layer.KeepsSums ? $"{y}, {y}" : y,
            x = KernelNames.Row("x", layer.InputStride, "row");
        if (kernel is null)
        {
            string segments = layer.ReadsSegments ? ", ref " + KernelNames.Row("segments", layer.InputStride, "row") : "";
            writer.Line($"for (int row = 0; row < rows; row++) {single}<TPanel>(ref {x}{segments}, ref table, {outputs});");
            return;
        }

        string samples = Literal.Integer(kernel.Tile.Samples);
        writer.Line($$"""
            if (rows < {{samples}})
            {
                for (int row = 0; row < rows; row++) {{single}}<TPanel>(ref {{x}}, ref table, {{outputs}});
                return;
            }

            // The last tile takes some samples of the one before once more; they give the same bits.
            """);
        foreach (var run in kernel.Runs)
        {
            using (run.Count == 1 ? default(IDisposable) : writer.Braces(ForBlocks(run)))
            using (writer.Braces($"for (int row = 0; row < rows; row += {samples})"))
            {
                writer.Line($"int start = global::System.Math.Min(row, rows - {samples});");
                EmitCall(writer, kernels, layer, kernel, run, KernelNames.Row("x", layer.InputStride, "start"),
                    KernelNames.Row("y", layer.OutputWidth, "start"), keepsSums: false);
            }
        }
    }

    private static string KernelName(LayerPlan layer, TiledKernel kernel, Block block)
    {
        // Equal kernels share a name.
        string shape = string.Join("And",
            block.Streams.Select(static stream => Literal.Integer(stream.Panels)
            + (stream.Panels == stream.GroupPanels ? "" : "Of" + Literal.Integer(stream.GroupPanels))));
        string passes = kernel.IsOnePass ? "" : $"By{kernel.Tile.SumsAtOnce}";
        string samples = kernel.Tile.Samples == 1 ? "" : $"Samples{kernel.Tile.Samples}";

        // The units of one shape may be looped over in one kernel and written out in the other.
        int held = block.Panels * layer.PartialSums;
        bool differs = kernel is { IsOnePass: true, IsWide: false } && layer.Kernel is UnitsKernelPlan units
            && units.FitsMethod(held, wide: true) && !units.FitsMethod(held, wide: false);
        return $"Sum{layer.Index}Block{shape}{passes}{samples}{(differs ? "Narrow" : "")}";
    }

    private static string PassName(string kernelName, int pass) => $"{kernelName}Pass{pass}";

    /// <summary>Prints one pass over the inputs as a method.</summary>
    private static void EmitPass(CodeWriter writer, string name, LayerPlan layer, KernelPlan plan, TiledKernel kernel, Block block,
        int pass)
    {
        string type = KernelNames.Type(layer.Precision), first = PartialSums.FirstSum(pass);
        writer.Line("/// <summary>One pass over the inputs; one method of all has more operations than the JIT inlines.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static TPanel {name}<TPanel>(ref {type} x, ref {type} body, TPanel {first})\n    where TPanel "
            + $": struct, {PanelInterface(layer)}"))
        {
            var terms = PanelTerms.Of(writer, layer, plan, kernel, block);
            PartialSums.EmitPassMethod(writer, kernel.Tile, layer.PartialSums, layer.Form.InputCount, block.Loop, terms, pass);
        }
    }

    private static void EmitKernel(CodeWriter writer, string name, KernelPool kernels, LayerPlan layer, KernelPlan plan, TiledKernel kernel,
        Block block)
    {
        string type = KernelNames.Type(layer.Precision);
        var (tile, sums) = (kernel.Tile with { Panels = block.Panels }, layer.PartialSums);
        bool keepsSums = tile.Samples == 1 && layer.KeepsSums;
        writer.Line($"/// <summary>{Outputs(layer, tile)}, "
            + $"{KernelNames.Sums(sums)}{(kernel.IsOnePass ? "" : $", {Literal.Integer(tile.SumsAtOnce)} at once")}.</summary>");
        writer.Line(KernelNames.Optimize);
        string kept = keepsSums ? $", ref {type} sums" : "";
        using (writer.Kernel($"private static void {name}<TPanel>({Parameters(layer)}, int weights, int output{kept})\n    where TPanel "
            + $": struct, {PanelInterface(layer)}"))
        {
            writer.Line($"""
                const int Biases = {Literal.Integer(layer.Layout.Biases)}, Weights = {Literal.Integer(layer.Layout.Body)};
                ref {type} biases = ref At(ref table, Biases + output);
                ref {type} body = ref At(ref table, Weights + weights);
                """);
            var terms = PanelTerms.Of(writer, layer, plan, kernel, block);
            terms.EmitConstants();

            // Sums of several samples fill the registers: those of the first pass wait where the outputs go.
            bool parks = tile.Samples > 1 && !kernel.IsOnePass;
            if (parks) writer.Line($"ref {type} outputs = ref At(ref y, output);");
            var accumulators = kernel.SplitsPasses
                ? PartialSums.EmitCalls(writer, tile, sums, terms, Call)
                : PartialSums.Emit(writer, tile, sums, layer.Form.InputCount, block.Loop, terms, parks ? Place : null);
            if (!parks) writer.Line($"ref {type} outputs = ref At(ref y, output);");
            if (keepsSums) writer.Line($"ref {type} kept = ref At(ref sums, output);");
            if (plan.EndsWithZero) writer.Line(AddsZero);
            foreach (var (panel, sample) in accumulators.Places)
            {
                string sum = accumulators.Name(0, panel, sample);
                if (plan.EndsWithZero) writer.Line($"{sum} = TPanel.Add({sum}, TPanel.Zero);");
                if (keepsSums) writer.Line($"TPanel.Store({sum}, ref {KernelNames.At("kept", panel * layer.Lanes)});");
                writer.Line(terms.Vectors.Store(StageEmitter.Stored(layer, sum, terms.Vectors), Place(panel, sample)));
            }
        }

        string Call(int pass, string start) =>
            $"{kernels[PassName(KernelName(layer, kernel, block), pass)]}<TPanel>(ref x, ref body, {start})";

        string Place(int panel, int sample) => KernelNames.At("outputs", (sample * layer.OutputWidth) + (panel * layer.Lanes));
    }

    /// <summary>Why a sum ends with zero.</summary>
    public const string AddsZero =
        "// Adding 0 turns a sum of -0 into 0: terms of zero weights, which may be left out, could change that sign.";

    private static string Outputs(LayerPlan layer, Tile tile)
    {
        int outputs = tile.Panels * layer.Lanes;
        string text = tile.Panels == 1 ? $"{outputs} outputs" : $"{outputs} outputs in {tile.Panels} panels";
        return tile.Samples == 1 ? text : $"{text} of {tile.Samples} samples";
    }

    /// <summary>What a layer computes, in a line.</summary>
    public static string Summary(LayerPlan layer) => layer.Form.Accept(new Summaries());

    private readonly struct Summaries : ILayerFormVisitor<string>
    {
        public string Affine(AffineForm form) => "y = W x + b.";

        public string Factored(FactoredForm form) => "y = W x + b.";

        public string Elementwise(ElementwiseForm form) => "one function for each node.";

        public string Rows(RowsForm form) =>
            "y = b + sum over p of values[segment p] + slopes[segment p] * x[p], where x holds distances from anchor points.";

        public string Units(UnitsForm form) => $"y = b + sum over p of the {form.Scheme.Words} of x[p].";

        public string Convolution(ConvolutionForm form) => "a convolution.";

        public string Maximum(MaximumForm form) => "the largest numbers under a window.";
    }
}
