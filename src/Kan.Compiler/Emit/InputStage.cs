using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints what happens once to each input before its terms are summed, with inputs in lanes: bounds, activations, the search for segments.
/// </summary>
internal static class InputStage
{
    /// <summary>Whether a form has such a stage.</summary>
    public static bool IsNeeded(LayerForm form) => form switch
    {
        AffineForm affine => affine.Ends != default,
        FactoredForm or RowsForm => true,
        _ => false,
    };

    /// <summary>Whether the stage is a pass of its own; an elementwise layer is nothing else.</summary>
    public static bool IsPass(NetworkPlan plan, LayerPlan layer) =>
        layer.Form is ElementwiseForm || (IsNeeded(layer.Form) && !(layer.Index > 0 && IsStored(plan.Layers[layer.Index - 1], layer)));

    /// <summary>
    /// What a layer stores in place of a panel of sums: where the next layer's stage needs no table, it is done while the sums are in registers. A pass
    /// of its own over 32 values costs some 20 cycles, most of it the way through memory.
    /// </summary>
    public static string Stored(LayerPlan layer, LayerPlan? next, string panel, VectorText vectors) =>
        next is not null && IsStored(layer, next) ? Activated(next.Form, panel, vectors) : panel;

    /// <summary>
    /// Whether the kernels of one sample keep the sums beside what they store: which side of its breakpoint a ReLU is on cannot be seen behind it, and <c>Explain</c> asks.
    /// </summary>
    public static bool KeepsSums(LayerPlan layer, LayerPlan? next) => next is { Form: FactoredForm } && IsStored(layer, next);

    /// <summary>A stage that needs no table: ReLU and bounds.</summary>
    public static string Activated(LayerForm form, string panel, VectorText vectors) => form switch
    {
        FactoredForm factored => vectors.Bounded(vectors.AtLeast(panel, vectors.Zero), factored.Affine.Ends),
        AffineForm affine => vectors.Bounded(panel, affine.Ends),
        _ => vectors.AtLeast(panel, vectors.Zero),
    };

    private static bool IsStored(LayerPlan layer, LayerPlan next) =>
        layer.Form is not ElementwiseForm && next.Form is AffineForm or FactoredForm { Activation.IsRelu: true };

    /// <summary>Prints the method <c>Prepare</c> of a layer.</summary>
    public static void Emit(CodeWriter writer, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision), lanes = Literal.Integer(layer.Lanes);
        int count = layer.Form.InputCount;

        // Hidden values fill whole panels; the caller's span ends with its last number.
        int whole = layer.Index > 0 ? layer.InputPanels : count / layer.Lanes, rest = layer.Index > 0 ? 0 : count % layer.Lanes;
        string segments = layer.Form is RowsForm ? $", ref {type} segments" : "";
        writer.Line($"/// <summary>{Summary(layer.Form)}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Prepare{layer.Index}<TPanel>(ref {type} x, ref {type} prepared{segments}{(UsesTable(layer.Form) ? $", ref {type} table" : "")})\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            if (whole > 0)
            {
                using (writer.Braces($"for (int i = 0; i < {Literal.Integer(whole * layer.Lanes)}; i += {lanes})"))
                    EmitPanel(writer, layer, "TPanel.Load(in At(ref x, i))", "i");
            }

            if (rest > 0)
            {
                string start = Literal.Integer(whole * layer.Lanes);
                using (writer.Braces(""))
                {
                    // The last panel is partly filled: its other lanes are 0.
                    writer.Line($"ref {type} part = ref At(ref prepared, {start});");
                    writer.Line("TPanel.Store(TPanel.Zero, ref part);");
                    for (int i = 0; i < rest; i++) writer.Line($"At(ref part, {Literal.Integer(i)}) = At(ref x, {Literal.Integer((whole * layer.Lanes) + i)});");
                    EmitPanel(writer, layer, "TPanel.Load(in part)", start);
                }
            }
        }
    }

    private static void EmitPanel(CodeWriter writer, LayerPlan layer, string load, string at)
    {
        string type = KernelNames.Type(layer.Precision);
        writer.Line($"TPanel v = {load};");
        switch (layer.Form)
        {
            case AffineForm affine:
                EmitBounds(affine.Ends);
                break;
            case FactoredForm factored:
                EmitActivation(writer, layer, factored.Activation, at);
                EmitBounds(factored.Affine.Ends);
                break;
            case ElementwiseForm elementwise:
                EmitActivation(writer, layer, elementwise.Activation, at);
                break;
            case RowsForm rows:
                string searchTable = TableAt(layer, at, layer.Layout.SearchPanels), found = $"ref At(ref segments, {at})";
                writer.Line(layer.Layout.IsUniform
                    ? $"v = {KernelNames.Panels}SegmentSearch.FindUniform<{type}, TPanel>(v, ref {searchTable}, {found});"
                    : $"v = {KernelNames.Panels}SegmentSearch.Find<{type}, TPanel>(v, ref {searchTable}, {Literal.Integer(layer.Layout.KnotCount)}, {found});");
                EmitBounds(rows.Ends);
                break;
        }

        writer.Line($"TPanel.Store(v, ref At(ref prepared, {at}));");

        void EmitBounds(FiniteEnds ends)
        {
            if (ends != default) writer.Line($"v = {new VectorText(type).Bounded("v", ends)};");
        }
    }

    private static void EmitActivation(CodeWriter writer, LayerPlan layer, ActivationForm activation, string at)
    {
        if (activation.IsRelu)
        {
            writer.Line("v = TPanel.AtLeast(v, TPanel.Zero);");
            return;
        }

        string type = KernelNames.Type(layer.Precision);
        string low = activation.Ends.Low ? "true" : "false", high = activation.Ends.High ? "true" : "false";
        writer.Line($"v = {KernelNames.Panels}SegmentSearch.Apply<{type}, TPanel>(v, ref {TableAt(layer, at, 3 * (layer.Layout.KnotCount + 1))}, {Literal.Integer(layer.Layout.KnotCount)}, {low}, {high}, {type}.MinValue, {type}.MaxValue);");
    }

    /// <summary>The call of the stage.</summary>
    public static string Call(LayerPlan layer, string x, string prepared, string segments)
    {
        string found = layer.Form is RowsForm ? $", ref {segments}" : "";
        string table = UsesTable(layer.Form) ? $", ref {KernelNames.Table(layer)}" : "";
        return $"Prepare{layer.Index}<TPanel>(ref {x}, ref {prepared}{found}{table});";
    }

    /// <summary>Panels of the stage's table stand one behind the other, a fixed number for each panel of inputs.</summary>
    private static string TableAt(LayerPlan layer, string at, int panels) =>
        int.TryParse(at, out int start) ? $"At(ref table, {Literal.Integer(start * panels)})" : $"At(ref table, {at} * {Literal.Integer(panels)})";

    /// <summary>Whether the stage reads the layer's table.</summary>
    public static bool UsesTable(LayerForm form) => form switch
    {
        RowsForm => true,
        FactoredForm factored => !factored.Activation.IsRelu,
        ElementwiseForm elementwise => !elementwise.Activation.IsRelu,
        _ => false,
    };

    public static string Summary(LayerForm form) => form switch
    {
        FactoredForm { Activation.IsRelu: true } => "ReLU of each input.",
        FactoredForm => "The activation of each input.",
        ElementwiseForm => "The function of each node.",
        RowsForm => "The segment of each input, and its distance from the anchor point of that segment.",
        _ => "Infinite inputs as the largest finite number: some weights are zero.",
    };
}
