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

    [DoesNotReturn]
    private static void ThrowNaN(int output, string parameterName) =>
        throw new ArgumentException($"Output {output} is NaN, so no output is the largest: an input is NaN, or infinities cancel.", parameterName);
}
