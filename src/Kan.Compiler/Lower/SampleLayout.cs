using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// How a layer is computed for many samples with samples in lanes: a function is a panel of values and slopes, out of which each lane picks those of its
/// segment. No lane is wasted on outputs that do not exist, and a table is read once for all samples of a block.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Lookup">The functions that are looked up: those of rows, and activations but ReLU.</param>
internal sealed record SampleLayout(LayerPlan Layer, LookupLayout? Lookup)
{
    /// <summary>Panels of samples that a kernel takes at once.</summary>
    public const int Groups = 2;

    /// <summary>Sums of a kernel, which it holds in registers.</summary>
    private const int Accumulators = 16;

    /// <summary>Outputs of a block.</summary>
    public int BlockOutputs => BlockOf(Layer);

    /// <summary>Samples of a block.</summary>
    public static int Samples(Precision precision) => Groups * SummationOrder.Lanes(precision);

    /// <summary>Whether large batches of a network are computed so: its layers can be, and the cost model expects it to be faster.</summary>
    public static bool Includes(NetworkPlan plan) =>
        plan.Layers.All(static layer => layer.Sparse is null && layer.Windows is null && layer.Form is not UnitsForm && Segments(layer) <= 2 * layer.Lanes) && CostModel.Lanes(plan.Layers) < plan.Layers.Sum(CostModel.Batch);

    /// <summary>The layouts of the layers of a network, and the numbers of their table.</summary>
    public static (IReadOnlyList<SampleLayout> Layers, int Length) Of(NetworkPlan plan)
    {
        var layouts = new List<SampleLayout>();
        int at = 0;
        foreach (var layer in plan.Layers)
        {
            var lookup = IsLookup(layer.Form) ? LookupLayout.Create(layer, at, layer.Form is RowsForm ? layer.Form.OutputCount : 1, BlockOf(layer)) : null;
            layouts.Add(new SampleLayout(layer, lookup));
            at = lookup?.End ?? at;
        }

        return (layouts, at);
    }

    /// <summary>The most segments that an input of a layer has.</summary>
    public static int Segments(LayerPlan layer) => IsLookup(layer.Form) ? layer.Layout.KnotCount + 1 : 1;

    private static bool IsLookup(LayerForm form) =>
        form is RowsForm or FactoredForm { Activation.IsRelu: false } or ElementwiseForm { Activation.IsRelu: false };

    private static int BlockOf(LayerPlan layer) => System.Math.Min(layer.Form.OutputCount, Accumulators / (Groups * layer.PartialSums));
}

/// <summary>Functions in the table that they are looked up in.</summary>
/// <param name="Segments">The most segments that an input has, K.</param>
/// <param name="PointPanels">Panels of anchor points of an input.</param>
/// <param name="Functions">Functions of an input.</param>
/// <param name="Block">Functions that are read together.</param>
/// <param name="Panels">Panels that a function is loaded into: one of values and slopes, one of each, or two of each.</param>
/// <param name="Slopes">Numbers from the first value of a function to its first slope.</param>
/// <param name="Points">Where the anchor points begin in the table.</param>
/// <param name="Lines">Where values and slopes begin.</param>
/// <param name="End">Where the next layer begins.</param>
internal sealed record LookupLayout(int Segments, int PointPanels, int Functions, int Block, int Panels, int Slopes, int Points, int Lines, int End)
{
    /// <summary>Numbers from one function to the next; where K is small, a panel also holds what comes after.</summary>
    public int Stride => 2 * Slopes;

    public static LookupLayout Create(LayerPlan layer, int start, int functions, int block)
    {
        int lanes = layer.Lanes, segments = layer.Layout.KnotCount + 1, pointPanels = segments > lanes ? 2 : 1;
        int slopes = segments <= lanes / 4 ? lanes / 4 : segments <= lanes / 2 ? lanes / 2 : pointPanels * lanes;
        int lines = start + (layer.Form.InputCount * pointPanels * lanes);

        // The last function is loaded as whole panels too.
        int end = lines + (layer.Form.InputCount * functions * 2 * slopes) + lanes;
        return new LookupLayout(segments, pointPanels, functions, System.Math.Min(block, functions), slopes < lanes ? 1 : 2 * pointPanels, slopes, start, lines, (end + lanes - 1) / lanes * lanes);
    }
}
