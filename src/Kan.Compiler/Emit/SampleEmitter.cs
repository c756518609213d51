using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the kernels of batches with samples in lanes. The sums are those of single samples, term by term in the same order, so the bits
/// are too. They are written in vectors of 512 or 256 bits rather than panels: each operation on a panel is a method, of which the JIT
/// inlines some two hundred.
/// </summary>
internal static class SampleEmitter
{
    /// <summary>The class that holds them.</summary>
    public static string TypeName(SampleVectors vectors) => vectors.IsWide ? "SampleKernels" : "NarrowSampleKernels";

    public static void Emit(CodeWriter writer, NetworkPlan plan, SamplePlan samples)
    {
        string type = KernelNames.Type(plan.Precision);
        string rows = Literal.Integer(samples.Vectors.Samples(plan.Precision));
        writer.Line();
        writer.Line($"/// <summary>The layers for {rows} samples at once, a sample in each lane, on machines with "
            + $"{(samples.Vectors.IsWide ? "AVX-512" : "AVX2")}, whose vectors pick numbers out of others.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file static class {TypeName(samples.Vectors)}"))
        {
            writer.Line($"""
                /// <summary>Samples of a block; fewer are computed one by one.</summary>
                public const int BlockRows = {rows};

                """);
            var layers = new CodeWriter();
            var kernels = new KernelPool(layers);
            foreach (var layout in samples.Layers)
            {
                if (layout.Layer.Stage.IsPass)
                    kernels.Add("Prepare" + layout.Layer.Index, (method, name) => EmitStage(method, name, layout));
                if (layout.Layer.Kernel is not null) EmitSums(kernels, layout);
            }

            var places = new KernelPlaces();
            var run = new CodeWriter();
            EmitRun(run, plan, samples, kernels, places);
            places.Emit(writer, "Where a layer's numbers begin in the tables, and its values in the memory of a block of samples. What "
                + "has no name begins at 0.");
            if (samples.TableLength > 0)
                EmitTable(writer, samples, [.. samples.Layers.Where(static layout => layout.Lookup is not null)]);
            writer.Append(run);
            writer.Append(layers);
            writer.Line($"""

                {KernelNames.Inline}
                private static ref {type} At(ref {type} start, nint index) => ref Runtime::Unsafe.Add(ref start, index);
                """);
        }
    }

    private static void EmitTable(CodeWriter writer, SamplePlan samples, IReadOnlyList<SampleLayout> layouts)
    {
        string type = KernelNames.Type(layouts[0].Layer.Precision);
        writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<{type}> s_numbers = "
            + $"{KernelNames.Panels}SampleTable.Create(ref Tables.Start, {Literal.Integer(samples.TableLength)},");
        using (writer.Indented())
        {
            foreach (var (layer, lookup) in layouts.Select(static layout => (layout.Layer, layout.Lookup!)))
            {
                bool isRows = layer.ReadsSegments;
                (string Name, int Value)[] places =
                [
                    ("inputs", layer.Form.InputCount), ("functions", lookup.Functions), ("segments", lookup.Segments),
                    ("source", layer.TableStart + (isRows ? layer.Layout.GridPanels * layer.Lanes : 0)),
                    ("sourceStride", (isRows ? layer.Layout.SearchPanels : 3 * lookup.Segments) * layer.Lanes),
                    ("rows", isRows ? layer.TableStart + layer.Layout.Body : 0),
                    ("points", lookup.Points), ("pointsStride", lookup.PointPanels * samples.Vectors.Lanes(layer.Precision)),
                    ("lines", lookup.Lines), ("linesStride", lookup.Stride), ("slopes", lookup.Slopes), ("block", lookup.Block),
                ];
                string end = layer == layouts[layouts.Count - 1].Layer ? "));\n" : "),";
                writer.List($"new {KernelNames.Panels}SampleLayer(",
                    [.. places.Select(static place => $"{place.Name}: {Literal.Integer(place.Value)}")], end);
            }
        }
    }

    private static void EmitRun(CodeWriter writer, NetworkPlan plan, SamplePlan samples, KernelPool kernels, KernelPlaces names)
    {
        string type = KernelNames.Type(plan.Precision), n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount);
        string Named(string start, string part, LayerPlan layer, int offset) =>
            "ref " + KernelPlaces.At(start, names.Name(part, layer, offset));
        writer.Prose("/// ", $"<summary>Computes rows of samples, of which there are at least <see cref=\"BlockRows\"/>; <paramref "
            + $"name=\"scratch\"/> holds {Literal.Integer(samples.ScratchLength)} numbers on a 64-byte boundary.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel(
            $"public static void Run(ref {type} inputs, ref {type} outputs, int rows, ref {type} scratch, ref {type} table)"))
        {
            if (samples.TableLength > 0) writer.Line($"ref {type} numbers = ref s_numbers.Start;");
            using (writer.Braces("for (int row = 0; row < rows; row += BlockRows)"))
            {
                string first = KernelNames.Row("inputs", plan.InputCount, "start");
                writer.Line($"""
                    // The last block takes some samples of the one before once more; they give the same bits.
                    int start = global::System.Math.Min(row, rows - BlockRows);
                    {KernelNames.Panels}Transposition.Transpose(ref {first}, BlockRows, {n}, ref scratch);
                    """);
                foreach (var layout in samples.Layers)
                {
                    var layer = layout.Layer;
                    string values = Named("scratch", "Inputs", layer, layout.Inputs),
                        found = layer.ReadsSegments ? $"{values}, {Named("scratch", "Segments", layer, layout.Found)}" : values;
                    if (layer.Stage.IsPass)
                    {
                        string points = layout.Lookup is { } lookup ? ", " + Named("numbers", "Points", layer, lookup.Points) : "";
                        writer.Line($"{kernels["Prepare" + layer.Index]}({found}{points});");
                    }

                    if (layer.Kernel is null) continue;
                    string weights = layer.ReadsSegments ? Named("numbers", "Lines", layer, layout.Lookup!.Lines)
                        : Named("table", "Weights", layer, layer.TableStart + layer.Layout.Body);
                    writer.Line($"{kernels["Sum" + layer.Index]}({found}, {weights}, "
                        + $"{Named("table", "Biases", layer, layer.TableStart + layer.Layout.Biases)}, "
                        + $"{Named("scratch", "Outputs", layer, layout.Outputs)});");
                }

                string computed = Named("scratch", "Outputs", plan.Layers[plan.Layers.Length - 1], samples.Outputs);
                writer.Line($"{KernelNames.Panels}Transposition.Transpose({computed}, {m}, BlockRows, "
                    + $"ref {KernelNames.Row("outputs", plan.OutputCount, "start")});");
            }
        }
    }

    private static string Place(string start, Offset offset) => "ref " + KernelNames.At(start, offset);

    /// <summary>Prints what happens to each input before its terms are summed.</summary>
    private static void EmitStage(CodeWriter writer, string name, SampleLayout layout)
    {
        var layer = layout.Layer;
        string type = KernelNames.Type(layer.Precision);
        var vectors = new VectorText(type, layout.Vectors.Bits);
        string segments = layer.ReadsSegments ? $", ref {type} segments" : "", points = layout.Lookup is null ? "" : $", ref {type} points";
        string summary = layer.ReadsSegments
            ? "The segment of each input in each sample, and its distance from the anchor point of that segment, which takes the place of "
                + "the input."
            : StageEmitter.Summary(layer);
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}(ref {type} x{segments}{points})"))
        {
            using (writer.Braces($"for (int p = 0; p < {Literal.Integer(layer.Form.InputCount)}; p++)"))
            {
                string[] tables = layout.Lookup is { } lookup
                    ? EmitLoads(writer, vectors, "points", lookup.PointPanels, "points",
                        new Offset(0, "p", lookup.PointPanels * layout.Lanes), layout.Lanes)
                    : [];
                string[] lines = layout.Lookup is { } function && !layer.ReadsSegments
                    ? EmitLoads(writer, vectors, "line", function.Panels, "points",
                        new Offset(function.Lines - function.Points, "p", function.Stride), layout.Lanes)
                    : [];
                for (int g = 0; g < layout.Groups; g++)
                {
                    var at = new Offset(g * layout.Lanes, "p", layout.Samples);
                    writer.Line($"var v{g} = {vectors.Load(KernelNames.At("x", at))};");
                    if (layout.Lookup is null) writer.Line($"v{g} = {StageEmitter.Activated(layer.Stage, $"v{g}", vectors)};");
                    else EmitSearch(writer, layer, layout.Lookup, vectors, tables, Literal.Integer(g));
                    if (lines.Length > 0) EmitLine(writer, layer, layout.Lookup!, vectors, lines, Literal.Integer(g));
                    writer.Line(vectors.Store($"v{g}", KernelNames.At("x", at)));
                    if (layer.ReadsSegments) writer.Line(vectors.Store($"j{g}", KernelNames.At("segments", at)));
                }
            }
        }
    }

    private static string[] EmitLoads(CodeWriter writer, VectorText vectors, string name, int count, string start, Offset offset, int lanes)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{name}{i}")];
        for (int i = 0; i < count; i++) writer.Line($"var {names[i]} = {vectors.Load(KernelNames.At(start, offset + (i * lanes)))};");
        return names;
    }

    /// <summary>
    /// Prints the search of a segment, which halves the anchor points in question at each step, and the distance from its anchor point.
    /// </summary>
    private static void EmitSearch(CodeWriter writer, LayerPlan layer, LookupLayout lookup, VectorText vectors, string[] points, string g)
    {
        writer.Line($"var j{g} = {vectors.Splat(Literal.Number(TablePacker.RowZero(layer.Precision), layer.Precision))};");
        string declaration = "var ";
        foreach (int step in lookup.Steps)
        {
            writer.Line($"{declaration}next{g} = {vectors.Add($"j{g}", vectors.Splat(Literal.Number(step, layer.Precision)))};");
            writer.Line($"j{g} = {vectors.Choose($"v{g}", vectors.Lookup(points, $"next{g}"), $"next{g}", $"j{g}")};");
            declaration = "";
        }

        writer.Line($"v{g} = {SegmentTerm.Distance(vectors, $"v{g}", vectors.Lookup(points, $"j{g}"), layer.Stage.Difference)};");
    }

    /// <summary>Prints the line of an activation.</summary>
    private static void EmitLine(CodeWriter writer, LayerPlan layer, LookupLayout lookup, VectorText vectors, string[] lines, string g)
    {
        string slopes = $"j{g}";
        if (lookup.Panels == 1)
        {
            slopes = $"k{g}";
            writer.Line($"var {slopes} = {vectors.Add($"j{g}", vectors.Splat(Literal.Number(lookup.Slopes, layer.Precision)))};");
        }

        var (slope, value) = Picked(vectors, lines, slopes, $"j{g}");
        string line = SegmentTerm.Line(vectors, slope, $"v{g}", value);
        writer.Line($"v{g} = {vectors.Bounded(line, layer.Stage.Result)};");
    }

    /// <summary>The slope and the value of a segment, both picked out of the panels of a function.</summary>
    public static (string Slope, string Value) Picked(VectorText vectors, string[] panels, string slope, string segment) =>
        (vectors.Lookup([.. panels.Skip(panels.Length / 2)], slope), vectors.Lookup([.. panels.Take((panels.Length + 1) / 2)], segment));

    private static void EmitSums(KernelPool kernels, SampleLayout layout)
    {
        var layer = layout.Layer;
        string type = KernelNames.Type(layer.Precision), segments = layer.ReadsSegments ? $", ref {type} segments" : "",
            parameters = $"ref {type} x{segments}, ref {type} weights, ref {type} biases, ref {type} y";
        foreach (var call in layout.Calls)
            kernels.Add(Name(layer, call), (writer, name) => EmitKernel(writer, name, layout, call, parameters));
        kernels.Add("Sum" + layer.Index, (writer, name) =>
        {
            writer.Line($"/// <summary>{SummationEmitter.Summary(layer)}</summary>");
            writer.Line(KernelNames.Optimize);
            using var method = writer.Kernel($"private static void {name}({parameters})");
            foreach (var call in layout.Calls)
            {
                int outputs = call.Tile.Panels, samples = layout.Samples;
                string Moved(string start, int offset, int stride) =>
                    Place(start, call.Count == 1 ? offset : new Offset(offset, "block", stride));
                string weights = Moved("weights", call.Weights, call.Step), biases = Moved("biases", call.First, outputs),
                    y = Moved("y", call.First * samples, outputs * samples);
                string line =
                    $"{kernels[Name(layer, call)]}(ref x{(layer.ReadsSegments ? ", ref segments" : "")}, {weights}, {biases}, {y});";
                writer.Line(call.Count == 1 ? line : $"for (int block = 0; block < {Literal.Integer(call.Count)}; block++)\n    {line}");
            }
        });
    }

    private static string Name(LayerPlan layer, SampleCall call) =>
        $"Sum{layer.Index}Outputs{call.Tile.Panels}{(call.Stride == 0 || call.Stride == layer.OutputWidth ? "" : $"Of{call.Stride}")}";

    private static void EmitKernel(CodeWriter writer, string name, SampleLayout layout, SampleCall call, string parameters)
    {
        var layer = layout.Layer;
        var terms = new SampleTerms(writer, layout, call.Tile.Panels, call.Stride);
        writer.Line(
            $"/// <summary>{Literal.Count(call.Tile.Panels, "output")} of all samples, {KernelNames.Sums(layer.PartialSums)}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}({parameters})"))
        {
            var accumulators = PartialSums.Emit(
                writer, call.Tile, layer.PartialSums, layer.Form.InputCount, layout.Loop, terms, PlaceOf);
            if (layer.Kernel!.EndsWithZero) writer.Line(SummationEmitter.AddsZero);
            foreach (var (output, group) in accumulators.Places)
            {
                string sum = accumulators.Name(0, output, group);
                if (layer.Kernel.EndsWithZero) sum = terms.Vectors.Add(sum, terms.Vectors.Zero);
                writer.Line(terms.Vectors.Store(StageEmitter.Stored(layer, sum, terms.Vectors), PlaceOf(output, group)));
            }
        }

        string PlaceOf(int output, int group) => KernelNames.At("y", ((output * layout.Groups) + group) * layout.Lanes);
    }
}
