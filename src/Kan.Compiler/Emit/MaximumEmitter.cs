using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints maxima under windows over images, with channels in lanes.</summary>
internal static class MaximumEmitter
{
    // Taps that are written out one by one where no window reaches into padding.
    private const int MostWrittenTaps = 16;

    /// <summary>Prints the method of a layer.</summary>
    public static void Emit(CodeWriter writer, string name, LayerPlan layer, WindowPlan plan, KernelPool kernels)
    {
        var geometry = plan.Geometry;
        string type = KernelNames.Type(layer.Precision), image = plan.IsCopied ? "image" : "x",
            copied = plan.IsCopied ? $", ref {type} image" : "";
        writer.Line($"/// <summary>{ImageEmitter.Summary(plan)}</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void {name}<TPanel>(ref {type} x, ref {type} y{copied})\n    "
            + $"where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>");
        if (plan.IsCopied) writer.Line($"{ImageCopyEmitter.Call(kernels, layer, plan)};");
        string channels = Literal.Integer(geometry.Channels);
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(geometry.OutputHeight)}; row++)");
        using var columns = writer.Braces($"for (int column = 0; column < {Literal.Integer(geometry.OutputWidth)}; column++)");
        bool isInside = geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight == 0,
            isWritten = isInside && geometry.KernelHeight * geometry.KernelWidth <= MostWrittenTaps;
        if (isWritten)
            writer.Line($"ref {type} under = ref At(ref {image}, (row * {Literal.Integer(geometry.StrideY * geometry.Width)} + column * "
                + $"{Literal.Integer(geometry.StrideX)}) * {channels});");
        else
            writer.Line($"int top = row * {Literal.Integer(geometry.StrideY)} - {Literal.Integer(geometry.PadTop)}, left = column * "
                + $"{Literal.Integer(geometry.StrideX)} - {Literal.Integer(geometry.PadLeft)};");
        writer.Line($"ref {type} outputs = ref At(ref y, (row * {Literal.Integer(geometry.OutputWidth)} + column) * {channels});");
        using var blocks = writer.Braces($"for (int c = 0; c < {channels}; c += {Literal.Integer(layer.Lanes)})");
        if (isWritten) EmitTaps(writer, geometry);
        else EmitLoops(writer, geometry, image, isInside);
        writer.Line("// The lanes past the last channel are where the next place goes.");
        writer.Line("TPanel.Store(TPanel.Add(largest, TPanel.Zero), ref At(ref outputs, c));");
    }

    private static void EmitTaps(CodeWriter writer, WindowGeometry geometry)
    {
        IEnumerable<int> taps = from ky in Enumerable.Range(0, geometry.KernelHeight)
                                from kx in Enumerable.Range(0, geometry.KernelWidth)
                                select ((ky * geometry.DilationY * geometry.Width) + (kx * geometry.DilationX)) * geometry.Channels;
        bool isFirst = true;
        writer.Line("// NaN stays, whichever of the two it is.");
        foreach (int tap in taps)
        {
            string v = $"TPanel.Load(in At(ref under, {(tap == 0 ? "c" : $"{Literal.Integer(tap)} + c")}))";
            writer.Line(isFirst ? $"TPanel largest = {v}, v;" : $"v = {v};");
            if (!isFirst) writer.Line($"largest = {Larger};");
            isFirst = false;
        }
    }

    private const string Larger = "TPanel.Choose(largest, largest, TPanel.Choose(largest, v, largest, v), largest)";

    private static void EmitLoops(CodeWriter writer, WindowGeometry geometry, string image, bool isInside)
    {
        writer.Line("// NaN stays, whichever of the two it is.");
        writer.Line("TPanel largest = TPanel.Zero;");
        writer.Line("bool isFirst = true;");
        using (writer.Braces($"for (int ky = 0; ky < {Literal.Integer(geometry.KernelHeight)}; ky++)"))
        {
            writer.Line($"int r = top + ky * {Literal.Integer(geometry.DilationY)};");
            if (!isInside) writer.Line($"if ((uint)r >= {Literal.Integer(geometry.Height)}) continue;");
            using (writer.Braces($"for (int kx = 0; kx < {Literal.Integer(geometry.KernelWidth)}; kx++)"))
            {
                writer.Line($"int k = left + kx * {Literal.Integer(geometry.DilationX)};");
                if (!isInside) writer.Line($"if ((uint)k >= {Literal.Integer(geometry.Width)}) continue;");
                writer.Line($"TPanel v = TPanel.Load(in At(ref {image}, (r * {Literal.Integer(geometry.Width)} + k) * "
                    + $"{Literal.Integer(geometry.Channels)} + c));");
                writer.Line($"largest = isFirst ? v : {Larger};");
                writer.Line("isFirst = false;");
            }
        }
    }
}
