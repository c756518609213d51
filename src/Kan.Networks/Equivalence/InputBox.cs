using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>Boxes of inputs: a closed interval for each.</summary>
internal static class InputBox
{
    /// <exception cref="ArgumentException">A wrong number of intervals, or an empty one.</exception>
    public static void Validate(IReadOnlyList<InputRange> box, int inputCount)
    {
        if (box.Count != inputCount)
            throw new ArgumentException($"A box for {inputCount} inputs needs {inputCount} intervals, not {box.Count}.", nameof(box));
        for (int i = 0; i < inputCount; i++)
        {
            if (box[i].Low > box[i].High)
                throw new ArgumentException($"The interval of input {i}, from {box[i].Low} to {box[i].High}, is empty.", nameof(box));
        }
    }
}
