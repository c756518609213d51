namespace Kan.Compiler.Lower;

/// <summary>What happens once to each input of a layer before its terms are summed, and where.</summary>
/// <param name="Step">What is done.</param>
/// <param name="Place">Where.</param>
/// <param name="Difference">Bounds of the difference between an input and the anchor of its segment.</param>
/// <param name="Result">Bounds of what comes out.</param>
internal sealed record InputStage(StageStep Step, StagePlace Place, FiniteEnds Difference, FiniteEnds Result)
{
    /// <summary>Inputs are read as they are.</summary>
    public static InputStage None { get; } = new(StageStep.None, StagePlace.Nowhere, default, default);

    /// <summary>Whether the stage is a pass of its own.</summary>
    public bool IsPass => Place == StagePlace.Pass;

    /// <summary>Whether it reads the layer's table.</summary>
    public bool ReadsTable => Step is StageStep.Function or StageStep.Search or StageStep.UniformSearch;

    /// <summary>The stage of a layer.</summary>
    /// <param name="form">The layer.</param>
    /// <param name="isUniform">Whether its segments are found on uniform grids.</param>
    /// <param name="afterSums">Whether the layer before sums: it then does what needs no table while its sums are in registers.</param>
    public static InputStage Of(LayerForm form, bool isUniform, bool afterSums)
    {
        var stored = afterSums ? StagePlace.LayerBefore : StagePlace.Pass;
        return form switch
        {
            AffineForm affine when affine.Ends != default => new(StageStep.Bounds, stored, default, affine.Ends),
            FactoredForm { Activation.IsRelu: true } factored => new(StageStep.Relu, stored, default, factored.Affine.Ends),
            FactoredForm factored => new(StageStep.Function, StagePlace.Pass, factored.Activation.Ends, factored.Affine.Ends),
            ElementwiseForm { Activation.IsRelu: true } => new(StageStep.Relu, StagePlace.Pass, default, default),
            ElementwiseForm elementwise => new(StageStep.Function, StagePlace.Pass, elementwise.Activation.Ends, default),
            RowsForm rows => new(isUniform ? StageStep.UniformSearch : StageStep.Search, StagePlace.Pass, rows.Ends, default),
            _ => None,
        };
    }
}

/// <summary>What a stage does to an input.</summary>
internal enum StageStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Infinities become the largest finite number: some weights are zero.</summary>
    Bounds,

    /// <summary>ReLU, then bounds.</summary>
    Relu,

    /// <summary>A function in segment form, then bounds.</summary>
    Function,

    /// <summary>Segments are counted knot by knot.</summary>
    Search,

    /// <summary>Segments are found by arithmetic on equal distances.</summary>
    UniformSearch,
}

/// <summary>Where a stage is done.</summary>
internal enum StagePlace
{
    /// <summary>Nowhere: there is nothing to do.</summary>
    Nowhere,

    /// <summary>
    /// By the layer before, with what it stores: a pass of its own over 32 values costs some 20 cycles, most of it the way through memory.
    /// </summary>
    LayerBefore,

    /// <summary>In a pass of its own; an elementwise layer is nothing else.</summary>
    Pass,
}
