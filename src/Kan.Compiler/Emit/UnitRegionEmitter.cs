using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the line of an edge that is computed as a sum of units: which of them move at a point, and which are at their ends.</summary>
internal static class UnitRegionEmitter
{
    /// <summary>Prints the method <c>Line</c>: slope and intercept of one edge.</summary>
    public static void EmitLine(CodeWriter writer, LayerPlan layer, UnitsForm form)
    {
        string type = KernelNames.Type(layer.Precision);
        using (writer.Braces($"private static (double Slope, double Constant) Line(int input, int q, {type} x, bool isLeft)"))
        {
            writer.Line("double slope = 0, constant = 0;");
            writer.Line("int unit = UnitsStart + input * InputStride + q;");
            if (form.Lowering == LayerLowering.Relu) EmitRelus(writer, form, type);
            else EmitClamps(writer, form, type);
            writer.Line("return (slope, constant);");
        }
    }

    private static void EmitRelus(CodeWriter writer, UnitsForm form, string type)
    {
        const string weight = "At(unit + OutputWidth)";
        writer.Line($"{type} knot = At(unit);");
        writer.Line($"double w = {weight};");
        using (writer.Braces("if (x < knot || (isLeft && x == knot))"))
        {
            writer.Line("slope = -w;");
            writer.Line("constant = w * knot;");
        }

        writer.Line();
        using (writer.Braces($"for (int i = 1; i < {Literal.Integer(form.Kinds.Length)}; i++)"))
        {
            writer.Line("unit += 2 * OutputWidth;");
            writer.Line("knot = At(unit);");
            writer.Line($"w = {weight};");
            using (writer.Braces($"if ({RegionEmitter.IsAboveKnot})"))
            {
                writer.Line("slope += w;");
                writer.Line("constant -= w * knot;");
            }
        }

        writer.Line();
    }

    /// <summary>
    /// Each segment of an edge is one unit, between its own knot and that of the next. Heights are rounded, so the end of a unit may miss that knot by a rounding error;
    /// counting by knots lets exactly one unit move at every point.
    /// </summary>
    private static void EmitClamps(CodeWriter writer, UnitsForm form, string type)
    {
        int clamps = form.Kinds.Count(static kind => kind == UnitKind.Clamp);
        writer.Line($"int ray = unit + {Literal.Integer(2 + (3 * clamps))} * OutputWidth;");
        writer.Line($"{type} knot = At(ray);");
        writer.Line("double w = At(ray + OutputWidth);");
        writer.Line($"bool isAbove = {RegionEmitter.IsAboveKnot};");
        using (writer.Braces("if (isAbove)"))
        {
            writer.Line("slope = w;");
            writer.Line("constant = -(w * knot);");
        }

        writer.Line();
        if (clamps > 0)
        {
            using (writer.Braces("for (int i = ray - 3 * OutputWidth; i > unit; i -= 3 * OutputWidth)"))
            {
                writer.Line("// An edge of fewer segments ends in units of height 0.");
                writer.Line($"{type} height = At(i + OutputWidth);");
                writer.Line("if (height == 0) continue;");
                writer.Line("knot = At(i);");
                writer.Line("w = At(i + 2 * OutputWidth);");
                using (writer.Braces("if (isAbove)"))
                {
                    writer.Line("constant += w * height;");
                    writer.Line("continue;");
                }

                writer.Line();
                writer.Line($"isAbove = {RegionEmitter.IsAboveKnot};");
                writer.Line("if (!isAbove) continue;");
                writer.Line("slope = w;");
                writer.Line("constant -= w * knot;");
            }

            writer.Line();
        }

        using (writer.Braces("if (!isAbove)"))
        {
            writer.Line("w = At(unit + OutputWidth);");
            writer.Line("slope = w;");
            writer.Line("constant -= w * At(unit);");
        }

        writer.Line();
    }
}
