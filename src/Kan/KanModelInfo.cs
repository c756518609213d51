using System.Collections.Immutable;

namespace Kan;

/// <summary>What a compiled network is, and how it was compiled.</summary>
public sealed record KanModelInfo
{
    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The number type of the generated code.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Inputs, then the outputs of each compiled layer.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>The compiled layers, first to last.</summary>
    public required ImmutableArray<KanLayerInfo> Layers { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the network's exact canonical form: equal hashes mean equal parameters.</summary>
    public required string ContentHash { get; init; }

    /// <summary>
    /// A certified bound of |computed - exact| over all outputs for inputs inside the declared ranges; infinity where no ranges are declared, and where
    /// the computation may overflow for an input inside them.
    /// </summary>
    public required double ErrorBound { get; init; }

    /// <summary>Why <see cref="ErrorBound"/> is infinite, with the layer where a number may overflow; empty where the bound is finite.</summary>
    public string ErrorBoundReason { get; init; } = "";

    /// <summary>What the conversion of the model left out, assumed, rounded or approximated, one sentence each; empty where nothing.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>One name for each input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One unit for each input, or empty.</summary>
    public ImmutableArray<string> InputUnits { get; init; } = [];

    /// <summary>The range that each input lies in: one for each input, one for all, or empty. The error bound holds inside.</summary>
    public ImmutableArray<KanInputRange> InputRanges { get; init; } = [];

    /// <summary>One name for each output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Inputs that no output depends on.</summary>
    public ImmutableArray<int> UnreadInputs { get; init; } = [];

    /// <summary>Outputs that depend on no input.</summary>
    public ImmutableArray<int> ConstantOutputs { get; init; } = [];

    /// <summary>The bytes of all tables.</summary>
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
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Edges">The number of edges that are not zero.</param>
/// <param name="Segments">The number of linear segments of those edges, summed.</param>
/// <param name="Lowering">The form it is computed in.</param>
/// <param name="Reason">Why this form was picked.</param>
/// <param name="TableBytes">The bytes of its packed tables.</param>
public sealed record KanLayerInfo(int Inputs, int Outputs, int Edges, int Segments, LayerLowering Lowering, string Reason, int TableBytes);

/// <summary>The closed interval that an input is declared to lie in.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct KanInputRange(double Low, double High);
