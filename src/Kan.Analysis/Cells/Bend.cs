namespace Kan.Analysis;

/// <summary>A breakpoint of a node: where it is in a list of steps, and which it is.</summary>
/// <param name="Step">The step whose input the node is.</param>
/// <param name="Node">The node.</param>
/// <param name="Breakpoint">The breakpoint; segments with this number or a lower one are below it.</param>
internal readonly record struct Bend(int Step, int Node, int Breakpoint);
