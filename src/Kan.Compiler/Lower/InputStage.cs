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

    /// <summary>The knots of a function that all inputs share, where rows of it are found by arithmetic; else null.</summary>
    public CurveGrid? Grid { get; init; }

    /// <summary>Whether the stage is a pass of its own.</summary>
    public bool IsPass => Place == StagePlace.Pass;

    /// <summary>Whether it reads the layer's table.</summary>
    public bool ReadsTable =>
        Step is StageStep.Function or StageStep.SharedFunction or StageStep.Search or StageStep.UniformSearch or StageStep.Convolution;

    /// <summary>The stage of a layer.</summary>
    /// <param name="form">The layer.</param>
    /// <param name="precision">The number type.</param>
    /// <param name="isFirst">Whether the layer reads the caller's numbers, the last of which may not fill a panel.</param>
    /// <param name="isUniform">Whether its segments are found on uniform grids.</param>
    /// <param name="afterSums">Whether the layer before sums: it then does what needs no table while its sums are in registers.</param>
    public static InputStage Of(LayerForm form, Precision precision, bool isFirst, bool isUniform, bool afterSums) =>
        form.Accept(new Choice(precision, isFirst, isUniform, afterSums));

    private readonly struct Choice(Precision precision, bool isFirst, bool isUniform, bool afterSums) : ILayerFormVisitor<InputStage>
    {
        private StagePlace Stored => afterSums ? StagePlace.LayerBefore : StagePlace.Pass;

        public InputStage Affine(AffineForm form) =>
            form.Ends == default ? None : new InputStage(StageStep.Bounds, Stored, default, form.Ends);

        public InputStage Factored(FactoredForm form) => form.Activation.IsRelu
            ? new InputStage(StageStep.Relu, Stored, default, form.Affine.Ends)
            : new InputStage(StepOf(form.Activation), StagePlace.Pass, form.Activation.Ends, form.Affine.Ends)
            {
                Grid = GridOf(form.Activation),
            };

        public InputStage Elementwise(ElementwiseForm form) =>
            new(form.Activation.IsRelu ? StageStep.Relu : StepOf(form.Activation), StagePlace.Pass, form.Activation.Ends, default)
            {
                Grid = form.Activation.IsRelu ? null : GridOf(form.Activation),
            };

        public InputStage Rows(RowsForm form) =>
            new(isUniform ? StageStep.UniformSearch : StageStep.Search, StagePlace.Pass, form.Ends, default);

        public InputStage Units(UnitsForm form) => None;

        public InputStage Convolution(ConvolutionForm form) => new(StageStep.Convolution, StagePlace.Pass, default, default);

        public InputStage Maximum(MaximumForm form) => new(StageStep.Maximum, StagePlace.Pass, default, default);

        private static StageStep StepOf(ActivationForm activation) =>
            SharedCurve.Is(activation) ? StageStep.SharedFunction : StageStep.Function;

        private CurveGrid? GridOf(ActivationForm activation) => isFirst ? null : CurveGrid.TryCreate(activation, precision);
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

    /// <summary>The same where all inputs share one function of many segments, which is looked up.</summary>
    SharedFunction,

    /// <summary>Segments are counted knot by knot.</summary>
    Search,

    /// <summary>Segments are found by arithmetic on equal distances.</summary>
    UniformSearch,

    /// <summary>The whole layer: a convolution.</summary>
    Convolution,

    /// <summary>The whole layer: a maximum under a window.</summary>
    Maximum,
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
