using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using CsCheck;
using Kan.Panels;
using Xunit;

namespace Kan.Tests.Panels;

/// <summary>A curve that is looked up gives the bits of one that is compared with every knot.</summary>
public sealed class CurveTableTests
{
    private static readonly Gen<float> s_knot = Gen.OneOf(
        Gen.Float[-4, 4],
        Gen.Int[-40, 40].Select(static i => i / 8f),
        Gen.Int[-60, 10].Select(static e => MathF.ScaleB(1, e)),
        Gen.OneOf(float.MinValue, float.MaxValue, float.Epsilon, -float.Epsilon, 0f, 1e30f, -1e-30f));

    private static readonly Gen<float[]> s_table = s_knot.Array[1, 120].SelectMany(static knots => Gen.Select(
        Gen.Float[-2, 2].Array[knots.Length + 1],
        Gen.OneOf(Gen.Const(0f), Gen.Float[-2, 2]).Array[knots.Length + 1],
        (values, slopes) =>
        {
            float[] ordered = [.. knots.Order()];
            return (float[])[.. Enumerable.Range(0, knots.Length + 1)
                .SelectMany(j => (float[])[ordered[Math.Max(0, j - 1)], values[j], slopes[j]])];
        }));

    [Fact]
    public void Floats_find_the_segment_that_comparisons_find() => s_table.Sample(
        static table =>
        {
            Compare<float, Panel512<float>>(table, float.BitIncrement, float.BitDecrement, float.FusedMultiplyAdd);
            Compare<float, Panel2<float>>(table, float.BitIncrement, float.BitDecrement, float.FusedMultiplyAdd);
        },
        iter: 2_000);

    [Fact]
    public void Doubles_find_the_segment_that_comparisons_find() => s_table.Sample(
        static table => Compare<double,
        Panel512<double>>([.. table.Select(static x => (double)x)], double.BitIncrement, double.BitDecrement, double.FusedMultiplyAdd),
        iter: 1_000);

    private static void Compare<T, TPanel>(T[] table, Func<T, T> next, Func<T, T> previous, Func<T, T, T, T> fma)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        where TPanel : struct, IPanel<T, TPanel>
    {
        int knots = (table.Length / 3) - 1, lanes = 64 / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        var curve = CurveTable<T>.Create(ref table[0], knots);
        var inputs = new List<T> { T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, T.NegativeZero, T.MaxValue, T.MinValue,
            T.Epsilon };
        for (int j = 1; j <= knots; j++) inputs.AddRange([table[3 * j], next(table[3 * j]), previous(table[3 * j])]);
        while (inputs.Count % lanes != 0) inputs.Add(T.One);
        foreach (var (low, high) in ((bool, bool)[])[(false, false), (true, false), (false, true)])
        {
            T[] results = [.. inputs];
            curve.Apply<TPanel>(ref results[0], ref results[0], results.Length / lanes, low, high);
            for (int i = 0; i < results.Length; i++) Assert.Equal(Expected(inputs[i], low, high), results[i]);
        }

        T Expected(T x, bool low, bool high)
        {
            int j = Enumerable.Range(1, knots).Count(k => x >= table[3 * k]);
            T distance = x - table[3 * j];
            if (low && distance < T.MinValue) distance = T.MinValue;
            if (high && distance > T.MaxValue) distance = T.MaxValue;
            return fma(table[(3 * j) + 2], distance, table[(3 * j) + 1]);
        }
    }
}
