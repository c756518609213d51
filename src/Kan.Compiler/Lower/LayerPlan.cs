using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>A layer ready to be printed: its form, and one packed table with the places of its parts.</summary>
/// <param name="Index">The layer, from 0.</param>
/// <param name="Form">What is computed.</param>
/// <param name="Reason">Why this lowering was picked.</param>
/// <param name="EdgeCount">Edges that are not zero.</param>
/// <param name="SegmentCount">Linear segments of those edges, summed.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Table">The packed numbers.</param>
/// <param name="Layout">Where the parts of the table are.</param>
/// <param name="TableStart">Where the layer's table begins in the table of the network.</param>
public sealed record LayerPlan(
    int Index,
    LayerForm Form,
    string Reason,
    int EdgeCount,
    int SegmentCount,
    Precision Precision,
    ImmutableArray<double> Table,
    TableLayout Layout,
    int TableStart)
{
    /// <summary>What happens to each input before its terms are summed.</summary>
    internal InputStage Stage { get; init; } = InputStage.None;

    /// <summary>Where the rows of the activation's grid begin in the table of the network, behind the packed layers.</summary>
    internal int CurveStart { get; init; }

    /// <summary>How a layer over an image runs; null where the layer is not one.</summary>
    internal WindowPlan? Window { get; init; }

    /// <summary>How the terms are summed; null for an elementwise layer, which sums nothing.</summary>
    internal KernelPlan? Kernel { get; init; }

    /// <summary>The stage of the next layer that is done with what this one stores; else null.</summary>
    internal InputStage? Stored { get; init; }

    /// <summary>
    /// Whether the kernels of one sample keep the sums beside what they store: which side of its breakpoint a ReLU is on cannot be seen
    /// behind it, and <c>Explain</c> asks.
    /// </summary>
    internal bool KeepsSums => Stored is { Step: StageStep.Relu };

    /// <summary>Whether the terms read the segments of inputs.</summary>
    internal bool ReadsSegments => Kernel is { ReadsSegments: true };

    /// <summary>The weights of an affine layer that one sample reads, where they are few; else null.</summary>
    public SparseLists? Sparse => (Kernel as AffineKernelPlan)?.Lists;

    /// <summary>The weights of an affine layer by windows, where those are fewer; else null.</summary>
    internal SparseWindows? Windows => (Kernel as AffineKernelPlan)?.Windows;

    /// <summary>Numbers from one sample's inputs to the next, where a block of samples is computed.</summary>
    internal int InputStride => Index == 0 && Stage.Place == StagePlace.Nowhere ? Form.InputCount : InputPanels * Lanes;

    /// <summary>
    /// Where the anchor points of an input of rows are, the first of them: they stand a panel apart, behind its grid and the number of
    /// its first row.
    /// </summary>
    internal int FirstPoint(int input) =>
        TableStart + (((input / Lanes * Layout.SearchPanels) + Layout.GridPanels + 1) * Lanes) + (input % Lanes);

    /// <summary>Where the function of an input's activation is: point, value and slope a panel apart, then those of each knot.</summary>
    internal int Function(int input) => TableStart + (input / Lanes * 3 * (Layout.KnotCount + 1) * Lanes) + (input % Lanes);

    /// <summary>Bytes of a number.</summary>
    internal int NumberBytes => Precision == Precision.Single ? sizeof(float) : sizeof(double);

    /// <summary>The time that the cost model predicts for one sample, on a machine like that of docs/performance-model.md.</summary>
    public double PredictedNanoseconds => CostModel.Single(this) / CostModel.CyclesPerNanosecond;

    /// <summary>The time that it predicts for one sample of a large batch.</summary>
    public double PredictedBatchNanoseconds => CostModel.Batch(this) / CostModel.CyclesPerNanosecond;

    /// <summary>Lanes of a panel.</summary>
    public int Lanes => SummationOrder.Lanes(Precision);

    /// <summary>Panels of outputs, C.</summary>
    public int OutputPanels => SummationOrder.Panels(Form.OutputCount, Precision);

    /// <summary>Panels of inputs.</summary>
    public int InputPanels => SummationOrder.Panels(Form.InputCount, Precision);

    /// <summary>
    /// Panels of a column group, the last of which may be smaller: the weights of a group stand together, input after input.
    /// </summary>
    public int GroupPanels => Kernel is AffineKernelPlan ? ColumnGroups.Panels(OutputPanels) : OutputPanels;

    /// <summary>Numbers in a row of output panels.</summary>
    public int OutputWidth => OutputPanels * Lanes;

    /// <summary>Partial sums, S.</summary>
    public int PartialSums => SummationOrder.PartialSums(Form.InputCount, Form.OutputCount, Precision);

    /// <summary>Bytes of the packed table.</summary>
    public int TableBytes => Table.Length * NumberBytes;
}

/// <summary>Offsets into a packed table, in elements.</summary>
/// <param name="KnotCount">Knots for each input lane in the stage that prepares inputs.</param>
/// <param name="Biases">One row of output panels.</param>
/// <param name="Body">Weights, rows or units.</param>
/// <param name="Stride">Elements of the body for each input; none for rows, whose number differs from input to input.</param>
public readonly record struct TableLayout(int KnotCount, int Biases, int Body, int Stride)
{
    /// <summary>Whether segments are found by arithmetic on equal distances; the knots then serve <c>Explain</c> alone.</summary>
    public bool IsUniform { get; init; }

    /// <summary>Whether all inputs share one activation, whose numbers are in the table once.</summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// Where a number for each node of a shared activation says whether it is bent, 1, or left as it is, 0; 0 where all are bent.
    /// </summary>
    public int Passing { get; init; }

    /// <summary>Panels of numbers of uniform grids, for each panel of inputs of rows; they stand before its first rows.</summary>
    public int GridPanels => IsUniform ? 3 : 0;

    /// <summary>Panels for each panel of inputs of rows: grids, first rows, first points, knots.</summary>
    public int SearchPanels => GridPanels + 2 + KnotCount;
}

/// <summary>How the panels of a wide affine layer are grouped.</summary>
internal static class ColumnGroups
{
    /// <summary>Panels of each group but the last.</summary>
    public static int Panels(int outputPanels) => Balanced(outputPanels, JitLimits.GroupPanels);

    /// <summary>The size of blocks of at most some size into which a number is cut most evenly.</summary>
    public static int Balanced(int count, int most)
    {
        int blocks = (count + most - 1) / most;
        return (count + blocks - 1) / blocks;
    }
}
