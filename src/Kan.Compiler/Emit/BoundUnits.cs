using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints what layers of units make of errors: one method for all layers whose inputs have the same kinds of units.</summary>
internal sealed class BoundUnits
{
    private readonly CodeWriter _writer;
    private readonly string _type;
    private readonly int _lanes;
    private readonly List<Shape> _shapes = [];

    public BoundUnits(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _type = KernelNames.Type(plan.Precision);
        _lanes = plan.Layers[0].Lanes;
        foreach (var form in plan.Layers.Select(static layer => layer.Form).OfType<UnitsForm>())
        {
            var runs = Runs(form);
            int at = Find(form);
            if (at < 0) _shapes.Add(new Shape(form.Scheme, runs));
            else _shapes[at] = _shapes[at] with { Runs = [.. runs.Zip(_shapes[at].Runs, Longer)] };
        }

        static Run Longer(Run left, Run right) => left.Count > right.Count ? left : right;
    }

    /// <summary>Prints what a layer returns: its call of the method of its units.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inflation">What the errors are multiplied by.</param>
    /// <param name="floor">What is added to them then.</param>
    public void EmitCall(LayerPlan layer, string inflation, string floor)
    {
        var form = (UnitsForm)layer.Form;
        int at = Find(form);
        var counts = Runs(form).Where((_, i) => _shapes[at].Runs[i].Count > 1).Select(static run => $", {Literal.Integer(run.Count)}");
        if (!_shapes[at].Scheme.IsChain) counts = counts.Append($", {Literal.Integer(RunningError.OfSlope(form))} * Unit");
        _writer.Line($"return AddUnits{Literal.Integer(at)}(ref x, ref errors, {Literal.Integer(form.InputCount)}, "
            + $"{Literal.Integer(layer.PartialSums)}, ref {KernelNames.At("table", layer.Layout.Body)}, "
            + $"ref {KernelNames.At("table", layer.Layout.Biases)}{string.Concat(counts)}, {inflation}, {floor}, ref sums, "
            + $"{Literal.Integer(form.OutputCount)}, {Literal.Integer(layer.OutputWidth)});");
    }

    /// <summary>Prints the methods.</summary>
    public void EmitHelpers()
    {
        for (int i = 0; i < _shapes.Count; i++) EmitHelper("AddUnits" + Literal.Integer(i), _shapes[i]);
    }

    private int Find(UnitsForm form) => _shapes.FindIndex(shape => shape.Scheme == form.Scheme
        && shape.Runs.Select(static run => run.Kind).SequenceEqual(Runs(form).Select(static run => run.Kind)));

    /// <summary>The units of an input, neighbours of one kind together.</summary>
    private static List<Run> Runs(UnitsForm form)
    {
        var runs = new List<Run>();
        foreach (var kind in form.Kinds)
        {
            if (runs.Count > 0 && runs[runs.Count - 1].Kind == kind) runs[runs.Count - 1] = new(kind, runs[runs.Count - 1].Count + 1);
            else runs.Add(new(kind, 1));
        }

        return runs;
    }

    private void EmitHelper(string name, Shape shape)
    {
        string counts = string.Concat(shape.Runs.Where(static run => run.Count > 1).Select(static run => $"int {Count(run)}, "));
        if (!shape.Scheme.IsChain) counts += _type + " ofSlope, ";
        _writer.Line();
        _writer.Prose("/// ", $"<summary>Adds up what the {shape.Scheme.Words} of all inputs round and make of errors, computes the "
            + "partial sums once more for what they round, and tells whether all bounds are small enough.</summary>");
        _writer.Line(KernelNames.Optimize);
        using var method = _writer.Kernel($"private static bool {name}(ref {_type} x, ref {_type} errors, int inputs, int parts, "
            + $"ref {_type} units, ref {_type} biases, {counts}{_type} inflation, {_type} floor, ref {_type} sums, int width, int stride)");
        var wide = BoundVectors.Wide(_type);
        int numbers = shape.Runs.Where(static run => run.Count == 1).Sum(static run => UnitTerm.Numbers(run.Kind));
        string loops = string.Concat(shape.Runs.Where(static run => run.Count > 1)
            .Select(static run => $" + {UnitTerm.Numbers(run.Kind)} * {Count(run)}"));
        _writer.Line($"int step = ({numbers}{loops}) * stride;");
        using (_writer.Braces($"if ({wide.IsFast})")) EmitOutputs(shape, wide, Literal.Integer(_lanes));
        using (_writer.Braces("else")) EmitOutputs(shape, BoundVectors.Any(_type), BoundVectors.Any(_type).Type + ".Count");
        BoundVectors.EmitSmallEnough(_writer);
    }

    private void EmitOutputs(Shape shape, BoundVectors vectors, string lanes)
    {
        string vector = vectors.Type;
        _writer.Line($"{vector} unit = {vectors.Splat("Unit")}, least = {vectors.Splat("4 * Tiny")};");
        using var outputs = _writer.Braces($"for (int q = 0; q < width; q += {lanes})");
        _writer.Line($"""
            ref {_type} panel = ref At(ref units, q);
            {vector} bias = {vectors.Load("biases", "q")}, weighed = {vectors.Zero}, partial = {vectors.Zero};
            """);
        using (_writer.Braces("for (int k = 0; k < parts; k++)"))
        {
            _writer.Line($"{vector} sum = k == 0 ? bias : {vectors.Zero};");
            using (_writer.Braces("for (int p = k; p < inputs; p += parts)")) EmitInput(shape, vectors);
            _writer.Line();
            _writer.Line(vectors.Store("sum", "sums", "(k + 1) * stride + q"));
        }

        _writer.Line($$"""

            for (int half = parts / 2; half > 0; half /= 2)
            {
                for (int k = 1; k <= half; k++)
                {
                    {{vector}} sum = {{vectors.Load("sums", "k * stride + q")}} + {{vectors.Load("sums", "(k + half) * stride + q")}};
                    partial += {{vectors.Abs("sum")}};
                    {{vectors.Store("sum", "sums", "k * stride + q")}}
                }
            }

            {{vector}} rounded = (partial + {{vectors.Abs("bias")}}) * unit;
            {{vectors.Store($"(weighed + rounded) * {vectors.Splat("inflation")} + {vectors.Splat("floor")}", "sums", "q")}}
            """);
    }

    private void EmitInput(Shape shape, BoundVectors vectors)
    {
        bool isChain = shape.Scheme.IsChain;
        string vector = vectors.Type;
        _writer.Line($"""
            {_type} own = At(ref x, p), off = At(ref errors, p), radius = Radius(own, off) + 2 * Tiny;
            {vector} value = {vectors.Splat("own")}, error = {vectors.Splat("off")};
            {vector} near = {vectors.Splat("radius")}, low = {vectors.Splat("-radius")};
            {vector} {(isChain ? $"steepest = {vectors.Zero}, longest" : $"beside = {vectors.Splat("ofSlope * off")}, slope")} = {vectors.Zero};
            ref {_type} number = ref At(ref panel, (nint)p * step);
            """);
        foreach (var run in shape.Runs)
        {
            string loop = run.Count > 1 ? $"for (int i = 0; i < {Count(run)}; i++)" : "";
            using (_writer.Braces(loop))
            {
                EmitUnit(run.Kind, isChain, vectors);
                string next = UnitTerm.Numbers(run.Kind) + " * stride";
                if (run != shape.Runs[shape.Runs.Count - 1] || loop.Length > 0) _writer.Line($"number = ref At(ref number, {next});");
            }

            _writer.Line();
        }

        _writer.Line("weighed = " + (isChain
            ? vectors.Fma("longest", "unit", vectors.Fma("steepest", "error", "weighed"))
            : vectors.Fma(vectors.Abs("slope"), "error", "weighed")) + ";");
    }

    private void EmitUnit(UnitKind kind, bool isChain, BoundVectors vectors)
    {
        bool hasHeight = UnitTerm.HasHeight(kind);
        var (below, above) = UnitTerm.FarSlopes(kind);
        string vector = vectors.Type, weight = UnitTerm.Numbers(kind) == 2 ? "stride" : UnitTerm.Numbers(kind) - 1 + " * stride";
        _writer.Line($"{vector} point = {vectors.Load("number", "0")}, weight = {vectors.Load("number", weight)};");
        if (hasHeight) _writer.Line($"{vector} height = {vectors.Load("number", "stride")};");
        string none = vectors.Where("Equals", "term", vectors.Zero), roundings = vectors.Splat($"{RunningError.OfUnit(kind)} * Unit");
        _writer.Line($"""
            {vector} difference = value - point, size = {vectors.Abs("weight")};
            {vector} bend = {UnitTerm.Bend(vectors, kind, "value", "point", "height", default)};
            {vector} length = {vectors.Abs("bend")}, term = size * length;
            sum = {vectors.Fma("weight", "bend", "sum")};
            partial += {vectors.Select(none, vectors.Zero, vectors.Abs("sum"))};
            {vector} moved = {vectors.Fma(vectors.Abs("point"), "unit", vectors.Fma("length", roundings, "least"))};
            """);
        string fromBelow = vectors.Where("LessThanOrEqual", "difference", "near"),
            fromAbove = vectors.Where("GreaterThanOrEqual", "difference", "low");
        if (hasHeight)
        {
            string end = vectors.Fma("difference", vectors.Splat("4 * Unit"), "near");
            _writer.Line($"var mayMove = {fromAbove} & {vectors.Where("LessThanOrEqual", "difference - height", end)};");
        }
        else
        {
            string[] sides = [.. below != 0 ? [fromBelow] : (string[])[], .. above != 0 ? [fromAbove] : (string[])[]];
            _writer.Line($"var mayMove = {string.Join(" | ", sides)};");
        }

        if (isChain)
        {
            _writer.Line($"""
                weighed = {vectors.Fma("size", vectors.Select("mayMove", "moved", "least"), "weighed")};
                steepest = {vectors.AtLeast(vectors.Select("mayMove", "size", vectors.Zero), "steepest")};
                longest = {vectors.Select(vectors.Where("GreaterThan", "term", "longest"), "term", "longest")};
                """);
            return;
        }

        string surelyBelow = vectors.Where("LessThan", "difference", "low"),
            surelyAbove = vectors.Where("GreaterThan", "difference", "near");
        string[] surely = [.. below != 0 ? [surelyBelow] : (string[])[], .. above != 0 ? [surelyAbove] : (string[])[]];
        string carried = vectors.Select("moves", "beside", "error") + " + moved";
        _writer.Line($"""
            var moves = {string.Join(" | ", surely)};
            weighed = {vectors.Fma("size", vectors.Select("mayMove", carried, "least"), "weighed")};
            """);
        EmitSlope(below, surelyBelow);
        EmitSlope(above, surelyAbove);

        void EmitSlope(int side, string lanes)
        {
            if (side != 0) _writer.Line($"slope {(side > 0 ? "+=" : "-=")} {vectors.Select(lanes, "weight", vectors.Zero)};");
        }
    }

    private static string Count(Run run) => $"of{run.Kind}";

    /// <summary>Adjacent units of one kind.</summary>
    private sealed record Run(UnitKind Kind, int Count);

    /// <summary>The units that a method is for.</summary>
    /// <param name="Scheme">How edges became units.</param>
    /// <param name="Runs">The units of each input; where some layer has several of a kind, the method is told how many.</param>
    private sealed record Shape(UnitScheme Scheme, IReadOnlyList<Run> Runs);
}
