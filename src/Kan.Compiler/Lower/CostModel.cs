using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Panels;

namespace Kan.Compiler.Lower;

/// <summary>
/// What a layer costs, in cycles of a core that computes 64 bytes a cycle: one load, one multiply-add and one addition of a panel. The
/// coefficients were fitted to measurements, see docs/performance-model.md; they only decide between lowerings and kernels and predict
/// times, never a result.
/// </summary>
internal static class CostModel
{
    /// <summary>Cycles of a nanosecond on the machine of the measurements.</summary>
    public const double CyclesPerNanosecond = 3.5;

    /// <summary>Calls, loads of biases and stores of one layer.</summary>
    private const double LayerOverhead = 45;

    /// <summary>A sample's share of a tile's calls, biases and stores, and of what surrounds the layer.</summary>
    private const double TileOverhead = 20;

    /// <summary>Cycles from one multiply-add to the next that needs its result.</summary>
    private const double Latency = 4;

    private const double FirstLevelBytes = 28 * 1024, SecondLevelBytes = 900 * 1024;

    /// <summary>A panel of weights: one load, one multiply-add, and a share of a broadcast.</summary>
    private const double DensePanel = 1.1;

    /// <summary>A panel of weights in a tile of several samples: the multiply-add alone, at 95 % of the peak.</summary>
    private const double TilePanel = 1.05;

    /// <summary>A panel of weights in a list: its input's index and the input itself are loaded for it alone.</summary>
    private const double ListedPanel = 1.9;

    /// <summary>Half a panel of weights in a list: as many loads for half the work.</summary>
    private const double ListedHalf = 1.4;

    /// <summary>A panel of a row: two loads, a multiply-add, an addition, and a share of the address.</summary>
    private const double RowPanel = 2.2;

    /// <summary>A knot of a panel of inputs: a load, a comparison and two selections.</summary>
    private const double KnotOfPanel = 2.5;

    /// <summary>A panel of inputs on uniform grids, however many knots they have.</summary>
    private const double UniformPanel = 15;

    /// <summary>A unit of a panel of outputs: two or three loads, a subtraction, one or two bounds and a multiply-add.</summary>
    private const double UnitPanel = 2.6;

    /// <summary>A term of rows with samples in lanes: two lookups share their ports with a multiply-add.</summary>
    private const double LookupTerm = 2.7;

    /// <summary>A number whose segment is looked up in the buckets of a curve.</summary>
    private const double LookedUp = 4;

    /// <summary>A panel of numbers whose rows are found on the grid of a curve.</summary>
    private const double CurvePanel = 20;

    /// <summary>A panel that a maximum looks at: a load, two comparisons and two selections.</summary>
    private const double MaximumPanel = 4;

    /// <summary>A step of a window: a lookup in two panels, a multiply-add, a shift, and shares of the loads of a window.</summary>
    private const double WindowStep = 2.3;

    /// <summary>The same for one sample of a tile, which loads weights and indices once for all.</summary>
    private const double WindowStepOfBatch = 2.1;

    /// <summary>Bytes of a step, weights and indices, over those of a panel.</summary>
    private const double WindowBytes = 1.25;

    /// <summary>A number of a sample that is moved into its lane or out of it.</summary>
    private const double Transposed = 0.8;

    /// <summary>Calls and loops of a layer with samples in lanes, for each block of samples.</summary>
    private const double LaneOverhead = 60;

    /// <summary>Cycles of one sample.</summary>
    public static double Single(LayerPlan layer) => layer.Form.Accept(new SampleCost(layer));

    private readonly struct SampleCost(LayerPlan layer) : ILayerFormVisitor<double>
    {
        public double Affine(AffineForm form) => CostModel.Affine(layer);

        public double Factored(FactoredForm form) => CostModel.Affine(layer) + Activation(form.Activation, layer);

        public double Elementwise(ElementwiseForm form) => LayerOverhead + Activation(form.Activation, layer);

        public double Rows(RowsForm form) =>
            LayerOverhead + CostModel.Rows(form.InputCount, layer.OutputPanels, layer.InputPanels, layer.Layout.KnotCount,
                layer.Layout.IsUniform, layer.TableBytes);

        public double Convolution(ConvolutionForm form) =>
            LayerOverhead + (form.Geometry.PlaceCount * DensePanel * layer.Table.Length / layer.Lanes);

        public double Maximum(MaximumForm form) =>
            LayerOverhead + (form.Geometry.PlaceCount * (double)form.Geometry.KernelHeight * form.Geometry.KernelWidth
                * SummationOrder.Panels(form.Geometry.Channels, layer.Precision) * MaximumPanel);

        public double Units(UnitsForm form) =>
            LayerOverhead + CostModel.Units(form.InputCount, layer.OutputPanels, form.Kinds.Length, layer.TableBytes);
    }

    /// <summary>Cycles of one sample of many.</summary>
    public static double Batch(LayerPlan layer)
    {
        if (layer.Form is not (AffineForm or FactoredForm)) return Single(layer);
        double tiles = TileOverhead + ActivationOf(layer) + (layer.Form.InputCount * layer.OutputPanels * TilePanel);
        double windows = layer.Windows is { ForBatch: true } sparse ? WindowsOfBatch(layer, sparse) : double.PositiveInfinity;
        return Math.Min(Math.Min(Single(layer), tiles), windows);
    }

    /// <summary>
    /// Cycles of one sample of many where samples stand in lanes. A core computes two vectors of 256 bits in the time of one of 512, so
    /// their width matters only to what each block of samples costs.
    /// </summary>
    public static double Lanes(IReadOnlyList<LayerPlan> layers, SampleVectors vectors) =>
        (Transposed * (layers[0].Form.InputCount + layers[layers.Count - 1].Form.OutputCount))
            + layers.Sum(layer => Lanes(layer, vectors));

    private static double Lanes(LayerPlan layer, SampleVectors vectors)
    {
        double terms = layer.Form is ElementwiseForm ? 0 : layer.Form.OutputCount * (layer.Form is RowsForm ? LookupTerm : DensePanel);
        double search = layer.Form is AffineForm ? 0 : 8 + (5 * Math.Ceiling(Math.Log(SampleLayout.Segments(layer), 2)));
        return (layer.Form.InputCount * (terms + search) / layer.Lanes) + (LaneOverhead / vectors.Samples(layer.Precision));
    }

    /// <summary>
    /// Cycles of rows: the search touches each knot once for a panel of inputs, or computes on a uniform grid; then each input adds one
    /// row.
    /// </summary>
    public static double Rows(int inputs, int outputPanels, int inputPanels, double knots, bool isUniform, double tableBytes) =>
        (inputPanels * (isUniform ? UniformPanel : knots * KnotOfPanel))
            + (inputs * outputPanels * Math.Max(RowPanel, 2.1 * Fetch(tableBytes)));

    /// <summary>Cycles of clamped differences or ReLU units; the whole table is read.</summary>
    public static double Units(int inputs, int outputPanels, int units, double tableBytes) =>
        Math.Max(inputs * (double)outputPanels * units * UnitPanel, tableBytes / SummationOrder.PanelBytes * Fetch(tableBytes));

    /// <summary>Cycles of the weights of an affine layer, read one after the other.</summary>
    public static double Dense(int inputs, int outputPanels, int sums) =>
        Math.Max(inputs * outputPanels * Math.Max(DensePanel, Fetch((double)inputs * outputPanels * SummationOrder.PanelBytes)),
            Latency * inputs / sums);

    /// <summary>Cycles of listed parts of panels of weights.</summary>
    public static double Listed(int parts, int partsOfPanel) => partsOfPanel == 1
        ? parts * Math.Max(ListedPanel, Fetch((double)parts * SummationOrder.PanelBytes) + 0.3)
        : parts * Math.Max(ListedHalf, (Fetch((double)parts * SummationOrder.PanelBytes / 2) / 2) + 0.3);

    private static double Affine(LayerPlan layer) =>
        LayerOverhead + (layer.Windows is { ForSingle: true } windows ? Windows(layer, windows) : Weights(layer));

    /// <summary>Cycles of the weights of an affine layer, all of them or those of its lists.</summary>
    public static double Weights(LayerPlan layer) => layer.Sparse is { } lists
        ? Listed(lists.Passes.Sum(static pass => pass.Rounds * pass.Chains), lists.PartsOfPanel) + NaNSearch(layer.InputPanels)
        : Dense(layer.Form.InputCount, layer.OutputPanels, layer.PartialSums);

    /// <summary>Cycles of windows for one sample.</summary>
    public static double Windows(LayerPlan layer, SparseWindows windows)
    {
        double steps = Steps(windows);
        return (steps * Math.Max(WindowStep, WindowBytes * Fetch(steps * WindowBytes * SummationOrder.PanelBytes)))
            + NaNSearch(layer.InputPanels);
    }

    /// <summary>Cycles of windows for one sample of many, activation included.</summary>
    public static double WindowsOfBatch(LayerPlan layer, SparseWindows windows) =>
        TileOverhead + ActivationOf(layer) + (Steps(windows) * WindowStepOfBatch) + NaNSearch(layer.InputPanels);

    private static double Steps(SparseWindows windows) =>
        windows.Blocks.Sum(static block => (double)block.Rounds * block.Chains * WindowSchedule.Steps);

    private static double ActivationOf(LayerPlan layer) =>
        layer.Form is FactoredForm factored ? Activation(factored.Activation, layer) : 0;

    /// <summary>Cycles of looking for NaN, which lists may not meet.</summary>
    public static double NaNSearch(int inputPanels) => 30 + inputPanels;

    private static double Activation(ActivationForm form, LayerPlan layer) =>
        form.IsRelu ? layer.InputPanels * 1.5 : layer.Stage.Grid is not null ? layer.InputPanels * CurvePanel
            : SharedCurve.Is(form) ? form.Count * LookedUp
            : layer.InputPanels * (4 + (form.Segments[0].Knots.Length * 1.5 * KnotOfPanel));

    /// <summary>Cycles in which the next 64 bytes arrive from where a table of some size stays.</summary>
    private static double Fetch(double bytes) => bytes <= FirstLevelBytes ? 1 : bytes <= SecondLevelBytes ? 2.05 : 3.5;
}
