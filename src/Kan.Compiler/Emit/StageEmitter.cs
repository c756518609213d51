using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints what happens once to each input before its terms are summed, with inputs in lanes: bounds, activations, the search for segments.
/// </summary>
internal static class StageEmitter
{
    /// <summary>
    /// What a layer stores in place of a panel of sums: the next layer's stage, where it is done while the sums are in registers.
    /// </summary>
    public static string Stored(LayerPlan layer, string panel, VectorText vectors) =>
        layer.Stored is { } stage ? Activated(stage, panel, vectors) : panel;

    /// <summary>A stage that needs no table: ReLU and bounds.</summary>
    public static string Activated(InputStage stage, string panel, VectorText vectors) =>
        vectors.Bounded(stage.Step == StageStep.Relu ? vectors.AtLeast(panel, vectors.Zero) : panel, stage.Result);

    /// <summary>Prints the method <c>Prepare</c> of a layer.</summary>
    public static void Emit(KernelPool kernels, LayerPlan layer) => EmitStage(kernels, layer);

    private static void EmitStage(KernelPool kernels, LayerPlan layer)
    {
        if (layer.Window is { } window) ImageEmitter.Emit(kernels, layer, window);
        else if (layer.Stage.Grid is { } grid) CurveGridEmitter.Emit(kernels, layer, grid);
        else kernels.Add("Prepare" + layer.Index, (writer, name) => Emit(writer, name, layer));
    }

    private static void Emit(CodeWriter writer, string name, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision), lanes = Literal.Integer(layer.Lanes);
        int count = layer.Form.InputCount;

        // Hidden values fill whole panels; the caller's span ends with its last number.
        int whole = layer.Index > 0 ? layer.InputPanels : count / layer.Lanes, rest = layer.Index > 0 ? 0 : count % layer.Lanes;
        string segments = layer.ReadsSegments ? $", ref {type} segments" : "";
        writer.Line($"/// <summary>{Summary(layer)}</summary>");
        writer.Line(KernelNames.Optimize);
        string table = ReadsTable(layer) ? $", ref {type} table" : "";
        using (writer.Kernel($"private static void {name}<TPanel>(ref {type} x, ref {type} prepared{segments}{table})\n    where TPanel "
            + $": struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            bool isShared = layer.Stage.Step == StageStep.SharedFunction;
            if (whole > 0 && isShared)
            {
                EmitLookup(writer, layer, "x", "prepared", Literal.Integer(whole), Literal.Integer(whole * layer.Lanes));
            }
            else if (whole > 0)
            {
                using (writer.Braces($"for (int i = 0; i < {Literal.Integer(whole * layer.Lanes)}; i += {lanes})"))
                    EmitPanel(writer, layer, "At(ref x, i)", new Offset(0, "i"));
            }

            if (rest > 0)
            {
                Offset start = whole * layer.Lanes;
                using (writer.Braces(""))
                {
                    writer.Line($"""
                        // The last panel is partly filled: its other lanes are 0.
                        ref {type} part = ref {KernelNames.At("prepared", start)};
                        TPanel.Store(TPanel.Zero, ref part);
                        """);
                    for (int i = 0; i < rest; i++)
                        writer.Line($"{KernelNames.At("part", i)} = {KernelNames.At("x", start + i)};");
                    if (isShared) EmitLookup(writer, layer, "part", "part", "1", lanes, Literal.Integer(whole * layer.Lanes));
                    else EmitPanel(writer, layer, "part", start);
                }
            }
        }
    }

    /// <summary>Prints what looks some numbers up, one by one, in the curve that nodes share.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="x">The first of the numbers.</param>
    /// <param name="result">Where the values go.</param>
    /// <param name="panels">How many panels they are.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="first">The node of the first of them, where they are looked up in place.</param>
    public static void EmitLookup(CodeWriter writer, LayerPlan layer, string x, string result, string panels, string count,
        string first = "0")
    {
        string low = layer.Stage.Difference.Low ? "true" : "false", high = layer.Stage.Difference.High ? "true" : "false";
        string lanes = Literal.Integer(layer.Lanes);
        var vectors = new VectorText(KernelNames.Type(layer.Precision));
        bool isInPlace = x == result;
        if (isInPlace && layer.Layout.Passing > 0) writer.Line($"TPanel kept = {vectors.Load(x)};");
        writer.Line($"Tables.{TableEmitter.Curve(layer)}.Apply<TPanel>(ref {x}, ref {result}, {panels}, {low}, {high});");
        if (layer.Stage.Result == default && layer.Layout.Passing == 0) return;
        using (writer.Braces($"for (int i = 0; i < {count}; i += {lanes})"))
        {
            string place = $"At(ref {result}, i)", value = vectors.Load(place);
            if (layer.Layout.Passing > 0)
                value = Bent(layer, vectors, value, isInPlace ? "kept" : vectors.Load($"At(ref {x}, i)"), isInPlace ? first : "i");
            writer.Line(vectors.Store(vectors.Bounded(value, layer.Stage.Result), place));
        }
    }

    /// <summary>The values of a shared activation, where nodes pass it: what their own line makes of them.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="vectors">The operations.</param>
    /// <param name="bent">What the curve makes of the numbers.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="node">The first of their nodes.</param>
    public static string Bent(LayerPlan layer, VectorText vectors, string bent, string x, string node)
    {
        string number = Literal.Number(1, layer.Precision), place = $"At(ref table, {Literal.Integer(layer.Layout.Passing)} + {node})";
        string passed = vectors.Add(vectors.Bounded(x, layer.Stage.Difference), vectors.Zero);
        return vectors.Choose(vectors.Load(place), vectors.Splat(number), bent, passed);
    }

    private static void EmitPanel(CodeWriter writer, LayerPlan layer, string place, Offset at)
    {
        var stage = layer.Stage;
        string type = KernelNames.Type(layer.Precision), knots = Literal.Integer(layer.Layout.KnotCount);
        writer.Line($"TPanel v = TPanel.Load(in {place});");
        if (stage.Step == StageStep.Relu) writer.Line("v = TPanel.AtLeast(v, TPanel.Zero);");
        if (stage.Step == StageStep.Function)
        {
            string low = stage.Difference.Low ? "true" : "false", high = stage.Difference.High ? "true" : "false";
            string arguments =
                $"v, ref {TableAt(at, 3 * (layer.Layout.KnotCount + 1))}, {knots}, {low}, {high}, {type}.MinValue, {type}.MaxValue";
            writer.Line($"v = {KernelNames.Panels}SegmentSearch.Apply<{type}, TPanel>({arguments});");
        }

        if (layer.ReadsSegments)
        {
            string table = TableAt(at, layer.Layout.SearchPanels), found = "ref " + KernelNames.At("segments", at);
            writer.Line(stage.Step == StageStep.UniformSearch
                ? $"v = {KernelNames.Panels}SegmentSearch.FindUniform<{type}, TPanel>(v, ref {table}, {found});"
                : $"v = {KernelNames.Panels}SegmentSearch.Find<{type}, TPanel>(v, ref {table}, {knots}, {found});");
            EmitBounds(stage.Difference);
        }

        EmitBounds(stage.Result);
        writer.Line($"TPanel.Store(v, ref {KernelNames.At("prepared", at)});");

        void EmitBounds(FiniteEnds ends)
        {
            if (ends != default) writer.Line($"v = {new VectorText(type).Bounded("v", ends)};");
        }
    }

    /// <summary>The call of a stage whose rows are found on a grid.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kernels">The methods.</param>
    /// <param name="x">The first of the numbers.</param>
    /// <param name="prepared">Where the values go.</param>
    /// <param name="rows">The first number of the rows.</param>
    /// <param name="count">How many numbers, a multiple of a panel.</param>
    /// <param name="table">The first number of the layer's table, where nodes pass the curve.</param>
    public static string CurveCall(LayerPlan layer, KernelPool kernels, string x, string prepared, string rows, string count,
        string table) =>
        $"{kernels["Prepare" + layer.Index]}<TPanel>(ref {x}, ref {prepared}, ref {rows}, {count}"
            + $"{(layer.Layout.Passing > 0 ? $", ref {table}" : "")});";

    /// <summary>The call of the stage.</summary>
    public static string Call(LayerPlan layer, KernelPool kernels, string x, string prepared, string segments, string table)
    {
        string found = segments.Length > 0 ? ", ref " + segments : "", read = ReadsTable(layer) ? ", ref " + table : "";
        return $"{kernels["Prepare" + layer.Index]}<TPanel>(ref {x}, ref {prepared}{found}{read});";
    }

    // A shared curve has a table of its own, which is made of the one of the layer.
    private static bool ReadsTable(LayerPlan layer) =>
        layer.Stage.ReadsTable && (layer.Stage.Step != StageStep.SharedFunction || layer.Layout.Passing > 0);

    /// <summary>Panels of the stage's table stand one behind the other, a fixed number for each panel of inputs.</summary>
    private static string TableAt(Offset at, int panels) => KernelNames.At("table", at * panels);

    public static string Summary(LayerPlan layer) => layer.Kernel is null ? "The function of each node." : layer.Stage.Step switch
    {
        StageStep.Relu => "ReLU of each input.",
        StageStep.Function or StageStep.SharedFunction => "The activation of each input.",
        StageStep.Search or StageStep.UniformSearch => "The segment of each input, and its distance from the anchor point of that segment.",
        _ => "Infinite inputs as the largest finite number: some weights are zero.",
    };
}
