using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the kernel of a convolution for a tile of places: a sum for each place and panel of outputs, in registers.</summary>
/// <param name="layer">The layer.</param>
/// <param name="plan">How it runs.</param>
internal sealed class TileEmitter(LayerPlan layer, WindowPlan plan)
{
    private readonly string _type = KernelNames.Type(layer.Precision);

    private WindowGeometry Geometry => plan.Geometry;

    /// <summary>Whether a kernel is told which rows of it are on the image: those on padding add zeros.</summary>
    public static bool LeavesOutRows(WindowPlan plan, WindowTile tile) =>
        tile.Rows == 1 && plan.Geometry.KernelHeight > 1 && plan.Geometry.PadTop + plan.Geometry.PadBottom > 0;

    /// <summary>Prints a kernel.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="block">What it computes.</param>
    public void Emit(CodeWriter writer, string name, ImageBlock block)
    {
        var tile = block.Tile;
        string parameters = $"ref {_type} image, ref {_type} biases, ref {_type} weights, ref {_type} outputs";
        if (block.Outputs < layer.Lanes) parameters += $", ref {_type} spill";
        if (plan.Runs is not null) parameters += $", ref {_type} runs, int count";
        else if (LeavesOutRows(plan, tile)) parameters += ", int rows";
        writer.Line($"/// <summary>{Literal.Integer(block.Outputs * block.Panels)} channels at "
            + $"{Literal.Count(tile.Count, "place")}, one sum each.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}<TPanel>({parameters})\n    where TPanel : struct, "
            + $"{KernelNames.Panels}IPanel<{_type}, TPanel>");
        for (int panel = 0; panel < block.Panels; panel++)
        {
            for (int place = 0; place < tile.Count; place++)
                writer.Line($"TPanel {Sum(block, place, panel)} = TPanel.Load(in {KernelNames.At("biases", panel * layer.Lanes)});");
        }

        if (plan.Runs is null) EmitAllTerms(writer, block);
        else EmitRuns(writer, block, plan.Runs);
        writer.Line(SummationEmitter.AddsZero);
        for (int place = 0; place < tile.Count; place++)
        {
            int at = ((place / tile.Columns * Geometry.OutputWidth) + (place % tile.Columns)) * plan.Filters;
            for (int panel = 0; panel < block.Panels; panel++)
            {
                string to = "ref " + KernelNames.At("outputs", at + (panel * layer.Lanes)),
                    sum = $"TPanel.Add({Sum(block, place, panel)}, TPanel.Zero)";
                writer.Line($"TPanel.Store({sum}, {(block.Outputs == layer.Lanes ? to : "ref spill")});");
                if (block.Outputs < layer.Lanes)
                    writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan(ref spill, {Literal.Integer(block.Outputs)}).CopyTo("
                        + $"Interop::MemoryMarshal.CreateSpan({to}, {Literal.Integer(block.Outputs)}));");
            }
        }
    }

    private static string Sum(ImageBlock block, int place, int panel) => block.Panels == 1 ? $"s{place}" : $"s{place}_{panel}";

    private void EmitAllTerms(CodeWriter writer, ImageBlock block)
    {
        int channels = Geometry.Channels, run = plan.GroupChannels;
        bool isOneRun = !plan.IsByChannel && plan.Groups == 1 && Geometry.DilationX == 1;
        string rows = LeavesOutRows(plan, block.Tile) ? "rows" : Literal.Integer(Geometry.KernelHeight);
        using (writer.Braces($"for (int ky = 0; ky < {rows}; ky++)"))
        {
            writer.Line($"ref {_type} x = ref At(ref image, ky * {Literal.Integer(Geometry.DilationY * plan.Pitch)});");
            int length = isOneRun ? Geometry.KernelWidth * channels : Geometry.KernelWidth;
            using (writer.Braces($"for (int i = 0; i < {Literal.Integer(length)}; i++)"))
            {
                using (isOneRun || run == 1 ? default(IDisposable) : writer.Braces($"for (int c = 0; c < {Literal.Integer(run)}; c++)"))
                {
                    EmitTerm(writer, block, plan.IsByChannel, plan.Terms);
                    if (isOneRun || run > 1) writer.Line("x = ref At(ref x, 1);");
                }

                int left = (Geometry.DilationX * channels) - (run > 1 ? run : 0);
                if (!isOneRun && left != 0) writer.Line($"x = ref At(ref x, {Literal.Integer(left)});");
            }
        }
    }

    private void EmitRuns(CodeWriter writer, ImageBlock block, WindowRuns runs)
    {
        int vectors = runs.Panels[block.Panel].Sum(static run => run.Vectors);
        bool anyDiagonal = runs.Panels.Any(static own => own.Any(static run => run.IsDiagonal));
        writer.Line("// Of each run: where its inputs are, how many there are, and a number that Explain reads.");
        using (writer.Braces("for (; count > 0; count--)"))
        {
            writer.Line($"ref {_type} x = ref At(ref image, {KernelNames.Panels}SegmentSearch.Row(ref runs));");
            writer.Line($"nint left = {KernelNames.Panels}SegmentSearch.Row(ref At(ref runs, 1));");
            writer.Line($"runs = ref At(ref runs, {Literal.Integer(WindowRuns.Numbers)});");
            if (anyDiagonal)
            {
                using var diagonal = writer.Braces("if (left == 0)");
                writer.Line("// A term for each lane, that of its own number.");
                EmitTerm(writer, block, isByLane: true, vectors);
                writer.Line("continue;");
            }

            writer.Line("do");
            using (writer.Braces(""))
            {
                EmitTerm(writer, block, isByLane: false, vectors);
                writer.Line("x = ref At(ref x, 1);");
            }

            writer.Line("while (--left > 0);");
        }
    }

    /// <summary>Prints a term of each sum.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="block">The sums.</param>
    /// <param name="isByLane">Whether each lane has an input of its own.</param>
    /// <param name="vectors">Vectors of weights of a panel.</param>
    private void EmitTerm(CodeWriter writer, ImageBlock block, bool isByLane, int vectors)
    {
        for (int panel = 0; panel < block.Panels; panel++)
            writer.Line($"TPanel w{(block.Panels == 1 ? "" : panel)} = "
                + $"TPanel.Load(in {KernelNames.At("weights", panel * vectors * layer.Lanes)});");
        for (int place = 0; place < block.Tile.Count; place++)
        {
            int at = (place / block.Tile.Columns * Geometry.StrideY * plan.Pitch)
                + (place % block.Tile.Columns * Geometry.StrideX * Geometry.Channels);
            if (block.Panels == 1 || isByLane)
            {
                for (int panel = 0; panel < block.Panels; panel++)
                {
                    string x = KernelNames.At("x", at + (panel * layer.Lanes)), sum = Sum(block, place, panel);
                    writer.Line($"{sum} = TPanel.Fma({(isByLane ? $"TPanel.Load(in {x})" : $"TPanel.Splat({x})")}, "
                        + $"w{(block.Panels == 1 ? "" : panel)}, {sum});");
                }

                continue;
            }

            writer.Line($"{(place == 0 ? "TPanel " : "")}v = TPanel.Splat({KernelNames.At("x", at)});");
            for (int panel = 0; panel < block.Panels; panel++)
                writer.Line($"{Sum(block, place, panel)} = TPanel.Fma(v, w{panel}, {Sum(block, place, panel)});");
        }

        writer.Line($"weights = ref At(ref weights, {Literal.Integer(layer.Lanes)});");
    }
}
