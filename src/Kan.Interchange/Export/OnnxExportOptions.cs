namespace Kan.Interchange;

/// <summary>Options for writing a network as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The element type of inputs, weights and outputs: float32 or float64.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>The name of the graph.</summary>
    public string GraphName { get; init; } = "network";

    /// <summary>The name of the input, a matrix of one row for each sample.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>The name of the output, a matrix of one row for each sample.</summary>
    public string OutputName { get; init; } = "output";

    /// <summary>
    /// Whether affine maps that follow each other are always multiplied out, for tools that require <c>Gemm</c> and <c>Relu</c> to
    /// alternate. Default: only if that makes the file smaller. A product of floats is seldom a float:
    /// see <see cref="RoundingReport"/>.
    /// </summary>
    public bool Fuse { get; init; }
}
