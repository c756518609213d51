using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>How a layer is bounded.</summary>
internal enum ProofLayerKind
{
    /// <summary>No edge bends.</summary>
    Affine,

    /// <summary>Each node is a function of the node before it.</summary>
    Diagonal,

    /// <summary>Sums of any functions.</summary>
    Curved,
}

/// <summary>A layer in double. Each weight is within one unit in the last place of the exact one.</summary>
internal sealed class ProofLayer
{
    /// <summary>A vector of 512 bits; rows of matrices begin at multiples.</summary>
    public const int Lanes = 8;

    // Below this share of weights that are not zero, lists of them are faster than vectors.
    private const int DenseShare = 6;

    public ProofLayer(KanLayer layer, CancellationToken cancellation)
    {
        InputCount = layer.InputCount;
        OutputCount = layer.OutputCount;
        Stride = Padded(InputCount);
        Biases = new double[Padded(OutputCount)];
        if (layer.IsDiagonal)
        {
            Kind = ProofLayerKind.Diagonal;
            var functions = layer.Biases.Select(static bias => (Function: PiecewiseLinearFunction.Zero, bias)).ToArray();
            foreach (var edge in layer.Edges) functions[edge.Output].Function = edge.Function;
            Curves = [.. functions.Select(static part => new Curve(part.Function, part.bias))];
            return;
        }

        var biases = layer.Biases.ToArray();
        if (!layer.IsAffine)
        {
            Kind = ProofLayerKind.Curved;
            Curves = new Curve[layer.Edges.Length];
            for (int e = 0; e < Curves.Length; e++)
            {
                if ((e & 0xFF) == 0) cancellation.ThrowIfCancellationRequested();
                Curves[e] = new Curve(layer.Edges[e].Function, Rational.Zero);
            }

            Outputs = [.. layer.Edges.Select(static edge => edge.Output)];
            Starts = StartsOf(layer.Edges.Select(static edge => edge.Input), InputCount);
            Knots = [.. Enumerable.Range(0, InputCount)
                .Select(p => Curves.Take(Starts[p]..Starts[p + 1]).SelectMany(static curve => curve.Knots.ToArray()).Distinct().Order()
                    .ToArray())];
        }
        else
        {
            foreach (var edge in layer.Edges) biases[edge.Output] += edge.Function.AnchorValue;
            AreWeightsExact = layer.Edges.All(static edge => edge.Function.Slopes[0].ToDouble() is var weight && double.IsFinite(weight)
                && Rational.FromDouble(weight) == edge.Function.Slopes[0]);
            if ((long)layer.Edges.Length * DenseShare >= (long)InputCount * OutputCount)
            {
                Weights = new double[(long)OutputCount * Stride];
                foreach (var edge in layer.Edges) Weights[(edge.Output * Stride) + edge.Input] = edge.Function.Slopes[0].ToDouble();
            }
            else
            {
                var edges = layer.Edges.OrderBy(static edge => edge.Output).ToArray();
                Columns = [.. edges.Select(static edge => edge.Input)];
                Values = [.. edges.Select(static edge => edge.Function.Slopes[0].ToDouble())];
                Starts = StartsOf(edges.Select(static edge => edge.Output), OutputCount);
            }
        }

        AreBiasesExact = true;
        for (int q = 0; q < OutputCount; q++)
        {
            Biases[q] = biases[q].ToDouble();
            AreBiasesExact &= double.IsFinite(Biases[q]) && Rational.FromDouble(Biases[q]) == biases[q];
        }
    }

    public ProofLayerKind Kind { get; }

    public int InputCount { get; }

    public int OutputCount { get; }

    /// <summary>The distance between rows of <see cref="Weights"/>.</summary>
    public int Stride { get; }

    /// <summary>Of an affine layer with many: W[output, input]; null if the weights are listed.</summary>
    public double[]? Weights { get; }

    /// <summary>Of an affine layer with few: the inputs of the weights that are not zero, by output.</summary>
    public int[] Columns { get; } = [];

    public double[] Values { get; } = [];

    /// <summary>Where the weights of an output, or of a curved layer the edges of an input, begin.</summary>
    public int[] Starts { get; } = [];

    public double[] Biases { get; }

    public bool AreBiasesExact { get; }

    public bool AreWeightsExact { get; }

    /// <summary>Of a diagonal layer one for each node, biases included; of a curved one for each edge, by input.</summary>
    public Curve[] Curves { get; } = [];

    /// <summary>Of a curved layer: where each edge leads.</summary>
    public int[] Outputs { get; } = [];

    /// <summary>Of a curved layer: the knots of all edges of an input.</summary>
    public double[][] Knots { get; } = [];

    public static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Whether each function of a node is affine on its interval.</summary>
    public bool IsDecided(int node, double low, double high)
    {
        if (Kind == ProofLayerKind.Affine) return true;
        if (Kind == ProofLayerKind.Diagonal) return Curves[node].IsDecided(low, high);
        foreach (double knot in Knots[node])
        {
            if (!(knot <= low || knot >= high)) return false;
        }

        return true;
    }

    public ReadOnlySpan<double> KnotsOf(int node) => Kind switch
    {
        ProofLayerKind.Diagonal => Curves[node].Knots,
        ProofLayerKind.Curved => Knots[node],
        _ => [],
    };

    private static int[] StartsOf(IEnumerable<int> sorted, int count)
    {
        var starts = new int[count + 1];
        foreach (int i in sorted) starts[i + 1]++;
        for (int i = 0; i < count; i++) starts[i + 1] += starts[i];
        return starts;
    }
}
