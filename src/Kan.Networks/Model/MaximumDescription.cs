using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// The largest number of each channel under a window: a maximum pool. As edges it takes several layers, max(a, b) = a + max(b - a, 0) for
/// pairs until one is left.
/// </summary>
/// <param name="Geometry">Where the window stands. Every window holds some number of the image.</param>
public sealed record MaximumDescription(WindowGeometry Geometry) : WindowDescription(Geometry)
{
    /// <inheritdoc/>
    public override int OutputChannels => Geometry.Channels;

    internal override long EdgeCount => 3 * Geometry.TapCounts().Sum() * Geometry.Channels;

    /// <summary>Not one layer: see <see cref="ExpandAll"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override KanLayer Expand(CancellationToken cancellation) =>
        throw new NotSupportedException("A maximum is several layers of edges.");

    /// <inheritdoc/>
    /// <exception cref="ExactWorkException">The layers have more edges than are written out.</exception>
    public override IEnumerable<KanLayer> ExpandAll(CancellationToken cancellation)
    {
        RequireEdges();
        ExactWork.Charge(EdgeCount);
        int width = InputCount;
        var left = new List<int>[OutputCount];
        for (int q = 0; q < left.Length; q++) left[q] = [.. Window(q)];
        var layers = new List<KanLayer>();
        while (layers.Count == 0 || Array.Exists(left, static nodes => nodes.Count > 1))
        {
            cancellation.ThrowIfCancellationRequested();
            List<KanEdge> differences = [], sums = [];
            int nodes = 0, results = 0;
            foreach (var of in left)
            {
                for (int i = 0; i < of.Count; i += 2)
                {
                    differences.Add(new KanEdge(of[i], nodes, PiecewiseLinearFunction.Identity));
                    sums.Add(new KanEdge(nodes++, results, PiecewiseLinearFunction.Identity));
                    if (i + 1 < of.Count)
                    {
                        differences.Add(new KanEdge(of[i], nodes, s_minus));
                        differences.Add(new KanEdge(of[i + 1], nodes, PiecewiseLinearFunction.Identity));
                        sums.Add(new KanEdge(nodes++, results, PiecewiseLinearFunction.Relu));
                    }

                    of[i / 2] = results++;
                }

                of.RemoveRange((of.Count + 1) / 2, of.Count / 2);
            }

            layers.Add(new KanLayer(width, nodes, differences));
            layers.Add(new KanLayer(nodes, results, sums));
            width = results;
        }

        return layers;
    }

    private static readonly PiecewiseLinearFunction s_minus = PiecewiseLinearFunction.Linear(-Rational.One, Rational.Zero);

    internal override Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        var outputs = new Rational[OutputCount];
        for (int q = 0; q < outputs.Length; q++)
        {
            bool isFirst = true;
            foreach (int p in Window(q))
            {
                if (isFirst || inputs[p] > outputs[q]) outputs[q] = inputs[p];
                isFirst = false;
            }
        }

        return outputs;
    }

    /// <summary>The inputs under the window of an output, row by row.</summary>
    internal IEnumerable<int> Window(int output)
    {
        int channel = output % Geometry.Channels, place = output / Geometry.Channels, y = place / Geometry.OutputWidth,
            x = place % Geometry.OutputWidth;
        for (int ky = 0; ky < Geometry.KernelHeight; ky++)
        {
            int row = Geometry.Row(y, ky);
            if (!Geometry.IsRow(row)) continue;
            for (int kx = 0; kx < Geometry.KernelWidth; kx++)
            {
                int column = Geometry.Column(x, kx);
                if (Geometry.IsColumn(column)) yield return Geometry.Input(row, column, channel);
            }
        }
    }

    /// <summary>Why the layer is not one, as a sentence; null if it is.</summary>
    internal string? Problem()
    {
        if (Geometry.Problem(Geometry.Channels) is { } problem) return problem;
        return Sees(Geometry.OutputHeight, Geometry.KernelHeight, Geometry.Row, Geometry.IsRow)
            && Sees(Geometry.OutputWidth, Geometry.KernelWidth, Geometry.Column, Geometry.IsColumn)
            ? null
            : "A window covers padding alone.";
    }

    private static bool Sees(int places, int taps, Func<int, int, int> place, Func<int, bool> isInside)
    {
        for (int i = 0; i < places; i++)
        {
            bool sees = false;
            for (int k = 0; k < taps && !sees; k++) sees = isInside(place(i, k));
            if (!sees) return false;
        }

        return true;
    }
}
