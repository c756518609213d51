using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Kan.Panels;

/// <summary>The decision of a classifier.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Decision
{
    /// <summary>The index of the largest output, the first of several that are equal.</summary>
    /// <param name="outputs">At least one number.</param>
    /// <param name="parameterName">What the outputs were computed from.</param>
    /// <exception cref="ArgumentException">An output is NaN.</exception>
    public static int Largest<T>(ReadOnlySpan<T> outputs, string parameterName)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int largest = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (T.IsNaN(outputs[i])) ThrowNaN(i, parameterName);
            if (outputs[i] > outputs[largest]) largest = i;
        }

        return largest;
    }

    /// <summary>Whether the one output is above 0: its sigmoid, the probability, is above one half.</summary>
    /// <param name="output">The output.</param>
    /// <param name="parameterName">What it was computed from.</param>
    /// <exception cref="ArgumentException">The output is NaN.</exception>
    public static bool IsPositive<T>(T output, string parameterName)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (T.IsNaN(output)) ThrowNaN(0, parameterName);
        return output > T.Zero;
    }

    [DoesNotReturn]
    private static void ThrowNaN(int output, string parameterName) =>
        throw new ArgumentException($"Output {output} is NaN, so nothing is decided: an input is NaN, or infinities cancel.",
            parameterName);
}
