using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints, for each layer, the lines that its edges are on around a point: what <c>Explain</c> multiplies together.</summary>
internal static class RegionEmitter
{
    /// <summary>The type that finds the layer.</summary>
    public const string TypeName = "Regions";

    /// <summary>Whether the segment on the right of a knot holds: what <c>isLeft</c> decides where x is on it.</summary>
    public const string IsAboveKnot = "x > knot || (!isLeft && x == knot)";

    private const string Doubles = "global::System.Span<double>";

    /// <summary>Prints the type that hands each call on to the layer it asks for.</summary>
    public static void EmitNetwork(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        var widths = plan.Layers.Select(static layer => layer.Form.InputCount).Append(plan.OutputCount);
        var starts = plan.Layers.Select(layer => layer.Index == 0 ? 0 : plan.Run.Scratch[plan.Layers[layer.Index - 1]].Outputs);
        writer.Line("/// <summary>The layers around a point.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file readonly struct {TypeName} : {KernelNames.Panels}ILocalNetwork<{type}>"))
        {
            writer.Line($"public static global::System.ReadOnlySpan<int> Widths => [{string.Join(", ", widths.Select(Literal.Integer))}];\n");
            writer.Line($"public static global::System.ReadOnlySpan<int> HiddenStarts => [{string.Join(", ", starts.Select(Literal.Integer))}];\n");
            writer.Line($"public static bool IsLastElementwise => {(plan.Layers[plan.Layers.Length - 1].Kernel is null ? "true" : "false")};\n");
            EmitChoice(writer, plan, "", $"void Biases(int layer, {Doubles} constants)", "Biases(constants)");
            writer.Line();
            EmitChoice(writer, plan, "return ", $"bool Bends(int layer, int input, {type} x)", "Bends(input, x)");
            writer.Line();
            EmitChoice(writer, plan, "", $"void Column(int layer, int input, {type} x, bool isLeft, {Doubles} slopes, {Doubles} constants)", "Column(input, x, isLeft, slopes, constants)");
        }
    }

    private static void EmitChoice(CodeWriter writer, NetworkPlan plan, string result, string declaration, string call)
    {
        using (writer.Braces("public static " + declaration))
        {
            if (plan.Layers.Length == 1)
            {
                writer.Line($"{result}Region0.{call};");
                return;
            }

            using (writer.Braces("switch (layer)"))
            {
                foreach (var layer in plan.Layers)
                {
                    writer.Line(layer.Index == plan.Layers.Length - 1 ? "default:" : $"case {Literal.Integer(layer.Index)}:");
                    using (writer.Indented())
                    {
                        writer.Line($"{result}Region{layer.Index}.{call};");
                        if (result.Length == 0) writer.Line("break;");
                    }
                }
            }
        }
    }

    /// <summary>Prints the lines of one layer.</summary>
    public static void Emit(CodeWriter writer, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        writer.Line($"/// <summary>Layer {layer.Index} around a point: slopes and intercepts of the segments that its inputs are on.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file static class Region{layer.Index}"))
        {
            using (writer.Braces($"public static void Biases({Doubles} constants)"))
            {
                if (layer.Kernel is null) writer.Line("constants.Clear();");
                else writer.Line($"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++) constants[q] = At({Literal.Integer(layer.Layout.Biases)} + q);");
            }

            writer.Line();
            EmitBends(writer, layer, type);
            writer.Line();
            using (writer.Braces($"public static void Column(int input, {type} x, bool isLeft, {Doubles} slopes, {Doubles} constants)"))
                EmitColumn(writer, layer);
            if (layer.Form is UnitsForm units)
            {
                writer.Line();
                UnitRegionEmitter.EmitLine(writer, layer, units);
            }

            if (layer.Table.IsEmpty) return;
            writer.Line();
            writer.Line($"private static {type} At(int index) => Runtime::Unsafe.Add(ref Tables.Start, {Literal.Integer(layer.TableStart)} + index);");
        }
    }

    private static void EmitBends(CodeWriter writer, LayerPlan layer, string type)
    {
        string declaration = $"public static bool Bends(int input, {type} x)";
        var activation = (layer.Form as FactoredForm)?.Activation ?? (layer.Form as ElementwiseForm)?.Activation;
        if (layer.Form is AffineForm)
        {
            writer.Line(declaration + " => false;");
            return;
        }

        if (activation is { IsRelu: true })
        {
            writer.Line(declaration + " => x == 0;");
            return;
        }

        using (writer.Braces(declaration))
        {
            if (layer.Form is UnitsForm)
            {
                using (writer.Braces(ForOutputs(layer)))
                    writer.Line("if (Line(input, q, x, isLeft: false).Slope != Line(input, q, x, isLeft: true).Slope) return true;");
                writer.Line();
                writer.Line("return false;");
                return;
            }

            EmitTable(writer, layer);
            writer.Line("bool bends = false;");
            writer.Line($"{ForKnots(layer)} bends |= x == At({Knot(layer)});");
            writer.Line("return bends;");
        }
    }

    private static void EmitColumn(CodeWriter writer, LayerPlan layer)
    {
        string body = Literal.Integer(layer.Layout.Body), lanes = Literal.Integer(layer.Lanes), forOutputs = ForOutputs(layer);
        switch (layer.Form)
        {
            case AffineForm:
                writer.Line($"{forOutputs} slopes[q] = At({Weight(layer)});");
                break;
            case FactoredForm factored:
                EmitActivation(writer, layer, factored.Activation);
                using (writer.Braces(forOutputs))
                {
                    writer.Line($"double w = At({Weight(layer)});");
                    writer.Line("slopes[q] = w * slope;");
                    writer.Line("constants[q] += w * intercept;");
                }

                break;
            case ElementwiseForm elementwise:
                EmitActivation(writer, layer, elementwise.Activation);
                writer.Line("slopes.Clear();");
                writer.Line("slopes[input] = slope;");
                writer.Line("constants[input] += intercept;");
                break;
            case RowsForm:
                EmitSegment(writer, layer);
                writer.Line($"double point = At(table + ((segment + 1) * {lanes}));");
                writer.Line($"int row = {body} + ((int)(At(table) - {Literal.Number(TablePacker.RowZero(layer.Precision), layer.Precision)} + segment) * {Literal.Integer(2 * layer.OutputWidth)});");
                using (writer.Braces(forOutputs))
                {
                    writer.Line($"int value = row + (q / {lanes} * {Literal.Integer(2 * layer.Lanes)}) + (q % {lanes});");
                    writer.Line($"slopes[q] = At(value + {lanes});");
                    writer.Line("constants[q] += At(value) - (slopes[q] * point);");
                }

                break;
            case UnitsForm:
                using (writer.Braces(forOutputs))
                {
                    writer.Line("(slopes[q], double constant) = Line(input, q, x, isLeft);");
                    writer.Line("constants[q] += constant;");
                }

                break;
        }
    }

    private static string ForOutputs(LayerPlan layer) => $"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++)";

    /// <summary>The place of the weight of an input and output q, column group by column group.</summary>
    private static string Weight(LayerPlan layer)
    {
        string body = Literal.Integer(layer.Layout.Body);
        int group = layer.GroupPanels * layer.Lanes, rest = layer.OutputWidth % group, last = layer.OutputWidth - rest;
        if (layer.GroupPanels == layer.OutputPanels) return $"{body} + (input * {Literal.Integer(group)}) + q";
        string width = rest == 0 ? Literal.Integer(group) : $"(q < {Literal.Integer(last)} ? {Literal.Integer(group)} : {Literal.Integer(rest)})";
        return $"{body} + (q / {Literal.Integer(group)} * {Literal.Integer(group * layer.Form.InputCount)}) + (input * {width}) + (q % {Literal.Integer(group)})";
    }

    /// <summary>Prints <c>slope</c> and <c>intercept</c> of an activation at x.</summary>
    private static void EmitActivation(CodeWriter writer, LayerPlan layer, ActivationForm activation)
    {
        if (activation.IsRelu)
        {
            writer.Line("double slope = x < 0 || (isLeft && x == 0) ? 0 : 1;");
            writer.Line("const double intercept = 0;");
            return;
        }

        EmitSegment(writer, layer);
        string segment = $"table + (segment * {Literal.Integer(3 * layer.Lanes)})";
        writer.Line($"double slope = At({segment} + {Literal.Integer(2 * layer.Lanes)});");
        writer.Line($"double intercept = At({segment} + {Literal.Integer(layer.Lanes)}) - (slope * At({segment}));");
    }

    /// <summary>Prints <c>segment</c>: the number of knots below x, and of those at x unless the left side holds.</summary>
    private static void EmitSegment(CodeWriter writer, LayerPlan layer)
    {
        EmitTable(writer, layer);
        writer.Line("int segment = 0;");
        using (writer.Braces(ForKnots(layer)))
        {
            writer.Line($"{KernelNames.Type(layer.Precision)} knot = At({Knot(layer)});");
            writer.Line($"segment += {IsAboveKnot} ? 1 : 0;");
        }
    }

    /// <summary>Prints <c>table</c>, where the numbers of an input's search begin.</summary>
    private static void EmitTable(CodeWriter writer, LayerPlan layer)
    {
        string lanes = Literal.Integer(layer.Lanes);
        int panels = layer.Form is RowsForm ? layer.Layout.SearchPanels : 3 * (layer.Layout.KnotCount + 1);
        string grid = layer.Form is RowsForm && layer.Layout.GridPanels > 0 ? $" + {Literal.Integer(layer.Layout.GridPanels * layer.Lanes)}" : "";
        writer.Line($"int table = (input / {lanes} * {Literal.Integer(panels * layer.Lanes)}) + (input % {lanes}){grid};");
    }

    private static string ForKnots(LayerPlan layer) => $"for (int j = 1; j <= {Literal.Integer(layer.Layout.KnotCount)}; j++)";

    /// <summary>The place of knot j, from 1.</summary>
    private static string Knot(LayerPlan layer) => layer.Form is RowsForm
        ? $"table + ((j + 1) * {Literal.Integer(layer.Lanes)})"
        : $"table + (j * {Literal.Integer(3 * layer.Lanes)})";
}
