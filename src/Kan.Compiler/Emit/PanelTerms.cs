using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the terms of a block of panels.</summary>
internal abstract class PanelTerms(CodeWriter writer, LayerPlan layer, Block block) : ITermPrinter
{
    public VectorText Vectors { get; } = new(KernelNames.Type(layer.Precision));

    protected CodeWriter Writer => writer;

    protected LayerPlan Layer => layer;

    protected Block Block => block;

    /// <summary>The printer for the form of a layer.</summary>
    public static PanelTerms Of(CodeWriter writer, LayerPlan layer, KernelPlan plan, TiledKernel kernel, Block block) =>
        plan.Accept(new Choice(writer, layer, kernel, block));

    /// <summary>Prints what all terms share, once.</summary>
    public virtual void EmitConstants()
    {
    }

    public string Start(int panel) => Vectors.Load(KernelNames.At("biases", panel * layer.Lanes));

    /// <summary>One reference for the inputs, and one along the table for each column group.</summary>
    public void EmitReferences()
    {
        writer.Line($"ref {Vectors.Type} i = ref x;");
        if (layer.ReadsSegments) writer.Line($"ref {Vectors.Type} j = ref segments;");
        for (int k = 0; k < block.Streams.Length; k++)
            writer.Line($"ref {Vectors.Type} stream{k} = ref {KernelNames.At("body", block.Streams[k].Start)};");
    }

    public void EmitAdvance(int inputs)
    {
        writer.Line($"i = ref At(ref i, {Literal.Integer(inputs)});");
        if (layer.ReadsSegments) writer.Line($"j = ref At(ref j, {Literal.Integer(inputs)});");
        for (int k = 0; k < block.Streams.Length; k++)
        {
            int step = inputs * block.Streams[k].Stride;
            if (step > 0) writer.Line($"stream{k} = ref At(ref stream{k}, {Literal.Integer(step)});");
        }
    }

    public void EmitTerms(Accumulators accumulators, int sum, int offset)
    {
        using (writer.Braces("")) EmitTermsOf(accumulators, sum, offset);
    }

    protected abstract void EmitTermsOf(Accumulators accumulators, int sum, int offset);

    /// <summary>Prints <c>v</c>, an input in all lanes.</summary>
    protected void EmitInput(int offset) => writer.Line($"TPanel v = {Input(offset)};");

    /// <summary>An input in all lanes.</summary>
    protected string Input(int offset) => Vectors.Splat(KernelNames.At("i", offset));

    private sealed class Choice(CodeWriter writer, LayerPlan layer, TiledKernel kernel, Block block) : IKernelVisitor<PanelTerms>
    {
        public PanelTerms Affine(AffineKernelPlan plan) => new WeightTerms(writer, layer, kernel.Tile, block);

        public PanelTerms Rows(RowsKernelPlan plan) => new RowTerms(writer, layer, block);

        public PanelTerms Units(UnitsKernelPlan plan) => new UnitTerms(writer, layer, plan, kernel, block);
    }
}

/// <summary>Weights times inputs.</summary>
internal sealed class WeightTerms(CodeWriter writer, LayerPlan layer, Tile tile, Block block) : PanelTerms(writer, layer, block)
{
    protected override void EmitTermsOf(Accumulators accumulators, int sum, int offset)
    {
        if (tile.Samples == 1) EmitSample(accumulators, sum, offset);
        else if (tile.IsNarrow) EmitNarrowSamples(accumulators, sum, offset);
        else EmitSamples(accumulators, sum, offset);
    }

    private void EmitSample(Accumulators accumulators, int sum, int offset)
    {
        EmitInput(offset);
        for (int c = 0; c < Block.Panels; c++) EmitTerm(accumulators.Name(sum, c, 0), "v", Weight(offset, c));
    }

    /// <summary>One panel of weights at a time, each number of the samples broadcast again: 16 registers hold no more.</summary>
    private void EmitNarrowSamples(Accumulators accumulators, int sum, int offset)
    {
        for (int c = 0; c < Block.Panels; c++)
        {
            Writer.Line($"TPanel w{c} = {Weight(offset, c)};");
            for (int r = 0; r < tile.Samples; r++) EmitTerm(accumulators.Name(sum, c, r), Input((r * Layer.InputStride) + offset), $"w{c}");
        }
    }

    private void EmitSamples(Accumulators accumulators, int sum, int offset)
    {
        for (int c = 0; c < Block.Panels; c++) Writer.Line($"TPanel w{c} = {Weight(offset, c)};");
        for (int r = 0; r < tile.Samples; r++)
        {
            Writer.Line($"TPanel x{r} = {Input((r * Layer.InputStride) + offset)};");
            for (int c = 0; c < Block.Panels; c++) EmitTerm(accumulators.Name(sum, c, r), $"x{r}", $"w{c}");
        }
    }

    private void EmitTerm(string accumulator, string input, string weight) =>
        Writer.Line($"{accumulator} = {Vectors.Fma(input, weight, accumulator)};");

    /// <summary>The weights of an input and a panel of the block.</summary>
    private string Weight(int input, int panel)
    {
        int k = 0;
        while (panel >= Block.Streams[k].Panels) panel -= Block.Streams[k++].Panels;
        return Vectors.Load(KernelNames.At($"stream{k}", (input * Block.Streams[k].Stride) + (panel * Layer.Lanes)));
    }
}

/// <summary>Lines of segments.</summary>
internal sealed class RowTerms(CodeWriter writer, LayerPlan layer, Block block) : PanelTerms(writer, layer, block)
{
    protected override void EmitTermsOf(Accumulators accumulators, int sum, int offset)
    {
        EmitInput(offset);
        string row = $"{KernelNames.Panels}SegmentSearch.Row(ref {KernelNames.At("j", offset)})";
        Writer.Line($"ref {Vectors.Type} row = ref At(ref stream0, {row} * {Literal.Integer(2 * Layer.OutputWidth)});");
        for (int c = 0; c < Block.Panels; c++)
        {
            string accumulator = accumulators.Name(sum, c, 0);
            Writer.Line($"{accumulator} = {SegmentTerm.AddTo(Vectors, accumulator, "v", Part((2 * c) + 1), Part(2 * c))};");
        }
    }

    private string Part(int panel) => Vectors.Load(KernelNames.At("row", panel * Layer.Lanes));
}

/// <summary>Units.</summary>
internal sealed class UnitTerms(CodeWriter writer, LayerPlan layer, UnitsKernelPlan plan, TiledKernel kernel, Block block)
    : PanelTerms(writer, layer, block)
{
    private INumberOps<string> Ops => kernel.IsOnePass ? new HeldConstants(Vectors) : Vectors;

    /// <summary>
    /// What units are bounded by has registers of its own where there are enough: each property or method of a panel that is spelled
    /// counts among those that the JIT inlines.
    /// </summary>
    public override void EmitConstants()
    {
        if (!kernel.IsOnePass) return;
        Writer.Line($"TPanel {Ops.Zero} = {Vectors.Zero};");
        if (plan.Form.Ends != default) Writer.Line($"TPanel {Ops.Least} = {Vectors.Least}, {Ops.Most} = {Vectors.Most};");
    }

    protected override void EmitTermsOf(Accumulators accumulators, int sum, int offset)
    {
        EmitInput(offset);
        int sums = Block.Panels * (kernel.SplitsPasses ? kernel.Tile.SumsAtOnce : Layer.PartialSums);
        foreach (var run in plan.Runs(Layer, sums, kernel.IsWide))
        {
            int at = (offset * Layer.Layout.Stride) + run.Start;
            if (run.IsLoop)
            {
                string end = Literal.Integer(at + (run.Count * run.Length));
                using (Writer.Braces($"for (int u = {Literal.Integer(at)}; u < {end}; u += {Literal.Integer(run.Length)})"))
                    EmitUnit(accumulators, sum, run.Kind, new Offset(0, "u"));
                continue;
            }

            for (int u = 0; u < run.Count; u++)
            {
                int start = at + (u * run.Length);
                EmitUnit(accumulators, sum, run.Kind, start);
            }
        }
    }

    /// <summary>Prints a unit of all panels.</summary>
    /// <param name="accumulators">The sums.</param>
    /// <param name="sum">The partial sum that takes the terms.</param>
    /// <param name="kind">The kind of unit.</param>
    /// <param name="start">Where its numbers begin.</param>
    private void EmitUnit(Accumulators accumulators, int sum, UnitKind kind, Offset start)
    {
        for (int c = 0; c < Block.Panels; c++)
        {
            int panel = c * Layer.Lanes, last = UnitTerm.Numbers(kind) - 1;
            string Load(int part) => Vectors.Load(KernelNames.At("stream0", start + (panel + (part * Layer.OutputWidth))));
            string accumulator = accumulators.Name(sum, c, 0), height = UnitTerm.HasHeight(kind) ? Load(1) : "";
            Writer.Line($"{accumulator} = {UnitTerm.AddTo(Ops, kind, "v", Load(0), height, Load(last), plan.Form.Ends, accumulator)};");
        }
    }

    /// <summary>Operations on panels whose constants are held in variables.</summary>
    private readonly record struct HeldConstants(VectorText Vectors) : INumberOps<string>
    {
        public string Zero => "zero";

        public string Least => "least";

        public string Most => "most";

        public string Add(string left, string right) => Vectors.Add(left, right);

        public string Subtract(string left, string right) => Vectors.Subtract(left, right);

        public string AtLeast(string value, string bound) => Vectors.AtLeast(value, bound);

        public string AtMost(string value, string bound) => Vectors.AtMost(value, bound);

        public string Fma(string left, string right, string addend) => Vectors.Fma(left, right, addend);
    }
}
