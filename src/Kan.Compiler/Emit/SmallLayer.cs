using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints a layer of a small network, from its inputs to its outputs.</summary>
internal sealed class SmallLayer(CodeWriter writer, LaneVectors vectors, LayerPlan layer, LaneValues inputs) : ILayerFormVisitor<LaneValues>
{
    private readonly LaneText _number = new(vectors, 1);

    public LaneValues Affine(AffineForm form) => EmitWeights(form, inputs);

    public LaneValues Factored(FactoredForm form) => EmitWeights(form.Affine, EmitActivation(form.Activation, $"a{layer.Index}_"));

    public LaneValues Elementwise(ElementwiseForm form) => EmitActivation(form.Activation, $"h{layer.Index}_");

    public LaneValues Rows(RowsForm form)
    {
        string prefix = $"{layer.Index}_";
        string[] x = inputs.Scalars(writer, vectors, $"x{prefix}", form.InputCount);
        var rows = ((RowsKernelPlan)layer.Kernel!).FirstRows;
        var t = new string[x.Length];
        for (int p = 0; p < x.Length; p++)
        {
            var table = form.Segments[p];
            t[p] = _number.Bounded((Expression)x[p], form.Ends).Text;
            if (!table.Knots.IsEmpty)
            {
                var point = new Offset(layer.FirstPoint(p), $"j{prefix}{p}", layer.Lanes);
                int width = 2 * layer.OutputWidth, row = layer.TableStart + layer.Layout.Body + (rows[p] * width);
                var line = new Offset(row, $"j{prefix}{p}", width);
                writer.Line($"int j{prefix}{p} = {vectors.Segment(table.Knots, x[p])};");
                t[p] = $"t{prefix}{p}";
                var distance = SegmentTerm.Distance<Expression, LaneText>(_number, x[p], KernelNames.At("table", point), form.Ends);
                writer.Line($"{vectors.Type} {t[p]} = {distance};");
                writer.Line($"ref {vectors.Type} row{prefix}{p} = ref {KernelNames.At("table", line)};");
            }
        }

        return EmitSums((input, first, ops, sum) =>
        {
            var table = form.Segments[input];
            Expression Part(ImmutableArray<double> numbers, int offset) => table.Knots.IsEmpty
                ? Constant(numbers, first, ops.Width)
                : vectors.Load(KernelNames.At($"row{prefix}{input}", offset + first), ops.Width);
            return SegmentTerm.AddTo(ops, sum, vectors.Splat(t[input], ops.Width), Part(table.Slopes, layer.Lanes), Part(table.Values, 0));
        });
    }

    public LaneValues Convolution(ConvolutionForm form) => throw Images();

    public LaneValues Maximum(MaximumForm form) => throw Images();

    private static System.InvalidOperationException Images() => new("Layers over images are not written out.");

    public LaneValues Units(UnitsForm form)
    {
        string[] x = inputs.Scalars(writer, vectors, $"x{layer.Index}_", form.InputCount);
        return EmitSums((input, first, ops, sum) =>
        {
            for (int i = 0; i < form.Kinds.Length; i++)
            {
                var unit = form.Units[(input * form.Kinds.Length) + i];
                Expression Part(ImmutableArray<double> numbers) => Constant(numbers, first, ops.Width);
                Expression value = vectors.Splat(x[input], ops.Width);
                sum = UnitTerm.AddTo(ops, form.Kinds[i], value, Part(unit.Points), Part(unit.Heights), Part(unit.Weights), form.Ends, sum);
            }

            return sum;
        });
    }

    private LaneValues EmitWeights(AffineForm form, LaneValues values)
    {
        string[] numbers = values.Scalars(writer, vectors, $"x{layer.Index}_", form.InputCount);
        string[] x = [.. numbers.Select(value => _number.Bounded((Expression)value, form.Ends).Text)];
        return EmitSums((input, first, ops, sum) =>
        {
            var weights = Slice(form.Weights, (input * form.OutputCount) + first, form.OutputCount - first);
            return ops.Fma(vectors.Splat(x[input], ops.Width), vectors.Constant(weights, ops.Width), sum);
        });
    }

    /// <summary>Prints the partial sums of each vector of outputs and their tree.</summary>
    /// <param name="addTerm">
    /// From an input, the first output of a vector, its operations, and a sum: the sum with the input's terms.
    /// </param>
    private LaneValues EmitSums(Func<int, int, LaneText, Expression, Expression> addTerm)
    {
        int[] widths = vectors.Split(layer.Form.OutputCount);
        var names = new List<string>();
        int sums = layer.PartialSums, first = 0;
        bool endsWithZero = layer.Kernel is { EndsWithZero: true };
        var tree = SumTree.Additions(sums);
        for (int c = 0; c < widths.Length; c++)
        {
            var ops = new LaneText(vectors, widths[c]);
            string Name(int s) => sums == 1 && !endsWithZero ? Result(c) : $"s{layer.Index}_{s}{(widths.Length == 1 ? "" : "_" + c)}";
            for (int s = 0; s < sums; s++)
            {
                Expression sum = s == 0 ? Constant(layer.Form.Biases, first, ops.Width) : vectors.Constant([], ops.Width);
                string declaration = "var ";
                for (int p = s; p < layer.Form.InputCount; p += sums)
                {
                    writer.Line($"{declaration}{Name(s)} = {addTerm(p, first, ops, sum)};");
                    declaration = "";
                    sum = Name(s);
                }
            }

            var total = SumTree.Total(ops, Enumerable.Range(0, sums).Select(s => (Expression)Name(s)).ToArray(), tree);
            if (endsWithZero) writer.Line($"var {Result(c)} = {ops.Add(total, vectors.Constant([], ops.Width))};");
            else if (sums > 1) writer.Line($"var {Result(c)} = {total};");
            names.Add(Result(c));
            first += ops.Width;
        }

        return new LaneValues([.. names], widths);

        string Result(int c) => $"h{layer.Index}_{c}";
    }

    private LaneValues EmitActivation(ActivationForm form, string prefix)
    {
        var values = inputs.InLanes(writer, vectors, form.Count, prefix + "x");
        var names = new string[values.Names.Length];
        for (int c = 0, first = 0; c < names.Length; first += values.Widths[c], c++)
        {
            string x = values.Names[c];
            var ops = new LaneText(vectors, values.Widths[c]);
            names[c] = $"{prefix}{c}";
            if (form.IsRelu) writer.Line($"var {names[c]} = {ops.AtLeast(x, ops.Zero)};");
            else if (ops.Width == 1) EmitSegmentOfNumber(form.Segments[first], first, x, names[c], form.Ends);
            else EmitSegmentsOfLanes(form, ops, x, names[c], first);
        }

        return new LaneValues(names, values.Widths);
    }

    private void EmitSegmentsOfLanes(ActivationForm form, LaneText ops, string x, string name, int first)
    {
        string Lanes(Func<SegmentTable, double> number, double padding = 0) =>
            vectors.Constant(form.Segments.Skip(first).Select(number), ops.Width, padding);
        writer.Line($"""
            var {name}point = {Lanes(static table => table.Points[0])};
            var {name}value = {Lanes(static table => table.Values[0])};
            var {name}slope = {Lanes(static table => table.Slopes[0])};
            """);
        for (int j = 0; j < form.Segments[0].Knots.Length; j++)
        {
            int segment = j;
            string knot = $"{name}knot{j}", choose = $"{KernelNames.Panels}Small.Choose({x}, {knot}";
            writer.Line($"""
                var {knot} = {Lanes(table => table.Knots[segment], double.NaN)};
                {name}point = {choose}, {knot}, {name}point);
                {name}value = {choose}, {Lanes(table => table.Values[segment + 1])}, {name}value);
                {name}slope = {choose}, {Lanes(table => table.Slopes[segment + 1])}, {name}slope);
                """);
        }

        var distance = SegmentTerm.Distance<Expression, LaneText>(ops, x, $"{name}point", form.Ends);
        writer.Line($"var {name} = {SegmentTerm.Line(ops, $"{name}slope", distance, $"{name}value")};");
    }

    private void EmitSegmentOfNumber(SegmentTable numbers, int input, string x, string name, FiniteEnds ends)
    {
        if (numbers.Knots.IsEmpty)
        {
            var difference = SegmentTerm.Distance<Expression, LaneText>(_number, x, vectors.Number(numbers.Points[0]), ends);
            var constant = SegmentTerm.Line(_number, vectors.Number(numbers.Slopes[0]), difference, vectors.Number(numbers.Values[0]));
            writer.Line($"var {name} = {constant};");
            return;
        }

        string line = name + "line";
        writer.Line($"int {name}segment = {vectors.Segment(numbers.Knots, x)};");
        var place = new Offset(layer.Function(input), name + "segment", 3 * layer.Lanes);
        writer.Line($"ref {vectors.Type} {line} = ref {KernelNames.At("table", place)};");
        var distance = SegmentTerm.Distance<Expression, LaneText>(_number, x, line, ends);
        var value = SegmentTerm.Line(_number, KernelNames.At(line, 2 * layer.Lanes), distance, KernelNames.At(line, layer.Lanes));
        writer.Line($"var {name} = {value};");
    }

    /// <summary>The numbers of the outputs of a vector, one for each output of the layer.</summary>
    private string Constant(ImmutableArray<double> numbers, int first, int width) =>
        vectors.Constant(Slice(numbers, first, layer.Form.OutputCount - first), width);

    private static IEnumerable<double> Slice(ImmutableArray<double> numbers, int start, int count) => numbers.Skip(start).Take(count);
}
