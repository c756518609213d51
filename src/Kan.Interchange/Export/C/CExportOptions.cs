using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>Options for writing a network as C.</summary>
public sealed record CExportOptions
{
    /// <summary>
    /// The name of the network. Functions and macros begin with it, converted to valid C characters: <c>mnist-mlp</c> gives
    /// <c>mnist_mlp_evaluate</c> and <c>MNIST_MLP_INPUT_COUNT</c>.
    /// </summary>
    public string Name { get; init; } = "network";

    /// <summary>The lines of the header that describe the network.</summary>
    public ImmutableArray<string> Description { get; init; } = [];
}
