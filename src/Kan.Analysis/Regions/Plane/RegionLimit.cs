namespace Kan.Analysis;

/// <summary>The point at which a search reached its limit of cells and stopped.</summary>
/// <param name="Cells">A lower bound on the number of cells.</param>
/// <param name="Layer">The layer that was being entered, from 0; null if the search does not go layer by layer.</param>
/// <param name="Node">The input node of that layer, from 0, or null.</param>
public sealed record RegionLimit(int Cells, int? Layer, int? Node)
{
    /// <summary>The fact and the remedy, for people.</summary>
    public override string ToString() =>
        $"incomplete: at least {Cells} cells{(Layer is null ? "" : $", reached at node {Node} of layer {Layer}")}; raise the limit or "
        + $"use a smaller domain";
}
