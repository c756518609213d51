using System.Collections.Generic;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints what a layer over an image is to <c>Explain</c>: its window, and the weights of each filter out of the packed table.
/// </summary>
internal static class WindowRegionEmitter
{
    private const string Doubles = "global::System.Span<double>";

    /// <summary>Prints the type of one layer.</summary>
    public static void Emit(CodeWriter writer, LayerPlan layer, WindowPlan plan)
    {
        writer.Line($"/// <summary>Layer {layer.Index} around a point: "
            + $"{(plan.IsMaximum ? "under each window the input that is the largest" : "the weights of its filters")}.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file static class Region{layer.Index}"))
        {
            if (!plan.IsMaximum) EmitConstants(writer, layer, plan);
            EmitWindow(writer, plan);
            writer.Line();
            EmitBiases(writer, layer, plan);
            writer.Line();
            writer.Line($"public static bool Bends(int input, {KernelNames.Type(layer.Precision)} x) => false;");
            if (plan.IsMaximum) return;
            writer.Line();
            EmitFilter(writer, layer, plan);
            writer.Line();
            RegionEmitter.EmitAt(writer, layer);
        }
    }

    private static int Panels(LayerPlan layer, WindowPlan plan) => (plan.GroupFilters + layer.Lanes - 1) / layer.Lanes;

    private static void EmitConstants(CodeWriter writer, LayerPlan layer, WindowPlan plan)
    {
        var constants = new List<(string Name, int Value)>
        {
            ("WeightsStart", layer.Layout.Body), ("Lanes", layer.Lanes),
        };
        if (plan.Runs is null) constants.Add(("PanelStride", plan.Terms * layer.Lanes));
        if (layer.TableStart > 0) constants.Insert(0, ("TableStart", layer.TableStart));
        if (plan.Groups > 1) constants.AddRange([("GroupFilters", plan.GroupFilters), ("GroupPanels", Panels(layer, plan))]);
        foreach (var (name, value) in constants) writer.Line($"private const int {name} = {Literal.Integer(value)};");
        writer.Line();
    }

    private static void EmitWindow(CodeWriter writer, WindowPlan plan)
    {
        var geometry = plan.Geometry;
        List<string> arguments =
        [
            Number("channels", geometry.Channels), Number("height", geometry.Height), Number("width", geometry.Width),
            Number("kernelHeight", geometry.KernelHeight), Number("kernelWidth", geometry.KernelWidth),
            Number("strideY", geometry.StrideY), Number("strideX", geometry.StrideX),
            Number("dilationY", geometry.DilationY), Number("dilationX", geometry.DilationX),
            Number("padTop", geometry.PadTop), Number("padLeft", geometry.PadLeft), Number("columns", geometry.OutputWidth),
            Number("filters", plan.Filters), Number("groups", plan.IsByChannel ? geometry.Channels : plan.Groups),
        ];
        if (geometry.ChannelsFirst) arguments.Add("channelsFirst: true");
        if (plan.IsMaximum) arguments.Add("isMaximum: true");
        writer.List($"public static {KernelNames.Panels}LocalWindow Window => new(", arguments, ");");

        static string Number(string name, int value) => name + ": " + Literal.Integer(value);
    }

    private static void EmitBiases(CodeWriter writer, LayerPlan layer, WindowPlan plan)
    {
        using var method = writer.Braces($"public static void Biases({Doubles} constants)");
        if (plan.IsMaximum)
        {
            writer.Line("constants.Clear();");
            return;
        }

        string filter = $"q % {Literal.Integer(plan.Filters)}";
        string place = plan.Groups == 1 ? filter : $"{filter} / GroupFilters * GroupPanels * Lanes + {filter} % GroupFilters";
        writer.Line($"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++) constants[q] = At({place});");
    }

    private static void EmitFilter(CodeWriter writer, LayerPlan layer, WindowPlan plan)
    {
        using var method = writer.Braces($"public static void Filter(int filter, {Doubles} weights)");
        if (plan.Runs is { } runs)
        {
            EmitRuns(writer, layer, plan, runs);
            return;
        }

        string panel = plan.Groups == 1 ? "filter / Lanes" : "(filter / GroupFilters * GroupPanels + filter % GroupFilters / Lanes)";
        string lane = plan.Groups == 1 ? "filter % Lanes" : "filter % GroupFilters % Lanes";
        writer.Line($"int weight = WeightsStart + {panel} * PanelStride + {lane};");
        writer.Line("for (int i = 0; i < weights.Length; i++) weights[i] = At(weight + i * Lanes);");
    }

    /// <summary>The weights that are in the table; the others are zero.</summary>
    private static void EmitRuns(CodeWriter writer, LayerPlan layer, WindowPlan plan, WindowRuns runs)
    {
        int start = plan.RunsStart(layer.Layout.Body, layer.Lanes);
        string zero = Literal.Number(TablePacker.RowZero(layer.Precision), layer.Precision);
        writer.Line("weights.Clear();");
        writer.Line("var (weight, run, count) = (filter / Lanes) switch\n{");
        using (writer.Indented())
        {
            for (int panel = 0; panel < runs.Panels.Length; panel++)
            {
                string label = panel == runs.Panels.Length - 1 ? "_" : Literal.Integer(panel);
                writer.Line($"{label} => (WeightsStart + {Literal.Integer(runs.VectorsBefore(panel) * layer.Lanes)}, "
                    + $"{Literal.Integer(start + (runs.RunsBefore(panel) * WindowRuns.Numbers))}, "
                    + $"{Literal.Integer(runs.Panels[panel].Length)}),");
            }
        }

        writer.Line("};");
        writer.Line("weight += filter % Lanes;");
        writer.Line("// The numbers of a run are kept as those of rows are, from 2^23 (2^52 in double) on.");
        using (writer.Braces($"for (; count > 0; count--, run += {Literal.Integer(WindowRuns.Numbers)})"))
        {
            writer.Line($"int terms = (int)(At(run + 1) - {zero}), first = (int)(At(run + 2) - {zero});");
            writer.Line("// Where it has none, each lane has one, that of its own number.");
            writer.Line("if (terms == 0)");
            using (writer.Braces(""))
            {
                writer.Line("weights[first + filter % Lanes] = At(weight);");
                writer.Line("weight += Lanes;");
            }

            writer.Line();
            writer.Line("for (int i = 0; i < terms; i++, weight += Lanes) weights[first + i] = At(weight);");
        }
    }
}
