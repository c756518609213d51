using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Panels;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the kernels that go through the weights that are not zero by windows of inputs, out of which each lane picks its own. Terms of
/// zero weights could change the sign of a zero, which the last addition settles, or carry a NaN, which is looked for apart; so the bits
/// are those of the whole matrix.
/// </summary>
internal static class WindowEmitter
{
    /// <summary>Prints where the windows of the layers of a network go, as the end of the call that makes them.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="packed">Numbers of the table before the windows.</param>
    /// <param name="close">What ends the statement.</param>
    public static void EmitLayers(CodeWriter writer, IReadOnlyList<LayerPlan> layers, int packed, string close)
    {
        using (writer.Indented())
        {
            writer.Line(Literal.Integer(packed + layers.Sum(static layer => layer.Windows!.Length)) + ",");
            foreach (var layer in layers)
            {
                string weights = Literal.Integer(layer.TableStart + layer.Layout.Body),
                    end = layer == layers[layers.Count - 1] ? ")" + close : ",";
                writer.Line($"new {KernelNames.Panels}WindowLayer {{ Inputs = {Literal.Integer(layer.Form.InputCount)}, OutputPanels = "
                    + $"{Literal.Integer(layer.OutputPanels)}, GroupPanels = {Literal.Integer(layer.GroupPanels)}, Sums = "
                    + $"{Literal.Integer(layer.PartialSums)}, Weights = {weights}, Windows = {Literal.Integer(layer.Windows!.Start)} "
                    + $"}}{end}");
            }
        }
    }

    /// <summary>Prints a kernel for each number of chains, for one sample and for several.</summary>
    public static void EmitKernels(KernelPool kernels, LayerPlan layer, SparseWindows windows)
    {
        foreach (var block in windows.Blocks)
        {
            Add(block.Chains, block.Chains, 1);
            if (!windows.ForBatch) continue;
            foreach (var (_, chains) in windows.Parts(block)) Add(block.Chains, chains, windows.BatchSamples);
        }

        void Add(int ofBlock, int chains, int samples) =>
            kernels.Add(Name(layer, ofBlock, chains, samples), (writer, name) => EmitKernel(writer, name, layer, ofBlock, chains, samples));
    }

    /// <summary>Prints the calls for one sample; where the machine has the instruction, they are the whole layer.</summary>
    public static void EmitCalls(CodeWriter writer, KernelPool kernels, LayerPlan layer, SparseWindows windows)
    {
        using (writer.Braces($"if ({VectorText.HasLookup(512)})"))
        {
            foreach (var block in windows.Blocks) writer.Line(Call(kernels, layer, block, 0, block.Chains, 1, "x", "y"));
            writer.Line();
            SparseEmitter.EmitNaN(writer, layer, layer.KeepsSums);
        }
    }

    /// <summary>Prints the calls for a block of samples.</summary>
    public static void EmitBatch(CodeWriter writer, KernelPool kernels, LayerPlan layer, SparseWindows windows)
    {
        string samples = Literal.Integer(windows.BatchSamples);
        using (writer.Braces($"if ({VectorText.HasLookup(512)} && rows >= {samples})"))
        {
            writer.Line("// The last tile takes some samples of the one before once more; they give the same bits.");
            foreach (var block in windows.Blocks)
            {
                foreach (var (first, chains) in windows.Parts(block))
                {
                    using (writer.Braces($"for (int row = 0; row < rows; row += {samples})"))
                    {
                        writer.Line($"int start = global::System.Math.Min(row, rows - {samples});");
                        writer.Line(Call(kernels, layer, block, first, chains, windows.BatchSamples,
                            KernelNames.Row("x", layer.InputStride, "start"), KernelNames.Row("y", layer.OutputWidth, "start")));
                    }
                }
            }

            writer.Line();
            using (writer.Braces("for (int row = 0; row < rows; row++)"))
            {
                string type = KernelNames.Type(layer.Precision);
                writer.Line($"""
                    ref {type} inputs = ref {KernelNames.Row("x", layer.InputStride, "row")};
                    ref {type} outputs = ref {KernelNames.Row("y", layer.OutputWidth, "row")};
                    """);
                SparseEmitter.EmitNaN(writer, layer, keepsSums: false, "inputs", "outputs",
                    "ref " + KernelNames.Row("y", layer.OutputWidth, "rows"));
            }
        }
    }

    private static string Name(LayerPlan layer, int ofBlock, int chains, int samples) =>
        $"Sum{layer.Index}Windows{chains}{(chains == ofBlock ? "" : $"Of{ofBlock}")}{(samples == 1 ? "" : $"Samples{samples}")}";

    private static string Call(KernelPool kernels, LayerPlan layer, WindowBlock block, int first, int chains, int samples, string x,
        string y)
    {
        int window = WindowSchedule.Panels * layer.Lanes, panel = block.First + (first / layer.PartialSums);
        string At(int offset) => "ref " + KernelNames.At("table", offset - layer.TableStart);
        return $"{kernels[Name(layer, block.Chains, chains, samples)]}(ref {x}, {At(block.Start + (first * window))}, "
            + $"{At(block.Start + (block.Rounds * block.Chains * window) + first)}, "
            + $"{At(layer.TableStart + layer.Layout.Biases + (panel * layer.Lanes))}, ref {KernelNames.At(y, panel * layer.Lanes)}, "
            + $"{Literal.Integer(block.Rounds)});";
    }

    private static void EmitKernel(CodeWriter writer, string name, LayerPlan layer, int ofBlock, int chains, int samples)
    {
        string type = KernelNames.Type(layer.Precision);
        int lanes = layer.Lanes, sums = layer.PartialSums, stride = layer.InputStride;
        var vectors = new VectorText(type, 512);
        writer.Line($"/// <summary>{Literal.Count(chains / sums, "panel")} of outputs{(samples == 1 ? "" : $" of {samples} samples")}, "
            + $"{KernelNames.Sums(sums)}, from windows of {Literal.Integer(2 * lanes)} inputs, of which each lane takes up to "
            + $"{WindowSchedule.Steps}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}(ref {type} x, ref {type} windows, ref {type} starts, ref {type} biases, ref "
            + $"{type} y, int rounds)"))
        {
            for (int c = 0; c < chains; c++)
            {
                for (int r = 0; r < samples; r++)
                    writer.Line(
                        $"var {Sum(c, r)} = {(c % sums == 0 ? vectors.Load(KernelNames.At("biases", c / sums * lanes)) : vectors.Zero)};");
            }

            writer.Line("do");
            using (writer.Braces(""))
            {
                for (int c = 0; c < chains; c++)
                {
                    using (writer.Braces("")) EmitWindow(writer, vectors, c, samples, stride, lanes);
                }

                writer.Line($"""
                    windows = ref At(ref windows, {Literal.Integer(ofBlock * WindowSchedule.Panels * lanes)});
                    starts = ref At(ref starts, {Literal.Integer(ofBlock)});
                    """);
            }

            writer.Line("while (--rounds > 0);\n");

            for (int r = 0; r < samples; r++)
            {
                for (int first = 0; first < chains; first += sums) PartialSums.EmitTree(writer, vectors, sums, sum => Sum(first + sum, r));
            }

            writer.Line(SummationEmitter.AddsZero);
            for (int r = 0; r < samples; r++)
            {
                for (int panel = 0; panel < chains / sums; panel++)
                    writer.Line(vectors.Store(vectors.Add(Sum(panel * sums, r), vectors.Zero),
                        KernelNames.At("y", (r * layer.OutputWidth) + (panel * lanes))));
            }
        }
    }

    private static void EmitWindow(CodeWriter writer, VectorText vectors, int c, int samples, int stride, int lanes)
    {
        int window = WindowSchedule.Panels * lanes;
        writer.Line(
            $"ref {vectors.Type} start = ref At(ref x, Runtime::Unsafe.As<{vectors.Type}, int>(ref {KernelNames.At("starts", c)}));");
        writer.Line($"var picks0 = {vectors.AsBits(vectors.Load(KernelNames.At("windows", c * window)))};");
        for (int step = 1; step < WindowSchedule.Steps; step++) writer.Line($"var picks{step} = {vectors.ShiftRight("picks0", 8 * step)};");
        for (int step = 0; step < WindowSchedule.Steps && samples > 1; step++) writer.Line($"var w{step} = {vectors.Load(Weight(step))};");
        for (int r = 0; r < samples; r++)
        {
            writer.Line($"var low{r} = {vectors.Load(KernelNames.At("start", r * stride))};");
            writer.Line($"var high{r} = {vectors.Load(KernelNames.At("start", (r * stride) + lanes))};");
            for (int step = 0; step < WindowSchedule.Steps; step++)
            {
                string picked = vectors.LookupBits([$"low{r}", $"high{r}"], $"picks{step}");
                string weight = samples > 1 ? $"w{step}" : vectors.Load(Weight(step));
                writer.Line($"{Sum(c, r)} = {vectors.Fma(picked, weight, Sum(c, r))};");
            }
        }

        string Weight(int step) => KernelNames.At("windows", (c * window) + ((1 + step) * lanes));
    }

    private static string Sum(int chain, int sample) => $"s{chain}_{sample}";
}
