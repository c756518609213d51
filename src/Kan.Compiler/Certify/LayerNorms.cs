namespace Kan.Compiler.Certify;

/// <summary>Upper bounds of what a layer of integers makes of the length of a vector.</summary>
/// <param name="Weights">The largest singular value of its exact weights.</param>
/// <param name="Deviations">That of what the integers are off, for each step of the codes before it.</param>
/// <param name="Biases">The length of what its biases are off.</param>
internal sealed record LayerNorms(double Weights, double Deviations, double Biases);
