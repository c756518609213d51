using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>
/// How the error of the first layer's sums is followed through the ReLUs that a sample makes active, where the lengths of vectors do not
/// tell which output is the largest.
/// </summary>
/// <param name="Numbers">
/// Numbers of 32 bits that follow the table of the integers: for each node of the first layer its unit, and what the lengths of two vectors
/// are multiplied with, what the inputs are off their codes and the codes less those of 0; for each later one the second bytes of its
/// weights, in the order of the first ones, then for each node its unit, its bias, and the length of its weights.
/// </param>
/// <param name="Layers">The layers, first to last.</param>
internal sealed record ActiveUnitsPlan(ImmutableArray<int> Numbers, ImmutableArray<ActiveLayer> Layers);

/// <summary>A layer whose active units are followed.</summary>
/// <param name="Groups">Groups of four nodes before it.</param>
/// <param name="Width">Its nodes, in whole panels.</param>
/// <param name="Start">Where its numbers begin, from where all of them do.</param>
/// <param name="Norm">
/// What it makes of the length of a vector at most: for the first layer, of what the inputs are off their codes; for later ones, of what
/// the nodes before it are off.
/// </param>
/// <param name="Deviation">
/// What it adds for each unit of a length: for the first layer, that of the codes less those of 0; for later ones, that of the numbers
/// before it, since its weights have 16 bits and its sums are rounded.
/// </param>
/// <param name="BackDeviation">The same where its first bytes alone are the weights: on the way back.</param>
/// <param name="Own">What it adds whatever the sample.</param>
internal readonly record struct ActiveLayer(int Groups, int Width, int Start, float Norm, float Deviation, float BackDeviation, float Own)
{
    /// <summary>Numbers of its weights.</summary>
    public int WeightCount => Start == 0 ? 0 : Groups * Width;
}
