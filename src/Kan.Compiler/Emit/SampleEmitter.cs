using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the kernels of batches with samples in lanes. The sums are those of single samples, term by term in the same order, so the bits are too.
/// They are written in vectors of 512 bits rather than panels: each operation on a panel is a method, of which the JIT inlines some two hundred.
/// </summary>
internal static class SampleEmitter
{
    /// <summary>The class that holds them.</summary>
    public const string TypeName = "SampleKernels";

    /// <summary>Elements of scratch: of each layer its inputs and the segments of those, then the outputs, for a block of samples.</summary>
    public static int ScratchLength(NetworkPlan plan) =>
        SampleLayout.Samples(plan.Precision) * (plan.Layers.Sum(static layer => (HasSegments(layer) ? 2 : 1) * layer.Form.InputCount) + plan.OutputCount);

    private static bool HasSegments(LayerPlan layer) => layer.Form is RowsForm;

    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        int samples = SampleLayout.Samples(plan.Precision);
        var (layouts, length) = SampleLayout.Of(plan);
        writer.Line();
        writer.Line($"/// <summary>The layers for {Literal.Integer(samples)} samples at once, a sample in each lane, on machines with AVX-512, whose vectors pick numbers out of others.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file static class {TypeName}"))
        {
            writer.Line("/// <summary>Samples of a block; fewer are computed one by one.</summary>");
            writer.Line($"public const int BlockRows = {Literal.Integer(samples)};\n");
            if (length > 0) EmitTable(writer, type, length, [.. layouts.Where(static layout => layout.Lookup is not null)]);
            EmitRun(writer, plan, layouts);
            foreach (var layout in layouts)
            {
                writer.Line();
                if (InputStage.IsPass(plan, layout.Layer)) EmitStage(writer, layout);
                if (layout.Layer.Form is not ElementwiseForm) EmitSums(writer, layout, plan.After(layout.Layer));
            }

            writer.Line();
            writer.Line(KernelNames.Inline);
            writer.Line($"private static ref {type} At(ref {type} start, nint index) => ref Runtime::Unsafe.Add(ref start, index);");
        }
    }

    private static void EmitTable(CodeWriter writer, string type, int length, IReadOnlyList<SampleLayout> layouts)
    {
        writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<{type}> s_numbers = {KernelNames.Panels}SampleTable.Create(ref Tables.Start, {Literal.Integer(length)},");
        using (writer.Indented())
        {
            foreach (var (layer, lookup) in layouts.Select(static layout => (layout.Layer, layout.Lookup!)))
            {
                bool isRows = layer.Form is RowsForm;
                (string Name, int Value)[] places =
                [
                    ("Inputs", layer.Form.InputCount), ("Functions", lookup.Functions), ("Segments", lookup.Segments),
                    ("Source", layer.TableStart + (isRows ? layer.Layout.GridPanels * layer.Lanes : 0)),
                    ("SourceStride", (isRows ? layer.Layout.SearchPanels : 3 * lookup.Segments) * layer.Lanes),
                    ("Rows", isRows ? layer.TableStart + layer.Layout.Body : 0),
                    ("Points", lookup.Points), ("PointsStride", lookup.PointPanels * layer.Lanes),
                    ("Lines", lookup.Lines), ("LinesStride", lookup.Stride), ("Slopes", lookup.Slopes), ("Block", lookup.Block),
                ];
                string end = layer == layouts[layouts.Count - 1].Layer ? ");\n" : ",";
                writer.Line($"new {KernelNames.Panels}SampleLayer {{ {string.Join(", ", places.Select(static place => $"{place.Name} = {Literal.Integer(place.Value)}"))} }}{end}");
            }
        }
    }

    private static void EmitRun(CodeWriter writer, NetworkPlan plan, IReadOnlyList<SampleLayout> layouts)
    {
        string type = KernelNames.Type(plan.Precision), n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount);
        int samples = SampleLayout.Samples(plan.Precision), x = 0;
        writer.Line($"/// <summary>Computes rows of samples, of which there are at least <see cref=\"BlockRows\"/>; <paramref name=\"scratch\"/> holds {Literal.Integer(ScratchLength(plan))} numbers on a 64-byte boundary.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"public static void Run(ref {type} inputs, ref {type} outputs, int rows, ref {type} scratch, ref {type} table)"))
        {
            if (layouts.Any(static layout => layout.Lookup is not null)) writer.Line($"ref {type} numbers = ref s_numbers.Start;");
            using (writer.Braces("for (int row = 0; row < rows; row += BlockRows)"))
            {
                writer.Line("// The last block takes some samples of the one before once more; they give the same bits.");
                writer.Line("int start = global::System.Math.Min(row, rows - BlockRows);");
                writer.Line($"{KernelNames.Panels}Transposition.Transpose(ref At(ref inputs, start * {n}), BlockRows, {n}, ref scratch);");
                foreach (var layout in layouts)
                {
                    var layer = layout.Layer;
                    int segments = x + (samples * layer.Form.InputCount), y = segments + (HasSegments(layer) ? samples * layer.Form.InputCount : 0);
                    string values = Place("scratch", x), found = HasSegments(layer) ? $"{values}, {Place("scratch", segments)}" : values;
                    if (InputStage.IsPass(plan, layer)) writer.Line($"Prepare{layer.Index}({found}{(layout.Lookup is { } lookup ? ", " + Place("numbers", lookup.Points) : "")});");
                    if (layer.Form is ElementwiseForm) continue;
                    string weights = HasSegments(layer) ? Place("numbers", layout.Lookup!.Lines) : Place("table", layer.TableStart + layer.Layout.Body);
                    writer.Line($"Sum{layer.Index}({found}, {weights}, {Place("table", layer.TableStart + layer.Layout.Biases)}, {Place("scratch", y)});");
                    x = y;
                }

                writer.Line($"{KernelNames.Panels}Transposition.Transpose({Place("scratch", x)}, {m}, BlockRows, ref At(ref outputs, start * {m}));");
            }
        }
    }

    private static string Place(string start, int offset) => "ref " + KernelNames.At(start, offset);

    /// <summary>Prints what happens to each input before its terms are summed.</summary>
    private static void EmitStage(CodeWriter writer, SampleLayout layout)
    {
        var layer = layout.Layer;
        string type = KernelNames.Type(layer.Precision);
        var vectors = new VectorText(type, 512);
        string segments = HasSegments(layer) ? $", ref {type} segments" : "", points = layout.Lookup is null ? "" : $", ref {type} points";
        writer.Line($"/// <summary>{(HasSegments(layer) ? "The segment of each input in each sample, and its distance from the anchor point of that segment, which takes the place of the input." : InputStage.Summary(layer.Form))}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Prepare{layer.Index}(ref {type} x{segments}{points})"))
        {
            using (writer.Braces($"for (int p = 0; p < {Literal.Integer(layer.Form.InputCount)}; p++)"))
            {
                string[] tables = layout.Lookup is { } lookup ? EmitLoads(writer, vectors, "points", lookup.PointPanels, "points", $"p * {Literal.Integer(lookup.PointPanels * layer.Lanes)}", layer.Lanes) : [];
                string[] lines = layout.Lookup is { } function && !HasSegments(layer)
                    ? EmitLoads(writer, vectors, "line", function.Panels, "points", $"{Literal.Integer(function.Lines - function.Points)} + p * {Literal.Integer(function.Stride)}", layer.Lanes)
                    : [];
                for (int g = 0; g < SampleLayout.Groups; g++)
                {
                    string at = $"{(g == 0 ? "" : Literal.Integer(g * layer.Lanes) + " + ")}p * {Literal.Integer(SampleLayout.Samples(layer.Precision))}";
                    writer.Line($"var v{g} = {vectors.Load($"At(ref x, {at})")};");
                    if (layout.Lookup is null) writer.Line($"v{g} = {InputStage.Activated(layer.Form, $"v{g}", vectors)};");
                    else EmitSearch(writer, layer, layout.Lookup, vectors, tables, Literal.Integer(g));
                    if (lines.Length > 0) EmitLine(writer, layer, layout.Lookup!, vectors, lines, Literal.Integer(g));
                    writer.Line(vectors.Store($"v{g}", $"At(ref x, {at})"));
                    if (HasSegments(layer)) writer.Line(vectors.Store($"j{g}", $"At(ref segments, {at})"));
                }
            }
        }

        writer.Line();
    }

    private static string[] EmitLoads(CodeWriter writer, VectorText vectors, string name, int count, string start, string offset, int lanes)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{name}{i}")];
        for (int i = 0; i < count; i++) writer.Line($"var {names[i]} = {vectors.Load($"At(ref {start}, {(i == 0 ? "" : Literal.Integer(i * lanes) + " + ")}{offset})")};");
        return names;
    }

    /// <summary>Prints the search of a segment, which halves the anchor points in question at each step, and the distance from its anchor point.</summary>
    private static void EmitSearch(CodeWriter writer, LayerPlan layer, LookupLayout lookup, VectorText vectors, string[] points, string g)
    {
        int top = 1;
        while (top < lookup.Segments) top *= 2;
        writer.Line($"var j{g} = {vectors.Splat(Literal.Number(TablePacker.RowZero(layer.Precision), layer.Precision))};");
        for (int step = top / 2; step > 0; step /= 2)
        {
            writer.Line($"{(step == top / 2 ? "var " : "")}next{g} = {vectors.Add($"j{g}", vectors.Splat(Literal.Number(step, layer.Precision)))};");
            writer.Line($"j{g} = {vectors.Choose($"v{g}", vectors.Lookup(points, $"next{g}"), $"next{g}", $"j{g}")};");
        }

        var ends = layer.Form switch
        {
            RowsForm rows => rows.Ends,
            FactoredForm factored => factored.Activation.Ends,
            _ => ((ElementwiseForm)layer.Form).Activation.Ends,
        };
        writer.Line($"v{g} = {vectors.Bounded($"v{g} - {vectors.Lookup(points, $"j{g}")}", ends)};");
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

        string line = Line(vectors, lines, slopes, $"v{g}", $"j{g}");
        writer.Line($"v{g} = {(layer.Form is FactoredForm factored ? vectors.Bounded(line, factored.Affine.Ends) : line)};");
    }

    /// <summary>slope * distance + value, both picked out of the panels of a function.</summary>
    private static string Line(VectorText vectors, string[] panels, string slope, string distance, string segment) => vectors.Fma(
        vectors.Lookup([.. panels.Skip(panels.Length / 2)], slope), distance, vectors.Lookup([.. panels.Take((panels.Length + 1) / 2)], segment));

    private static void EmitSums(CodeWriter writer, SampleLayout layout, LayerPlan? next)
    {
        var layer = layout.Layer;
        string type = KernelNames.Type(layer.Precision), segments = HasSegments(layer) ? $", ref {type} segments" : "", parameters = $"ref {type} x{segments}, ref {type} weights, ref {type} biases, ref {type} y";
        var calls = new List<(string Kernel, int First, int Blocks, int Outputs, int Weights, int Step)>();
        var printed = new HashSet<string>();
        foreach (var (first, count, stride) in ColumnsOf(layout))
        {
            int width = layout.BlockOutputs, weights = first * layer.Form.InputCount;
            foreach (var (outputs, blocks, start) in new[] { (width, count / width, 0), (count % width, 1, count / width * width) })
            {
                if (outputs == 0 || blocks == 0) continue;
                string kernel = $"Sum{layer.Index}Outputs{outputs}{(stride == 0 || stride == layer.OutputWidth ? "" : $"Of{stride}")}";
                if (printed.Add(kernel)) EmitKernel(writer, layout, next, kernel, parameters, outputs, stride);
                int step = stride == 0 ? layer.Form.InputCount * layout.Lookup!.Stride : 1;
                calls.Add((kernel, first + start, blocks, outputs, (stride == 0 ? 0 : weights) + (start * step), outputs * step));
            }
        }

        writer.Line($"/// <summary>{SummationEmitter.Summary(layer)}</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Sum{layer.Index}({parameters})"))
        {
            foreach (var (kernel, first, blocks, outputs, weights, step) in calls)
            {
                string Moved(string start, int offset, int stride) =>
                    blocks == 1 ? Place(start, offset) : $"ref At(ref {start}, {(offset == 0 ? "" : Literal.Integer(offset) + " + ")}block * {Literal.Integer(stride)})";
                string call = $"{kernel}(ref x{(HasSegments(layer) ? ", ref segments" : "")}, {Moved("weights", weights, step)}, {Moved("biases", first, outputs)}, {Moved("y", first * SampleLayout.Samples(layer.Precision), outputs * SampleLayout.Samples(layer.Precision))});";
                writer.Line(blocks == 1 ? call : $"for (int block = 0; block < {Literal.Integer(blocks)}; block++)\n    {call}");
            }
        }
    }

    /// <summary>Outputs whose weights stand together, and the distance from the weights of one input to those of the next; 0 where they are looked up.</summary>
    private static IEnumerable<(int First, int Count, int Stride)> ColumnsOf(SampleLayout layout)
    {
        var layer = layout.Layer;
        int outputs = layer.Form.OutputCount, group = layer.GroupPanels * layer.Lanes;
        if (HasSegments(layer))
        {
            yield return (0, outputs, 0);
            yield break;
        }

        for (int first = 0; first < outputs; first += group) yield return (first, System.Math.Min(group, outputs - first), System.Math.Min(group, layer.OutputWidth - first));
    }

    private static void EmitKernel(CodeWriter writer, SampleLayout layout, LayerPlan? next, string name, string parameters, int outputs, int stride)
    {
        var layer = layout.Layer;
        var tile = new Tile(outputs, SampleLayout.Groups, layer.PartialSums);
        var terms = new Terms(writer, layout, outputs, stride);
        writer.Line($"/// <summary>{Literal.Count(outputs, "output")} of all samples, {KernelNames.Sums(layer.PartialSums)}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}({parameters})"))
        {
            var accumulators = PartialSums.Emit(writer, tile, layer.PartialSums, layer.Form.InputCount, 1, terms);
            foreach (var (output, group) in accumulators.Places)
            {
                string sum = accumulators.Name(0, output, group);
                if (!HasSegments(layer)) sum = terms.Vectors.Add(sum, terms.Vectors.Zero);
                writer.Line(terms.Vectors.Store(InputStage.Stored(layer, next, sum, terms.Vectors), KernelNames.At("y", ((output * SampleLayout.Groups) + group) * layer.Lanes)));
            }
        }

        writer.Line();
    }

    /// <summary>The terms of some outputs: a line that each lane picks, or a weight that all lanes share.</summary>
    private sealed class Terms(CodeWriter writer, SampleLayout layout, int outputs, int stride) : ITermPrinter
    {
        private readonly string _type = KernelNames.Type(layout.Layer.Precision);
        private readonly int _lanes = layout.Layer.Lanes;

        public VectorText Vectors => new(_type, 512);

        public string Start(int panel) => Vectors.Splat(KernelNames.At("biases", panel));

        public void EmitReferences()
        {
            writer.Line($"ref {_type} i = ref x;");
            if (HasSegments(layout.Layer)) writer.Line($"ref {_type} j = ref segments;");
            writer.Line($"ref {_type} weight = ref weights;");
        }

        public void EmitTerms(Accumulators accumulators, int sum, int offset)
        {
            using (writer.Braces(""))
            {
                for (int g = 0; g < SampleLayout.Groups; g++)
                {
                    int at = ((offset * SampleLayout.Groups) + g) * _lanes;
                    writer.Line($"var v{g} = {Vectors.Load(KernelNames.At("i", at))};");
                    if (!HasSegments(layout.Layer)) continue;
                    writer.Line($"var j{g} = {Vectors.Load(KernelNames.At("j", at))};");

                    // Slopes stand in the same vector as values.
                    if (layout.Lookup!.Panels == 1) writer.Line($"var k{g} = {Vectors.Add($"j{g}", Vectors.Splat(Literal.Number(layout.Lookup.Slopes, layout.Layer.Precision)))};");
                }

                for (int c = 0; c < outputs; c++)
                {
                    if (HasSegments(layout.Layer)) EmitLines(accumulators, layout.Lookup!, sum, offset, c);
                    else EmitWeight(accumulators, sum, offset, c);
                }
            }
        }

        private void EmitWeight(Accumulators accumulators, int sum, int offset, int c)
        {
            writer.Line($"var w{c} = {Vectors.Splat(KernelNames.At("weight", (offset * stride) + c))};");
            for (int g = 0; g < SampleLayout.Groups; g++)
                writer.Line($"{accumulators.Name(sum, c, g)} = {Vectors.Fma($"v{g}", $"w{c}", accumulators.Name(sum, c, g))};");
        }

        private void EmitLines(Accumulators accumulators, LookupLayout lookup, int sum, int offset, int c)
        {
            string[] panels = [.. Enumerable.Range(0, lookup.Panels).Select(e => $"e{e}_{c}")];
            for (int e = 0; e < panels.Length; e++) writer.Line($"var {panels[e]} = {Vectors.Load(KernelNames.At("weight", (((offset * outputs) + c) * lookup.Stride) + (e * _lanes)))};");
            for (int g = 0; g < SampleLayout.Groups; g++)
            {
                string s = accumulators.Name(sum, c, g);
                writer.Line($"{s} = {Vectors.Add(s, Line(Vectors, panels, panels.Length == 1 ? $"k{g}" : $"j{g}", $"v{g}", $"j{g}"))};");
            }
        }

        public void EmitAdvance(int inputs)
        {
            string step = Literal.Integer(inputs * SampleLayout.Groups * _lanes);
            writer.Line($"i = ref At(ref i, {step});");
            if (HasSegments(layout.Layer)) writer.Line($"j = ref At(ref j, {step});");
            writer.Line($"weight = ref At(ref weight, {Literal.Integer(inputs * (layout.Lookup is { } lookup && HasSegments(layout.Layer) ? outputs * lookup.Stride : stride))});");
        }
    }
}
