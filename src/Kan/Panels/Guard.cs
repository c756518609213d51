using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Kan.Panels;

/// <summary>The argument checks of compiled networks; throwing is separate from the path that computes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Guard
{
    /// <summary>Requires a span to hold a number of values.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Length(int actual, int expected, string parameterName)
    {
        if (actual != expected) ThrowLength(actual, expected, parameterName);
    }

    /// <summary>Requires spans of whole rows, as many in both, that do not overlap.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static int Rows<T>(ReadOnlySpan<T> inputs, int inputCount, ReadOnlySpan<T> outputs, int outputCount)
        where T : unmanaged
    {
        int rows = inputs.Length / inputCount;
        if (inputs.Length != (long)rows * inputCount)
            throw new ArgumentException($"The inputs must be whole rows of {inputCount} numbers; {inputs.Length} is not a multiple of "
                + $"{inputCount}.", nameof(inputs));
        if (outputs.Length != (long)rows * outputCount)
            throw new ArgumentException($"{rows} rows of inputs need {(long)rows * outputCount} outputs ({outputCount} a row), not "
                + $"{outputs.Length}.", nameof(outputs));
        if (inputs.Overlaps(outputs))
            throw new ArgumentException("The outputs must not overlap the inputs: later rows would be read after they were overwritten.",
                nameof(outputs));
        return rows;
    }

    /// <summary>Requires that what is written does not overlap what is still read or also written.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Apart<T>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> jacobian, ReadOnlySpan<T> offset)
        where T : unmanaged
    {
        if (inputs.Overlaps(jacobian) || offset.Overlaps(jacobian))
            throw new ArgumentException("The Jacobian must not overlap the inputs or the offset.", nameof(jacobian));
        if (inputs.Overlaps(offset))
            throw new ArgumentException("The offset must not overlap the inputs.", nameof(offset));
    }

    [DoesNotReturn]
    private static void ThrowLength(int actual, int expected, string parameterName) =>
        throw new ArgumentException($"The span must hold {expected} numbers, not {actual}.", parameterName);
}
