using System;

namespace Kan.Networks;

/// <summary>What a form is evaluated over: its operations, its numbers, and the segments of its functions.</summary>
/// <typeparam name="T">Numbers, or intervals of them.</typeparam>
internal interface IFormOps<T> : INumberOps<T>
{
    /// <summary>A number of the form.</summary>
    T Constant(double number);

    /// <summary>The larger one; NaN if either is.</summary>
    T Largest(T left, T right);

    /// <summary>What becomes of an input in the segment that it is in, or in all that it may be in.</summary>
    /// <param name="table">The segments.</param>
    /// <param name="x">The input.</param>
    /// <param name="state">Handed on.</param>
    /// <param name="ofSegment">Takes the state, a segment, and the input as far as it is in it.</param>
    T InSegment<TState>(SegmentTable table, T x, TState state, Func<TState, int, T, T> ofSegment);
}
