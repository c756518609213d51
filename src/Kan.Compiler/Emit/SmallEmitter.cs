using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a small network operation by operation: the form of each layer, its numbers as literals, its outputs in the lanes of short vectors.
/// The order of operations is that of the form, so the bits are those of the kernels over panels.
/// </summary>
internal sealed class SmallEmitter
{
    private readonly CodeWriter _writer;
    private readonly NetworkPlan _plan;
    private readonly LaneVectors _vectors;

    private SmallEmitter(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _plan = plan;
        _vectors = new LaneVectors(plan.Precision);
    }

    /// <summary>What the calls of the kernel end with: the table, where it is read.</summary>
    public static string TableArgument(NetworkPlan plan) => plan.Run.ReadsTable ? ", ref Tables.Start" : "";

    /// <summary>Prints the class of the kernel.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        writer.Line();
        writer.Line("/// <summary>The layers, operation by operation.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Kernels"))
        {
            var emitter = new SmallEmitter(writer, plan);
            emitter.EmitRun();
            if (plan.Layers.Length > 1)
            {
                writer.Line();
                emitter.EmitTrace();
            }

            writer.Line();
            writer.Line(KernelNames.Inline);
            writer.Line($"private static ref {type} At(ref {type} start, int index) => ref Runtime::Unsafe.Add(ref start, index);");
        }
    }

    /// <summary>Prints the call of the kernel for one sample of some spans.</summary>
    /// <param name="writer">The text.</param>
    /// <param name="plan">The network.</param>
    /// <param name="inputs">The span of inputs.</param>
    /// <param name="outputs">The span of outputs.</param>
    /// <param name="row">The variable that counts samples, or empty for the only one.</param>
    public static void EmitCall(CodeWriter writer, NetworkPlan plan, string inputs, string outputs, string row)
    {
        string At(string span, int count, int index)
        {
            string offset = row.Length == 0 ? Literal.Integer(index) : $"({row} * {Literal.Integer(count)}){(index == 0 ? "" : " + " + Literal.Integer(index))}";
            string start = $"ref Interop::MemoryMarshal.GetReference({span})";
            return offset == "0" ? start.Substring(4) : $"Runtime::Unsafe.Add({start}, {offset})";
        }

        if (!plan.Run.TakesNumbers)
        {
            writer.Line($"Kernels.Run(ref {At(inputs, plan.InputCount, 0)}, ref {At(outputs, plan.OutputCount, 0)}{TableArgument(plan)});");
            return;
        }

        var numbers = Enumerable.Range(0, plan.InputCount).Select(i => row.Length == 0 ? $"{inputs}[{Literal.Integer(i)}]" : At(inputs, plan.InputCount, i));
        writer.Line($"{outputs}[{(row.Length == 0 ? "0" : row)}] = Kernels.Run({string.Join(", ", numbers)}{TableArgument(plan)});");
    }

    private void EmitRun()
    {
        string type = _vectors.Type;
        _writer.Line("/// <summary>Computes all layers.</summary>");
        _writer.Line(KernelNames.Optimize);
        if (_plan.Run.TakesNumbers)
        {
            string[] names = [.. Enumerable.Range(0, _plan.InputCount).Select(static i => $"x{i}")];
            using (_writer.Kernel($"public static {type} Run({string.Join(", ", names.Select(name => $"{type} {name}"))}{(_plan.Run.ReadsTable ? $", ref {type} table" : "")})"))
            {
                var values = EmitLayers(new Values(names, []), _plan.Layers.Length, static (_, _) => { });
                _writer.Line($"return {Scalars(values, "y", 1)[0]};");
            }

            return;
        }

        using (_writer.Kernel($"public static void Run(ref {type} x, ref {type} y{(_plan.Run.ReadsTable ? $", ref {type} table" : "")})"))
            EmitStore(EmitLayers(ReadInputs(), _plan.Layers.Length, static (_, _) => { }), _plan.OutputCount, "y", 0);
    }

    /// <summary>Prints the method that keeps the hidden values, which <c>Explain</c> reads.</summary>
    private void EmitTrace()
    {
        var scratch = _plan.Run.Scratch;
        _writer.Line("/// <summary>Computes the hidden values as <c>Run</c> does, and keeps them.</summary>");
        using (_writer.Kernel($"public static void Trace(ref {_vectors.Type} x, ref {_vectors.Type} scratch, ref {_vectors.Type} table)"))
        {
            EmitLayers(ReadInputs(), _plan.Layers.Length - 1, (layer, values) =>
                EmitStore(values, layer.Form.OutputCount, "scratch", scratch[layer].Outputs));
        }
    }

    private Values ReadInputs()
    {
        string[] names = [.. Enumerable.Range(0, _plan.InputCount).Select(static i => $"x{i}")];
        for (int i = 0; i < names.Length; i++) _writer.Line($"{_vectors.Type} {names[i]} = At(ref x, {Literal.Integer(i)});");
        _writer.Line();
        return new Values(names, []);
    }

    private Values EmitLayers(Values values, int count, Action<LayerPlan, Values> after)
    {
        foreach (var layer in _plan.Layers.Take(count))
        {
            if (layer.Index > 0) _writer.Line();
            _writer.Line($"// Layer {layer.Index}: {SummationEmitter.Summary(layer)}");
            values = layer.Form switch
            {
                AffineForm affine => EmitAffine(layer, affine, values),
                FactoredForm factored => EmitAffine(layer, factored.Affine, EmitActivation(layer, factored.Activation, values, $"a{layer.Index}_")),
                ElementwiseForm elementwise => EmitActivation(layer, elementwise.Activation, values, $"h{layer.Index}_"),
                RowsForm rows => EmitRows(layer, rows, values),
                UnitsForm units => EmitUnits(layer, units, values),
                _ => throw new ArgumentException($"A form of type {layer.Form.GetType().Name} cannot be written out.", nameof(values)),
            };
            after(layer, values);
        }

        return values;
    }

    private Values EmitAffine(LayerPlan layer, AffineForm form, Values inputs)
    {
        string[] x = Bound(Scalars(inputs, $"x{layer.Index}_", form.InputCount), form.Ends);
        return EmitSums(layer, (input, first, width, sum) =>
            _vectors.Fma(_vectors.Splat(x[input], width), _vectors.Constant(Slice(form.Weights, (input * form.OutputCount) + first, form.OutputCount - first), width), sum, width));
    }

    private Values EmitRows(LayerPlan layer, RowsForm form, Values inputs)
    {
        string prefix = $"{layer.Index}_", lanes = Literal.Integer(layer.Lanes), width = Literal.Integer(2 * layer.OutputWidth);
        string[] x = Scalars(inputs, $"x{prefix}", form.InputCount);
        int row = layer.TableStart + layer.Layout.Body;
        var t = new string[x.Length];
        for (int p = 0; p < x.Length; p++)
        {
            var table = form.Segments[p];
            t[p] = BoundText(x[p], form.Ends);
            if (!table.Knots.IsEmpty)
            {
                // The anchor points of an input stand a panel apart, behind those of its grid and of row numbers.
                int points = layer.TableStart + (((p / layer.Lanes * layer.Layout.SearchPanels) + layer.Layout.GridPanels + 1) * layer.Lanes) + (p % layer.Lanes);
                _writer.Line($"int j{prefix}{p} = {_vectors.Segment(table.Knots, x[p])};");
                t[p] = $"t{prefix}{p}";
                _writer.Line($"{_vectors.Type} {t[p]} = {BoundText($"{x[p]} - At(ref table, {Sum(points, $"(j{prefix}{p} * {lanes})")})", form.Ends)};");
                _writer.Line($"ref {_vectors.Type} row{prefix}{p} = ref At(ref table, {Sum(row, $"(j{prefix}{p} * {width})")});");
            }

            row += table.SegmentCount * 2 * layer.OutputWidth;
        }

        return EmitSums(layer, (input, first, lanesOfVector, sum) =>
        {
            var table = form.Segments[input];
            bool isConstant = table.Knots.IsEmpty;
            string Part(ImmutableArray<double> numbers, int offset) => isConstant
                ? _vectors.Constant(Slice(numbers, first, form.OutputCount - first), lanesOfVector)
                : _vectors.Load(offset + first == 0 ? $"row{prefix}{input}" : $"At(ref row{prefix}{input}, {Literal.Integer(offset + first)})", lanesOfVector);
            return $"{sum} + {_vectors.Fma(_vectors.Splat(t[input], lanesOfVector), Part(table.Slopes, layer.Lanes), Part(table.Values, 0), lanesOfVector)}";
        });
    }

    private Values EmitUnits(LayerPlan layer, UnitsForm form, Values inputs)
    {
        string[] x = Scalars(inputs, $"x{layer.Index}_", form.InputCount);
        return EmitSums(layer, (input, first, width, sum) =>
        {
            for (int i = 0; i < form.Kinds.Length; i++)
            {
                var unit = form.Units[(input * form.Kinds.Length) + i];
                string Part(ImmutableArray<double> numbers) => _vectors.Constant(Slice(numbers, first, form.OutputCount - first), width);
                string zero = _vectors.Constant([0], 1), bend;
                string point = Part(unit.Points), splat = _vectors.Splat(x[input], width);
                string difference = form.Kinds[i] == UnitKind.LeftRelu ? $"{point} - {splat}" : $"{splat} - {point}";
                if (form.Kinds[i] == UnitKind.Clamp)
                {
                    bend = AtMost(AtLeast(difference, zero, width), Part(unit.Heights), 1);
                }
                else
                {
                    var ends = form.Kinds[i] == UnitKind.LeftRelu ? new FiniteEnds(form.Ends.High, form.Ends.Low) : form.Ends;
                    if (ends.Low) difference = AtLeast(difference, $"{_vectors.Type}.MinValue", width);
                    if (ends.High) difference = AtMost(difference, $"{_vectors.Type}.MaxValue", width);
                    bend = form.Kinds[i] == UnitKind.LowRay ? AtMost(difference, zero, width) : AtLeast(difference, zero, width);
                }

                sum = _vectors.Fma(Part(unit.Weights), bend, sum, width);
            }

            return sum;
        });
    }

    /// <summary>Prints the partial sums of each vector of outputs and their tree.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="addTerm">From an input, the first output and the lanes of a vector, and a sum: the sum with the input's terms.</param>
    private Values EmitSums(LayerPlan layer, Func<int, int, int, string, string> addTerm)
    {
        int[] widths = _vectors.Split(layer.Form.OutputCount);
        var names = new List<string>();
        int sums = layer.PartialSums, first = 0;
        for (int c = 0; c < widths.Length; c++)
        {
            int width = widths[c];
            string Name(int s) => sums == 1 && layer.Form is not (AffineForm or FactoredForm) ? Result(c) : $"s{layer.Index}_{s}{(widths.Length == 1 ? "" : "_" + c)}";
            for (int s = 0; s < sums; s++)
            {
                string start = s == 0 ? _vectors.Constant(Slice(layer.Form.Biases, first, layer.Form.OutputCount - first), width) : _vectors.Constant([], width);
                bool declared = false;
                for (int p = s; p < layer.Form.InputCount; p += sums)
                {
                    _writer.Line($"{(declared ? "" : "var ")}{Name(s)} = {addTerm(p, first, width, declared ? Name(s) : start)};");
                    declared = true;
                }
            }

            string total = sums == 1 ? Name(0) : Tree(Name, 0, sums, 1);
            if (layer.Form is AffineForm or FactoredForm) _writer.Line($"var {Result(c)} = {total} + {_vectors.Constant([], width)};");
            else if (sums > 1) _writer.Line($"var {Result(c)} = {total.Substring(1, total.Length - 2)};");
            names.Add(Result(c));
            first += width;
        }

        return new Values([.. names], widths);

        string Result(int c) => $"h{layer.Index}_{c}";
    }

    /// <summary>Sum i takes up sum i + h for h = S/2 ... 1: the sums first, first + step, ... as one expression.</summary>
    private static string Tree(Func<int, string> name, int first, int sums, int step) =>
        step == sums ? name(first) : $"({Tree(name, first, sums, 2 * step)} + {Tree(name, first + step, sums, 2 * step)})";

    private Values EmitActivation(LayerPlan layer, ActivationForm form, Values inputs, string prefix)
    {
        var vectors = Vectors(inputs, form.Count, prefix + "x");
        var names = new string[vectors.Names.Length];
        for (int c = 0, first = 0; c < names.Length; first += vectors.Widths[c], c++)
        {
            string x = vectors.Names[c];
            int width = vectors.Widths[c];
            names[c] = $"{prefix}{c}";
            if (form.IsRelu)
            {
                _writer.Line($"var {names[c]} = {AtLeast(x, _vectors.Number(0), width)};");
                continue;
            }

            if (width == 1)
            {
                EmitSegmentOfNumber(layer, form.Segments[first], ((first / layer.Lanes) * 3 * (layer.Layout.KnotCount + 1) * layer.Lanes) + (first % layer.Lanes), x, names[c], form.Ends);
                continue;
            }

            EmitSegmentsOfLanes(form, x, names[c], first, width);
        }

        return new Values(names, vectors.Widths);
    }

    private void EmitSegmentsOfLanes(ActivationForm form, string x, string name, int first, int width)
    {
        string Lanes(Func<SegmentTable, double> number, double padding = 0) => _vectors.Constant(form.Segments.Skip(first).Select(number), width, padding);
        _writer.Line($"var {name}point = {Lanes(static table => table.Points[0])};");
        _writer.Line($"var {name}value = {Lanes(static table => table.Values[0])};");
        _writer.Line($"var {name}slope = {Lanes(static table => table.Slopes[0])};");
        for (int j = 0; j < form.Segments[0].Knots.Length; j++)
        {
            int segment = j;
            string knot = $"{name}knot{j}", choose = $"{KernelNames.Panels}Small.Choose({x}, {knot}";
            _writer.Line($"var {knot} = {Lanes(table => table.Knots[segment], double.NaN)};");
            _writer.Line($"{name}point = {choose}, {knot}, {name}point);");
            _writer.Line($"{name}value = {choose}, {Lanes(table => table.Values[segment + 1])}, {name}value);");
            _writer.Line($"{name}slope = {choose}, {Lanes(table => table.Slopes[segment + 1])}, {name}slope);");
        }

        string distance = $"{x} - {name}point";
        if (form.Ends.Low) distance = AtLeast(distance, $"{_vectors.Type}.MinValue", width);
        if (form.Ends.High) distance = AtMost(distance, $"{_vectors.Type}.MaxValue", width);
        _writer.Line($"var {name} = {_vectors.Fma($"{name}slope", distance, $"{name}value", width)};");
    }

    private void EmitSegmentOfNumber(LayerPlan layer, SegmentTable numbers, int lane, string x, string name, FiniteEnds ends)
    {
        double[] knots = [.. numbers.Knots];
        if (knots.Length == 0)
        {
            _writer.Line($"var {name} = {_vectors.Fma(_vectors.Number(numbers.Slopes[0]), BoundText($"{x} - {_vectors.Number(numbers.Points[0])}", ends), _vectors.Number(numbers.Values[0]), 1)};");
            return;
        }

        string lanes = Literal.Integer(layer.Lanes);
        _writer.Line($"int {name}segment = {_vectors.Segment(knots, x)};");
        _writer.Line($"ref {_vectors.Type} {name}line = ref At(ref table, {Sum(layer.TableStart + lane, $"({name}segment * {Literal.Integer(3 * layer.Lanes)})")});");
        _writer.Line($"var {name} = {_vectors.Fma($"At(ref {name}line, {Literal.Integer(2 * layer.Lanes)})", BoundText($"{x} - {name}line", ends), $"At(ref {name}line, {lanes})", 1)};");
    }

    private string[] Bound(string[] x, FiniteEnds ends) => [.. x.Select(value => BoundText(value, ends))];

    private string BoundText(string value, FiniteEnds ends)
    {
        if (ends.Low) value = AtLeast(value, $"{_vectors.Type}.MinValue", 1);
        return ends.High ? AtMost(value, $"{_vectors.Type}.MaxValue", 1) : value;
    }

    private string AtLeast(string value, string bound, int width) => $"{KernelNames.Panels}Small.AtLeast({value}, {_vectors.Splat(bound, width)})";

    private string AtMost(string value, string bound, int width) => $"{KernelNames.Panels}Small.AtMost({value}, {_vectors.Splat(bound, width)})";

    /// <summary>The values as plain numbers.</summary>
    private string[] Scalars(Values values, string prefix, int count)
    {
        if (values.Widths.Length == 0) return values.Names;
        var names = new string[count];
        for (int c = 0, first = 0; c < values.Names.Length; first += values.Widths[c], c++)
        {
            for (int lane = 0; lane < values.Widths[c] && first + lane < count; lane++)
            {
                if (values.Widths[c] == 1)
                {
                    names[first] = values.Names[c];
                    continue;
                }

                names[first + lane] = prefix + Literal.Integer(first + lane);
                _writer.Line($"{_vectors.Type} {names[first + lane]} = {_vectors.Lane(values.Names[c], lane, values.Widths[c])};");
            }
        }

        return names;
    }

    /// <summary>The values in lanes.</summary>
    private Values Vectors(Values values, int count, string prefix)
    {
        if (values.Widths.Length > 0) return values;
        int[] widths = _vectors.Split(count);
        var names = new string[widths.Length];
        for (int c = 0, first = 0; c < widths.Length; first += widths[c], c++)
        {
            names[c] = $"{prefix}{c}";
            string[] lanes = [.. values.Names.Skip(first).Take(widths[c])];
            _writer.Line($"var {names[c]} = {_vectors.Create([.. lanes, .. Enumerable.Repeat(_vectors.Number(0), widths[c] - lanes.Length)])};");
        }

        return new Values(names, widths);
    }

    private void EmitStore(Values values, int count, string reference, int offset)
    {
        for (int c = 0, first = 0; c < values.Names.Length; first += values.Widths[c], c++)
        {
            int width = values.Widths[c];
            if (width > 1 && first + width <= count)
            {
                _writer.Line($"{_vectors.Class(width)}.StoreUnsafe({values.Names[c]}, ref At(ref {reference}, {Literal.Integer(offset + first)}));");
                continue;
            }

            for (int lane = 0; lane < width && first + lane < count; lane++)
                _writer.Line($"At(ref {reference}, {Literal.Integer(offset + first + lane)}) = {_vectors.Lane(values.Names[c], lane, width)};");
        }
    }

    private static IEnumerable<double> Slice(ImmutableArray<double> numbers, int start, int count) => numbers.Skip(start).Take(count);

    private static string Sum(int constant, string index) => constant == 0 ? index : $"{Literal.Integer(constant)} + {index}";

    /// <summary>Values of a layer: plain numbers, or vectors with their lanes.</summary>
    private readonly record struct Values(string[] Names, int[] Widths);
}
