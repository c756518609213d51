using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network whose edges are functions of codes in integers. A code has a place: the row of its segment, and two weights of 8 bits.
/// One instruction multiplies the two values of each output with them and adds the products in 16 bits; terms of some inputs are added
/// there, as many as fit, and then, even and odd ones, in 32 bits. Sums of integers have no order, so all machines give the same bits.
/// </summary>
internal static class IntegerCurveEmitter
{
    private const string Simd = "Simd::";

    /// <summary>Prints the class that holds it.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="target">The type that they are printed for.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, TargetType target)
    {
        CurveLayout[] layouts = [.. integers.Form.Layers.Select((layer, l) => CurveLayout.Of(layer, integers.Starts[l]))];
        writer.Line();
        writer.Line("/// <summary>The network in integers: inputs become codes of 8 bits, the edges of a layer are functions of codes, and "
            + "sums have 32 bits.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<int> s_table = {KernelNames.Panels}AlignedTable<int>.Decode("
                + $"global::{TableEmitter.DataNamespace}.{target.CompanionName}.Integers, {Literal.Integer(integers.Table.Length)});");
            for (int l = 0; l < layouts.Length; l++) EmitPlaces(writer, layouts[l], l);
            EmitEvaluate(writer, integers, layouts);
            for (int l = 0; l < layouts.Length; l++) EmitLayer(writer, layouts[l], l, isLast: l == layouts.Length - 1);
            foreach (int together in layouts.Select(static layout => layout.Together).Distinct().OrderByDescending(static count => count))
                EmitSums(writer, together);
            writer.Line(Terms);
            writer.Line(PlaceReader);
        }
    }

    private static void EmitPlaces(CodeWriter writer, CurveLayout layout, int l)
    {
        string whose = layout.Grids == 1 ? "for all inputs" : "for each input";
        writer.Line($"\n/// <summary>The places of the codes before layer {Literal.Integer(l)}, {whose}: weights, and where their row begins."
            + "</summary>");
        writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<long> s_places{Literal.Integer(l)} = "
            + $"Places({Literal.Integer(layout.Start)}, {Literal.Integer(layout.Grids)}, {Literal.Integer(layout.Layer.Curves!.Whole)}, "
            + $"{Literal.Integer(layout.RowBytes)});");
    }

    private static void EmitEvaluate(CodeWriter writer, IntegerPlan integers, CurveLayout[] layouts)
    {
        int most = layouts.Max(static layout => System.Math.Max(layout.Layer.InputCount, layout.Panels * CurveLayout.Lanes));
        string width = Literal.Integer((most + 63) & ~63), n = Literal.Integer(integers.Form.InputCount),
            m = Literal.Integer(integers.Form.OutputCount);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<byte> codes = {KernelNames.Panels}Scratch<byte>.Get(2 * {width}), next = codes.Slice({width});");
            writer.Line($"var ranges = new {KernelNames.Panels}IntegerInputs(ref s_table.Start, {Literal.Integer(integers.InputRanges)});");
            using (writer.Braces($"if (!{KernelNames.Panels}CodeRounding.Quantize(inputs, in ranges, codes) && HasNaN(inputs))"))
            {
                writer.Line("outputs.Fill(float.NaN);");
                writer.Line("return;");
            }

            writer.Line();
            for (int l = 0; l < layouts.Length; l++)
            {
                string from = l % 2 == 0 ? "codes" : "next", to = l == layouts.Length - 1 ? "outputs" : l % 2 == 0 ? "next" : "codes";
                writer.Line($"Layer{Literal.Integer(l)}(ref Interop::MemoryMarshal.GetReference({from}), {to});");
            }
        }

        writer.Line("\n/// <summary>Computes samples one by one.</summary>");
        using (writer.Braces("public static void EvaluateBatch(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs, "
            + "int rows)"))
        {
            writer.Line("for (int row = 0; row < rows; row++)\n"
                + $"    Evaluate(inputs.Slice(row * {n}, {n}), outputs.Slice(row * {m}, {m}));");
        }
    }

    private static void EmitLayer(CodeWriter writer, CurveLayout layout, int l, bool isLast)
    {
        var layer = layout.Layer;
        string panels = Literal.Integer(layout.Panels), index = Literal.Integer(l), m = Literal.Integer(layer.OutputCount);
        writer.Line($"\n/// <summary>{Literal.Count(layer.InputCount, "code")} to "
            + $"{(isLast ? Literal.Count(layer.OutputCount, "output") : Literal.Count(layer.OutputCount, "code"))}, in panels of 16.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Layer{index}(ref byte codes, global::System.Span<{(isLast ? "float" : "byte")}> results)"))
        {
            writer.Line("global::System.Span<int> sums = stackalloc int[32];");
            writer.Line("ref int table = ref s_table.Start;");
            writer.Line($"ref byte rows = ref Runtime::Unsafe.As<int, byte>(ref At(ref table, {Literal.Integer(layout.Rows)}));");
            using (writer.Braces($"for (int panel = 0; panel < {panels}; panel += 2)"))
            {
                writer.Line($"int panels = global::System.Math.Min(2, {panels} - panel), first = panel * 16;");
                writer.Line($"Add{Literal.Integer(layout.Together)}(ref codes, ref s_places{index}.Start, {Literal.Integer(layout.PlaceStep)}, "
                    + $"ref Runtime::Unsafe.Add(ref rows, panel * 32), {Literal.Integer(layout.InputBytes)}, {Literal.Integer(layer.InputCount)}, "
                    + $"panels, ref At(ref table, {Literal.Integer(layout.Biases)} + first), ref Interop::MemoryMarshal.GetReference(sums));");
                writer.Line("var multipliers = Interop::MemoryMarshal.CreateReadOnlySpan(ref Runtime::Unsafe.As<int, float>(ref At(ref table, "
                    + $"{Literal.Integer(layout.Multipliers)} + first)), panels * 16);");
                writer.Line(isLast
                    ? $"{KernelNames.Panels}CodeRounding.Scale(sums, multipliers, results.Slice(first, "
                        + $"global::System.Math.Min(panels * 16, {m} - first)));"
                    : $"{KernelNames.Panels}CodeRounding.Requantize(sums.Slice(0, panels * 16), multipliers, "
                        + $"{Literal.Integer(layer.Codes.Zero)}, {Literal.Integer(layer.Lowest)}, results.Slice(first));");
            }
        }
    }

    /// <summary>Prints the sums of one or two panels on each kind of machine.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="together">Inputs whose terms fit 16 bits together.</param>
    private static void EmitSums(CodeWriter writer, int together)
    {
        string count = Literal.Integer(together);
        const string Parameters = "ref byte codes, ref long places, nint placeStep, ref byte rows, nint inputBytes, int inputs, ";
        const string Arguments = "ref codes, ref places, placeStep, ref rows, inputBytes, inputs, ";
        writer.Line($"\n/// <summary>The sums of one or two panels; the terms of {Literal.Count(together, "input")} fit 16 bits.</summary>");
        using (writer.Kernel($"private static void Add{count}({Parameters}int panels, ref int biases, ref int sums)"))
        {
            using (writer.Braces($"if (panels == 2 && {Simd}X86.Avx512BW.IsSupported && {Simd}Vector512.IsHardwareAccelerated)"))
            {
                writer.Line($"AddWide{count}({Arguments}ref biases, ref sums);");
                writer.Line("return;");
            }

            writer.Line();
            using (writer.Braces("for (int panel = 0; panel < panels; panel++)"))
            {
                writer.Line($"if ({Simd}X86.Avx2.IsSupported) AddPanel{count}({Arguments}ref biases, ref sums);");
                writer.Line($"else AddHalves{count}({Arguments}ref biases, ref sums);");
                writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, 32);");
                writer.Line("biases = ref At(ref biases, 16);");
                writer.Line("sums = ref At(ref sums, 16);");
            }
        }

        EmitLoop(writer, $"AddWide{count}", Parameters, together, ["Wide"],
            [$"{Simd}Vector512<int> even = {Simd}Vector512.Create({Load(256, 0)}, {Load(256, 16)}),",
                $"    odd = {Simd}Vector512.Create({Load(256, 8)}, {Load(256, 24)});"],
            [(Half("Lower", "even"), 0), (Half("Lower", "odd"), 8), (Half("Upper", "even"), 16), (Half("Upper", "odd"), 24)], 512);
        EmitLoop(writer, $"AddPanel{count}", Parameters, together, ["Panel"],
            [$"{Simd}Vector256<int> even = {Load(256, 0)}, odd = {Load(256, 8)};"], [("even", 0), ("odd", 8)], 256);
        EmitLoop(writer, $"AddHalves{count}", Parameters, together, ["Half", "UpperHalf"],
            [$"{Simd}Vector128<int> even = {Load(128, 0)}, upperEven = {Load(128, 4)},",
                $"    odd = {Load(128, 8)}, upperOdd = {Load(128, 12)};"],
            [("even", 0), ("upperEven", 4), ("odd", 8), ("upperOdd", 12)], 128);
    }

    private static string Half(string which, string sums) => $"{Simd}Vector512.Get{which}({sums})";

    private static string Load(int bits, int at) =>
        $"{Simd}Vector{Literal.Integer(bits)}.LoadUnsafe(ref biases{(at == 0 ? "" : ", " + Literal.Integer(at))})";

    /// <summary>Prints a loop over inputs that takes as many together as fit, and then those that are left.</summary>
    private static void EmitLoop(CodeWriter writer, string name, string parameters, int together, string[] terms, string[] begin,
        (string Sums, int At)[] end, int bits)
    {
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}({parameters}ref int biases, ref int sums)"))
        {
            foreach (string line in begin) writer.Line(line);
            writer.Line("int i = 0;");
            foreach (int count in new[] { together, 1 }.Distinct())
            {
                using (writer.Braces($"for (; i <= inputs - {Literal.Integer(count)}; i += {Literal.Integer(count)})"))
                {
                    for (int k = 0; k < count; k++)
                    {
                        writer.Line($"{(k == 0 ? "long " : "")}place = Runtime::Unsafe.Add(ref places, Runtime::Unsafe.Add(ref codes, i"
                            + $"{(k == 0 ? "" : " + " + Literal.Integer(k))}));");
                        foreach (string term in terms) writer.Line($"{(k == 0 ? $"var {Terms(term)} =" : $"{Terms(term)} +=")} {term}(place, ref rows);");
                        writer.Line("places = ref Runtime::Unsafe.Add(ref places, placeStep);");
                        writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, inputBytes);");
                    }

                    foreach (string term in terms)
                    {
                        bool isUpper = term.StartsWith("Upper", System.StringComparison.Ordinal);
                        string vector = $"{Simd}Vector{Literal.Integer(bits)}", own = $"{vector}.AsInt32({Terms(term)})";
                        writer.Line($"{(isUpper ? "upperEven" : "even")} += {vector}.ShiftRightArithmetic({vector}.ShiftLeft({own}, 16), 16);");
                        writer.Line($"{(isUpper ? "upperOdd" : "odd")} += {vector}.ShiftRightArithmetic({own}, 16);");
                    }
                }

                writer.Line();
            }

            foreach (var (sums, at) in end)
                writer.Line($"{Simd}Vector{Literal.Integer(System.Math.Min(bits, 256))}.StoreUnsafe({sums}, ref sums"
                    + $"{(at == 0 ? "" : ", " + Literal.Integer(at))});");
        }

        static string Terms(string term) => term == "UpperHalf" ? "upperTerms" : "terms";
    }

    private const string Terms = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<short> Wide(long place, ref byte rows) => Simd::X86.Avx512BW.MultiplyAddAdjacent(
            Simd::Vector512.AsByte(Simd::Vector512.Create(unchecked((int)place))),
        Simd::Vector512.AsSByte(Simd::Vector512.LoadUnsafe(ref Row(place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<short> Panel(long place, ref byte rows) => Simd::X86.Avx2.MultiplyAddAdjacent(
            Simd::Vector256.AsByte(Simd::Vector256.Create(unchecked((int)place))),
        Simd::Vector256.AsSByte(Simd::Vector256.LoadUnsafe(ref Row(place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Half(long place, ref byte rows) =>
        Products(place, Simd::Vector128.LoadUnsafe(ref Row(place, ref rows)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> UpperHalf(long place, ref byte rows) =>
            Products(place, Simd::Vector128.LoadUnsafe(ref Row(place, ref rows), 16));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Products(long place, Simd::Vector128<byte> row)
        {
            Simd::Vector128<short> pairs = Simd::Vector128.AsInt16(row), first = Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 8), 8),
                second = Simd::Vector128.ShiftRightArithmetic(pairs, 8);
            return (first * Simd::Vector128.Create((short)(place & 255))) + (second * Simd::Vector128.Create((short)((place >> 8) & 255)));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref byte Row(long place, ref byte rows) => ref Runtime::Unsafe.Add(ref rows, unchecked((nint)(place >> 32)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref int At(ref int start, int index) => ref Runtime::Unsafe.Add(ref start, index);
        """;

    private const string PlaceReader = """

        private static bool HasNaN(global::System.ReadOnlySpan<float> inputs)
        {
            foreach (float x in inputs)
                if (float.IsNaN(x)) return true;
            return false;
        }

        /// <summary>The places of codes: in the upper half where the row of a code begins, in the lower half its two weights, twice.</summary>
        private static Panels::AlignedTable<long> Places(int start, int grids, int whole, int rowBytes)
        {
            var places = Panels::AlignedTable<long>.Create(new long[grids * 256]);
            ref int knots = ref At(ref s_table.Start, start);
            long row = 0;
            for (int grid = 0; grid < grids; grid++)
            {
                int segments = knots;
                for (int segment = 1; segment <= segments; segment++, row += rowBytes)
                {
                    int from = At(ref knots, segment), length = At(ref knots, segment + 1) - from;
                    for (int t = 0; t <= length; t++)
                    {
                        int second = ((2 * t * whole) + length) / (2 * length);
                        Runtime::Unsafe.Add(ref places.Start, (grid * 256) + from + t) =
                            (row << 32) | ((whole - second + (256L * second)) * 0x10001);
                    }
                }

                knots = ref At(ref knots, segments + 2);
            }

            return places;
        }
        """;
}
