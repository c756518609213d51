using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints what each layer makes of the errors of its inputs.</summary>
internal sealed class BoundLayers(CodeWriter writer, NetworkPlan plan) : ILayerFormVisitor<bool>
{
    /// <summary>The most partial sums of an output.</summary>
    public const int MostSums = 4;

    private readonly string _type = KernelNames.Type(plan.Precision);
    private readonly string _math = plan.Precision == Precision.Single ? "global::System.MathF" : "global::System.Math";
    private readonly RunningError _error = new(plan.Precision);
    private LayerPlan _layer = plan.Layers[0];

    private int Depth => RunningError.Depth(_layer.PartialSums);

    /// <summary>Whether a layer's segments are known from the evaluation.</summary>
    public static bool ReadsSegments(NetworkPlan plan, LayerPlan layer) => layer.ReadsSegments && !plan.Run.IsWrittenOut;

    /// <summary>Prints the method of a layer.</summary>
    public void Emit(LayerPlan layer)
    {
        _layer = layer;
        string parameters = $"ref {_type} x, ref {_type} errors, ref {_type} sums, ref {_type} table";
        if (ReadsSegments(plan, layer)) parameters += $", ref {_type} segments";
        if (layer.Form is not ElementwiseForm) parameters += $", ref int rows, ref {_type} factors";
        if (layer.Form is AffineForm or FactoredForm) parameters += $", ref {_type} counts";
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
            EmitActivation(form.Activation);
            writer.Line("At(ref sums, p) = error;");
            writer.Line("isFinite &= error < Limit;");
        }

        writer.Line();
        writer.Line("return isFinite;");
        return true;
    }

    public bool Rows(RowsForm form)
    {
        int n = form.InputCount, lanes = _layer.Lanes, sums = _layer.PartialSums;
        EmitClear();
        writer.Line($"{_type} reach = 0;");
        writer.Line("int count = 0;");
        using (writer.Braces($"for (int p = 0; p < {Literal.Integer(n)}; p++)"))
        {
            int start = (_layer.Layout.GridPanels + 1) * lanes;
            writer.Line($"ref {_type} points = ref At(ref table, {Literal.Integer(start)} + "
                + $"p / {lanes} * {Literal.Integer(_layer.Layout.SearchPanels * lanes)} + p % {lanes});");
            string zero = Literal.Number(TablePacker.RowZero(_layer.Precision), _layer.Precision);
            writer.Line($"int row = (int)(At(ref points, -{lanes}) - {zero});");
            writer.Line($"{_type} value = At(ref x, p), error = At(ref errors, p);");
            string knots = Literal.Integer(_layer.Layout.KnotCount);
            writer.Line(ReadsSegments(plan, _layer)
                ? $"int own = (int){KernelNames.Panels}SegmentSearch.Row(ref At(ref segments, p)) - row;"
                : $"int own = Find(ref points, {lanes}, {knots}, value);");
            writer.Line($"{_type} radius = Radius(value, error), distance = {_math}.Abs(value - At(ref points, own * {lanes}));");
            writer.Line($"var (first, last) = Near(ref points, {lanes}, {knots}, own, value, radius);");
            writer.Line("// The difference, the slope, the line and the additions behind it round.");
            string behind = $"({Literal.Integer(n - 1)} - p) / {sums}";
            writer.Line($"{_type} rounded = ({behind} + {Literal.Integer(4 + Depth)}) * Unit;");
            string at = $"{Literal.Integer(_layer.Layout.Body)} + (row + own) * {Literal.Integer(2 * _layer.OutputWidth)}";
            EmitPush($"{at} + {lanes}", "(first == last ? error : radius) + distance * rounded + Tiny");
            EmitPush(at, "rounded");
            using (writer.Braces("for (int j = first; j <= last; j++)"))
            {
                writer.Line("if (j == own) continue;");
                string slopes = Literal.Integer(_layer.Layout.Body + lanes);
                EmitPush($"{slopes} + (row + j) * {Literal.Integer(2 * _layer.OutputWidth)}", "radius");
            }

            writer.Line();
            writer.Line("reach += distance + radius;");
        }

        writer.Line();
        EmitWeigh();
        EmitFinish($"{Literal.Integer(((n - 1) / sums) + 2 + Depth)} * Unit");
        return true;
    }

    public bool Units(UnitsForm form) => throw NoBound();

    public bool Convolution(ConvolutionForm form) => throw NoBound();

    public bool Maximum(MaximumForm form) => throw NoBound();

    /// <summary>Prints what the layers call.</summary>
    public void EmitHelpers()
    {
        var helpers = new BoundHelpers(writer, _type, _math, plan.Layers[0].Lanes);
        if (plan.Layers.Any(static layer => layer.Form is not ElementwiseForm))
        {
            helpers.EmitWeigh();
            helpers.EmitFinish();
        }

        bool hasFunctions = plan.Layers.Any(static layer => Activation(layer.Form) is { IsRelu: false });
        bool hasRows = plan.Layers.Any(static layer => layer.Form is RowsForm);
        if (hasFunctions || hasRows) helpers.EmitNear();
        if (hasFunctions || plan.Layers.Any(layer => layer.Form is RowsForm && !ReadsSegments(plan, layer))) helpers.EmitFind();
        if (hasFunctions) helpers.EmitFunction(Literal.Number(_error.Inflation(0), plan.Precision),
            Literal.Number(RunningError.Floor(0), plan.Precision));
    }

    private static ActivationForm? Activation(LayerForm form) =>
        form is FactoredForm factored ? factored.Activation : (form as ElementwiseForm)?.Activation;

    private static System.InvalidOperationException NoBound() => new("The layer has no bound for a sample.");

    /// <summary>Prints the terms of weights, last to first, so that those that are still to be added are counted.</summary>
    private bool EmitWeights(ActivationForm? activation)
    {
        int n = _layer.Form.InputCount, sums = _layer.PartialSums;
        EmitClear();
        writer.Line($"Interop::MemoryMarshal.CreateSpan(ref counts, {sums}).Clear();");
        writer.Line($"const {_type} More = {Depth + 1} * Unit;");
        writer.Line($"{_type} reach = 0;");
        writer.Line("int count = 0;");
        using (writer.Braces($"for (int p = {Literal.Integer(n - 1)}; p >= 0; p--)"))
        {
            EmitActivation(activation);
            writer.Line($"{_type} size = {_math}.Abs(value);");
            writer.Line("// A term of 0 is added without rounding.");
            writer.Line($"ref {_type} rounded = ref At(ref counts, p % {sums});");
            writer.Line("rounded += size != 0 ? Unit : 0;");
            writer.Line("reach += size + error;");
            writer.Line("if (size + error == 0) continue;");
            EmitPush("p", "error + size * (rounded + More) + Tiny");
        }

        writer.Line();
        EmitWeigh();
        EmitFinish("counts + More");
        return true;
    }

    /// <summary>Prints <c>value</c> and <c>error</c> behind an activation of input p.</summary>
    private void EmitActivation(ActivationForm? activation)
    {
        if (activation is not { IsRelu: true })
        {
            writer.Line($"{_type} value = At(ref x, p), error = At(ref errors, p);");
            if (activation is null) return;
            int lanes = _layer.Lanes, panels = 3 * (_layer.Layout.KnotCount + 1);
            string points = _layer.Layout.IsShared ? "table"
                : $"At(ref table, p / {lanes} * {Literal.Integer(panels * lanes)} + p % {lanes})";
            string step = _layer.Layout.IsShared ? "1" : Literal.Integer(lanes);
            writer.Line($"value = Function(ref {points}, {step}, {Literal.Integer(_layer.Layout.KnotCount)}, value, ref error);");
            return;
        }

        writer.Line($"{_type} raw = At(ref x, p), error = At(ref errors, p);");
        writer.Line($"if (raw < 0) error = {_math}.Max(raw + error, 0);");
        if (_layer.Form is not ElementwiseForm) writer.Line($"{_type} value = raw > 0 ? raw : 0;");
    }

    private void EmitClear() =>
        writer.Line($"Interop::MemoryMarshal.CreateSpan(ref sums, {Literal.Integer(_layer.OutputWidth)}).Clear();");

    /// <summary>Prints the addition of a row to the list.</summary>
    private void EmitPush(string row, string factor)
    {
        writer.Line($"At(ref rows, count) = {row};");
        writer.Line($"At(ref factors, count) = {factor};");
        using (writer.Braces("if (++count == ListLength)"))
        {
            EmitWeigh();
            writer.Line("count = 0;");
        }
    }

    /// <summary>Prints the weighing of the rows of the list, a column group after the other.</summary>
    private void EmitWeigh()
    {
        int lanes = _layer.Lanes;
        if (_layer.Form is RowsForm)
        {
            writer.Line($"Weigh(ref table, 1, ref rows, ref factors, count, ref sums, {Literal.Integer(_layer.Form.OutputCount)}, "
                + $"{2 * lanes});");
            return;
        }

        int width = _layer.GroupPanels * lanes, body = _layer.Layout.Body;
        for (int first = 0; first < _layer.Form.OutputCount; first += width)
        {
            int stride = System.Math.Min(width, _layer.OutputWidth - first),
                outputs = System.Math.Min(stride, _layer.Form.OutputCount - first);
            string weights = KernelNames.At("table", body + (first * _layer.Form.InputCount));
            writer.Line($"Weigh(ref {weights}, {Literal.Integer(stride)}, ref rows, ref factors, count, ref "
                + $"{KernelNames.At("sums", first)}, {Literal.Integer(outputs)}, {lanes});");
        }
    }

    private void EmitFinish(string ofBias)
    {
        int terms = RunningError.Terms(_layer.Form);
        string inflation = Literal.Number(_error.Inflation(terms), _layer.Precision),
            floor = Literal.Number(RunningError.Floor(terms), _layer.Precision);
        writer.Line($"return Finish(ref {KernelNames.At("table", _layer.Layout.Biases)}, {ofBias}, {inflation}, Tiny * ({floor} + 2 * "
            + $"reach), ref sums, {Literal.Integer(_layer.Form.OutputCount)});");
    }
}
