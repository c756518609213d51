using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Forms;

namespace Kan.Compiler.Lower;

/// <summary>
/// Packs the numbers of a layer in the order in which its kernel reads them: what the input stage needs, panel by panel; the biases; then
/// for each input its weights, rows or units, each a whole number of panels of outputs.
/// </summary>
internal sealed class TablePacker(Precision precision)
{
    private readonly int _lanes = SummationOrder.Lanes(precision);
    private readonly List<double> _table = [];

    public (ImmutableArray<double> Table, TableLayout Layout) Pack(LayerForm form)
    {
        var layout = form switch
        {
            AffineForm affine => PackAffine(affine, 0),
            FactoredForm factored => PackAffine(factored.Affine, PackActivation(factored.Activation)),
            ElementwiseForm elementwise => new TableLayout(PackActivation(elementwise.Activation), 0, 0, 0, []),
            RowsForm rows => PackRows(rows),
            UnitsForm units => PackUnits(units),
            _ => throw new ArgumentException($"A form of type {form.GetType().Name} has no layout.", nameof(form)),
        };
        return ([.. _table], layout);
    }

    private TableLayout PackAffine(AffineForm form, int knotCount)
    {
        int biases = AddOutputs(form.Biases, 0, form.OutputCount);
        int body = _table.Count;
        for (int p = 0; p < form.InputCount; p++) AddOutputs(form.Weights, p * form.OutputCount, form.OutputCount);
        return new TableLayout(knotCount, biases, body, (_table.Count - body) / form.InputCount, []);
    }

    /// <summary>For each panel of lanes: points, values, slopes; then for each knot: knots, values, slopes.</summary>
    private int PackActivation(ActivationForm form)
    {
        if (form.IsRelu) return 0;
        int knotCount = form.Segments[0].SegmentCount - 1;
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

        return knotCount;
    }

    private TableLayout PackRows(RowsForm form)
    {
        int knotCount = form.Segments.Max(static table => table.Knots.Length);
        for (int first = 0; first < form.InputCount; first += _lanes)
        {
            for (int j = 0; j <= knotCount; j++)
            {
                for (int p = first; p < first + _lanes; p++)
                {
                    var table = p < form.InputCount ? form.Segments[p] : null;
                    _table.Add(table is null ? j == 0 ? 0 : double.NaN
                        : j == 0 ? table.Points[0]
                        : j <= table.Knots.Length ? table.Knots[j - 1] : double.NaN);
                }
            }
        }

        int biases = AddOutputs(form.Biases, 0, form.OutputCount), body = _table.Count;
        var starts = ImmutableArray.CreateBuilder<int>(form.InputCount);
        foreach (var table in form.Segments)
        {
            starts.Add(_table.Count - body);
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

        bool uniform = form.Segments.All(table => table.Knots.Length == knotCount);
        return new TableLayout(knotCount, biases, body, uniform ? (_table.Count - body) / form.InputCount : 0, uniform ? [] : starts.MoveToImmutable());
    }

    private TableLayout PackUnits(UnitsForm form)
    {
        int biases = AddOutputs(form.Biases, 0, form.OutputCount), body = _table.Count;
        foreach (var unit in form.Units)
        {
            AddOutputs(unit.Points, 0, form.OutputCount);
            if (!unit.Heights.IsEmpty) AddOutputs(unit.Heights, 0, form.OutputCount);
            AddOutputs(unit.Weights, 0, form.OutputCount);
        }

        return new TableLayout(0, biases, body, (_table.Count - body) / form.InputCount, []);
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
