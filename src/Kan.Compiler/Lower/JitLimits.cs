namespace Kan.Compiler.Lower;

/// <summary>
/// What the JIT keeps in registers, inlines and unrolls, as far as kernels are shaped by it. Most follow from the registers of a machine,
/// the rest was measured; the machine
/// code that comes of them is a test, <c>MachineCodeTests</c>. None of them changes a result.
/// </summary>
internal static class JitLimits
{
    /// <summary>
    /// Sums of one sample where a panel is one register: two units of latency four are busy with eight chains of multiply-adds.
    /// </summary>
    public const int WideSums = 8;

    /// <summary>
    /// Sums of several samples where a panel is one of 32 registers: four panels of weights, a broadcast and what the JIT needs stand
    /// beside them.
    /// </summary>
    public const int WideBatchSums = 24;

    /// <summary>
    /// Sums where a panel takes two of 16 registers: with a panel of weights and a broadcast, a seventh would be spilled.
    /// </summary>
    public const int NarrowSums = 6;

    /// <summary>The same where each term is a unit, whose difference, bounds and constants take registers too.</summary>
    public const int NarrowUnitSums = 2;

    /// <summary>
    /// Sums of a kernel with samples in lanes: vectors of values, slopes and segments take the other half of 32 registers.
    /// </summary>
    public const int LaneSums = 16;

    /// <summary>The same beside 16 registers.</summary>
    public const int NarrowLaneSums = 8;

    /// <summary>Sums of a kernel of windows for several samples, beside weights, picks and a window of two panels for each.</summary>
    public const int WindowBatchSums = 16;

    /// <summary>Chains of windows that several samples take at once, four samples then.</summary>
    public const int WindowBatchChains = 4;

    /// <summary>
    /// Chains of lists that are in flight together: four hide the loads they wait for, and fit 16 registers of half a panel.
    /// </summary>
    public const int ListChains = 4;

    /// <summary>
    /// Panels of a column group: a kernel that holds one group for several samples keeps its weights and sums in 32 registers, and reads
    /// its weights as one stream.
    /// </summary>
    public const int GroupPanels = 4;

    /// <summary>
    /// Operations on panels that a loop body may have: past some 500 temporaries, several for each operation, the JIT inlines no more,
    /// and a call for each operation takes
    /// ten to thirty times as long. Panels of two registers have twice the temporaries.
    /// </summary>
    public const int PanelOperations = 140;

    /// <summary>
    /// The same for units where a panel takes two registers. A kernel that would have more has a method for each pass over the inputs.
    /// </summary>
    public const int NarrowUnitOperations = 84;

    /// <summary>
    /// Comparisons of a curve that are written out; more are looped over, since each is an instruction or two of every call.
    /// </summary>
    public const int WrittenComparisons = 16;

    /// <summary>Multiply-adds of a loop body below which inputs are unrolled, so that counting costs little.</summary>
    public const int TermsOfLoopBody = 16;

    /// <summary>Rounds that an unrolled loop keeps: the JIT writes out loops of four rounds and then runs out of registers.</summary>
    public const int FewestRounds = 5;

    /// <summary>Units of an input that are written out; more of one kind are looped over.</summary>
    public const int WrittenUnits = 4;

    /// <summary>Multiply-adds up to which a written-out network is faster than kernels over panels and still short to read.</summary>
    public const int WrittenTerms = 300;

    /// <summary>Knots of a shared activation that panels compare with; more are looked up, which takes the time of some thirty.</summary>
    public const int ComparedKnots = WrittenKnots;

    /// <summary>
    /// The same for activations of many nodes: what panels compare with is stored for each of them, megabytes for those of an image.
    /// </summary>
    public const int ComparedKnotsOfMany = 4;

    /// <summary>Nodes of an activation that are many.</summary>
    public const int ManyNodes = 512;

    /// <summary>Knots of one input that written-out code compares with at once.</summary>
    public const int WrittenKnots = 32;
}
