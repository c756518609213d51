using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>Options for writing a network as portable C#.</summary>
public sealed record CSharpExportOptions
{
    /// <summary>The name of the network. The class is called so, converted to a C# name: <c>mnist-mlp</c> gives <c>MnistMlp</c>.</summary>
    public string Name { get; init; } = "Network";

    /// <summary>The namespace of the class; empty for the global one.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The lines of the header that describe the network.</summary>
    public ImmutableArray<string> Description { get; init; } = [];
}
