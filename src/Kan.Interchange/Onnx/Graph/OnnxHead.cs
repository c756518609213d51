using System;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>A last operation that was left out, so that a value stands for the operand.</summary>
/// <param name="Title">The node.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Obstacle">Why it cannot be kept as a step behind the network, as a clause; null if it can.</param>
internal sealed record OnnxHead(string Title, NetworkHead Kind, string? Obstacle)
{
    /// <summary>The title inside a sentence.</summary>
    public string InSentence => char.ToLowerInvariant(Title[0]) + Title[1..];
}
