using System.Collections.Generic;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints what a form of layer is around a point.</summary>
internal abstract class RegionLines(CodeWriter writer, LayerPlan layer)
{
    protected CodeWriter Writer => writer;

    protected LayerPlan Layer => layer;

    /// <summary>Names and values of the numbers that say how the table is laid out.</summary>
    public abstract IEnumerable<(string Name, int Value)> Constants { get; }

    /// <summary>The constants of weights.</summary>
    protected IEnumerable<(string Name, int Value)> WeightConstants => layer.GroupPanels == layer.OutputPanels
        ? [("WeightsStart", layer.Layout.Body), ("GroupWidth", layer.GroupPanels * layer.Lanes)]
        : [("WeightsStart", layer.Layout.Body), ("GroupWidth", layer.GroupPanels * layer.Lanes),
            ("GroupStride", layer.GroupPanels * layer.Lanes * layer.Form.InputCount)];

    protected string ForOutputs => $"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++)";

    /// <summary>Prints whether the function of some output bends at an input.</summary>
    public abstract void EmitBends(string declaration);

    /// <summary>Prints the slopes and intercepts of an input's edges.</summary>
    public abstract void EmitColumn();

    /// <summary>Prints what these two call.</summary>
    public virtual void EmitHelpers()
    {
    }

    /// <summary>The place of the weight of an input and output q, column group by column group.</summary>
    protected string Weight()
    {
        int size = layer.GroupPanels * layer.Lanes, rest = layer.OutputWidth % size, last = layer.OutputWidth - rest;
        if (layer.GroupPanels == layer.OutputPanels) return "WeightsStart + input * GroupWidth + q";
        string width = rest == 0 ? "GroupWidth" : $"(q < {Literal.Integer(last)} ? GroupWidth : {Literal.Integer(rest)})";
        return $"WeightsStart + q / GroupWidth * GroupStride + input * {width} + q % GroupWidth";
    }
}

/// <summary>Weights: they bend nowhere.</summary>
internal sealed class WeightLines(CodeWriter writer, LayerPlan layer) : RegionLines(writer, layer)
{
    public override IEnumerable<(string Name, int Value)> Constants => WeightConstants;

    public override void EmitBends(string declaration) => Writer.Line(declaration + " => false;");

    public override void EmitColumn() => Writer.Line($"{ForOutputs} slopes[q] = At({Weight()});");
}

/// <summary>Functions that are found in a table by their knots.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="layer">The layer.</param>
/// <param name="panels">Panels of the table for each panel of inputs.</param>
/// <param name="before">Panels before those of segments.</param>
internal abstract class SegmentLines(CodeWriter writer, LayerPlan layer, int panels, int before) : RegionLines(writer, layer)
{
    private string ForKnots => $"for (int j = 1; j <= {Literal.Integer(Layer.Layout.KnotCount)}; j++)";

    /// <summary>The constants of the search.</summary>
    protected IEnumerable<(string Name, int Value)> SearchConstants =>
        Layer.Layout.IsShared ? [("Lanes", 1), ("PanelStride", 0)] : [("Lanes", Layer.Lanes), ("PanelStride", panels * Layer.Lanes)];

    /// <summary>Whether an input is left as it is by what the others share.</summary>
    protected string IsPassing => $"(At({Literal.Integer(Layer.Layout.Passing)} + input) == 0)";

    /// <summary>The place of knot j, from 1.</summary>
    protected abstract string Knot { get; }

    public override void EmitBends(string declaration)
    {
        using (Writer.Braces(declaration))
        {
            EmitTable();
            Writer.Line($"""
                bool bends = false;
                {ForKnots} bends |= x == At({Knot});
                return bends{(Layer.Layout.Passing > 0 ? $" && !{IsPassing}" : "")};
                """);
        }
    }

    /// <summary>Prints <c>segment</c>: the number of knots below x, and of those at x unless the left side holds.</summary>
    protected void EmitSegment()
    {
        EmitTable();
        Writer.Line($$"""
            int segment = 0;
            {{ForKnots}}
            {
                {{KernelNames.Type(Layer.Precision)}} knot = At({{Knot}});
                segment += {{RegionEmitter.IsAboveKnot}} ? 1 : 0;
            }
            """);
    }

    /// <summary>Prints <c>table</c>, where the numbers of an input's search begin.</summary>
    private void EmitTable()
    {
        string grid = before > 0 ? $" + {Literal.Integer(before)} * Lanes" : "";
        Writer.Line($"int table = input / Lanes * PanelStride + input % Lanes{grid};");
    }
}

/// <summary>Rows of values and slopes.</summary>
internal sealed class RowLines(CodeWriter writer, LayerPlan layer)
    : SegmentLines(writer, layer, layer.Layout.SearchPanels, layer.Layout.GridPanels)
{
    public override IEnumerable<(string Name, int Value)> Constants =>
        [.. SearchConstants, ("RowsStart", Layer.Layout.Body), ("RowStride", 2 * Layer.OutputWidth)];

    protected override string Knot => "table + (j + 1) * Lanes";

    public override void EmitColumn()
    {
        EmitSegment();
        string zero = Literal.Number(TablePacker.RowZero(Layer.Precision), Layer.Precision);
        Writer.Line($$"""
            double point = At(table + (segment + 1) * Lanes);
            // The number of the row of the first segment is kept as a number of 2^23 (2^52 in double) and more, as vectors count.
            int row = RowsStart + (int)(At(table) - {{zero}} + segment) * RowStride;
            {{ForOutputs}}
            {
                int value = row + q / Lanes * 2 * Lanes + q % Lanes;
                slopes[q] = At(value + Lanes);
                constants[q] += At(value) - slopes[q] * point;
            }
            """);
    }
}

/// <summary>One function for each input.</summary>
internal abstract class ActivationLines(CodeWriter writer, LayerPlan layer, ActivationForm activation)
    : SegmentLines(writer, layer, 3 * (layer.Layout.KnotCount + 1), 0)
{
    /// <summary>The constants of the function of an input.</summary>
    protected IEnumerable<(string Name, int Value)> FunctionConstants => activation.IsRelu ? [] : SearchConstants;

    protected override string Knot => "table + j * 3 * Lanes";

    public override void EmitBends(string declaration)
    {
        if (activation.IsRelu) Writer.Line(declaration + " => x == 0;");
        else base.EmitBends(declaration);
    }

    /// <summary>Prints <c>slope</c> and <c>intercept</c> of the function at x.</summary>
    protected void EmitFunction()
    {
        if (activation.IsRelu)
        {
            Writer.Line("""
                double slope = x < 0 || (isLeft && x == 0) ? 0 : 1;
                const double intercept = 0;
                """);
            return;
        }

        EmitSegment();
        string slope = "At(point + 2 * Lanes)", intercept = "At(point + Lanes) - slope * At(point)";
        if (Layer.Layout.Passing > 0) (slope, intercept) = ($"{IsPassing} ? 1 : {slope}", $"{IsPassing} ? 0 : {intercept}");
        Writer.Line($"""
            int point = table + segment * 3 * Lanes;
            double slope = {slope};
            double intercept = {intercept};
            """);
    }
}

/// <summary>An activation, then weights.</summary>
internal sealed class FactoredLines(CodeWriter writer, LayerPlan layer, ActivationForm activation)
    : ActivationLines(writer, layer, activation)
{
    public override IEnumerable<(string Name, int Value)> Constants => [.. FunctionConstants, .. WeightConstants];

    public override void EmitColumn()
    {
        EmitFunction();
        Writer.Line($$"""
            {{ForOutputs}}
            {
                double w = At({{Weight()}});
                slopes[q] = w * slope;
                constants[q] += w * intercept;
            }
            """);
    }
}

/// <summary>One function for each node.</summary>
internal sealed class NodeLines(CodeWriter writer, LayerPlan layer, ActivationForm activation)
    : ActivationLines(writer, layer, activation)
{
    public override IEnumerable<(string Name, int Value)> Constants => FunctionConstants;

    public override void EmitColumn()
    {
        EmitFunction();
        Writer.Line("""
            slopes[0] = slope;
            constants[0] += intercept;
            """);
    }
}

/// <summary>Sums of units.</summary>
internal sealed class UnitLines(CodeWriter writer, LayerPlan layer, UnitsForm form) : RegionLines(writer, layer)
{
    public override IEnumerable<(string Name, int Value)> Constants =>
        [("UnitsStart", Layer.Layout.Body), ("InputStride", Layer.Layout.Stride), ("OutputWidth", Layer.OutputWidth)];

    public override void EmitBends(string declaration) => Writer.Line($$"""
        {{declaration}}
        {
            {{ForOutputs}}
            {
                if (Line(input, q, x, isLeft: false).Slope != Line(input, q, x, isLeft: true).Slope) return true;
            }

            return false;
        }
        """);

    public override void EmitColumn() => Writer.Line($$"""
        {{ForOutputs}}
        {
            (slopes[q], double constant) = Line(input, q, x, isLeft);
            constants[q] += constant;
        }
        """);

    public override void EmitHelpers()
    {
        Writer.Line();
        UnitRegionEmitter.EmitLine(Writer, Layer, form);
    }
}
