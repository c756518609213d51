using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>A network in plain double arithmetic, edge by edge.</summary>
internal static class DoubleEvaluation
{
    public static double[] Evaluate(KanNetwork network, double[] inputs)
    {
        foreach (var layer in network.Layers)
        {
            var outputs = layer.Biases.Select(static bias => bias.ToDouble()).ToArray();
            foreach (var edge in layer.Edges) outputs[edge.Output] += Evaluate(edge.Function, inputs[edge.Input]);
            inputs = outputs;
        }

        return inputs;
    }

    private static double Evaluate(PiecewiseLinearFunction function, double x)
    {
        double value = function.AnchorValue.ToDouble(), from = function.AnchorPoint.ToDouble();
        if (function.IsAffine || x <= from) return value + (function.Slopes[0].ToDouble() * (x - from));
        for (int i = 1; i < function.Slopes.Length; i++)
        {
            double to = i < function.Breakpoints.Length ? function.Breakpoints[i].ToDouble() : double.PositiveInfinity;
            if (x <= to) return value + (function.Slopes[i].ToDouble() * (x - from));
            value += function.Slopes[i].ToDouble() * (to - from);
            from = to;
        }

        return value;
    }
}
