using Kan.Compiler.Lower;
using Kan.Forms;

namespace Kan.Compiler.Emit;

/// <summary>Prints, for each layer, the lines that its edges are on around a point: what <c>Explain</c> multiplies together.</summary>
internal static class RegionEmitter
{
    public static void Emit(CodeWriter writer, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        writer.Line($"/// <summary>Layer {layer.Index} around a point: slopes and intercepts of the segments that its inputs are on.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file readonly struct Region{layer.Index} : {KernelNames.Panels}ILocalLayer<{type}>"))
        {
            writer.Line($"public static int InputCount => {Literal.Integer(layer.Form.InputCount)};\n");
            writer.Line($"public static int OutputCount => {Literal.Integer(layer.Form.OutputCount)};\n");
            using (writer.Braces("public static void Biases(global::System.Span<double> constants)"))
            {
                if (layer.Form is ElementwiseForm) writer.Line("constants.Clear();");
                else writer.Line($"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++) constants[q] = At({Literal.Integer(layer.Layout.Biases)} + q);");
            }

            writer.Line();
            using (writer.Braces($"public static void Column(int input, {type} x, global::System.Span<double> slopes, global::System.Span<double> constants)"))
                EmitColumn(writer, layer);
            if (layer.Table.IsEmpty) return;
            writer.Line();
            writer.Line($"private static {type} At(int index) => Runtime::Unsafe.Add(ref Tables.Start, {Literal.Integer(layer.TableStart)} + index);");
        }
    }

    private static void EmitColumn(CodeWriter writer, LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision), body = Literal.Integer(layer.Layout.Body);
        string forOutputs = $"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++)";
        switch (layer.Form)
        {
            case AffineForm:
                writer.Line($"{forOutputs} slopes[q] = At({Weight(layer)});");
                break;
            case FactoredForm factored:
                EmitLine(writer, layer, factored.Activation);
                using (writer.Braces(forOutputs))
                {
                    writer.Line($"double w = At({Weight(layer)});");
                    writer.Line("slopes[q] = w * slope;");
                    writer.Line("constants[q] += w * intercept;");
                }

                break;
            case ElementwiseForm elementwise:
                EmitLine(writer, layer, elementwise.Activation);
                writer.Line("slopes.Clear();");
                writer.Line("slopes[input] = slope;");
                writer.Line("constants[input] += intercept;");
                break;
            case RowsForm:
                string grid = layer.Layout.GridPanels == 0 ? "" : $" + {Literal.Integer(layer.Layout.GridPanels * layer.Lanes)}";
                writer.Line($"int table = (input / {Literal.Integer(layer.Lanes)} * {Literal.Integer(layer.Layout.SearchPanels * layer.Lanes)}) + (input % {Literal.Integer(layer.Lanes)}){grid};");
                writer.Line("int segment = 0;");
                writer.Line($"for (int j = 0; j < {Literal.Integer(layer.Layout.KnotCount)}; j++) segment += x >= At(table + ((j + 2) * {Literal.Integer(layer.Lanes)})) ? 1 : 0;");
                writer.Line($"double point = At(table + ((segment + 1) * {Literal.Integer(layer.Lanes)}));");
                writer.Line($"int row = {body} + ((int)(At(table) - {Literal.Number(TablePacker.RowZero(layer.Precision), layer.Precision)} + segment) * {Literal.Integer(2 * layer.OutputWidth)});");
                using (writer.Braces(forOutputs))
                {
                    string lanes = Literal.Integer(layer.Lanes);
                    writer.Line($"int value = row + (q / {lanes} * {Literal.Integer(2 * layer.Lanes)}) + (q % {lanes});");
                    writer.Line($"slopes[q] = At(value + {lanes});");
                    writer.Line("constants[q] += At(value) - (slopes[q] * point);");
                }

                break;
            case UnitsForm units:
                EmitUnits(writer, layer, units, type, forOutputs);
                break;
        }
    }

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
    private static void EmitLine(CodeWriter writer, LayerPlan layer, ActivationForm activation)
    {
        if (activation.IsRelu)
        {
            writer.Line("double slope = x < 0 ? 0 : 1;");
            writer.Line("const double intercept = 0;");
            return;
        }

        EmitFind(writer, layer);
        writer.Line($"double slope = At(table + (segment * {Literal.Integer(3 * layer.Lanes)}) + {Literal.Integer(2 * layer.Lanes)});");
        writer.Line($"double intercept = At(table + (segment * {Literal.Integer(3 * layer.Lanes)}) + {Literal.Integer(layer.Lanes)}) - (slope * point);");
    }

    /// <summary>Prints <c>segment</c> and <c>point</c>, the same comparisons that the kernel makes.</summary>
    private static void EmitFind(CodeWriter writer, LayerPlan layer)
    {
        string lanes = Literal.Integer(layer.Lanes), step = Literal.Integer(3 * layer.Lanes);
        int knots = layer.Layout.KnotCount;
        writer.Line($"int table = (input / {lanes} * {Literal.Integer(3 * (knots + 1) * layer.Lanes)}) + (input % {lanes});");
        writer.Line("int segment = 0;");
        writer.Line($"for (int j = 1; j <= {Literal.Integer(knots)}; j++) segment += x >= At(table + (j * {step})) ? 1 : 0;");
        writer.Line($"double point = At(table + (segment * {step}));");
    }

    private static void EmitUnits(CodeWriter writer, LayerPlan layer, UnitsForm form, string type, string forOutputs)
    {
        using (writer.Braces(forOutputs))
        {
            writer.Line("double slope = 0, constant = 0;");
            writer.Line($"int unit = {Literal.Integer(layer.Layout.Body)} + (input * {Literal.Integer(layer.Layout.Stride)}) + q;");
            string width = Literal.Integer(layer.OutputWidth);
            for (int i = 0; i < form.Kinds.Length;)
            {
                int run = 1;
                while (i + run < form.Kinds.Length && form.Kinds[i + run] == form.Kinds[i]) run++;
                var kind = form.Kinds[i];
                int parts = kind == UnitKind.Clamp ? 3 : 2;
                using (writer.Braces($"for (int i = 0; i < {Literal.Integer(run)}; i++, unit += {Literal.Integer(parts * layer.OutputWidth)})"))
                {
                    writer.Line($"{type} d = {(kind == UnitKind.LeftRelu ? "At(unit) - x" : "x - At(unit)")};");
                    writer.Line($"double w = At(unit + {(parts == 3 ? Literal.Integer(2 * layer.OutputWidth) : width)});");
                    if (kind == UnitKind.Clamp) writer.Line($"if (d > At(unit + {width})) constant += w * At(unit + {width});");
                    string sign = kind == UnitKind.LeftRelu ? "-" : "";
                    string otherwise = kind == UnitKind.LeftRelu ? "+" : "-";
                    using (writer.Braces(kind switch
                    {
                        UnitKind.LowRay => "if (!(d > 0))",
                        UnitKind.Clamp => "else if (!(d < 0))",
                        _ => "if (!(d < 0))",
                    }))
                    {
                        writer.Line($"slope += {sign}w;");
                        writer.Line($"constant {otherwise}= w * At(unit);");
                    }
                }

                i += run;
            }

            writer.Line("slopes[q] = slope;");
            writer.Line("constants[q] += constant;");
        }
    }
}
