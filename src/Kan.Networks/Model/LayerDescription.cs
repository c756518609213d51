using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>A layer as declared in a file: the trained numbers, before anything is derived from them.</summary>
public abstract record LayerDescription
{
    /// <summary>The most inputs or outputs that a layer may have: a few characters must not ask for gigabytes.</summary>
    internal const int MaximumWidth = 1 << 20;

    private protected LayerDescription()
    {
    }

    /// <summary>The number of inputs.</summary>
    public abstract int InputCount { get; }

    /// <summary>The number of outputs.</summary>
    public abstract int OutputCount { get; }

    /// <summary>The layer described.</summary>
    public KanLayer ToLayer() => Expand(CancellationToken.None);

    /// <summary>The layer described.</summary>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public abstract KanLayer Expand(CancellationToken cancellation);

    /// <summary>The layers of edges described: one, except for a maximum, which takes several.</summary>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public virtual IEnumerable<KanLayer> ExpandAll(CancellationToken cancellation) => [Expand(cancellation)];

    /// <summary>The layer as it is compiled: one over an image keeps its description instead of edges.</summary>
    internal virtual KanLayer Compact(CancellationToken cancellation) => Expand(cancellation);
}

/// <summary>y = W x + b.</summary>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">m * n numbers, W[output, input], row by row.</param>
/// <param name="Biases">m numbers, or empty for none.</param>
public sealed record AffineDescription(int Inputs, int Outputs, ImmutableArray<Rational> Weights, ImmutableArray<Rational> Biases)
    : LayerDescription
{
    /// <inheritdoc/>
    public override int InputCount => Inputs;

    /// <inheritdoc/>
    public override int OutputCount => Outputs;

    /// <inheritdoc/>
    public override KanLayer Expand(CancellationToken cancellation) =>
        KanLayer.Affine(
            Inputs,
            Outputs,
            (output, input) =>
            {
                if (output == 0) cancellation.ThrowIfCancellationRequested();
                return Weights[(output * Inputs) + input];
            },
            Biases.IsEmpty ? default : Biases);
}

/// <summary>y_i = f_i(x_i).</summary>
/// <param name="Functions">One function for all nodes, or one for each.</param>
/// <param name="Size">The number of nodes.</param>
public sealed record ActivationDescription(int Size, ImmutableArray<PiecewiseLinearFunction> Functions) : LayerDescription
{
    /// <inheritdoc/>
    public override int InputCount => Size;

    /// <inheritdoc/>
    public override int OutputCount => Size;

    /// <inheritdoc/>
    public override KanLayer Expand(CancellationToken cancellation) =>
        Functions.Length == 1 ? KanLayer.Activation(Size, Functions[0]) : KanLayer.Activation(Functions);
}

/// <summary>A KAN layer by values at knots that all edges of an input share; end segments extend.</summary>
/// <param name="Outputs">m.</param>
/// <param name="Knots">For each input its increasing knots, at least two.</param>
/// <param name="Values">The edge values, ordered by input, then knot, then output.</param>
/// <param name="Biases">m numbers, or empty for none.</param>
public sealed record GridDescription(int Outputs, ImmutableArray<ImmutableArray<Rational>> Knots, ImmutableArray<Rational> Values,
    ImmutableArray<Rational> Biases) : LayerDescription
{
    /// <inheritdoc/>
    public override int InputCount => Knots.Length;

    /// <inheritdoc/>
    public override int OutputCount => Outputs;

    /// <inheritdoc/>
    public override KanLayer Expand(CancellationToken cancellation)
    {
        var edges = new List<KanEdge>(Knots.Length * Outputs);
        int start = 0;
        for (int input = 0; input < Knots.Length; input++)
        {
            cancellation.ThrowIfCancellationRequested();
            var knots = Knots[input];
            for (int output = 0; output < Outputs; output++)
            {
                cancellation.ThrowIfCancellationRequested();
                var values = new Rational[knots.Length];
                for (int i = 0; i < values.Length; i++) values[i] = Values[start + (i * Outputs) + output];
                edges.Add(new KanEdge(input, output, PiecewiseLinearFunction.FromKnots(knots, values)));
            }

            start += knots.Length * Outputs;
        }

        return new KanLayer(Knots.Length, Outputs, edges, Biases.IsEmpty ? default : Biases);
    }
}

/// <summary>A KAN layer edge by edge.</summary>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Edges">The non-zero edges.</param>
/// <param name="Biases">m numbers, or empty for none.</param>
public sealed record EdgesDescription(int Inputs, int Outputs, ImmutableArray<KanEdge> Edges, ImmutableArray<Rational> Biases)
    : LayerDescription
{
    /// <inheritdoc/>
    public override int InputCount => Inputs;

    /// <inheritdoc/>
    public override int OutputCount => Outputs;

    /// <inheritdoc/>
    public override KanLayer Expand(CancellationToken cancellation) =>
        new(Inputs, Outputs, Edges.AsEnumerable(), Biases.IsEmpty ? default : Biases);
}
