using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Which networks are written out whole: no loops, weights as literals. Their time is the latency of a chain of operations, so a call, a
/// loop or a load less shows.
/// </summary>
internal static class SmallNetwork
{
    /// <summary>Multiply-adds up to which a written-out network is faster than kernels over panels and still short to read.</summary>
    private const int MostTerms = 300;

    /// <summary>Knots of one input that are compared with at once.</summary>
    private const int MostKnots = 32;

    /// <summary>Whether a network is written out.</summary>
    public static bool Includes(NetworkPlan plan) =>
        plan.Layers.All(static layer => layer.OutputPanels == 1 && Knots(layer.Form) <= MostKnots) && plan.Layers.Sum(static layer => Terms(layer)) <= MostTerms;

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
