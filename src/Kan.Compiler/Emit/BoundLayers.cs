using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints what each layer makes of the errors of its inputs.</summary>
internal sealed class BoundLayers(CodeWriter writer, NetworkPlan plan) : ILayerFormVisitor<bool>
{
    private readonly string _type = KernelNames.Type(plan.Precision);
    private readonly string _math = plan.Precision == Precision.Single ? "global::System.MathF" : "global::System.Math";
    private readonly RunningError _error = new(plan.Precision);
    private readonly BoundUnits _units = new(writer, plan);
    private LayerPlan _layer = plan.Layers[0];

    /// <summary>Twice the inputs, as a number.</summary>
    private string Reach => Literal.Number(2.0 * _layer.Form.InputCount, _layer.Precision);

    /// <summary>What reads the row of a segment from where the evaluation keeps it.</summary>
    private static string Row => KernelNames.Panels + "SegmentSearch.Row";

    private int Depth => RunningError.Depth(_layer.PartialSums);

    /// <summary>Rows of outputs that a layer keeps numbers in.</summary>
    public static int Areas(LayerPlan layer) => layer.Form switch
    {
        RowsForm => 4 + layer.PartialSums,
        UnitsForm => 1 + layer.PartialSums,
        _ => 1,
    };

    /// <summary>Whether a layer keeps lists of rows and of what they are multiplied by.</summary>
    public static bool HasLists(LayerPlan layer) => layer.Form is not (ElementwiseForm or UnitsForm);

    /// <summary>Whether a layer's segments are known from the evaluation.</summary>
    public static bool ReadsSegments(NetworkPlan plan, LayerPlan layer) => layer.ReadsSegments && !plan.Run.IsWrittenOut;

    /// <summary>Whether the inputs of rows are exact and on the segments that the evaluation found: then nothing is searched.</summary>
    public static bool IsMeasured(NetworkPlan plan, LayerPlan layer) => layer.Index == 0 && ReadsSegments(plan, layer)
        && layer.Form is RowsForm form && form.Segments.All(static table => table.HasExactKnots);

    /// <summary>Prints the method of a layer.</summary>
    public void Emit(LayerPlan layer)
    {
        _layer = layer;
        string parameters = $"ref {_type} x, ref {_type} errors, ref {_type} sums, ref {_type} table";
        if (IsMeasured(plan, layer)) parameters += $", ref {_type} differences";
        if (ReadsSegments(plan, layer)) parameters += $", ref {_type} segments";
        if (HasLists(layer)) parameters += $", ref int rows, ref {_type} factors";
        writer.Line($"/// <summary>Layer {Literal.Integer(layer.Index)}: {SummationEmitter.Summary(layer)}</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static bool Layer{Literal.Integer(layer.Index)}({parameters})");
        layer.Form.Accept(this);
    }

    public bool Affine(AffineForm form) => EmitWeights(null);

    public bool Factored(FactoredForm form) => EmitWeights(form.Activation);

    public bool Elementwise(ElementwiseForm form)
    {
        int n = form.InputCount;
        writer.Line("bool isFinite = true;");
        using (writer.Braces($"for (int p = 0; p < {Literal.Integer(n)}; p++)"))
        {
            EmitActivation(form.Activation, "p");
            writer.Line("""
                At(ref sums, p) = error;
                isFinite &= error < Limit;
                """);
        }

        writer.Line("\nreturn isFinite;");
        return true;
    }

    public bool Rows(RowsForm form)
    {
        int n = form.InputCount, sums = _layer.PartialSums, width = _layer.OutputWidth, body = _layer.Layout.Body;
        string outputs = Literal.Integer(form.OutputCount), biases = KernelNames.At("table", _layer.Layout.Biases);
        writer.Line($"""
            // The bounds, then what segments beside the own one add, the lines, and the partial sums with all that they were.
            Interop::MemoryMarshal.CreateSpan(ref sums, {Literal.Integer((4 + sums) * width)}).Clear();
            Interop::MemoryMarshal.CreateReadOnlySpan(ref {biases}, {outputs}).CopyTo(Interop::MemoryMarshal.CreateSpan(ref At(ref sums, {4 * width}), {outputs}));
            {_type} largest = 0;
            """);
        string addRows = $"AddRows{sums}(ref table, ref rows, ref factors, count, ref sums, {outputs}, {width});";
        if (IsMeasured(plan, _layer))
        {
            writer.Line($$"""
                for (int first = 0; first < {{n}}; first += ListLength)
                {
                    int count = global::System.Math.Min(ListLength, {{n}} - first);
                    largest = Measure(ref At(ref differences, first), ref factors, count, largest);
                    for (int i = 0; i < count; i++) At(ref rows, i) = {{body}} + (int){{Row}}(ref At(ref segments, first + i)) * {{2 * width}};
                    {{addRows}}
                }

                """);
        }
        else
        {
            writer.Line("int count = 0;");
            using (writer.Braces($"for (int p = 0; p < {n}; p++)"))
            {
                EmitOwnSegment(form, outputs);
                writer.Line($$"""

                    // The difference, the slope and a part of the value round, as the slope tells.
                    At(ref rows, count) = {{body}} + (row + own) * {{2 * width}};
                    At(ref factors, count) = error + distance * (3 * Unit) + Tiny;
                    At(ref factors, ListLength + count) = difference;
                    {{Largest("distance + error")}}
                    if (++count < ListLength) continue;
                    {{addRows}}
                    count = 0;
                    """);
            }

            writer.Line("\n" + addRows);
        }

        var (inflation, floor) = Correction();
        writer.Line($"return FinishRows{sums}(ref {biases}, {inflation}, Tiny * ({floor} + {Reach} * largest), ref sums, {outputs}, "
            + $"{width});");
        return true;
    }

    /// <summary>Prints the segment of input <c>p</c>, and what segments beside it add that the exact input may be in.</summary>
    private void EmitOwnSegment(RowsForm form, string outputs)
    {
        int lanes = _layer.Lanes, width = _layer.OutputWidth, start = (_layer.Layout.GridPanels + 1) * lanes;
        string knots = Literal.Integer(_layer.Layout.KnotCount), slopes = Literal.Integer(_layer.Layout.Body + lanes),
            zero = Literal.Number(TablePacker.RowZero(_layer.Precision), _layer.Precision);
        bool hasExactKnots = form.Segments.All(static table => table.HasExactKnots);
        string near = $"(own > 0 && point >= value - radius) || (own < {knots} && At(ref point, {lanes}) <= value + radius)";
        string own = ReadsSegments(plan, _layer)
            ? $"(int){Row}(ref At(ref segments, p)) - row"
            : $"Find(ref points, {lanes}, {knots}, value)";
        writer.Line($$"""
            ref {{_type}} points = ref At(ref table, {{start}} + p / {{lanes}} * {{_layer.Layout.SearchPanels * lanes}} + p % {{lanes}});
            int row = (int)(At(ref points, -{{lanes}}) - {{zero}});
            {{_type}} value = At(ref x, p), error = At(ref errors, p);
            int own = {{own}};
            ref {{_type}} point = ref At(ref points, own * {{lanes}});
            {{_type}} difference = value - point, distance = {{_math}}.Abs(difference), radius = Radius(value, error);
            if ({{(hasExactKnots ? $"error != 0 && ({near})" : near)}})
            {
                var (first, last) = Near(ref points, {{lanes}}, {{knots}}, own, value, radius);
                error = radius;
                for (int j = first; j <= last; j++)
                {
                    if (j == own) continue;
                    int beside = {{slopes}} + (row + j) * {{2 * width}};
                    for (int q = 0; q < {{outputs}}; q += {{lanes}})
                        Weigh(ref At(ref table, 2 * q), 1, ref beside, ref radius, 1, ref At(ref sums, {{width}} + q), global::System.Math.Min({{lanes}}, {{outputs}} - q));
                }
            }
            """);
    }

    public bool Units(UnitsForm form)
    {
        int terms = RunningError.Terms(form);
        var (inflation, floor) = Correction();
        writer.Line($"{_type} largest = 0;");
        using (writer.Braces($"for (int p = 0; p < {Literal.Integer(form.InputCount)}; p++)"))
            writer.Line(Largest($"{_math}.Abs(At(ref x, p)) + At(ref errors, p)"));
        writer.Line();
        string reach = Literal.Number(RunningError.Reach(form), _layer.Precision);
        string ofReach = $"Tiny * {Literal.Number(2.0 * terms, _layer.Precision)} * (largest + {reach})";
        _units.EmitCall(_layer, inflation, $"Tiny * {floor} + {ofReach}");
        return true;
    }

    public bool Convolution(ConvolutionForm form) => throw NoBound();

    public bool Maximum(MaximumForm form) => throw NoBound();

    /// <summary>Prints what the layers call.</summary>
    public void EmitHelpers()
    {
        var segments = new BoundSegments(writer, _type, _math);
        var helpers = new BoundHelpers(writer, _type, _math, plan.Layers[0].Lanes);
        helpers.EmitAreFinite();
        if (plan.Layers.Any(HasLists)) helpers.EmitWeigh();
        if (plan.Layers.Any(static layer => layer.Form is AffineForm or FactoredForm)) helpers.EmitFinish();

        foreach (int sums in plan.Layers.Where(static layer => layer.Form is RowsForm).Select(static layer => layer.PartialSums).Distinct())
            helpers.EmitRows(sums);
        bool hasFunctions = plan.Layers.Any(static layer => Activation(layer.Form) is { IsRelu: false });
        bool hasRows = plan.Layers.Any(layer => layer.Form is RowsForm && !IsMeasured(plan, layer));
        if (plan.Layers.Any(layer => IsMeasured(plan, layer))) helpers.EmitMeasure();
        if (plan.Layers.Any(static layer => layer.Layout.Passing > 0)) segments.EmitPassing();
        if (hasFunctions || hasRows || plan.Layers.Any(static layer => layer.Form is UnitsForm)) segments.EmitRadius();
        if (hasFunctions || hasRows) segments.EmitNear();
        if (hasFunctions || plan.Layers.Any(layer => layer.Form is RowsForm && !ReadsSegments(plan, layer))) segments.EmitFind();
        if (hasFunctions) segments.EmitFunction(Literal.Number(_error.Inflation(0), plan.Precision),
            Literal.Number(RunningError.Floor(0), plan.Precision));
        _units.EmitHelpers();
    }

    private static ActivationForm? Activation(LayerForm form) =>
        form is FactoredForm factored ? factored.Activation : (form as ElementwiseForm)?.Activation;

    private static System.InvalidOperationException NoBound() => new("The layer has no bound for a sample.");

    /// <summary>Prints the terms of weights, last to first, so that those that are still to be added are counted.</summary>
    private bool EmitWeights(ActivationForm? activation)
    {
        int n = _layer.Form.InputCount, sums = _layer.PartialSums, whole = n - (n % sums);
        EmitClear();
        writer.Line("// The terms so far of each partial sum: one of 0 is added without rounding.");
        writer.Line($"int {string.Join(", ", Enumerable.Range(0, sums).Select(static k => $"terms{k} = 0"))}, count = 0;");
        writer.Line($"{_type} largest = 0;");
        for (int p = n - 1; p >= whole; p--) EmitInput(Literal.Integer(p), p % sums);
        using (writer.Braces($"for (int p = {Literal.Integer(whole - sums)}; p >= 0; p -= {sums})"))
        {
            for (int k = sums - 1; k >= 0; k--) EmitInput(k == 0 ? "p" : $"p + {k}", k);
        }

        writer.Line();
        EmitWeigh();
        EmitFinish($"(terms0 + {Depth + 1}) * Unit");
        return true;

        void EmitInput(string p, int sum)
        {
            using var input = writer.Braces("");
            EmitActivation(activation, p);
            writer.Line($"""
                {_type} size = {_math}.Abs(value);
                terms{sum} += size != 0 ? 1 : 0;
                {Largest("size + error")}
                At(ref rows, count) = {p};
                At(ref factors, count) = error + size * ((terms{sum} + {Depth + 1}) * Unit) + Tiny;
                count += size + error != 0 ? 1 : 0;
                """);
            using (writer.Braces("if (count == ListLength)"))
            {
                EmitWeigh();
                writer.Line("count = 0;");
            }
        }
    }

    /// <summary>Prints <c>value</c> and <c>error</c> behind an activation of an input.</summary>
    private void EmitActivation(ActivationForm? activation, string p)
    {
        if (activation is not { IsRelu: true })
        {
            writer.Line($"{_type} value = At(ref x, {p}), error = At(ref errors, {p});");
            if (activation is null) return;
            int lanes = _layer.Lanes, panels = 3 * (_layer.Layout.KnotCount + 1);
            string points = _layer.Layout.IsShared ? "table"
                : $"At(ref table, ({p}) / {lanes} * {Literal.Integer(panels * lanes)} + ({p}) % {lanes})";
            string step = _layer.Layout.IsShared ? "1" : Literal.Integer(lanes), knots = Literal.Integer(_layer.Layout.KnotCount);
            if (_layer.Layout.Passing > 0)
            {
                writer.Line($"bool bends = At(ref table, {Literal.Integer(_layer.Layout.Passing)} + {p}) != 0;");
                (points, knots) = ($"(bends ? ref {points} : ref s_passing[0])", $"bends ? {knots} : 0");
            }

            writer.Line($"value = Function(ref {points}, {step}, {knots}, value, ref error);");
            return;
        }

        writer.Line($"{_type} raw = At(ref x, {p}), error = At(ref errors, {p});");
        writer.Line($"if (raw < 0) error = {_math}.Max(raw + error, 0);");
        if (_layer.Form is not ElementwiseForm) writer.Line($"{_type} value = raw > 0 ? raw : 0;");
    }

    private string Largest(string reach) => $"{_type} reach = {reach};\nif (reach > largest) largest = reach;";

    private void EmitClear() =>
        writer.Line($"Interop::MemoryMarshal.CreateSpan(ref sums, {Literal.Integer(_layer.OutputWidth)}).Clear();");

    /// <summary>Prints the weighing of the rows of the list, a column group after the other.</summary>
    private void EmitWeigh()
    {
        int lanes = _layer.Lanes, width = _layer.GroupPanels * lanes, body = _layer.Layout.Body;
        for (int first = 0; first < _layer.Form.OutputCount; first += width)
        {
            int stride = System.Math.Min(width, _layer.OutputWidth - first),
                outputs = System.Math.Min(stride, _layer.Form.OutputCount - first);
            string weights = KernelNames.At("table", body + (first * _layer.Form.InputCount));
            writer.Line($"Weigh(ref {weights}, {Literal.Integer(stride)}, ref rows, ref factors, count, ref "
                + $"{KernelNames.At("sums", first)}, {Literal.Integer(outputs)});");
        }
    }

    private void EmitFinish(string ofBias)
    {
        var (inflation, floor) = Correction();
        writer.Line($"return Finish(ref {KernelNames.At("table", _layer.Layout.Biases)}, {ofBias}, {inflation}, Tiny * ({floor} + "
            + $"{Reach} * largest), ref sums, {Literal.Integer(_layer.Form.OutputCount)});");
    }

    /// <summary>What makes up for what is rounded here, as a factor and as a number near 0.</summary>
    private (string Factor, string Floor) Correction()
    {
        int terms = RunningError.Terms(_layer.Form);
        return (Literal.Number(_error.Inflation(terms), _layer.Precision), Literal.Number(RunningError.Floor(terms), _layer.Precision));
    }
}
