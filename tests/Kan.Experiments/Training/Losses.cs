using System;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>Losses and their gradients by the outputs of a network.</summary>
internal static class Losses
{
    /// <summary>-log softmax(outputs)[label].</summary>
    /// <returns>The loss; <paramref name="gradients"/> gets softmax - onehot.</returns>
    public static T CrossEntropy<T>(ReadOnlySpan<T> outputs, int label, Span<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = outputs[0], sum = T.Zero;
        foreach (var output in outputs) largest = T.Max(largest, output);
        for (int q = 0; q < outputs.Length; q++)
        {
            gradients[q] = T.Exp(outputs[q] - largest);
            sum += gradients[q];
        }

        for (int q = 0; q < outputs.Length; q++) gradients[q] /= sum;
        gradients[label] -= T.One;
        return T.Log(sum) + largest - outputs[label];
    }

    /// <summary>Half the square of the difference of one output to what it should be.</summary>
    public static T Square<T>(T output, T target, out T gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        gradient = output - target;
        return gradient * gradient / T.CreateChecked(2);
    }
}
