using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>
/// How integers decide a network of curves: the first layer's sums are those of the integers, less what is known that they are off; later
/// layers are computed in floats. What else the sums may be off is the length of a vector, which the steepest slopes that a sample's sums
/// can reach bring to the difference of two outputs.
/// </summary>
/// <param name="Numbers">
/// Numbers of 32 bits that follow the table of the integers: for each node of the first layer its unit and what is added to it; for each
/// code what it adds to the square of the length; then those of each later layer.
/// </param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="Most">The most that an input adds to the square of the length.</param>
/// <param name="Steepness">What the length of what the inputs are off their codes is multiplied with.</param>
/// <param name="Own">What the first layer's sums are off whatever the sample.</param>
/// <param name="HasSquares">Whether codes are known to add less than the most of all.</param>
internal sealed record CurveDecisionPlan(
    ImmutableArray<int> Numbers, ImmutableArray<DecidedLayer> Layers, float Most, float Steepness, float Own, bool HasSquares);

/// <summary>A layer of curves in floats, or the first one, of which there is the width alone.</summary>
/// <param name="Inputs">Nodes before it.</param>
/// <param name="Width">Its nodes, in whole panels.</param>
/// <param name="Bends">Breakpoints of a node before it, filled up with infinity.</param>
/// <param name="Start">
/// Where its numbers begin, from where all of them do: the breakpoints, the first of each node first; for each node before it and each
/// segment the slopes, then the values at 0; the biases; behind the last layer for each output and each other one the length of the
/// steepest slopes of their difference.
/// </param>
/// <param name="Norm">What it makes of the length of a vector at most.</param>
/// <param name="Rounding">What its sums are off for each unit of the length of the numbers before it.</param>
/// <param name="Own">What they are off whatever these are.</param>
internal readonly record struct DecidedLayer(int Inputs, int Width, int Bends, int Start, float Norm, float Rounding, float Own);
