using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints convolutions: output channels in lanes, one broadcast input for several places. Terms whose weights are zero for a whole panel
/// may be left out; what they do to a NaN is then done apart.
/// </summary>
internal sealed class ImageEmitter
{
    private readonly KernelPool _kernels;
    private readonly LayerPlan _layer;
    private readonly WindowPlan _plan;
    private readonly string _type;
    private readonly int _lanes;
    private readonly int _panels;

    private ImageEmitter(KernelPool kernels, LayerPlan layer, WindowPlan plan)
    {
        _kernels = kernels;
        _layer = layer;
        _plan = plan;
        _type = KernelNames.Type(layer.Precision);
        _lanes = layer.Lanes;
        _panels = (plan.GroupFilters + _lanes - 1) / _lanes;
    }

    private WindowGeometry Geometry => _plan.Geometry;

    private string Where => $"where TPanel : struct, {KernelNames.Panels}IPanel<{_type}, TPanel>";

    /// <summary>Prints the method <c>Prepare</c> of a layer, and what it calls.</summary>
    public static void Emit(KernelPool kernels, LayerPlan layer, WindowPlan plan)
    {
        if (plan.IsCopied) kernels.Add("Copy" + layer.Index, (writer, name) => ImageCopyEmitter.Emit(writer, name, layer, plan));
        if (plan.IsMaximum)
        {
            kernels.Add("Prepare" + layer.Index, (writer, name) => MaximumEmitter.Emit(writer, name, layer, plan, kernels));
            return;
        }

        var emitter = new ImageEmitter(kernels, layer, plan);
        foreach (var block in emitter.Blocks(isWide: true).Concat(emitter.Blocks(isWide: false)))
            kernels.Add(emitter.NameOf(block), (writer, name) => new TileEmitter(layer, plan).Emit(writer, name, block));
        if (plan.Runs is not null) kernels.Add("Spread" + layer.Index, emitter.EmitSpread);
        kernels.Add("Prepare" + layer.Index, emitter.EmitLayer);
    }

    /// <summary>What a layer is, as a sentence.</summary>
    public static string Summary(WindowPlan plan)
    {
        var geometry = plan.Geometry;
        return $"{(plan.IsMaximum ? "The largest numbers" : "A convolution")} of {Literal.Integer(geometry.KernelHeight)} x "
            + $"{Literal.Integer(geometry.KernelWidth)} over {Literal.Count(geometry.Channels, "channel")} of "
            + $"{Literal.Integer(geometry.Height)} x {Literal.Integer(geometry.Width)}: {Literal.Integer(geometry.OutputHeight)} x "
            + $"{Literal.Integer(geometry.OutputWidth)} places of {Literal.Count(plan.Filters, "channel")}.";
    }

    private string NameOf(ImageBlock block) => $"Sum{_layer.Index}Places{block.Tile.Count}"
        + (block.Outputs == _lanes ? "" : $"Of{block.Outputs}")
        + (block.Panels == 1 ? "" : _plan.Runs is null ? "Pair" : $"Pair{block.Panel}");

    /// <summary>
    /// The panels that are computed together, from the last to the first: two that read the same inputs where a panel is one register.
    /// Without groups all lanes are stored, also those past the last channel: they are where the next place goes, whose first panel is
    /// computed later.
    /// </summary>
    private List<ImageBlock> Blocks(bool isWide)
    {
        var blocks = new List<ImageBlock>();
        for (int panel = 0; panel < _panels; panel++)
        {
            bool isPair = isWide && panel + 1 < _panels && _plan.Groups == 1 && !_plan.IsByChannel
                && _plan.Runs?.AreAlike(panel, panel + 1, _lanes) != false;
            int outputs = _plan.Groups == 1 ? _lanes : Math.Min(_lanes, _plan.GroupFilters - (panel * _lanes));
            blocks.Add(new ImageBlock(panel, isPair ? 2 : 1, outputs, isPair ? _plan.Paired : isWide ? _plan.Wide : _plan.Narrow));
            if (isPair) panel++;
        }

        blocks.Reverse();
        return blocks;
    }

    private void EmitLayer(CodeWriter writer, string name)
    {
        string image = _plan.IsCopied ? "image" : "x", copied = _plan.IsCopied ? $", ref {_type} image" : "";
        writer.Line($"/// <summary>{Summary(_plan)}</summary>");
        writer.Line(KernelNames.Optimize);
        using var method =
            writer.Kernel($"private static void {name}<TPanel>(ref {_type} x, ref {_type} y{copied}, ref {_type} table)\n    {Where}");
        string found = _plan.Runs is null ? "" : $"{_type} nan = ";
        if (_plan.IsCopied) writer.Line($"{found}{ImageCopyEmitter.Call(_kernels, _layer, _plan)};");
        if (Blocks(isWide: true).SequenceEqual(Blocks(isWide: false)))
        {
            foreach (var block in Blocks(isWide: true)) EmitBlock(writer, image, block);
        }
        else
        {
            using (writer.Braces("if (TPanel.Registers == 1)"))
            {
                foreach (var block in Blocks(isWide: true)) EmitBlock(writer, image, block);
            }

            using (writer.Braces("else"))
            {
                foreach (var block in Blocks(isWide: false)) EmitBlock(writer, image, block);
            }
        }

        if (_plan.Runs is not null) writer.Line($"if ({_type}.IsNaN(nan)) {_kernels["Spread" + _layer.Index]}(ref image, ref y);");
    }

    private void EmitBlock(CodeWriter writer, string image, ImageBlock block)
    {
        var tile = block.Tile;
        using var rows = writer.Braces(Loop("row", Geometry.OutputHeight, tile.Rows));
        string top = First(writer, "row", "top", Geometry.OutputHeight, tile.Rows);
        int body = _layer.Layout.Body + ((_plan.Runs?.VectorsBefore(block.Panel) ?? (block.Panel * _plan.Terms)) * _lanes);
        string taps = EmitTaps(writer, block, body), weights = TileEmitter.LeavesOutRows(_plan, tile) || _plan.Runs is not null
            ? "ref weights"
            : Place("table", body, _panels * _plan.Terms * _lanes);
        using var columns = writer.Braces(Loop("column", Geometry.OutputWidth, tile.Columns));
        string left = First(writer, "column", "first", Geometry.OutputWidth, tile.Columns);
        string under = TileEmitter.LeavesOutRows(_plan, tile) && _plan.Runs is null
            ? $"{top} * {Literal.Integer(Geometry.StrideY * _plan.Pitch)} + from * {Literal.Integer(Geometry.DilationY * _plan.Pitch)}"
            : $"{top} * {Literal.Integer(Geometry.StrideY * _plan.Pitch)}";
        writer.Line($"ref {_type} under = ref At(ref {image}, {under} + {left} * "
            + $"{Literal.Integer(Geometry.StrideX * Geometry.Channels)});");
        writer.Line($"ref {_type} outputs = ref At(ref y, ({top} * {Literal.Integer(Geometry.OutputWidth)} + {left}) * "
            + $"{Literal.Integer(_plan.Filters)});");
        using (_plan.Groups == 1 ? default(IDisposable)
            : writer.Braces($"for (int group = 0; group < {Literal.Integer(_plan.Groups)}; group++)"))
        {
            int first = block.Panel * _lanes, groupWeights = _panels * _plan.Terms * _lanes;
            if (_plan.Groups > 1 && weights == "ref weights")
                weights = "ref " + KernelNames.At("weights", new Offset(0, "group", groupWeights));
            string arguments = $"{Place("under", _plan.IsByChannel ? first : 0, _plan.GroupChannels)}, "
                + $"{Place("table", first, _panels * _lanes)}, {weights}, {Place("outputs", first, _plan.GroupFilters)}";
            if (block.Outputs < _lanes) arguments += $", ref At(ref y, {Literal.Integer(_layer.Form.OutputCount)})";
            writer.Line($"{_kernels[NameOf(block)]}<TPanel>({arguments}{taps});");
        }
    }

    /// <summary>Prints which taps are on the image for a row of places, if that is worth it; says what the kernel is told.</summary>
    private string EmitTaps(CodeWriter writer, ImageBlock block, int body)
    {
        bool leavesOut = TileEmitter.LeavesOutRows(_plan, block.Tile);
        string height = Literal.Integer(Geometry.KernelHeight);
        if (leavesOut)
        {
            writer.Line("// Rows of the kernel that are on the image; the others add zeros.");
            writer.Line($"int from = {Steps(Geometry.PadTop)}, to = "
                + $"global::System.Math.Min({height}, {Steps(Geometry.Height + Geometry.PadTop)});");
            writer.Line("from = global::System.Math.Max(0, from);");
        }

        if (_plan.Runs is null)
        {
            if (!leavesOut) return "";
            writer.Line($"ref {_type} weights = ref At(ref table, {Literal.Integer(body)} + from * "
                + $"{Literal.Integer(Geometry.KernelWidth * _plan.GroupChannels * _lanes)});");
            return ", to - from";
        }

        int rowsStart = _plan.RowsStart(_layer.Layout.Body, _lanes, block.Panel),
            runs = _plan.RunsStart(_layer.Layout.Body, _lanes) + (_plan.Runs.RunsBefore(block.Panel) * WindowRuns.Numbers);
        if (!leavesOut)
        {
            writer.Line($"ref {_type} weights = ref At(ref table, {Literal.Integer(body)});");
            return $", ref At(ref table, {Literal.Integer(runs)}), {Literal.Integer(_plan.Runs.Panels[block.Panel].Length)}";
        }

        string row = KernelNames.Panels + "SegmentSearch.Row(ref At(ref table, ";
        int numbers = WindowRuns.RowNumbers;
        writer.Line($"int runs = (int){row}{Literal.Integer(rowsStart + 1)} + from * {numbers})), "
            + $"count = (int){row}{Literal.Integer(rowsStart + 1)} + to * {numbers})) - runs;");
        writer.Line($"ref {_type} weights = ref At(ref table, {Literal.Integer(body)} + (int){row}{Literal.Integer(rowsStart)} + from * "
            + $"{numbers})) * {Literal.Integer(_lanes)});");
        return $", ref At(ref table, {Literal.Integer(runs)} + runs * {Literal.Integer(WindowRuns.Numbers)}), count";
    }

    // Rows of the kernel before the one that is so many rows of the image below the first window.
    private string Steps(int rows)
    {
        string away = $"{Literal.Integer(rows)} - {new Offset(0, "row", Geometry.StrideY)}";
        return Geometry.DilationY == 1
            ? away
            : $"({away} + {Literal.Integer(Geometry.DilationY - 1)}) / {Literal.Integer(Geometry.DilationY)}";
    }

    private static string Loop(string variable, int count, int step) =>
        $"for (int {variable} = 0; {variable} < {Literal.Integer(count)}; {variable}{(step == 1 ? "++" : $" += {Literal.Integer(step)}")})";

    /// <summary>The first place of a tile along an axis: the last tile computes some places again.</summary>
    private static string First(CodeWriter writer, string variable, string name, int count, int step)
    {
        if (count % step == 0) return variable;
        writer.Line($"int {name} = global::System.Math.Min({variable}, {Literal.Integer(count - step)});");
        return name;
    }

    private string Place(string start, int offset, int step) =>
        "ref " + KernelNames.At(start, _plan.Groups == 1 ? offset : new Offset(offset, "group", step));

    /// <summary>Where an input is NaN, all outputs whose window is over it are: also those whose weights for it are zero.</summary>
    private void EmitSpread(CodeWriter writer, string name)
    {
        writer.Line("/// <summary>NaN wherever the window is over a NaN, also under weights of zero.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}(ref {_type} image, ref {_type} y)");
        using var rows = writer.Braces(Loop("row", Geometry.OutputHeight, 1));
        using var columns = writer.Braces(Loop("column", Geometry.OutputWidth, 1));
        writer.Line($"{_type} sum = 0;");
        writer.Line($"ref {_type} under = ref At(ref image, row * {Literal.Integer(Geometry.StrideY * _plan.Pitch)} + column * "
            + $"{Literal.Integer(Geometry.StrideX * Geometry.Channels)});");
        using (writer.Braces(Loop("ky", Geometry.KernelHeight, 1)))
        {
            using var taps = writer.Braces(Loop("kx", Geometry.KernelWidth, 1));
            using var channels = writer.Braces(Loop("c", Geometry.Channels, 1));
            writer.Line($"sum += 0 * At(ref under, ky * {Literal.Integer(Geometry.DilationY * _plan.Pitch)} + kx * "
                + $"{Literal.Integer(Geometry.DilationX * Geometry.Channels)} + c);");
        }

        writer.Line($"ref {_type} outputs = ref At(ref y, (row * {Literal.Integer(Geometry.OutputWidth)} + column) * "
            + $"{Literal.Integer(_plan.Filters)});");
        writer.Line($"for (int q = 0; q < {Literal.Integer(_plan.Filters)}; q++) At(ref outputs, q) += sum;");
    }
}

/// <summary>What a kernel computes at once.</summary>
/// <param name="Panel">The first panel.</param>
/// <param name="Panels">One or two.</param>
/// <param name="Outputs">Outputs of each that are stored.</param>
/// <param name="Tile">The places.</param>
internal readonly record struct ImageBlock(int Panel, int Panels, int Outputs, WindowTile Tile);
