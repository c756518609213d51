using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// Which networks are written out whole: no loops, weights as literals. Their time is the latency of a chain of operations, so a call, a
/// loop or a load less shows.
/// </summary>
internal static class SmallNetwork
{
    /// <summary>Whether a network is written out.</summary>
    public static bool Includes(IReadOnlyList<LayerPlan> layers) =>
        layers.All(static layer => layer.Window is null && layer.OutputPanels == 1 && Knots(layer.Form) <= JitLimits.WrittenKnots)
        && layers.Sum(static layer => Terms(layer)) <= JitLimits.WrittenTerms;

    /// <summary>Whether some segment picks its line from the table; all other numbers of a written-out network are literals.</summary>
    public static bool ReadsTable(IReadOnlyList<LayerPlan> layers) =>
        layers.Any(static layer =>
            layer.Form is RowsForm rows ? rows.Segments.Any(static table => !table.Knots.IsEmpty) : layer.Stage.ReadsTable);

    /// <summary>Multiply-adds of a layer.</summary>
    private static int Terms(LayerPlan layer) => layer.Form switch
    {
        ElementwiseForm form => form.InputCount,
        UnitsForm units => units.InputCount * units.OutputCount * units.Kinds.Length,
        _ => layer.Form.InputCount * layer.Form.OutputCount,
    };

    private static int Knots(LayerForm form) => form switch
    {
        RowsForm rows => rows.Segments.Max(static table => table.Knots.Length),
        FactoredForm { Activation.IsRelu: false } factored => factored.Activation.Segments[0].Knots.Length,
        ElementwiseForm { Activation.IsRelu: false } elementwise => elementwise.Activation.Segments[0].Knots.Length,
        _ => 0,
    };
}
