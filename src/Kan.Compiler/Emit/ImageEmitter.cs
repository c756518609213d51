using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints layers over images: convolutions with output channels in lanes, one broadcast input for several places, and maxima.
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
        var emitter = new ImageEmitter(kernels, layer, plan);
        if (plan.IsCopied) kernels.Add("Copy" + layer.Index, emitter.EmitCopy);
        if (!plan.IsMaximum)
        {
            foreach (int tile in new[] { plan.WideTile, plan.NarrowTile }.Distinct())
            {
                foreach (int outputs in Enumerable.Range(0, emitter._panels).Select(emitter.Outputs).Distinct())
                    kernels.Add(emitter.TileName(tile, outputs), (writer, name) => emitter.EmitTile(writer, name, tile, outputs));
            }
        }

        kernels.Add("Prepare" + layer.Index, emitter.EmitLayer);
    }

    private string TileName(int tile, int outputs) => $"Sum{_layer.Index}Places{tile}{(outputs == _lanes ? "" : $"Of{outputs}")}";

    /// <summary>
    /// Outputs of a panel. Where a panel is all of a place, its other lanes are stored too: they are where the next place goes.
    /// </summary>
    private int Outputs(int panel) => _plan.Groups == 1 && _panels == 1 ? _lanes : Math.Min(_lanes, _plan.GroupFilters - (panel * _lanes));

    private void EmitLayer(CodeWriter writer, string name)
    {
        string image = _plan.IsCopied ? "image" : "x", copied = _plan.IsCopied ? $", ref {_type} image" : "",
            table = _plan.IsMaximum ? "" : $", ref {_type} table";
        writer.Line($"/// <summary>{Summary()}</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}<TPanel>(ref {_type} x, ref {_type} y{copied}{table})\n    {Where}");
        if (_plan.IsCopied) writer.Line($"{_kernels["Copy" + _layer.Index]}(ref x, ref image);");
        if (_plan.IsMaximum)
        {
            EmitMaximum(writer, image);
            return;
        }

        if (_plan.WideTile == _plan.NarrowTile)
        {
            EmitTiles(writer, image, _plan.WideTile);
            return;
        }

        using (writer.Braces("if (TPanel.Registers == 1)")) EmitTiles(writer, image, _plan.WideTile);
        using (writer.Braces("else")) EmitTiles(writer, image, _plan.NarrowTile);
    }

    private string Summary() =>
        $"{(_plan.IsMaximum ? "The largest numbers" : "A convolution")} of {Literal.Integer(Geometry.KernelHeight)} x "
        + $"{Literal.Integer(Geometry.KernelWidth)} over {Literal.Count(Geometry.Channels, "channel")} of "
        + $"{Literal.Integer(Geometry.Height)} x {Literal.Integer(Geometry.Width)}: {Literal.Integer(Geometry.OutputHeight)} x "
        + $"{Literal.Integer(Geometry.OutputWidth)} places of {Literal.Count(_plan.Filters, "channel")}.";

    private void EmitTiles(CodeWriter writer, string image, int tile)
    {
        int places = Geometry.OutputWidth;
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(Geometry.OutputHeight)}; row++)");
        using var columns = writer.Braces($"for (int column = 0; column < {Literal.Integer(places)}; column += {Literal.Integer(tile)})");
        string first = "column";
        if (places % tile != 0)
        {
            writer.Line($"int first = global::System.Math.Min(column, {Literal.Integer(places - tile)});");
            first = "first";
        }

        writer.Line($"ref {_type} under = ref At(ref {image}, row * {Literal.Integer(Geometry.StrideY * _plan.Pitch)} + {first} * "
            + $"{Literal.Integer(Geometry.StrideX * Geometry.Channels)});");
        writer.Line(
            $"ref {_type} outputs = ref At(ref y, (row * {Literal.Integer(places)} + {first}) * {Literal.Integer(_plan.Filters)});");
        string spill = _plan.Groups * _panels == 1 || _plan.GroupFilters % _lanes == 0
            ? ""
            : $", ref At(ref y, {Literal.Integer(_layer.Form.OutputCount)})";
        using (_plan.Groups == 1 ? default(IDisposable)
            : writer.Braces($"for (int group = 0; group < {Literal.Integer(_plan.Groups)}; group++)"))
        {
            for (int panel = 0; panel < _panels; panel++)
            {
                int input = _plan.IsByChannel ? panel * _lanes : 0, biases = panel * _lanes,
                    weights = _layer.Layout.Body + (panel * _plan.Terms * _lanes), output = panel * _lanes;
                string arguments = $"{Place("under", input, _plan.GroupChannels)}, {Place("table", biases, _panels * _lanes)}, "
                    + $"{Place("table", weights, _panels * _plan.Terms * _lanes)}, {Place("outputs", output, _plan.GroupFilters)}";
                writer.Line($"{_kernels[TileName(tile, Outputs(panel))]}<TPanel>({arguments}{(Outputs(panel) == _lanes ? "" : spill)});");
            }
        }
    }

    private string Place(string start, int offset, int step) =>
        "ref " + KernelNames.At(start, _plan.Groups == 1 ? offset : new Offset(offset, "group", step));

    private void EmitTile(CodeWriter writer, string name, int tile, int outputs)
    {
        string spill = outputs == _lanes ? "" : $", ref {_type} spill";
        writer.Line($"/// <summary>{Literal.Integer(outputs)} channels at {Literal.Count(tile, "place")}, one sum each.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}<TPanel>(ref {_type} image, ref {_type} biases, ref {_type} "
            + $"weights, ref {_type} outputs{spill})\n    {Where}");
        for (int place = 0; place < tile; place++) writer.Line($"TPanel s{place} = TPanel.Load(in biases);");
        int channels = Geometry.Channels, run = _plan.GroupChannels;
        bool isOneRun = !_plan.IsByChannel && _plan.Groups == 1 && Geometry.DilationX == 1;
        using (writer.Braces($"for (int ky = 0; ky < {Literal.Integer(Geometry.KernelHeight)}; ky++)"))
        {
            writer.Line($"ref {_type} x = ref At(ref image, ky * {Literal.Integer(Geometry.DilationY * _plan.Pitch)});");
            int length = isOneRun ? Geometry.KernelWidth * channels : Geometry.KernelWidth;
            using (writer.Braces($"for (int i = 0; i < {Literal.Integer(length)}; i++)"))
            {
                using (isOneRun || run == 1 ? default(IDisposable) : writer.Braces($"for (int c = 0; c < {Literal.Integer(run)}; c++)"))
                {
                    writer.Line("TPanel w = TPanel.Load(in weights);");
                    for (int place = 0; place < tile; place++)
                    {
                        string x = KernelNames.At("x", place * Geometry.StrideX * channels);
                        writer.Line(
                            $"s{place} = TPanel.Fma({(_plan.IsByChannel ? $"TPanel.Load(in {x})" : $"TPanel.Splat({x})")}, w, s{place});");
                    }

                    writer.Line($"weights = ref At(ref weights, {Literal.Integer(_lanes)});");
                    if (isOneRun || run > 1) writer.Line("x = ref At(ref x, 1);");
                }

                int left = (Geometry.DilationX * channels) - (run > 1 ? run : 0);
                if (!isOneRun && left != 0) writer.Line($"x = ref At(ref x, {Literal.Integer(left)});");
            }
        }

        writer.Line(SummationEmitter.AddsZero);
        for (int place = 0; place < tile; place++)
        {
            string to = "ref " + KernelNames.At("outputs", place * _plan.Filters), sum = $"TPanel.Add(s{place}, TPanel.Zero)";
            writer.Line($"TPanel.Store({sum}, {(outputs == _lanes ? to : "ref spill")});");
            if (outputs < _lanes) writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan(ref spill, "
                + $"{Literal.Integer(outputs)}).CopyTo(Interop::MemoryMarshal.CreateSpan({to}, {Literal.Integer(outputs)}));");
        }
    }

    private void EmitMaximum(CodeWriter writer, string image)
    {
        string channels = Literal.Integer(Geometry.Channels);
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(Geometry.OutputHeight)}; row++)");
        using var columns = writer.Braces($"for (int column = 0; column < {Literal.Integer(Geometry.OutputWidth)}; column++)");
        writer.Line($"int top = row * {Literal.Integer(Geometry.StrideY)} - {Literal.Integer(Geometry.PadTop)}, left = column * "
            + $"{Literal.Integer(Geometry.StrideX)} - {Literal.Integer(Geometry.PadLeft)};");
        writer.Line($"ref {_type} outputs = ref At(ref y, (row * {Literal.Integer(Geometry.OutputWidth)} + column) * {channels});");
        using var blocks = writer.Braces($"for (int c = 0; c < {channels}; c += {Literal.Integer(_lanes)})");
        writer.Line("// NaN stays, whichever of the two it is.");
        writer.Line("TPanel largest = TPanel.Zero;");
        writer.Line("bool isFirst = true;");
        bool isInside = Geometry.PadTop + Geometry.PadLeft + Geometry.PadBottom + Geometry.PadRight == 0;
        using (writer.Braces($"for (int ky = 0; ky < {Literal.Integer(Geometry.KernelHeight)}; ky++)"))
        {
            writer.Line($"int r = top + ky * {Literal.Integer(Geometry.DilationY)};");
            if (!isInside) writer.Line($"if ((uint)r >= {Literal.Integer(Geometry.Height)}) continue;");
            using (writer.Braces($"for (int kx = 0; kx < {Literal.Integer(Geometry.KernelWidth)}; kx++)"))
            {
                writer.Line($"int k = left + kx * {Literal.Integer(Geometry.DilationX)};");
                if (!isInside) writer.Line($"if ((uint)k >= {Literal.Integer(Geometry.Width)}) continue;");
                writer.Line($"TPanel v = TPanel.Load(in At(ref {image}, (r * {Literal.Integer(Geometry.Width)} + k) * {channels} + c));");
                writer.Line("largest = isFirst ? v : TPanel.Choose(largest, largest, TPanel.Choose(largest, v, largest, v), largest);");
                writer.Line("isFirst = false;");
            }
        }

        writer.Line("// The lanes past the last channel are where the next place goes.");
        writer.Line("TPanel.Store(TPanel.Add(largest, TPanel.Zero), ref At(ref outputs, c));");
    }

    private void EmitCopy(CodeWriter writer, string name)
    {
        writer.Line("/// <summary>The image as the kernel reads it: the channels of a place together, zeros around it.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}(ref {_type} x, ref {_type} image)");
        int row = Geometry.Width * Geometry.Channels, start = ((_plan.Above * _plan.Columns) + _plan.Before) * Geometry.Channels;
        if (_plan.ImageLength > Geometry.InputCount)
            writer.Line($"Interop::MemoryMarshal.CreateSpan(ref image, {Literal.Integer(_plan.ImageLength)}).Clear();");
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(Geometry.Height)}; row++)");
        writer.Line($"ref {_type} to = ref At(ref image, {Literal.Integer(start)} + row * {Literal.Integer(_plan.Pitch)});");
        bool isApart = Geometry.ChannelsFirst && Geometry.Channels > 1;
        if (!isApart && _plan.Ends == default)
        {
            writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan(ref At(ref x, row * {Literal.Integer(row)}), "
                + $"{Literal.Integer(row)}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref to, {Literal.Integer(row)}));");
            return;
        }

        using var columns = writer.Braces($"for (int i = 0; i < {Literal.Integer(row)}; i++)");
        writer.Line(isApart
            ? $"{_type} v = At(ref x, (i % {Literal.Integer(Geometry.Channels)} * {Literal.Integer(Geometry.Height)} + row) * "
            + $"{Literal.Integer(Geometry.Width)} + i / {Literal.Integer(Geometry.Channels)});"
            : $"{_type} v = At(ref x, row * {Literal.Integer(row)} + i);");
        string value = _plan.Ends == default
            ? "v"
            : $"v < {_type}.MinValue ? {_type}.MinValue : v > {_type}.MaxValue ? {_type}.MaxValue : v";
        writer.Line($"At(ref to, i) = {value};");
    }
}
