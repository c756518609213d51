using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>KANs as ReLU networks, exactly and on all of R: Lemma 1, Lemma 2 and Theorem 2.</summary>
public static class KanToReluConversions
{
    /// <summary>The ReLU network with one hidden layer that computes a piecewise-linear function (Lemma 1, two-sided).</summary>
    /// <remarks>
    /// k breakpoints, that is k + 1 segments, need at most k + 1 units:
    /// f(x) = f(b_1) - a_0 ReLU(b_1 - x) + a_1 ReLU(x - b_1) + sum over i from 2 to k of (a_i - a_(i-1)) ReLU(x - b_i).
    /// A unit whose weight is 0 is left out; without a breakpoint a x + c = c + a ReLU(x) - a ReLU(-x).
    /// </remarks>
    public static ReluNetwork ToRelu(this PiecewiseLinearFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var units = new ReluUnitBuilder(1, 1);
        units.AddFunctions(0, [(0, function)]);
        return new ReluNetwork(units.Build());
    }

    /// <summary>The ReLU network with one hidden layer that computes a piecewise-linear function, in a form of Lemma 1.</summary>
    /// <param name="function">Any function.</param>
    /// <param name="units">The form: k + 1 units, k + 2, or k where they are enough.</param>
    /// <exception cref="InvalidOperationException">
    /// k units are requested but are not enough, or whether they are is not known (<see cref="MinimalUnits.Decide"/> says which
    /// beforehand).
    /// </exception>
    public static ReluNetwork ToRelu(this PiecewiseLinearFunction function, FunctionUnits units)
    {
        ArgumentNullException.ThrowIfNull(function);
        var builder = new ReluUnitBuilder(1, 1);
        switch (units)
        {
            case FunctionUnits.TwoSided:
                return function.ToRelu();
            case FunctionUnits.IdentityPath:
                builder.AddIdentityPath(0, 0, function);
                break;
            case FunctionUnits.OnePerBreakpoint:
                var decision = MinimalUnits.Decide(function);
                if (decision.Answer != MinimalUnitsAnswer.Sufficient)
                    throw new InvalidOperationException($"One unit for each of the {function.Breakpoints.Length} breakpoints is not "
                        + $"known to be enough: {decision.Explanation} Use {nameof(FunctionUnits.TwoSided)}.");
                builder.AddKinks(0, 0, function, decision.LeftFacing);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(units));
        }

        return new ReluNetwork(builder.Build());
    }

    /// <summary>The ReLU network that computes one KAN layer (Lemma 2).</summary>
    /// <param name="layer">Any layer; one without breakpoints stays one affine map without units.</param>
    /// <param name="units">Whether edges from the same input share units.</param>
    public static ReluNetwork ToRelu(this KanLayer layer, ReluUnits units = ReluUnits.Merged)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new ReluNetwork(Convert(layer, units));
    }

    /// <summary>The ReLU network that computes a KAN (Theorem 2), factored.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="units">Whether edges from the same input share units.</param>
    /// <returns>
    /// For each KAN layer a layer of units with ReLU and a layer of sums without (affine KAN layers: only the latter).
    /// <see cref="ReluNetwork.Fuse"/> gives the standard feed-forward form.
    /// </returns>
    public static ReluNetwork ToRelu(this KanNetwork network, ReluUnits units = ReluUnits.Merged)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new ReluNetwork(network.Layers.SelectMany(layer => Convert(layer, units)));
    }

    private static IEnumerable<ReluLayer> Convert(KanLayer layer, ReluUnits units)
    {
        if (units is not (ReluUnits.Merged or ReluUnits.Separate or ReluUnits.Fewest)) throw new ArgumentOutOfRangeException(nameof(units));
        if (layer.IsAffine) return [ConvertAffine(layer)];
        var builder = new ReluUnitBuilder(layer.InputCount, layer.OutputCount);
        for (int q = 0; q < layer.OutputCount; q++) builder.AddBias(q, layer.Biases[q]);

        // Edges are ordered by input, so the edges of one input are neighbors.
        foreach (var edges in layer.Edges.GroupBy(static edge => edge.Input))
        {
            if (units != ReluUnits.Separate)
            {
                (int, PiecewiseLinearFunction)[] functions = [.. edges.Select(static edge => (edge.Output, edge.Function))];
                if (units == ReluUnits.Merged || !builder.TryAddAroundFlatSegment(edges.Key, functions))
                    builder.AddFunctions(edges.Key, functions);
                continue;
            }

            foreach (var edge in edges) builder.AddFunctions(edge.Input, [(edge.Output, edge.Function)]);
        }

        return builder.Build();
    }

    private static ReluLayer ConvertAffine(KanLayer layer)
    {
        var biases = layer.Biases.ToArray();
        foreach (var edge in layer.Edges) biases[edge.Output] += edge.Function.AnchorValue;
        var weights = layer.Edges.Select(static edge => (edge.Output, edge.Input, edge.Function.Slopes[0]));
        return new ReluLayer(SparseMatrix.Create(layer.OutputCount, layer.InputCount, weights), [.. biases], rectified: false);
    }
}
