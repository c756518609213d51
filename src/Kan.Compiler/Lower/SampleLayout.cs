using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>How a network computes large batches with a sample in each lane.</summary>
/// <param name="Vectors">The vectors whose lanes they are.</param>
/// <param name="Layers">The layers.</param>
/// <param name="TableLength">Numbers of the table that functions are looked up in.</param>
/// <param name="ScratchLength">
/// Elements of scratch: of each layer its inputs and the segments of those, then the outputs, for a block of samples.
/// </param>
/// <param name="Outputs">Where the outputs of the network are in scratch.</param>
internal sealed record SamplePlan(
    SampleVectors Vectors, ImmutableArray<SampleLayout> Layers, int TableLength, int ScratchLength, int Outputs)
{
    /// <summary>The plans for the machines that can, widest vectors first.</summary>
    public static ImmutableArray<SamplePlan> All(IReadOnlyList<LayerPlan> layers) =>
        [.. new[] { SampleVectors.Wide, SampleVectors.Narrow }.Select(vectors => TryCreate(layers, vectors)).OfType<SamplePlan>()];

    /// <summary>The plan, or null where a layer cannot be computed so or the cost model expects it to be slower.</summary>
    public static SamplePlan? TryCreate(IReadOnlyList<LayerPlan> layers, SampleVectors vectors)
    {
        if (!layers.All(layer => IsPossible(layer, vectors))) return null;
        if (CostModel.Lanes(layers, vectors) >= layers.Sum(CostModel.Batch)) return null;
        var layouts = ImmutableArray.CreateBuilder<SampleLayout>(layers.Count);
        int table = 0, at = 0, length = 0, samples = vectors.Samples(layers[0].Precision);
        foreach (var layer in layers)
        {
            var layout = SampleLayout.Of(layer, vectors, table, at);
            layouts.Add(layout);
            table = layout.Lookup?.End ?? table;
            length += samples * layer.Form.InputCount * (layer.ReadsSegments ? 2 : 1);
            at = layout.Outputs;
        }

        length += samples * layers[layers.Count - 1].Form.OutputCount;
        return new SamplePlan(vectors, layouts.MoveToImmutable(), table, length, at);
    }

    private static bool IsPossible(LayerPlan layer, SampleVectors vectors) =>
        layer.Window is null && layer.Sparse is null && layer.Windows is null && layer.Kernel is not UnitsKernelPlan
            && SampleLayout.Segments(layer) <= vectors.MostSegments(layer.Precision);
}

/// <summary>
/// How a layer is computed for many samples with samples in lanes: a function is a panel of values and slopes, out of which each lane
/// picks those of its
/// segment. No lane is wasted on outputs that do not exist, and a table is read once for all samples of a block.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Vectors">The vectors.</param>
/// <param name="Lookup">The functions that are looked up: those of rows, and activations but ReLU.</param>
/// <param name="Inputs">Where its inputs are in scratch.</param>
/// <param name="Found">Where the segments of its inputs are.</param>
/// <param name="Outputs">Where its outputs are; those of an elementwise layer take the place of its inputs.</param>
/// <param name="Calls">The calls of its kernels.</param>
internal sealed record SampleLayout(
    LayerPlan Layer, SampleVectors Vectors, LookupLayout? Lookup, int Inputs, int Found, int Outputs, ImmutableArray<SampleCall> Calls)
{
    /// <summary>The loop over its inputs.</summary>
    internal InputLoop Loop => InputLoop.Of(Layer.Form.InputCount, Layer.PartialSums);

    /// <summary>Vectors of samples that a kernel takes at once.</summary>
    public int Groups => Vectors.Groups;

    /// <summary>Samples of a vector.</summary>
    public int Lanes => Vectors.Lanes(Layer.Precision);

    /// <summary>Samples of a block.</summary>
    public int Samples => Vectors.Samples(Layer.Precision);

    /// <summary>The layout of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="vectors">The vectors.</param>
    /// <param name="table">Where its functions begin in the table.</param>
    /// <param name="scratch">Where its inputs are.</param>
    public static SampleLayout Of(LayerPlan layer, SampleVectors vectors, int table, int scratch)
    {
        int block = Math.Min(layer.Form.OutputCount, vectors.Sums / (vectors.Groups * vectors.SumsOf(layer)));
        int functions = layer.ReadsSegments ? layer.Form.OutputCount : 1;
        var lookup = layer.Stage.ReadsTable ? LookupLayout.Create(layer, vectors.Lanes(layer.Precision), table, functions, block) : null;
        int inputs = vectors.Samples(layer.Precision) * layer.Form.InputCount, found = scratch + inputs;
        int outputs = layer.Kernel is null ? scratch : found + (layer.ReadsSegments ? inputs : 0);
        return new SampleLayout(layer, vectors, lookup, scratch, found, outputs,
            layer.Kernel is null ? [] : [.. CallsOf(layer, vectors, lookup, block)]);
    }

    /// <summary>The most segments that an input of a layer has.</summary>
    public static int Segments(LayerPlan layer) => layer.Stage.ReadsTable ? layer.Layout.KnotCount + 1 : 1;

    private static IEnumerable<SampleCall> CallsOf(LayerPlan layer, SampleVectors vectors, LookupLayout? lookup, int width)
    {
        foreach (var (first, count, stride) in ColumnsOf(layer))
        {
            foreach (var (outputs, blocks, start) in new[] { (width, count / width, 0), (count % width, 1, count / width * width) })
            {
                if (outputs == 0 || blocks == 0) continue;
                int step = stride == 0 ? layer.Form.InputCount * lookup!.Stride : 1;
                int weights = (stride == 0 ? 0 : first * layer.Form.InputCount) + (start * step);
                var tile = new Tile(outputs, vectors.Groups, vectors.SumsOf(layer));
                yield return new SampleCall(tile, stride, first + start, blocks, weights, outputs * step);
            }
        }
    }

    /// <summary>
    /// Outputs whose weights stand together, and the distance from the weights of one input to those of the next; 0 where they are looked
    /// up.
    /// </summary>
    private static IEnumerable<(int First, int Count, int Stride)> ColumnsOf(LayerPlan layer)
    {
        int outputs = layer.Form.OutputCount, group = layer.GroupPanels * layer.Lanes;
        if (layer.ReadsSegments)
        {
            yield return (0, outputs, 0);
            yield break;
        }

        for (int first = 0; first < outputs; first += group)
            yield return (first, Math.Min(group, outputs - first), Math.Min(group, layer.OutputWidth - first));
    }
}

/// <summary>The calls of one kernel with samples in lanes.</summary>
/// <param name="Tile">Outputs of one call, for all panels of samples.</param>
/// <param name="Stride">Weights from one input to the next; 0 where they are looked up.</param>
/// <param name="First">The first output.</param>
/// <param name="Count">Calls, each for the outputs behind those of the one before.</param>
/// <param name="Weights">Where the weights of the first begin.</param>
/// <param name="Step">Weights from one call to the next.</param>
internal readonly record struct SampleCall(Tile Tile, int Stride, int First, int Count, int Weights, int Step);

/// <summary>Functions in the table that they are looked up in.</summary>
/// <param name="Segments">The most segments that an input has, K.</param>
/// <param name="PointPanels">Vectors of anchor points of an input.</param>
/// <param name="Functions">Functions of an input.</param>
/// <param name="Block">Functions that are read together.</param>
/// <param name="Panels">Vectors that a function is loaded into: one of values and slopes, one of each, or two of each.</param>
/// <param name="Slopes">Numbers from the first value of a function to its first slope.</param>
/// <param name="Points">Where the anchor points begin in the table.</param>
/// <param name="Lines">Where values and slopes begin.</param>
/// <param name="End">Where the next layer begins.</param>
internal sealed record LookupLayout(
    int Segments, int PointPanels, int Functions, int Block, int Panels, int Slopes, int Points, int Lines, int End)
{
    /// <summary>Numbers from one function to the next; where K is small, a panel also holds what comes after.</summary>
    public int Stride => 2 * Slopes;

    /// <summary>
    /// The steps of the search, which halves the anchor points in question: K/2 rounded up to a power of two, and on to 1; none where K
    /// is 1.
    /// </summary>
    public IEnumerable<int> Steps
    {
        get
        {
            int top = 1;
            while (top < Segments) top *= 2;
            for (int step = top / 2; step > 0; step /= 2) yield return step;
        }
    }

    public static LookupLayout Create(LayerPlan layer, int lanes, int start, int functions, int block)
    {
        int segments = layer.Layout.KnotCount + 1, pointPanels = segments > lanes ? 2 : 1;
        int slopes = segments <= lanes / 4 ? lanes / 4 : segments <= lanes / 2 ? lanes / 2 : pointPanels * lanes;
        int lines = start + (layer.Form.InputCount * pointPanels * lanes);

        // The last function is loaded as whole panels too.
        int end = lines + (layer.Form.InputCount * functions * 2 * slopes) + lanes;
        int panels = slopes < lanes ? 1 : 2 * pointPanels, next = (end + lanes - 1) / lanes * lanes;
        return new LookupLayout(segments, pointPanels, functions, Math.Min(block, functions), panels, slopes, start, lines, next);
    }
}
