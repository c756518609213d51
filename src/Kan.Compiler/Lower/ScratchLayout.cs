using System.Collections.Generic;

namespace Kan.Compiler.Lower;

/// <summary>Where intermediate values are: for each layer its prepared inputs, its segments and its outputs, whole panels each.</summary>
internal sealed class ScratchLayout
{
    /// <summary>Intermediate values past this many bytes live in memory of the thread instead of on the stack.</summary>
    private const int MostStackBytes = 64 * 1024;

    private readonly List<LayerScratch> _layers = [];

    public ScratchLayout(IReadOnlyList<LayerPlan> layers)
    {
        LayerPlan? before = null;
        foreach (var layer in layers)
        {
            bool isPrepared = (layer.Stage.IsPass && layer.Kernel is not null) || before is { KeepsSums: true };
            before = layer;
            int inputs = layer.InputPanels * layer.Lanes;
            int image = layer.Window is { IsCopied: true } window
                ? SummationOrder.Panels(window.ImageLength, layer.Precision) * layer.Lanes
                : 0;
            int prepared = Length, segments = prepared + (isPrepared ? inputs : image);
            int outputs = segments + (layer.ReadsSegments ? inputs : 0);
            _layers.Add(new LayerScratch(prepared, segments, outputs));

            // What leaves out zeros needs a panel to look for NaN in.
            // Layers over images load and store whole panels past the last number.
            Length = outputs + layer.OutputWidth
                + (layer.Sparse is null && layer.Windows is null && layer.Window is null ? 0 : layer.Lanes);
        }

        int lanes = layers[0].Lanes;
        IsOnStack = (Length + lanes) * (SummationOrder.PanelBytes / lanes) <= MostStackBytes;
    }

    /// <summary>Elements in all.</summary>
    public int Length { get; }

    /// <summary>Whether the values of one sample live on the stack.</summary>
    public bool IsOnStack { get; }

    /// <summary>The places of a layer.</summary>
    public LayerScratch this[LayerPlan layer] => _layers[layer.Index];
}

/// <summary>The places of a layer's values.</summary>
/// <param name="Prepared">What the layer's terms read in place of its inputs.</param>
/// <param name="Segments">The segments that its search found.</param>
/// <param name="Outputs">Its outputs.</param>
internal readonly record struct LayerScratch(int Prepared, int Segments, int Outputs);
