using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>Adam (Kingma and Ba, 2015) with the usual decay rates 0.9 and 0.999, bias-corrected.</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="learningRate">The length of a step, about.</param>
internal sealed class Adam<T>(IReadOnlyList<Parameters<T>> parameters, double learningRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double MeanDecay = 0.9;
    private const double SquareDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly T[][] _means = [.. parameters.Select(static p => new T[p.Values.Length])];
    private readonly T[][] _squares = [.. parameters.Select(static p => new T[p.Values.Length])];
    private int _steps;

    /// <summary>One step against the mean of the gradients of a batch; the gradients are cleared.</summary>
    public void Step(int batchSize)
    {
        _steps++;
        var scale = Constant(1.0 / batchSize);
        var rate = Constant(learningRate / (1 - Math.Pow(MeanDecay, _steps)));
        var correction = Constant(1 / (1 - Math.Pow(SquareDecay, _steps)));
        Vector<T> keepMean = Constant(MeanDecay), addMean = Constant(1 - MeanDecay), keepSquare = Constant(SquareDecay),
            addSquare = Constant(1 - SquareDecay);
        var epsilon = Constant(Epsilon);
        for (int i = 0; i < parameters.Count; i++)
        {
            Span<Vector<T>> values = Rows.Of(parameters[i].Values), gradients = Rows.Of(parameters[i].Gradients);
            Span<Vector<T>> means = Rows.Of(_means[i]), squares = Rows.Of(_squares[i]);
            for (int v = 0; v < values.Length; v++)
            {
                var gradient = gradients[v] * scale;
                means[v] = (keepMean * means[v]) + (addMean * gradient);
                squares[v] = (keepSquare * squares[v]) + (addSquare * gradient * gradient);
                values[v] -= rate * means[v] / (Vector.SquareRoot(squares[v] * correction) + epsilon);
            }

            parameters[i].ClearGradients();
        }
    }

    private static Vector<T> Constant(double value) => new(T.CreateChecked(value));
}
