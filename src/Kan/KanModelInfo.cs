using System.Collections.Immutable;

namespace Kan;

/// <summary>Describes a compiled network and how it was compiled.</summary>
public sealed record KanModelInfo
{
    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The number type of the generated code.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The number of inputs, followed by the number of outputs of each compiled layer.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>The compiled layers, from first to last.</summary>
    public required ImmutableArray<KanLayerInfo> Layers { get; init; }

    /// <summary>The lowercase hexadecimal SHA-256 of the network's exact canonical form. Equal hashes mean equal parameters.</summary>
    public required string ContentHash { get; init; }

    /// <summary>
    /// A certified bound on |computed - exact| over all outputs, for inputs within the declared ranges. Infinity if no ranges are declared
    /// or if the computation may overflow for an input within them.
    /// </summary>
    public required double ErrorBound { get; init; }

    /// <summary>Why <see cref="ErrorBound"/> is infinite, including the layer where a number may overflow. Empty if the bound is finite.</summary>
    public string ErrorBoundReason { get; init; } = "";

    /// <summary>What the model's conversion left out, assumed, rounded or approximated, one sentence each. Empty if nothing.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>One name per input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One unit per input, or empty.</summary>
    public ImmutableArray<string> InputUnits { get; init; } = [];

    /// <summary>The declared range of the inputs: one per input, one for all inputs, or empty. The error bound holds within these ranges.</summary>
    public ImmutableArray<KanInputRange> InputRanges { get; init; } = [];

    /// <summary>One name per output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Inputs that no output depends on.</summary>
    public ImmutableArray<int> UnreadInputs { get; init; } = [];

    /// <summary>Outputs that depend on no input.</summary>
    public ImmutableArray<int> ConstantOutputs { get; init; } = [];

    /// <summary>The total size of all tables, in bytes.</summary>
    public int TableBytes
    {
        get
        {
            int sum = 0;
            foreach (var layer in Layers) sum += layer.TableBytes;
            return sum;
        }
    }
}

/// <summary>One compiled layer.</summary>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Edges">The number of non-zero edges.</param>
/// <param name="Segments">The total number of linear segments of those edges.</param>
/// <param name="Lowering">The form in which the layer is computed.</param>
/// <param name="Reason">Why this form was chosen.</param>
/// <param name="TableBytes">The size of the layer's packed tables, in bytes.</param>
public sealed record KanLayerInfo(int Inputs, int Outputs, int Edges, int Segments, LayerLowering Lowering, string Reason, int TableBytes);

/// <summary>The closed interval declared for an input.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct KanInputRange(double Low, double High);
