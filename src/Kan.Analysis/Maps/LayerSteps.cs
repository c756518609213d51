using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>A network as the tables that a walk through it needs.</summary>
internal sealed class LayerSteps
{
    private readonly List<(int Layer, LayerTable Table)> _steps = [];
    private readonly ImmutableArray<KanLayer> _layers;
    private readonly ImmutableArray<ImmutableArray<int>> _firstSegments;

    public LayerSteps(KanNetwork network)
    {
        _layers = network.Layers;
        _firstSegments = [.. _layers.Select(static layer => ImmutableArray.Create(new int[layer.InputCount]))];
        for (int i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            if (layer.IsDiagonal && !layer.IsAffine && i + 1 < _layers.Length && _layers[i + 1].IsAffine)
            {
                // One step for "activation, then matrix": only what changed between two cells is then multiplied by the matrix.
                _steps.Add((i, new LayerTable(Compose(layer, _layers[i + 1]), layer)));
                i++;
                continue;
            }

            _steps.Add((i, new LayerTable(layer)));
        }
    }

    /// <summary>The tables in order, each with the layer whose inputs it starts from.</summary>
    public IReadOnlyList<(int Layer, LayerTable Table)> Steps => _steps;

    /// <summary>For each layer the segment of each of its input nodes, given those of the steps.</summary>
    public ImmutableArray<ImmutableArray<int>> SegmentsOf(IReadOnlyList<ImmutableArray<int>> steps)
    {
        var segments = ImmutableArray.CreateBuilder<ImmutableArray<int>>(_layers.Length);
        for (int i = 0; i < _steps.Count; i++)
        {
            segments.Add(steps[i]);
            int next = i + 1 < _steps.Count ? _steps[i + 1].Layer : _layers.Length;

            // The affine layer of the same step has one segment.
            for (int layer = _steps[i].Layer + 1; layer < next; layer++) segments.Add(_firstSegments[layer]);
        }

        return segments.MoveToImmutable();
    }

    private static KanLayer Compose(KanLayer activation, KanLayer affine)
    {
        var functions = activation.Edges.ToDictionary(static edge => edge.Input, static edge => edge.Function);
        var biases = affine.Biases.ToArray();
        var edges = new List<KanEdge>(affine.Edges.Length);
        foreach (var (input, output, line) in affine.Edges)
        {
            biases[output] += line.AnchorValue + (line.Slopes[0] * activation.Biases[input]);
            if (functions.TryGetValue(input, out var function)) edges.Add(new KanEdge(input, output, line.Slopes[0] * function));
        }

        return new KanLayer(affine.InputCount, affine.OutputCount, edges, [.. biases]);
    }
}
