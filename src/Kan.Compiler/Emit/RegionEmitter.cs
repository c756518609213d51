using System.Collections.Generic;
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
        writer.Line($"""
            /// <summary>The layers around a point.</summary>
            {KernelNames.GeneratedCode}
            """);
        using (writer.Braces($"file readonly struct {TypeName} : {KernelNames.Panels}ILocalNetwork<{type}>"))
        {
            writer.Line($"""
                public static global::System.ReadOnlySpan<int> Widths => [{string.Join(", ", widths.Select(Literal.Integer))}];

                public static global::System.ReadOnlySpan<int> HiddenStarts => [{string.Join(", ", starts.Select(Literal.Integer))}];

                public static bool IsLastElementwise => {(plan.Layers[plan.Layers.Length - 1].Form is ElementwiseForm ? "true" : "false")};

                """);
            EmitKinds(writer, plan);
            EmitChoice(writer, plan.Layers, "", $"void Biases(int layer, {Doubles} constants)", "Biases(constants)");
            writer.Line();
            EmitChoice(writer, plan.Layers, "return ", $"bool Bends(int layer, int input, {type} x)", "Bends(input, x)");
            writer.Line();
            EmitChoice(writer, [.. plan.Layers.Where(static layer => layer.Window is null)], "", $"void Column(int layer, int input, "
                + $"{type} x, bool isLeft, {Doubles} slopes, {Doubles} constants)", "Column(input, x, isLeft, slopes, constants)");
        }
    }

    /// <summary>Prints which layers have few of the possible edges: node for node, or under a window.</summary>
    private static void EmitKinds(CodeWriter writer, NetworkPlan plan)
    {
        string[] elementwise = [.. plan.Layers.Where(static layer => layer.Form is ElementwiseForm)
            .Select(static layer => Literal.Integer(layer.Index))];
        if (elementwise.Length > 0)
            writer.Line($"public static bool IsElementwise(int layer) => layer is {string.Join(" or ", elementwise)};\n");
        if (!plan.HasImages) return;
        var windows = plan.Layers.Where(static layer => layer.Window is not null)
            .Select(static layer => $"{Literal.Integer(layer.Index)} => Region{layer.Index}.Window,\n    ");
        writer.Line($$"""
            public static {{KernelNames.Panels}}LocalWindow Window(int layer) => layer switch
            {
                {{string.Concat(windows)}}_ => default,
            };

            """);
        LayerPlan[] convolutions = [.. plan.Layers.Where(static layer => layer.Form is ConvolutionForm)];
        if (convolutions.Length == 0) return;
        EmitChoice(writer, convolutions, "", $"void Filter(int layer, int filter, {Doubles} weights)", "Filter(filter, weights)");
        writer.Line();
    }

    private static void EmitChoice(CodeWriter writer, IReadOnlyList<LayerPlan> layers, string result, string declaration, string call)
    {
        using (writer.Braces("public static " + declaration))
        {
            if (layers.Count == 0) return;
            if (layers.Count == 1)
            {
                writer.Line($"{result}Region{layers[0].Index}.{call};");
                return;
            }

            using (writer.Braces("switch (layer)"))
            {
                foreach (var layer in layers)
                {
                    writer.Line(layer == layers[layers.Count - 1] ? "default:" : $"case {Literal.Integer(layer.Index)}:");
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
        if (layer.Window is { } window)
        {
            WindowRegionEmitter.Emit(writer, layer, window);
            return;
        }

        string type = KernelNames.Type(layer.Precision);
        var lines = layer.Form.Accept(new Choice(writer, layer));
        writer.Line($"""
            /// <summary>Layer {layer.Index} around a point: slopes and intercepts of the segments that its inputs are on.</summary>
            {KernelNames.GeneratedCode}
            """);
        using (writer.Braces($"file static class Region{layer.Index}"))
        {
            EmitConstants(writer, layer, lines);
            using (writer.Braces($"public static void Biases({Doubles} constants)"))
            {
                if (layer.Kernel is null) writer.Line("constants.Clear();");
                else writer.Line($"for (int q = 0; q < {Literal.Integer(layer.Form.OutputCount)}; q++) constants[q] = "
                    + $"At({(layer.Layout.Biases == 0 ? "q" : "BiasesStart + q")});");
            }

            writer.Line();
            lines.EmitBends($"public static bool Bends(int input, {type} x)");
            writer.Line();
            using (writer.Braces($"public static void Column(int input, {type} x, bool isLeft, {Doubles} slopes, {Doubles} constants)"))
                lines.EmitColumn();
            lines.EmitHelpers();

            if (layer.Table.IsEmpty) return;
            writer.Line();
            EmitAt(writer, layer);
        }
    }

    /// <summary>Prints the method that reads a number of the layer's table.</summary>
    public static void EmitAt(CodeWriter writer, LayerPlan layer) =>
        writer.Line($"private static {KernelNames.Type(layer.Precision)} At(int index) => Runtime::Unsafe.Add(ref Tables.Start, "
            + $"{(layer.TableStart == 0 ? "index" : "TableStart + index")});");

    /// <summary>Prints where the parts of the layer's table begin and how they are laid out.</summary>
    private static void EmitConstants(CodeWriter writer, LayerPlan layer, RegionLines lines)
    {
        var constants = lines.Constants.ToList();
        if (layer.Kernel is not null && layer.Layout.Biases > 0) constants.Insert(0, ("BiasesStart", layer.Layout.Biases));
        if (layer.TableStart > 0 && !layer.Table.IsEmpty) constants.Insert(0, ("TableStart", layer.TableStart));
        if (constants.Count == 0) return;
        foreach (var (name, value) in constants) writer.Line($"private const int {name} = {Literal.Integer(value)};");
        writer.Line();
    }

    private sealed class Choice(CodeWriter writer, LayerPlan layer) : ILayerFormVisitor<RegionLines>
    {
        public RegionLines Affine(AffineForm form) => new WeightLines(writer, layer);

        public RegionLines Factored(FactoredForm form) => new FactoredLines(writer, layer, form.Activation);

        public RegionLines Elementwise(ElementwiseForm form) => new NodeLines(writer, layer, form.Activation);

        public RegionLines Rows(RowsForm form) => new RowLines(writer, layer);

        public RegionLines Units(UnitsForm form) => new UnitLines(writer, layer, form);

        public RegionLines Convolution(ConvolutionForm form) => throw Images();

        public RegionLines Maximum(MaximumForm form) => throw Images();

        private static System.InvalidOperationException Images() => new("Layers over images have no lines.");
    }
}
