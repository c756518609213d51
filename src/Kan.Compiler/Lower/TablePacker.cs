using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Compiler.Lower;

/// <summary>
/// Packs the numbers of a layer in the order in which its kernel reads them: what the input stage needs, panel by panel; the biases; then
/// for each input its weights (by column groups), rows or units, each a whole number of panels of outputs.
/// </summary>
internal sealed class TablePacker(Precision precision, CancellationToken cancellation)
    : ILayerFormVisitor<(TableLayout Layout, KernelPlan? Kernel)>
{
    private readonly int _lanes = SummationOrder.Lanes(precision);
    private readonly List<double> _table = [];

    /// <summary>The table of a layer, where its parts are, and the plan of what reads it, without its tiles.</summary>
    public (ImmutableArray<double> Table, TableLayout Layout, KernelPlan? Kernel) Pack(LayerForm form)
    {
        var (layout, kernel) = form.Accept(this);
        while (_table.Count % _lanes != 0) _table.Add(0);
        return ([.. _table], layout, kernel);
    }

    public (TableLayout Layout, KernelPlan? Kernel) Affine(AffineForm form) => PackWeights(form, default(TableLayout));

    public (TableLayout Layout, KernelPlan? Kernel) Factored(FactoredForm form) =>
        PackWeights(form.Affine, PackActivation(form.Activation));

    public (TableLayout Layout, KernelPlan? Kernel) Elementwise(ElementwiseForm form) =>
        (PackActivation(form.Activation), null);

    public (TableLayout Layout, KernelPlan? Kernel) Rows(RowsForm form)
    {
        var rows = FirstRows(form);
        return (PackRows(form, rows), new RowsKernelPlan(rows));
    }

    public (TableLayout Layout, KernelPlan? Kernel) Units(UnitsForm form) => (PackUnits(form), new UnitsKernelPlan(form));

    public (TableLayout Layout, KernelPlan? Kernel) Convolution(ConvolutionForm form)
    {
        WindowPlan.Pack(form, precision, _table);
        var plan = WindowPlan.Of(form, 1, precision)!;
        return (new TableLayout(0, 0, plan.Groups * ((plan.GroupFilters + _lanes - 1) / _lanes) * _lanes, 0), null);
    }

    public (TableLayout Layout, KernelPlan? Kernel) Maximum(MaximumForm form) => (default, null);

    /// <summary>All weights, and behind them lists of those that one sample reads, where they are few.</summary>
    private (TableLayout Layout, KernelPlan? Kernel) PackWeights(AffineForm form, TableLayout activation)
    {
        var layout = PackAffine(form, activation);
        cancellation.ThrowIfCancellationRequested();
        return (layout, new AffineKernelPlan(SparseLists.TryPack(form, precision, _table)));
    }

    private TableLayout PackAffine(AffineForm form, TableLayout activation)
    {
        int biases = AddOutputs(form.Biases, 0, form.OutputCount);
        int body = _table.Count, group = ColumnGroups.Panels(SummationOrder.Panels(form.OutputCount, precision)) * _lanes;
        for (int first = 0; first < form.OutputCount; first += group)
        {
            int count = Math.Min(group, form.OutputCount - first);
            cancellation.ThrowIfCancellationRequested();
            for (int p = 0; p < form.InputCount; p++) AddOutputs(form.Weights, (p * form.OutputCount) + first, count);
        }

        return activation with { Biases = biases, Body = body, Stride = (_table.Count - body) / form.InputCount };
    }

    /// <summary>
    /// For each panel of lanes: points, values, slopes; then for each knot: knots, values, slopes. Of a curve that all share, these numbers
    /// once; where nodes are left as they are, there follows a number for each node.
    /// </summary>
    private TableLayout PackActivation(ActivationForm form)
    {
        if (form.IsRelu) return default;
        int knotCount = form.Segments[0].SegmentCount - 1;
        if (SharedCurve.TableOf(form) is { } table)
        {
            for (int j = 0; j <= knotCount; j++) _table.AddRange([table.Points[j], table.Values[j], table.Slopes[j]]);
            while (_table.Count % _lanes != 0) _table.Add(0);
            int passing = SharedCurve.HasPassing(form) ? _table.Count : 0;
            for (int i = 0; passing > 0 && i < form.Count; i += _lanes)
                AddLanes(form, i, static table => SharedCurve.IsPassing(table) ? 0 : 1);
            return new TableLayout(knotCount, 0, 0, 0) { IsShared = true, Passing = passing };
        }

        for (int first = 0; first < form.Count; first += _lanes)
        {
            AddLanes(form, first, static table => table.Points[0]);
            AddLanes(form, first, static table => table.Values[0]);
            AddLanes(form, first, static table => table.Slopes[0]);
            for (int j = 1; j <= knotCount; j++)
            {
                AddLanes(form, first, table => table.Knots[j - 1]);
                AddLanes(form, first, table => table.Values[j]);
                AddLanes(form, first, table => table.Slopes[j]);
            }
        }

        return new TableLayout(knotCount, 0, 0, 0);
    }

    /// <summary>
    /// For each panel of inputs: where their grids are uniform the numbers of those; the rows of their first segments, their first points,
    /// the knots. Then, for each input and segment, values and slopes, panel by panel.
    /// </summary>
    private TableLayout PackRows(RowsForm form, ImmutableArray<int> rows)
    {
        var grids = UniformGrid.TryCreate(form, precision);
        int knotCount = form.Segments.Max(static table => table.Knots.Length);
        for (int first = 0; first < form.InputCount; first += _lanes)
        {
            if (grids is not null)
            {
                AddGrids(grids, first, static grid => grid.Scale);
                AddGrids(grids, first, static grid => grid.Step);
                AddGrids(grids, first, static grid => grid.Span);
            }

            for (int p = first; p < first + _lanes; p++) _table.Add(SegmentZero + (p < form.InputCount ? rows[p] : 0));

            AddSegments(form, first, static table => table.Points[0], 0);

            for (int j = 0; j < knotCount; j++)
                AddSegments(form, first, table => j < table.Knots.Length ? table.Knots[j] : double.NaN, double.NaN);
        }

        int biases = AddOutputs(form.Biases, 0, form.OutputCount), body = _table.Count;
        for (int p = 0, packed = 0; p < form.InputCount; p++)
        {
            cancellation.ThrowIfCancellationRequested();
            var table = form.Segments[p];

            // A row that inputs share is there already.
            if (rows[p] < packed) continue;
            packed += table.SegmentCount;
            for (int j = 0; j < table.SegmentCount; j++)
            {
                for (int q = 0; q < form.OutputCount; q += _lanes)
                {
                    int count = Math.Min(_lanes, form.OutputCount - q), index = (j * form.OutputCount) + q;
                    AddPanel(table.Values, index, count);
                    AddPanel(table.Slopes, index, count);
                }
            }
        }

        return new TableLayout(knotCount, biases, body, 0) { IsUniform = grids is not null };
    }

    /// <summary>
    /// The first row of each input. Inputs whose only segment is 0, which nothing reads, share one: it stays in the nearest cache.
    /// </summary>
    private static ImmutableArray<int> FirstRows(RowsForm form)
    {
        int[] rows = new int[form.InputCount];
        int next = 0, shared = -1;
        for (int p = 0; p < rows.Length; p++)
        {
            var table = form.Segments[p];
            bool isUnread = table.SegmentCount == 1 && table.Values.All(IsZero) && table.Slopes.All(IsZero);
            rows[p] = isUnread && shared >= 0 ? shared : next;
            if (rows[p] != next) continue;
            if (isUnread) shared = next;
            next += table.SegmentCount;
        }

        return [.. rows];

        static bool IsZero(double number) => BitConverter.DoubleToInt64Bits(number) == 0;
    }

    private void AddGrids(UniformGrid[] grids, int first, Func<UniformGrid, double> number)
    {
        for (int p = first; p < first + _lanes; p++) _table.Add(p < grids.Length ? number(grids[p]) : 0);
    }

    /// <summary>The number that stands for row 0: counting up from it leaves the count in the low bits of the number.</summary>
    public static double RowZero(Precision precision) => precision == Precision.Single ? 1 << 23 : 1L << 52;

    private double SegmentZero => RowZero(precision);

    private void AddSegments(RowsForm form, int first, Func<SegmentTable, double> number, double padding)
    {
        for (int p = first; p < first + _lanes; p++) _table.Add(p < form.InputCount ? number(form.Segments[p]) : padding);
    }

    private TableLayout PackUnits(UnitsForm form)
    {
        int biases = AddOutputs(form.Biases, 0, form.OutputCount), body = _table.Count;
        foreach (var unit in form.Units)
        {
            cancellation.ThrowIfCancellationRequested();
            AddOutputs(unit.Points, 0, form.OutputCount);
            if (!unit.Heights.IsEmpty) AddOutputs(unit.Heights, 0, form.OutputCount);
            AddOutputs(unit.Weights, 0, form.OutputCount);
        }

        return new TableLayout(0, biases, body, (_table.Count - body) / form.InputCount);
    }

    private int AddOutputs(ImmutableArray<double> numbers, int start, int count)
    {
        int at = _table.Count;
        for (int q = 0; q < count; q += _lanes) AddPanel(numbers, start + q, Math.Min(_lanes, count - q));
        return at;
    }

    private void AddPanel(ImmutableArray<double> numbers, int start, int count)
    {
        for (int i = 0; i < _lanes; i++) _table.Add(i < count ? numbers[start + i] : 0);
    }

    private void AddLanes(ActivationForm form, int first, Func<SegmentTable, double> number)
    {
        for (int i = first; i < first + _lanes; i++) _table.Add(i < form.Count ? number(form.Segments[i]) : 0);
    }
}
