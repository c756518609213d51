using System.Collections.Generic;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Where intermediate values are: for each layer its prepared inputs, its segments and its outputs, whole panels each.</summary>
internal sealed class ScratchLayout
{
    private readonly List<(int Prepared, int Segments, int Outputs)> _layers = [];

    public ScratchLayout(NetworkPlan plan)
    {
        LayerPlan? before = null;
        foreach (var layer in plan.Layers)
        {
            bool isPrepared = (InputStage.IsPass(plan, layer) && layer.Form is not ElementwiseForm) || (before is not null && InputStage.KeepsSums(before, layer));
            before = layer;
            int inputs = layer.InputPanels * layer.Lanes;
            int prepared = Length, segments = prepared + (isPrepared ? inputs : 0);
            int outputs = segments + (layer.Form is RowsForm ? inputs : 0);
            _layers.Add((prepared, segments, outputs));

            // What leaves out zeros needs a panel to look for NaN in.
            Length = outputs + layer.OutputWidth + (layer.Sparse is null && layer.Windows is null ? 0 : layer.Lanes);
        }
    }

    /// <summary>Elements in all.</summary>
    public int Length { get; private set; }

    /// <summary>What the layer's terms read in place of its inputs.</summary>
    public int Prepared(LayerPlan layer) => _layers[layer.Index].Prepared;

    /// <summary>The segments that Rows found.</summary>
    public int Segments(LayerPlan layer) => _layers[layer.Index].Segments;

    /// <summary>The layer's outputs.</summary>
    public int Outputs(LayerPlan layer) => _layers[layer.Index].Outputs;
}
