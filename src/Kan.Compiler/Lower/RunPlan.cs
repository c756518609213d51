using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>How a network runs: where its values are, and what one sample and a batch go through.</summary>
/// <param name="Scratch">The places of intermediate values.</param>
/// <param name="IsWrittenOut">Whether the network is one method, operation by operation.</param>
/// <param name="ReadsTable">Whether that method reads the table.</param>
/// <param name="TakesNumbers">Whether a sample may be given as plain numbers.</param>
/// <param name="BlockRows">Samples that go through the layers together.</param>
/// <param name="Samples">How large batches hold a sample in each lane, for machines that can, widest vectors first.</param>
/// <param name="TableLength">Numbers of the tables of all layers.</param>
internal sealed record RunPlan(
    ScratchLayout Scratch, bool IsWrittenOut, bool ReadsTable, bool TakesNumbers, int BlockRows, ImmutableArray<SamplePlan> Samples,
    int TableLength)
{
    /// <summary>Networks of one output and at most this many inputs also take plain numbers.</summary>
    public const int MostScalarInputs = 8;

    /// <summary>Bytes of a block's values, which stay in the second-level cache beside the weights.</summary>
    private const int BlockBytes = 128 * 1024;

    /// <summary>A multiple of the samples of every tile.</summary>
    private const int BlockStep = 24;

    /// <summary>
    /// Numbers of a table that are printed as such. Literals cost the C# compiler some 17 us each, base64 a fifth of that; past this many
    /// nobody reads them either.
    /// </summary>
    private const int MostLiterals = 512;

    /// <summary>
    /// Whether loops over numbers compute the network where they are faster: affine layers of floats with ReLU between them.
    /// </summary>
    public bool HasLoops { get; init; }

    /// <summary>Whether the table is printed as numbers, not as base64.</summary>
    public bool IsTableReadable => TableLength <= MostLiterals;

    public static RunPlan Of(IReadOnlyList<LayerPlan> layers)
    {
        var scratch = new ScratchLayout(layers);
        int inputs = layers[0].Form.InputCount, outputs = layers[layers.Count - 1].Form.OutputCount;
        bool isWrittenOut = SmallNetwork.Includes(layers);
        return new RunPlan(
            scratch,
            isWrittenOut,
            SmallNetwork.ReadsTable(layers),
            outputs == 1 && inputs <= MostScalarInputs,
            Block(layers[0].NumberBytes * Math.Max(inputs, scratch.Length), layers.Any(static layer => layer.Window is not null)),
            SamplePlan.All(layers),
            layers.Sum(static layer => layer.Table.Length))
        {
            HasLoops = !isWrittenOut && layers.All(IsLoop),
        };
    }

    private static bool IsLoop(LayerPlan layer) => layer.Precision == Precision.Single
        && layer.Kernel is AffineKernelPlan { Lists: null, Windows: null }
        && (layer.Stage.Place == StagePlace.Nowhere
            || (layer.Stage is { Place: StagePlace.LayerBefore, Step: StageStep.Relu } && layer.Stage.Result == default));

    /// <summary>Samples of a block: their values stay in the cache, and the weights are read once for all.</summary>
    private static int Block(int bytesOfSample, bool hasImages) =>
        Math.Max(hasImages ? BlockStep / 3 : BlockStep, Math.Min(8 * BlockStep, BlockBytes / bytesOfSample / BlockStep * BlockStep));
}
