using System;
using System.Linq;

namespace Kan.Analysis.Proofs;

/// <summary>Chooses the node whose function a bound of a row loses most by, and the knot at which to split it.</summary>
internal sealed class NodeChoice(ProofNetwork network)
{
    // A lower line can be turned towards where the node is; an upper one cannot.
    private const double LowerWeight = 0.4;

    // The losses that are added up.
    private const int Few = 8;

    private readonly double[] _largest = new double[Few];
    private readonly double[][] _trace = network.NewLevels();
    private readonly double[] _bound = new double[1];

    /// <summary>What the last bound loses by the few nodes by which it loses most.</summary>
    public double LargestLosses => _largest.Sum();

    /// <summary>How many nodes bend.</summary>
    public int CountOf(BoundPass pass)
    {
        int count = 0;
        for (int level = 1; level < network.Depth; level++)
        {
            for (int q = 0; q < network.Sizes[level]; q++)
            {
                if (!network.Layers[level].IsDecided(q, pass.Low[level][q], pass.High[level][q])) count++;
            }
        }

        return count;
    }

    /// <summary>False if no node bends.</summary>
    public bool TryChoose(BoundPass pass, ConditionRow row, out (int Level, int Node, double At) choice)
    {
        choice = default;
        double best = 0;
        Array.Clear(_largest);
        pass.Rows.OfOutputs([row], _bound, _trace);
        for (int level = 1; level < network.Depth; level++)
        {
            var layer = network.Layers[level];
            if (layer.Kind == ProofLayerKind.Affine) continue;
            for (int q = 0; q < network.Sizes[level]; q++)
            {
                double low = pass.Low[level][q], high = pass.High[level][q];
                if (layer.IsDecided(q, low, high)) continue;
                double loss = layer.Kind == ProofLayerKind.Diagonal
                    ? Loss(layer.Curves[q], pass.Lines[level], q, _trace[level + 1][q], low, high)
                    : CurvedLoss(layer, level, q, low, high);
                double rest = loss;
                for (int i = 0; i < Few && rest > 0; i++)
                {
                    if (rest > _largest[i]) (rest, _largest[i]) = (_largest[i], rest);
                }

                if (!(loss > best) || Knot(layer, q, low, high) is not { } at) continue;
                best = loss;
                choice = (level, q, at);
            }
        }

        return best > 0;
    }

    private static double Loss(Curve curve, LayerLines lines, int node, double coefficient, double low, double high)
    {
        double gap = 0;
        if (coefficient > 0)
        {
            foreach (double x in (ReadOnlySpan<double>)[low, high])
                gap = Math.Max(gap, curve.At(x).Value - (lines.LowerSlopes[node] * x) - lines.LowerOffsets[node]);
            return LowerWeight * coefficient * gap;
        }

        foreach (double x in curve.Knots)
        {
            if (x > low && x < high) gap = Math.Max(gap, (lines.UpperSlopes[node] * x) + lines.UpperOffsets[node] - curve.At(x).Value);
        }

        return -coefficient * gap;
    }

    /// <summary>How much the slopes of the functions of a node change on its interval, times its width.</summary>
    private double CurvedLoss(ProofLayer layer, int level, int node, double low, double high)
    {
        double change = 0;
        for (int e = layer.Starts[node]; e < layer.Starts[node + 1]; e++)
        {
            var (least, greatest) = layer.Curves[e].SlopesOn(low, high);
            change += Math.Abs(_trace[level + 1][layer.Outputs[e]]) * (greatest - least);
        }

        return change * (high - low) / 4;
    }

    /// <summary>The knot inside an interval that is nearest to its middle.</summary>
    public static double? Knot(ProofLayer layer, int node, double low, double high)
    {
        double? nearest = null;
        double middle = low + ((high - low) / 2);
        foreach (double knot in layer.KnotsOf(node))
        {
            if (knot > low && knot < high && (nearest is not { } at || Math.Abs(knot - middle) < Math.Abs(at - middle))) nearest = knot;
        }

        return nearest;
    }
}
