using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints one layer of a network over images with codes: the loops over its places, and the kernels that they call.</summary>
/// <param name="pool">The kernels of the network.</param>
/// <param name="layout">The layer.</param>
internal sealed class ImageCodeLayer(KernelPool pool, ImageLayout layout)
{
    /// <summary>Vectors of sums that a kernel keeps, for vectors of 512, 256 and 128 bits.</summary>
    private const int MostWide = 12, MostHalves = 8, MostQuarters = 8;

    private readonly string _index = Literal.Integer(layout.Index);

    private int ResultSize => layout.IsLast ? sizeof(float) : 1;

    /// <summary>Whether panels are full, so that none writes what belongs to another.</summary>
    private bool IsWhole => layout.GroupFilters % layout.Lanes == 0;

    /// <summary>Prints the method <c>Layer</c> and what it calls.</summary>
    public void Emit()
    {
        if (layout.IsMaximum || layout.IsByChannel)
        {
            pool.Add("Layer" + _index, EmitByChannel);
            return;
        }

        int[] sizes = layout.Lanes == 16 ? [512, 256, 128] : [256, 128];
        foreach (int bits in sizes)
        {
            var tile = TileOf(bits);
            string kernel = "Sum" + _index + NameOf(bits);
            pool.Add(kernel, (writer, name) => ImageCodeKernels.EmitSums(writer, name, layout, tile));
            pool.Add("Layer" + _index + NameOf(bits), (writer, name) => EmitLoops(writer, name, kernel, tile));
        }

        pool.Add("Layer" + _index, (writer, name) =>
        {
            EmitSummary(writer);
            using (writer.Braces($"private static void {name}(ref byte codes, ref byte results)"))
            {
                foreach (int bits in sizes)
                {
                    string test = bits == 512 ? $"if ({ImageCodeKernels.HasWide}) " : bits == 256
                        ? (sizes[0] == 256 ? "" : "else ") + "if (Simd::X86.Avx2.IsSupported) "
                        : "else ";
                    writer.Line($"{test}{pool["Layer" + _index + NameOf(bits)]}(ref codes, ref results);");
                }
            }
        });
    }

    private static string NameOf(int bits) => bits == 512 ? "Wide" : bits == 256 ? "Halves" : "Quarters";

    private void EmitSummary(CodeWriter writer)
    {
        string results = layout.IsLast ? "outputs" : "codes";
        if (layout.Window is not { } window)
        {
            writer.Line($"/// <summary>{Literal.Count(layout.Layer.InputCount, "code")} to {results} of {Literal.Integer(layout.Filters)} "
                + "nodes.</summary>");
            return;
        }

        var geometry = window.Geometry;
        writer.Line($"/// <summary>{(layout.IsMaximum ? "The largest codes" : "A convolution")} of "
            + $"{Literal.Integer(geometry.KernelHeight)} x {Literal.Integer(geometry.KernelWidth)} over {Literal.Count(geometry.Channels, "channel")} of "
            + $"{Literal.Integer(geometry.Height)} x {Literal.Integer(geometry.Width)}: {results} of "
            + $"{Literal.Count(layout.Filters, "channel")} at {Literal.Integer(layout.Rows)} x {Literal.Integer(layout.Columns)} "
            + "places.</summary>");
    }

    /// <summary>The places and panels that a kernel takes at once.</summary>
    private CodeTile TileOf(int bits)
    {
        int vectors = Math.Max(1, layout.Lanes * 32 / bits), most = bits == 512 ? MostWide : bits == 256 ? MostHalves : MostQuarters;

        // Groups that do not fill their panels would write over each other.
        bool isApart = layout.Groups > 1 && !IsWhole;
        int wanted = bits == 128 || isApart ? 1 : layout.Columns == 1 ? 4 : bits == 512 ? 3 : 1;
        int panels = Enumerable.Range(1, wanted).Last(count => layout.Panels % count == 0);
        return new CodeTile(bits, isApart ? 1 : Places(Math.Max(1, most / vectors / panels)), panels, vectors);
    }

    /// <summary>The places of a tile that wastes least at the end of a row.</summary>
    private int Places(int most)
    {
        int columns = layout.Columns;
        return Enumerable.Range(1, Math.Min(most, columns)).Reverse().OrderBy(Cost).First();

        // A tile costs a little by itself.
        double Cost(int tile) => (columns + tile - 1) / tile * (tile + 1.0);
    }

    private void EmitLoops(CodeWriter writer, string name, string kernel, CodeTile tile)
    {
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}(ref byte codes, ref byte results)"))
        {
            writer.Line("ref int table = ref s_table.Start;");
            int panelBytes = layout.Steps * layout.Lanes * 4, groupPanels = layout.Panels;
            bool isOutermost = IsWhole && layout.Groups == 1, isOne = layout.Panels == tile.Panels;
            if (isOutermost && !isOne) writer.Line(PanelLoop(isDescending: false) + "\n{");
            EmitPlaces();
            if (isOutermost && !isOne) writer.Line("}");

            string PanelLoop(bool isDescending) => isDescending
                ? $"for (int panel = {Literal.Integer(groupPanels - tile.Panels)}; panel >= 0; panel -= {Literal.Integer(tile.Panels)})"
                : $"for (int panel = 0; panel < {Literal.Integer(groupPanels)}; panel += {Literal.Integer(tile.Panels)})";

            void EmitPlaces()
            {
                bool hasRows = layout.Rows > 1, hasColumns = layout.Columns > tile.Places;
                using var rows = Loop(writer, hasRows, $"for (int row = 0; row < {Literal.Integer(layout.Rows)}; row++)");
                using var columns = Loop(writer, hasColumns,
                    $"for (int column = 0; column < {Literal.Integer(layout.Columns)}; column += {Literal.Integer(tile.Places)})");
                string at = "column";
                if (hasColumns && layout.Columns % tile.Places != 0)
                {
                    writer.Line($"int at = global::System.Math.Min(column, {Literal.Integer(layout.Columns - tile.Places)});");
                    at = "at";
                }

                using var groups = Loop(writer, layout.Groups > 1,
                    $"for (int group = 0; group < {Literal.Integer(layout.Groups)}; group++)");
                bool isWithin = !isOutermost && !isOne;
                using var panels = Loop(writer, isWithin, PanelLoop(isDescending: layout.Groups == 1));
                string from = Sum((hasRows ? "row" : "", layout.RowStep), (hasColumns ? at : "", layout.ColumnStep),
                        (layout.Groups > 1 ? "group" : "", layout.GroupChannels)),
                    to = Sum(("1", layout.FirstResult * ResultSize), (hasRows ? "row" : "", layout.ResultPitch * ResultSize),
                        (hasColumns ? at : "", layout.Filters * ResultSize), (layout.Groups > 1 ? "group" : "",
                        layout.GroupFilters * ResultSize), (isOne ? "" : "panel", layout.Lanes * ResultSize)),
                    panel = layout.Groups == 1 ? (isOne ? "0" : "panel")
                        : isOne ? $"(group * {Literal.Integer(groupPanels)})" : $"((group * {Literal.Integer(groupPanels)}) + panel)";
                string Of(int start, int step) => panel == "0"
                    ? $"ref At(ref table, {Literal.Integer(start)})"
                    : $"ref At(ref table, {Literal.Integer(start)} + ({panel} * {Literal.Integer(step)}))";
                writer.Line($"{pool[kernel]}(ref Runtime::Unsafe.Add(ref codes, {from}), ref At(ref table, "
                    + $"{Literal.Integer(layout.Start)}), {Of(layout.Weights, panelBytes / 4)}, "
                    + (tile.Bits == 128 ? $"{Of(layout.Biases, layout.Lanes)}, {Of(layout.SignedBiases, layout.Lanes)}, "
                        : $"{Of(layout.Biases, layout.Lanes)}, ")
                    + $"{Of(layout.Multipliers, layout.Lanes)}, ref Runtime::Unsafe.Add(ref results, {to}));");
            }
        }
    }

    private void EmitByChannel(CodeWriter writer, string name)
    {
        EmitSummary(writer);
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}(ref byte codes, ref byte results)"))
        {
            if (layout.IsMaximum) ImageCodeKernels.EmitMaximum(writer, layout);
            else ImageCodeKernels.EmitByChannel(writer, layout);
        }
    }

    private static CodeWriter.Block? Loop(CodeWriter writer, bool isNeeded, string header) => isNeeded ? writer.Braces(header) : null;

    /// <summary>A sum of products of variables, those that are not empty, and numbers.</summary>
    public static string Sum(params (string Variable, int Factor)[] terms)
    {
        string[] parts = [.. terms.Where(static term => term.Variable.Length > 0 && term.Factor != 0)
            .Select(static term => term.Variable == "1" ? Literal.Integer(term.Factor)
                : $"({term.Variable} * {Literal.Integer(term.Factor)})")];
        return parts.Length == 0 ? "0" : string.Join(" + ", parts);
    }
}

/// <summary>What a kernel computes at once.</summary>
/// <param name="Bits">Bits of a vector.</param>
/// <param name="Places">Places of a row.</param>
/// <param name="Panels">Panels of filters.</param>
/// <param name="Vectors">Vectors of a panel.</param>
internal readonly record struct CodeTile(int Bits, int Places, int Panels, int Vectors);
