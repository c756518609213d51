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
            EmitRanges(writer, geometry, image);
        writer.Line($"ref {type} outputs = ref At(ref y, (row * {Literal.Integer(geometry.OutputWidth)} + column) * {channels});");
        using var blocks = writer.Braces($"for (int c = 0; c < {channels}; c += {Literal.Integer(layer.Lanes)})");
        if (isWritten) EmitTaps(writer, geometry);
        else EmitLoops(writer, geometry);
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

    /// <summary>
    /// Prints which taps are on the image, at least one along each axis, and where the first of them is: so nothing is decided tap by tap.
    /// </summary>
    private static void EmitRanges(CodeWriter writer, WindowGeometry geometry, string image)
    {
        EmitAxis("row", "top", "Y", geometry.StrideY, geometry.PadTop, geometry.DilationY, geometry.KernelHeight, geometry.Height);
        EmitAxis("column", "left", "X", geometry.StrideX, geometry.PadLeft, geometry.DilationX, geometry.KernelWidth, geometry.Width);
        writer.Line($"ref var under = ref At(ref {image}, ((top + fromY * {Literal.Integer(geometry.DilationY)}) * "
            + $"{Literal.Integer(geometry.Width)} + left + fromX * {Literal.Integer(geometry.DilationX)}) * "
            + $"{Literal.Integer(geometry.Channels)});");

        void EmitAxis(string place, string start, string axis, int stride, int padding, int dilation, int kernel, int size)
        {
            string step = dilation == 1 ? "" : $" / {Literal.Integer(dilation)}",
                round = dilation == 1 ? "" : $" + {Literal.Integer(dilation - 1)}";
            writer.Line($"int {start} = {place} * {Literal.Integer(stride)} - {Literal.Integer(padding)}, from{axis} = "
                + $"global::System.Math.Max(0, (-{start}{round}){step}), to{axis} = global::System.Math.Min("
                + $"{Literal.Integer(kernel)}, ({Literal.Integer(size)} - {start}{round}){step});");
        }
    }

    private static void EmitLoops(CodeWriter writer, WindowGeometry geometry)
    {
        writer.Line("// NaN stays, whichever of the two it is. The first number is compared with itself.");
        writer.Line("TPanel largest = TPanel.Load(in At(ref under, c));");
        writer.Line("int ky = fromY;");
        writer.Line("do");
        using (writer.Braces(""))
        {
            writer.Line("int kx = fromX;");
            writer.Line("do");
            using (writer.Braces(""))
            {
                writer.Line($"TPanel v = TPanel.Load(in At(ref under, ((ky - fromY) * "
                    + $"{Literal.Integer(geometry.DilationY * geometry.Width)} + (kx - fromX) * {Literal.Integer(geometry.DilationX)}) * "
                    + $"{Literal.Integer(geometry.Channels)} + c));");
                writer.Line($"largest = {Larger};");
            }

            writer.Line("while (++kx < toX);");
        }

        writer.Line("while (++ky < toY);");
    }
}
