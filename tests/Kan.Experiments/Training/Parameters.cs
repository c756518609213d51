using System;

namespace Kan.Experiments.Training;

/// <summary>Numbers that training may change, and the gradient of the loss by them.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
/// <param name="values">The numbers, in whole vectors; lanes that stand for nothing are 0 and get no gradient.</param>
/// <param name="count">How many of them stand for something.</param>
internal sealed class Parameters<T>(T[] values, int count)
{
    public T[] Values { get; } = values;

    /// <summary>What the samples since <see cref="ClearGradients"/> add up to.</summary>
    public T[] Gradients { get; } = new T[values.Length];

    public int Count => count;

    /// <summary>Whether they are weights, which a penalty draws towards 0, and not biases or breakpoints.</summary>
    public bool IsWeight { get; init; }

    /// <summary>Whether training changes them.</summary>
    public bool IsTrained { get; init; } = true;

    public void ClearGradients() => Array.Clear(Gradients);
}
