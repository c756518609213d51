using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the copy of an image as its kernel reads it: the channels of a place together, zeros around it, infinities bounded. Where zero
/// weights are left out, it also tells whether there is a NaN.
/// </summary>
internal static class ImageCopyEmitter
{
    /// <summary>The call.</summary>
    public static string Call(KernelPool kernels, LayerPlan layer, WindowPlan plan) =>
        $"{kernels["Copy" + layer.Index]}{(IsByPanel(layer, plan) ? "<TPanel>" : "")}"
            + $"(ref x, ref image{(FindsNaN(layer, plan) ? ", ref y" : "")})";

    /// <summary>Prints the method.</summary>
    public static void Emit(CodeWriter writer, string name, LayerPlan layer, WindowPlan plan)
    {
        var geometry = plan.Geometry;
        string type = KernelNames.Type(layer.Precision);
        bool isByPanel = IsByPanel(layer, plan), findsNaN = plan.Runs is not null;
        writer.Line("/// <summary>The image as the kernel reads it: the channels of a place together, zeros around it.</summary>");
        if (findsNaN) writer.Line("/// <returns>NaN where a number is, else 0.</returns>");
        writer.Line(KernelNames.Optimize);
        string generic = isByPanel ? "<TPanel>" : "",
            where = isByPanel ? $"\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>" : "",
            spare = FindsNaN(layer, plan) ? $", ref {type} spare" : "";
        using var method = writer.Kernel(
            $"private static {(findsNaN ? type : "void")} {name}{generic}(ref {type} x, ref {type} image{spare}){where}");
        int row = geometry.Width * geometry.Channels, start = ((plan.Above * plan.Columns) + plan.Before) * geometry.Channels;
        if (plan.ImageLength > geometry.InputCount)
            writer.Line($"Interop::MemoryMarshal.CreateSpan(ref image, {Literal.Integer(plan.ImageLength)}).Clear();");
        if (findsNaN) writer.Line(isByPanel ? "TPanel nan = TPanel.Zero;" : $"{type} nan = 0;");
        using (writer.Braces($"for (int row = 0; row < {Literal.Integer(geometry.Height)}; row++)"))
        {
            writer.Line($"ref {type} to = ref At(ref image, {Literal.Integer(start)} + row * {Literal.Integer(plan.Pitch)});");
            if (isByPanel) EmitPanels(writer, layer, plan, type, row, findsNaN);
            else EmitNumbers(writer, plan, type, row, findsNaN);
        }

        if (!findsNaN) return;
        if (!isByPanel)
        {
            writer.Line("return nan;");
            return;
        }

        writer.Line("TPanel.Store(nan, ref spare);");
        writer.Line($"{type} sum = 0;");
        writer.Line($"for (int lane = 0; lane < {Literal.Integer(layer.Lanes)}; lane++) sum += At(ref spare, lane);");
        writer.Line("return sum;");
    }

    /// <summary>Whether a panel of memory is needed to look for a NaN in.</summary>
    private static bool FindsNaN(LayerPlan layer, WindowPlan plan) => plan.Runs is not null && IsByPanel(layer, plan);

    /// <summary>Whether numbers stand in the order of the image and a row has a panel of them at least.</summary>
    private static bool IsByPanel(LayerPlan layer, WindowPlan plan) =>
        !IsApart(plan) && plan.Ends != default && plan.Geometry.Width * plan.Geometry.Channels >= layer.Lanes;

    private static bool IsApart(WindowPlan plan) => plan.Geometry.ChannelsFirst && plan.Geometry.Channels > 1;

    private static void EmitPanels(CodeWriter writer, LayerPlan layer, WindowPlan plan, string type, int row, bool findsNaN)
    {
        string lanes = Literal.Integer(layer.Lanes), numbers = Literal.Integer(row), from = "i";
        using var panels = writer.Braces($"for (int i = 0; i < {numbers}; i += {lanes})");
        if (row % layer.Lanes != 0)
        {
            writer.Line($"int first = global::System.Math.Min(i, {Literal.Integer(row - layer.Lanes)});");
            from = "first";
        }

        writer.Line($"TPanel v = TPanel.Load(in At(ref x, row * {numbers} + {from}));");
        writer.Line($"v = {new VectorText(type).Bounded("v", plan.Ends)};");
        if (findsNaN) writer.Line("nan = TPanel.Fma(v, TPanel.Zero, nan);");
        writer.Line($"TPanel.Store(v, ref At(ref to, {from}));");
    }

    private static void EmitNumbers(CodeWriter writer, WindowPlan plan, string type, int row, bool findsNaN)
    {
        var geometry = plan.Geometry;
        string numbers = Literal.Integer(row);
        if (!IsApart(plan) && plan.Ends == default)
        {
            writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan(ref At(ref x, row * {numbers}), "
                + $"{numbers}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref to, {numbers}));");
            return;
        }

        using var columns = writer.Braces($"for (int i = 0; i < {numbers}; i++)");
        writer.Line(IsApart(plan)
            ? $"{type} v = At(ref x, (i % {Literal.Integer(geometry.Channels)} * {Literal.Integer(geometry.Height)} + row) * "
            + $"{Literal.Integer(geometry.Width)} + i / {Literal.Integer(geometry.Channels)});"
            : $"{type} v = At(ref x, row * {numbers} + i);");
        if (plan.Ends != default) writer.Line($"v = v < {type}.MinValue ? {type}.MinValue : v > {type}.MaxValue ? {type}.MaxValue : v;");
        if (findsNaN) writer.Line("nan += 0 * v;");
        writer.Line("At(ref to, i) = v;");
    }
}
