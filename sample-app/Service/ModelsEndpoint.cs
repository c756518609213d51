using System.Linq;

namespace SampleApp.Service;

/// <summary>GET /models: what is compiled in.</summary>
internal static class ModelsEndpoint
{
    public static ModelDescription[] Answer(Catalogue catalogue) =>
    [
        .. catalogue.All.Select(static classifier => classifier.Info).Select(static info => new ModelDescription(
            info.Name, info.ContentHash, [.. info.Widths], info.Precision.ToString(), info.ErrorBound, info.TableBytes,
            [.. info.Layers.Select(static layer =>
                new LayerSummary(layer.Inputs, layer.Outputs, layer.Edges, layer.Segments, layer.Lowering.ToString(), layer.Reason))])),
    ];
}
