using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a curve that the nodes of a layer share where rows of it are found by arithmetic (<see cref="CurveGrid"/>): first where the row
/// of each number is, for all of them, then anchor points, values and slopes. Four rows of each quarter of a vector are transposed in it.
/// What is stored first waits while the other panels are computed: read at once, it would not have reached the cache.
/// </summary>
internal static class CurveGridEmitter
{
    /// <summary>Panels of a batch whose rows are found before the first of them is read.</summary>
    private const int PanelsAtOnce = 16;

    /// <summary>Samples that divide the block of any network.</summary>
    private const int MostSamplesAtOnce = 8;

    /// <summary>A number from which whole numbers are counted, so that they are the low bits of a float: 1.5 * 2^23.</summary>
    private const int Origin = 3 << 22;

    /// <summary>The bits of that number.</summary>
    private const int OriginBits = 0x4B400000;

    /// <summary>Bytes of a row, as a shift.</summary>
    private const int RowShift = 4;

    /// <summary>Whether the machine has vectors that the kernels are written for; as generated code asks it.</summary>
    public const string IsSupported = "Simd::X86.Avx2.IsSupported && Simd::X86.Fma.IsSupported";

    private const string HasWideVectors = "Simd::Vector512.IsHardwareAccelerated && Simd::X86.Avx512F.IsSupported";

    /// <summary>The layers whose curves have rows.</summary>
    public static IReadOnlyList<LayerPlan> Layers(NetworkPlan plan) =>
        [.. plan.Layers.Where(static layer => layer.Stage.Grid is not null)];

    /// <summary>Samples of a batch that a layer takes at once: they divide a block, so the last may go past what is asked for.</summary>
    public static int Samples(LayerPlan layer)
    {
        // Which nodes pass is known for those of one sample.
        if (layer.Layout.Passing > 0) return 1;
        int samples = MostSamplesAtOnce;
        while (samples > 1 && samples * layer.InputPanels > PanelsAtOnce) samples /= 2;
        return samples;
    }

    /// <summary>Prints the kernel of a layer for some numbers, a multiple of a panel and at least one.</summary>
    public static void Emit(KernelPool kernels, LayerPlan layer, CurveGrid grid) => kernels.Add("Prepare" + layer.Index, (writer, name) =>
    {
        writer.Line($"/// <summary>{StageEmitter.Summary(layer)}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}<TPanel>(ref float x, ref float prepared, ref float rows, int count"
            + $"{(layer.Layout.Passing > 0 ? ", ref float table" : "")})\n"
            + $"    where TPanel : struct, {KernelNames.Panels}IPanel<float, TPanel>"))
        {
            using (writer.Braces($"if ({HasWideVectors})")) EmitVectors(writer, layer, grid, new VectorText("float", 512));
            using (writer.Braces($"else if ({IsSupported})")) EmitVectors(writer, layer, grid, new VectorText("float", 256));
            using (writer.Braces("else"))
                StageEmitter.EmitLookup(writer, layer, "x", "prepared", "count / " + Literal.Integer(layer.Lanes), "count");
        }
    });

    /// <summary>Prints, in the class of the tables, what lays rows behind the packed numbers.</summary>
    public static void EmitRows(CodeWriter writer, IReadOnlyList<LayerPlan> layers)
    {
        string table = $"{KernelNames.Panels}AlignedTable<float>";
        writer.Line("/// <summary>The table, and a row for each step of the curves of layers: anchor point, value, slope.</summary>");
        using (writer.Braces($"private static {table} WithRows({table} table)"))
        {
            var last = layers[layers.Count - 1];
            writer.Line($"""
                float[] numbers = new float[{Literal.Integer(last.CurveStart + last.Stage.Grid!.Value.Length)}];
                Interop::MemoryMarshal.CreateReadOnlySpan(ref table.Start, table.Length).CopyTo(numbers);
                """);
            foreach (var layer in layers)
            {
                var grid = layer.Stage.Grid!.Value;
                writer.Line($"LayRows(numbers, {Literal.Integer(layer.TableStart)}, {Literal.Integer(layer.Layout.KnotCount)}, "
                    + $"{Literal.Integer(layer.CurveStart)}, {Literal.Integer(grid.Rows)}, {Literal.Integer(grid.First)}, "
                    + $"{Literal.Number(grid.Step, Precision.Single)});");
            }

            writer.Line($"return {table}.Create(numbers);");
        }

        writer.Line();
        writer.Line("// All multiples of the step are exact, and no knot is between two of them.");
        using (writer.Braces(
            "private static void LayRows(float[] numbers, int curve, int knots, int start, int rows, int first, float step)"))
        {
            using (writer.Braces("for (int row = 0, segment = 0; row < rows; row++)"))
            {
                writer.Line($"""
                    float from = (first + row - 1) * step;
                    while (segment < knots && from >= numbers[curve + 3 * segment + 3]) segment++;
                    for (int i = 0; i < 3; i++) numbers[start + {CurveGrid.RowLength} * row + i] = numbers[curve + 3 * segment + i];
                    """);
            }
        }

        writer.Line();
    }

    private static void EmitVectors(CodeWriter writer, LayerPlan layer, CurveGrid grid, VectorText vectors)
    {
        int lanes = vectors.Bits / 32;
        writer.Line("int i = 0;");
        EmitLoop(() => EmitSearch(writer, grid, vectors));
        writer.Line("i = 0;");
        EmitLoop(() => EmitLines(writer, layer, vectors, lanes));

        void EmitLoop(Action emitBody)
        {
            writer.Line("do");
            using (writer.Braces("")) emitBody();
            writer.Line($"while ((i += {Literal.Integer(lanes)}) < count);");
        }
    }

    /// <summary>Prints where the rows of a vector of numbers begin, in bytes.</summary>
    private static void EmitSearch(CodeWriter writer, CurveGrid grid, VectorText vectors)
    {
        string origin = vectors.Splat(Number(Origin));

        // NaN is below nothing, so where the lowest multiple is to be at least the number, that multiple is left.
        string along = vectors.AtMost(vectors.AtLeast(vectors.Splat(Number((grid.First - 1) * grid.Step)), "v"),
            vectors.Splat(Number(grid.Last * grid.Step)));
        writer.Line($"""
            // The number of steps, counted from a number whose low bits they are; the multiple of the step decides which of two it is.
            var v = {vectors.Load("At(ref x, i)")};
            v = {along};
            var steps = {vectors.Fma("v", vectors.Splat(Number(grid.Scale)), origin)};
            var multiple = {vectors.Subtract("steps", origin)};
            """);
        string one = vectors.Splat(Number(1));
        writer.Line($"steps = {vectors.Choose("v", $"multiple * {vectors.Splat(Number(grid.Step))}", "steps", $"steps - {one}")};");
        string first = vectors.SplatBits(Literal.Integer(OriginBits + grid.First - 1));
        writer.Line($"var row = {vectors.ShiftLeft($"{vectors.AsBits("steps")} - {first}", RowShift)};");
        writer.Line(vectors.StoreBits("row", "At(ref prepared, i)"));
    }

    /// <summary>Prints the lines of a vector of numbers.</summary>
    private static void EmitLines(CodeWriter writer, LayerPlan layer, VectorText vectors, int lanes)
    {
        int quarters = lanes / 4;
        writer.Line("// Two rows stand in each number of 64 bits.");
        writer.Line("ref ulong found = ref Runtime::Unsafe.As<float, ulong>(ref At(ref prepared, i));");
        for (int pair = 0; pair < lanes / 2; pair++)
            writer.Line($"ulong r{pair} = {(pair == 0 ? "found" : $"Runtime::Unsafe.Add(ref found, {pair})")};");
        for (int column = 0; column < 4; column++)
        {
            for (int quarter = 0; quarter < quarters; quarter++)
            {
                string pair = "r" + ((2 * quarter) + (column / 2));
                string at = column % 2 == 0 ? $"(uint){pair}" : $"(nuint)({pair} >> 32)";
                string row = $"Simd::Vector128.LoadUnsafe(ref Runtime::Unsafe.AddByteOffset(ref rows, {at}))";
                string text = quarter == 0 ? vectors.FromQuarter(row) : vectors.WithQuarter("row" + column, row, quarter);
                writer.Line($"{(quarter == 0 ? "var " : "")}row{column} = {text};");
            }
        }

        writer.Line($"var low01 = {vectors.UnpackLow("row0", "row1")};");
        writer.Line($"var low23 = {vectors.UnpackLow("row2", "row3")};");
        writer.Line($"var high01 = {vectors.UnpackHigh("row0", "row1")};");
        writer.Line($"var high23 = {vectors.UnpackHigh("row2", "row3")};");
        string distance = vectors.Subtract(vectors.Load("At(ref x, i)"), vectors.Halves("low01", "low23", upper: false));
        writer.Line($"var distance = {vectors.Bounded(distance, layer.Stage.Difference)};");
        string value = vectors.Fma(vectors.Halves("high01", "high23", upper: false), "distance",
            vectors.Halves("low01", "low23", upper: true));
        if (layer.Layout.Passing > 0) value = StageEmitter.Bent(layer, vectors, value, vectors.Load("At(ref x, i)"), "i");
        writer.Line(vectors.Store(vectors.Bounded(value, layer.Stage.Result), "At(ref prepared, i)"));
    }

    private static string Number(double value) => Literal.Number(value, Precision.Single);
}
