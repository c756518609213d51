using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>How a layer sums the terms of its inputs: what was decided for its form.</summary>
internal abstract record KernelPlan
{
    private KernelTiles? _tiles;

    /// <summary>The micro-kernels.</summary>
    public KernelTiles Tiles
    {
        get => _tiles ?? throw new InvalidOperationException("The tiles of this layer are not decided yet.");
        init => _tiles = value;
    }

    /// <summary>Whether +0 is added to each output, so that a sum that leaves out terms of zero weights has the same bits.</summary>
    public virtual bool EndsWithZero => false;

    /// <summary>Whether the terms read the segments of inputs.</summary>
    public virtual bool ReadsSegments => false;

    /// <summary>What a visitor makes of the plan; a new form does not compile before every visitor knows it.</summary>
    public abstract T Accept<T>(IKernelVisitor<T> visitor);
}

/// <summary>Something that differs from kernel to kernel.</summary>
internal interface IKernelVisitor<out T>
{
    /// <summary>Weights, read as a whole, in lists or by windows.</summary>
    T Affine(AffineKernelPlan kernel);

    /// <summary>Rows of values and slopes.</summary>
    T Rows(RowsKernelPlan kernel);

    /// <summary>Units.</summary>
    T Units(UnitsKernelPlan kernel);
}

/// <summary>Weights.</summary>
/// <param name="Lists">Those that one sample reads, where they are few; else null.</param>
internal sealed record AffineKernelPlan(SparseLists? Lists) : KernelPlan
{
    /// <summary>The weights by windows, where those are fewer; else null.</summary>
    public SparseWindows? Windows { get; init; }

    /// <inheritdoc/>
    public override bool EndsWithZero => true;

    /// <inheritdoc/>
    public override T Accept<T>(IKernelVisitor<T> visitor) => visitor.Affine(this);
}

/// <summary>Rows of values and slopes, one for each input.</summary>
/// <param name="FirstRows">For each input, the row of its first segment among those of the layer.</param>
internal sealed record RowsKernelPlan(ImmutableArray<int> FirstRows) : KernelPlan
{
    /// <inheritdoc/>
    public override bool ReadsSegments => true;

    /// <inheritdoc/>
    public override T Accept<T>(IKernelVisitor<T> visitor) => visitor.Rows(this);
}

/// <summary>Clamped differences or ReLU units.</summary>
/// <param name="Form">What is computed.</param>
internal sealed record UnitsKernelPlan(UnitsForm Form) : KernelPlan
{
    /// <summary>Operations of a unit on a panel: loads, a difference, bounds and a multiply-add.</summary>
    private const int Operations = 7;

    /// <inheritdoc/>
    public override T Accept<T>(IKernelVisitor<T> visitor) => visitor.Units(this);

    /// <summary>Panels that a kernel may take before the JIT stops inlining.</summary>
    public int MostPanels(LayerPlan layer, bool wide)
    {
        int operations = 0;
        for (int i = 0; i < Form.Kinds.Length; i++)
        {
            // Each number of a unit is a load; the multiply-add is not counted.
            var kind = Form.Kinds[i];
            if (i > 0 && kind == Form.Kinds[i - 1]) continue;
            operations += UnitTerm.AddTo(default(OperationCount), kind, x: 0, point: 1, height: 1, weight: 1, Form.Ends, sum: 0);
        }

        return Math.Max(1, (wide ? JitLimits.PanelOperations : JitLimits.PanelOperations / 2) / (operations * layer.PartialSums));
    }

    /// <summary>Whether the JIT inlines all operations of some sums, each with the units of an input.</summary>
    /// <param name="sums">Sums of a method: panels of outputs times partial sums.</param>
    /// <param name="wide">Whether a panel is one register.</param>
    public bool FitsMethod(int sums, bool wide) =>
        Form.Kinds.Length * sums * Operations <= (wide ? JitLimits.PanelOperations : JitLimits.NarrowUnitOperations);

    /// <summary>The units of an input in the order in which they are added, neighbours of one kind together.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sums">Sums of a method: panels of outputs times partial sums.</param>
    /// <param name="wide">Whether a panel is one register.</param>
    public IEnumerable<UnitRun> Runs(LayerPlan layer, int sums, bool wide)
    {
        int mostWritten = FitsMethod(sums, wide) ? JitLimits.WrittenUnits : 1;
        for (int i = 0, start = 0; i < Form.Kinds.Length;)
        {
            var kind = Form.Kinds[i];
            int count = 1, length = UnitTerm.Numbers(kind) * layer.OutputWidth;
            while (i + count < Form.Kinds.Length && Form.Kinds[i + count] == kind) count++;
            yield return new UnitRun(kind, count, start, length, count > mostWritten);
            start += count * length;
            i += count;
        }
    }
}

/// <summary>Counts operations instead of computing.</summary>
internal readonly struct OperationCount : INumberOps<int>
{
    public int Zero => 0;

    public int Least => 0;

    public int Most => 0;

    public int Add(int left, int right) => left + right + 1;

    public int Subtract(int left, int right) => left + right + 1;

    public int AtLeast(int value, int bound) => value + bound + 1;

    public int AtMost(int value, int bound) => value + bound + 1;

    public int Fma(int left, int right, int addend) => left + right + addend;
}

/// <summary>Adjacent units of one kind.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Count">Their number.</param>
/// <param name="Start">Where their numbers begin among those of an input.</param>
/// <param name="Length">The numbers of each.</param>
/// <param name="IsLoop">Whether they are looped over; else they are written out.</param>
internal readonly record struct UnitRun(UnitKind Kind, int Count, int Start, int Length, bool IsLoop);
