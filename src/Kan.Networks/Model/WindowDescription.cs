using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;

namespace Kan.Networks;

/// <summary>A layer that does the same at each place of a window over an image.</summary>
/// <param name="Geometry">Where the window stands.</param>
public abstract record WindowDescription(WindowGeometry Geometry) : LayerDescription
{
    private protected const int MostEdges = 1 << 21;

    /// <summary>Channels of the outputs.</summary>
    public abstract int OutputChannels { get; }

    /// <inheritdoc/>
    public override int InputCount => Geometry.InputCount;

    /// <inheritdoc/>
    public override int OutputCount => Geometry.PlaceCount * OutputChannels;

    /// <summary>Edges of the layer; of several layers where it takes them.</summary>
    internal abstract long EdgeCount { get; }

    /// <summary>The exact outputs for exact inputs.</summary>
    internal abstract Rational[] Evaluate(IReadOnlyList<Rational> inputs);

    /// <summary>Requires that edges are few enough to be written out.</summary>
    /// <exception cref="ExactWorkException">They are not.</exception>
    private protected void RequireEdges()
    {
        if (EdgeCount > MostEdges)
            throw new ExactWorkException(FormattableString.Invariant(
                $"a layer over an image has {EdgeCount:N0} edges; at most {MostEdges:N0} are written out"), 0);
    }

    internal override KanLayer Compact(CancellationToken cancellation) => new(this);
}

/// <summary>
/// A convolution: at each place each output channel is its bias and the sum, over the taps of the kernel on the image and the channels of
/// its group, of weight times input.
/// </summary>
/// <param name="Geometry">Where the kernel stands.</param>
/// <param name="Filters">Channels of the outputs, a multiple of the groups.</param>
/// <param name="Groups">Parts of the channels that do not see each other; a divisor of the channels of the image.</param>
/// <param name="Weights">
/// One number for each filter, channel of its group, row and column of the kernel, in this order: Filters * Channels / Groups *
/// KernelHeight * KernelWidth of them.
/// </param>
/// <param name="Biases">One number for each filter, or empty for none.</param>
public sealed record ConvolutionDescription(WindowGeometry Geometry, int Filters, int Groups, ImmutableArray<Rational> Weights,
    ImmutableArray<Rational> Biases)
    : WindowDescription(Geometry)
{
    /// <inheritdoc/>
    public override int OutputChannels => Filters;

    /// <summary>Channels of the image that a filter sees.</summary>
    public int GroupChannels => Geometry.Channels / Groups;

    internal override long EdgeCount
    {
        get
        {
            long[] counts = Geometry.TapCounts();
            long edges = 0;
            for (int i = 0; i < Weights.Length; i++)
            {
                if (!Weights[i].IsZero) edges += counts[i % counts.Length];
            }

            return edges;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ExactWorkException">The layer has more edges than are written out.</exception>
    public override KanLayer Expand(CancellationToken cancellation)
    {
        RequireEdges();
        ExactWork.Charge(EdgeCount);
        var functions = new PiecewiseLinearFunction?[Weights.Length];
        var edges = new List<KanEdge>((int)EdgeCount);
        Visit((output, input, weight) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Weights[weight].IsZero)
                edges.Add(new KanEdge(input, output, functions[weight] ??= PiecewiseLinearFunction.Linear(Weights[weight], Rational.Zero)));
        });
        if (Biases.IsEmpty) return new KanLayer(InputCount, OutputCount, edges);
        var biases = ImmutableArray.CreateBuilder<Rational>(OutputCount);
        for (int place = 0; place < Geometry.PlaceCount; place++) biases.AddRange(Biases);
        return new KanLayer(InputCount, OutputCount, edges, biases.MoveToImmutable());
    }

    internal override Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        var outputs = new Rational[OutputCount];
        for (int q = 0; q < outputs.Length; q++) outputs[q] = Biases.IsEmpty ? Rational.Zero : Biases[q % Filters];
        Visit((output, input, weight) => outputs[output] += Weights[weight] * inputs[input]);
        return outputs;
    }

    /// <summary>
    /// Takes output, input and number of the weight of each tap on the image, in the order in which sums are taken: by row, column and
    /// channel.
    /// </summary>
    internal void Visit(Action<int, int, int> tap)
    {
        int perGroup = Filters / Groups, inner = GroupChannels, taps = Geometry.KernelHeight * Geometry.KernelWidth;
        for (int y = 0; y < Geometry.OutputHeight; y++)
        {
            for (int x = 0; x < Geometry.OutputWidth; x++)
            {
                for (int filter = 0; filter < Filters; filter++)
                {
                    int output = (((y * Geometry.OutputWidth) + x) * Filters) + filter, first = filter / perGroup * inner;
                    for (int k = 0; k < taps; k++)
                    {
                        int row = Geometry.Row(y, k / Geometry.KernelWidth), column = Geometry.Column(x, k % Geometry.KernelWidth);
                        if (!Geometry.IsRow(row) || !Geometry.IsColumn(column)) continue;
                        for (int c = 0; c < inner; c++)
                            tap(output, Geometry.Input(row, column, first + c), (((filter * inner) + c) * taps) + k);
                    }
                }
            }
        }
    }

    /// <summary>Why the layer is not one, as a sentence; null if it is.</summary>
    internal string? Problem()
    {
        if (Geometry.Problem(Filters) is { } problem) return problem;
        if (Groups < 1 || Geometry.Channels % Groups != 0 || Filters % Groups != 0)
            return FormattableString.Invariant($"{Groups} groups do not divide {Geometry.Channels} channels and {Filters} filters.");
        long weights = (long)Filters * GroupChannels * Geometry.KernelHeight * Geometry.KernelWidth;
        if (WindowGeometry.ProblemOfTaps(weights * Geometry.PlaceCount) is { } terms) return terms;
        if (Weights.Length != weights) return FormattableString.Invariant($"Found {Weights.Length} weights where {weights} were expected.");
        return Biases.IsEmpty || Biases.Length == Filters
            ? null
            : FormattableString.Invariant($"Found {Biases.Length} biases where {Filters} were expected.");
    }
}
