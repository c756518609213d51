using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the kernels of convolutions and maxima of codes. Four codes that follow each other are multiplied with the four weights of each
/// filter and added to its sum, for several places, which share the weights that are read.
/// </summary>
internal static class ImageCodeKernels
{
    /// <summary>Whether the machine has the instructions for vectors of 512 bits.</summary>
    public const string HasWide = Simd + "X86.Avx512BW.IsSupported && " + Simd + "Vector512.IsHardwareAccelerated";

    private const string Simd = "Simd::";

    /// <summary>Prints the sums of some places and panels, and what they are rounded to.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="name">The name.</param>
    /// <param name="layout">The layer.</param>
    /// <param name="tile">What is computed at once.</param>
    public static void EmitSums(CodeWriter writer, string name, ImageLayout layout, CodeTile tile)
    {
        string vector = $"{Simd}Vector{Literal.Integer(tile.Bits)}";
        int lanes = tile.Bits / 32, steps = layout.Steps;
        writer.Line($"/// <summary>The sums of {Literal.Count(tile.Panels, "panel")} of {Literal.Integer(layout.Lanes)} filters at "
            + $"{Literal.Count(tile.Places, "place")}, from {Literal.Count(steps, "four")} of codes.</summary>");
        writer.Line(KernelNames.Optimize);
        string signed = tile.Bits == 128 ? "ref int signedBiases, " : "";
        using (writer.Kernel($"private static void {name}(ref byte codes, ref int offsets, ref int weights, ref int biases, {signed}"
            + "ref int multipliers, ref byte results)"))
        {
            if (tile.Bits == 128) writer.Line($"if ({Simd}Arm.Dp.IsSupported) biases = ref signedBiases;");
            for (int p = 0; p < tile.Panels; p++)
            {
                for (int v = 0; v < tile.Vectors; v++)
                {
                    writer.Line($"{vector}<int> {Sum(0, p, v)} = {vector}.LoadUnsafe(ref biases, "
                        + Literal.Integer((p * layout.Lanes) + (v * lanes)) + ")"
                        + string.Concat(Enumerable.Range(1, tile.Places - 1).Select(t => $", {Sum(t, p, v)} = {Sum(0, p, v)}")) + ";");
                }
            }

            using (writer.Braces($"for (nint step = 0; step < {Literal.Integer(steps)}; step++)"))
            {
                writer.Line("ref byte at = ref Runtime::Unsafe.Add(ref codes, "
                    + (layout.IsOneRun ? "step * 4);" : "Runtime::Unsafe.Add(ref offsets, step));"));
                for (int p = 0; p < tile.Panels && tile.Places > 1; p++)
                {
                    for (int v = 0; v < tile.Vectors; v++) writer.Line($"var w{p}_{v} = {Weights(p, v)};");
                }

                for (int t = 0; t < tile.Places; t++)
                {
                    string at = t == 0 ? "at" : $"Runtime::Unsafe.Add(ref at, {Literal.Integer(t * layout.ColumnStep)})";
                    writer.Line($"{(t == 0 ? "var " : "")}four = {vector}.AsByte({vector}.Create({Four(tile.Bits, at)}));");
                    for (int p = 0; p < tile.Panels; p++)
                    {
                        for (int v = 0; v < tile.Vectors; v++)
                        {
                            string weights = tile.Places > 1 ? $"w{p}_{v}" : Weights(p, v);
                            writer.Line($"{Sum(t, p, v)} = {(layout.FitsPairs ? "AddProducts" : "AddSplit")}({Sum(t, p, v)}, four, "
                                + $"{weights});");
                        }
                    }
                }

                writer.Line($"weights = ref At(ref weights, {Literal.Integer(layout.Lanes)});");
            }

            for (int t = 0; t < tile.Places; t++)
            {
                for (int p = 0; p < tile.Panels; p++)
                {
                    string sums = string.Join(", ", Enumerable.Range(0, tile.Vectors).Select(v => Sum(t, p, v)));
                    EmitStore(writer, layout, sums, (t * layout.Filters) + (p * layout.Lanes), p * layout.Lanes);
                }
            }
        }

        string Weights(int p, int v) =>
            $"{vector}.AsSByte({vector}.LoadUnsafe(ref weights, {Literal.Integer((p * steps * layout.Lanes) + (v * lanes))}))";

        static string Sum(int t, int p, int v) => $"s{t}_{p}_{v}";
    }

    /// <summary>Prints a convolution whose channels are by themselves: channels in lanes, two taps at a time.</summary>
    public static void EmitByChannel(CodeWriter writer, ImageLayout layout)
    {
        int size = layout.IsLast ? sizeof(float) : 1;
        writer.Line("ref int table = ref s_table.Start;");
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(layout.Rows)}; row++)");
        using var columns = writer.Braces($"for (int column = 0; column < {Literal.Integer(layout.Columns)}; column++)");
        writer.Line("ref byte under = ref Runtime::Unsafe.Add(ref codes, "
            + ImageCodeLayer.Sum(("row", layout.RowStep), ("column", layout.ColumnStep)) + ");");
        writer.Line("ref byte to = ref Runtime::Unsafe.Add(ref results, " + ImageCodeLayer.Sum(("1", layout.FirstResult * size),
            ("row", layout.ResultPitch * size), ("column", layout.Filters * size)) + ");");
        using var panels = writer.Braces($"for (int panel = 0; panel < {Literal.Integer(layout.Panels)}; panel++)");
        writer.Line($"ref int weights = ref At(ref table, {Literal.Integer(layout.Weights)} + (panel * "
            + $"{Literal.Integer(layout.Steps * layout.Lanes)}));");
        writer.Line($"ref int biases = ref At(ref table, {Literal.Integer(layout.Biases)} + (panel * 16));");
        writer.Line($"ref int multipliers = ref At(ref table, {Literal.Integer(layout.Multipliers)} + (panel * 16));");
        writer.Line("ref byte own = ref Runtime::Unsafe.Add(ref under, panel * 16);");
        using (writer.Braces($"if ({Simd}X86.Avx2.IsSupported)"))
        {
            writer.Line($"{Simd}Vector256<int> a = {Simd}Vector256.LoadUnsafe(ref biases), b = {Simd}Vector256.LoadUnsafe(ref biases, 8);");
            using (Steps())
            {
                writer.Line($$"""
                    a += {{Simd}}X86.Avx2.MultiplyAddAdjacent({{Simd}}X86.Avx2.ConvertToVector256Int16({{Simd}}X86.Sse2.UnpackLow(first, second)),
                        {{Simd}}Vector256.AsInt16({{Simd}}Vector256.LoadUnsafe(ref pair)));
                    b += {{Simd}}X86.Avx2.MultiplyAddAdjacent({{Simd}}X86.Avx2.ConvertToVector256Int16({{Simd}}X86.Sse2.UnpackHigh(first, second)),
                        {{Simd}}Vector256.AsInt16({{Simd}}Vector256.LoadUnsafe(ref pair, 8)));
                    """);
            }

            EmitStore(writer, layout, "a, b", 0, 0, "to", "panel * " + Literal.Integer(16 * size));
        }

        using (writer.Braces("else"))
        {
            writer.Line(string.Join("\n", "abcd".Select((name, i) =>
                $"var {name} = {Simd}Vector128.LoadUnsafe(ref biases, {Literal.Integer(i * 4)});")));
            using (Steps())
            {
                foreach (var (name, i) in "abcd".Select(static (name, i) => (name, i)))
                    writer.Line($"{name} = AddTaps({name}, first, second, {Simd}Vector128.LoadUnsafe(ref pair, {Literal.Integer(i * 4)}), "
                        + $"{Literal.Integer(i)});");
            }

            EmitStore(writer, layout, "a, b, c, d", 0, 0, "to", "panel * " + Literal.Integer(16 * size));
        }

        CodeWriter.Block Steps()
        {
            var block = writer.Braces($"for (int step = 0; step < {Literal.Integer(layout.Steps)}; step++)");
            foreach (var (name, i) in new[] { ("first", 0), ("second", 1) })
                writer.Line($"var {name} = {Simd}Vector128.LoadUnsafe(ref Runtime::Unsafe.Add(ref own, At(ref table, "
                    + $"{Literal.Integer(layout.Start + i)} + (2 * step))));");
            writer.Line("ref int pair = ref At(ref weights, step * 16);");
            return block;
        }
    }

    /// <summary>Prints a maximum: of as many channels at a time as a vector has bytes.</summary>
    public static void EmitMaximum(CodeWriter writer, ImageLayout layout)
    {
        var geometry = layout.Window!.Geometry;
        int channels = geometry.Channels, width = channels % 32 == 0 ? 32 : 16, pitch = layout.Image.Pitch;
        string vector = $"{Simd}Vector{Literal.Integer(width * 8)}";
        bool isPadded = geometry.PadTop + geometry.PadBottom + geometry.PadLeft + geometry.PadRight > 0;
        using var rows = writer.Braces($"for (int row = 0; row < {Literal.Integer(layout.Rows)}; row++)");
        if (isPadded) EmitTaps("row", geometry.StrideY, geometry.PadTop, geometry.DilationY, geometry.Height, geometry.KernelHeight);
        using var columns = writer.Braces($"for (int column = 0; column < {Literal.Integer(layout.Columns)}; column++)");
        if (isPadded) EmitTaps("column", geometry.StrideX, geometry.PadLeft, geometry.DilationX, geometry.Width, geometry.KernelWidth);
        int before = (geometry.PadTop * pitch) + (geometry.PadLeft * channels), stepY = geometry.DilationY * pitch,
            stepX = geometry.DilationX * channels;
        writer.Line("nint under = " + ImageCodeLayer.Sum(("1", -before), ("row", layout.RowStep), ("column", layout.ColumnStep)) + ";");
        writer.Line("ref byte to = ref Runtime::Unsafe.Add(ref results, " + ImageCodeLayer.Sum(("1", layout.FirstResult),
            ("row", layout.ResultPitch), ("column", channels)) + ");");
        using var loop = writer.Braces($"for (int c = 0; c < {Literal.Integer(channels)}; c += {Literal.Integer(width)})");
        if (!isPadded && geometry.KernelHeight * geometry.KernelWidth <= 9)
        {
            string[] taps = [.. Enumerable.Range(0, geometry.KernelHeight * geometry.KernelWidth).Select(tap =>
                Load(ImageCodeLayer.Sum(("1", (tap / geometry.KernelWidth * stepY) + (tap % geometry.KernelWidth * stepX)))))];
            writer.Line($"var largest = {taps[0]};");
            foreach (string tap in taps.Skip(1)) writer.Line($"largest = {vector}.Max(largest, {tap});");
        }
        else
        {
            string Range(string axis, int count) => isPadded
                ? $"first_{axis}; k_{axis} < end_{axis}"
                : $"0; k_{axis} < {Literal.Integer(count)}";
            writer.Line($"var largest = {vector}<byte>.Zero;");
            writer.Line($"for (int k_row = {Range("row", geometry.KernelHeight)}; k_row++)\n"
                + $"    for (int k_column = {Range("column", geometry.KernelWidth)}; k_column++)\n"
                + $"        largest = {vector}.Max(largest, {Load(ImageCodeLayer.Sum(("k_row", stepY), ("k_column", stepX)))});");
        }

        writer.Line($"{vector}.StoreUnsafe(largest, ref to, (nuint)c);");

        string Load(string tap) => $"{vector}.LoadUnsafe(ref Runtime::Unsafe.Add(ref codes, under + c{(tap == "0" ? "" : " + " + tap)}))";

        // The taps that are on the image.
        void EmitTaps(string axis, int stride, int pad, int dilation, int size, int taps)
        {
            string start = ImageCodeLayer.Sum(("1", -pad), (axis, stride)), more = Literal.Integer(dilation - 1),
                by = Literal.Integer(dilation);
            writer.Line($"int start_{axis} = {start}, first_{axis} = (global::System.Math.Max(0, -start_{axis}) + {more}) / {by}, "
                + $"end_{axis} = global::System.Math.Min({Literal.Integer(taps)}, ({Literal.Integer(size)} - start_{axis} + {more}) / {by});");
        }
    }

    private static void EmitStore(CodeWriter writer, ImageLayout layout, string sums, int result, int filter, string to = "results",
        string? place = null)
    {
        string own = filter == 0 ? "multipliers" : $"At(ref multipliers, {Literal.Integer(filter)})",
            numbers = $"ref Runtime::Unsafe.As<int, float>(ref {own})",
            at = place ?? Literal.Integer(result * (layout.IsLast ? sizeof(float) : 1)),
            where = $"ref {(at == "0" ? to : $"Runtime::Unsafe.Add(ref {to}, {at})")}";
        writer.Line(layout.IsLast
            ? $"StoreNumbers({sums}, {numbers}, {where});"
            : $"StoreCodes({sums}, {numbers}, {Literal.Integer(layout.Layer.Codes.Zero)}, {Literal.Integer(layout.Layer.Lowest)}, "
                + $"{where});");
    }

    private static string Four(int bits, string at)
    {
        string four = $"Runtime::Unsafe.ReadUnaligned<int>(ref {at})";
        return bits == 128 ? $"Signed({four})" : four;
    }
}
