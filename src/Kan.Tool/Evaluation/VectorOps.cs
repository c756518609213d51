using System.Numerics;

namespace Kan.Tool;

/// <summary>The operations of forms on vectors of numbers.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal readonly struct VectorOps<T> : INumberOps<Vector<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public Vector<T> Zero => Vector<T>.Zero;

    public Vector<T> Least => new(T.MinValue);

    public Vector<T> Most => new(T.MaxValue);

    public Vector<T> Add(Vector<T> left, Vector<T> right) => left + right;

    public Vector<T> Subtract(Vector<T> left, Vector<T> right) => left - right;

    public Vector<T> AtLeast(Vector<T> value, Vector<T> bound) => Vector.ConditionalSelect(Vector.LessThan(value, bound), bound, value);

    public Vector<T> AtMost(Vector<T> value, Vector<T> bound) => Vector.ConditionalSelect(Vector.GreaterThan(value, bound), bound, value);

    public Vector<T> Fma(Vector<T> left, Vector<T> right, Vector<T> addend) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();
}
