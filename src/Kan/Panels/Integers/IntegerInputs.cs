using System;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kan.Panels;

/// <summary>
/// What the codes of the inputs of an integer network stand for, and the ranges of the inputs: one for all inputs, or one for each.
/// </summary>
/// <param name="table">The scales, the codes of 0, the lower and the upper ends of the ranges, each filled up to a multiple of 16.</param>
/// <param name="count">1, or the number of inputs.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct IntegerInputs(ref int table, int count)
{
    private readonly ref int _table = ref table;
    private readonly int _step = count == 1 ? 0 : 1;
    private readonly int _length = PaddedLength(count);

    /// <summary>The codes of 0.</summary>
    internal ReadOnlySpan<int> AllZeros { get; } = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref table, PaddedLength(count)), count);

    /// <summary>Numbers that the four lists take.</summary>
    internal static int Length(int count) => 4 * PaddedLength(count);

    internal float Scale(int input) => Number(0, input);

    internal int Zero(int input) => Unsafe.Add(ref _table, _length + (input * _step));

    internal float Low(int input) => Number(2, input);

    internal float High(int input) => Number(3, input);

    /// <summary>Whether all inputs have the same.</summary>
    internal bool IsShared => _step == 0;

    /// <summary>What the codes of consecutive inputs stand for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes At(int input) => _step == 0
        ? new Lanes(new(Scale(0)), new(Zero(0)), new(Low(0)), new(High(0)))
        : new Lanes(Numbers(0, input), Vector.LoadUnsafe(ref _table, (nuint)(_length + input)), Numbers(2, input), Numbers(3, input));

    /// <summary>A count in whole panels.</summary>
    internal static int PaddedLength(int count) => (count + IntegerLayer.Lanes - 1) / IntegerLayer.Lanes * IntegerLayer.Lanes;

    private float Number(int list, int input) => Unsafe.As<int, float>(ref Unsafe.Add(ref _table, (list * _length) + (input * _step)));

    private Vector<float> Numbers(int list, int input) =>
        Vector.LoadUnsafe(ref Unsafe.As<int, float>(ref _table), (nuint)((list * _length) + input));

    /// <summary>What the codes of as many inputs as a vector has lanes stand for.</summary>
    internal readonly struct Lanes(Vector<float> scale, Vector<int> zero, Vector<float> low, Vector<float> high)
    {
        public Vector<float> Scale { get; } = scale;

        public Vector<int> Zero { get; } = zero;

        public Vector<float> Low { get; } = low;

        public Vector<float> High { get; } = high;
    }
}
