using System;
using System.Numerics;
using Xunit;

namespace Kan.Tool.Tests.Support;

/// <summary>Equality to the bit; one NaN is as good as another.</summary>
internal static class Bits
{
    public static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = T.IsNaN(expected[i])
                ? T.IsNaN(actual[i])
                : expected[i] == actual[i] && T.IsNegative(expected[i]) == T.IsNegative(actual[i]);
            Assert.True(same, $"{what}, output {i}: expected {expected[i]:R}, found {actual[i]:R}");
        }
    }
}
