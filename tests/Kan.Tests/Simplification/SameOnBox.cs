using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>Checks that two networks are one function on a box, in exact arithmetic, where differences would show.</summary>
internal static class SameOnBox
{
    /// <summary>A random box; some inputs have a single value.</summary>
    public static InputRange[] Box(int inputs, Random random) => [.. Enumerable.Range(0, inputs).Select(_ =>
    {
        var low = Rational.Create(random.Next(-24, 24), random.Next(1, 5));
        return new InputRange(low, random.Next(12) == 0 ? low : low + Rational.Create(random.Next(1, 36), random.Next(1, 7)));
    })];

    /// <summary>
    /// Compares at corners and random points, and along whole lines through the box: the functions along a line are composed exactly, so
    /// each bend on it is seen, also those at the border of cells.
    /// </summary>
    public static void Assert(KanNetwork network, KanNetwork other, IReadOnlyList<InputRange> box, Random random, string message)
    {
        for (int i = 0; i < 12; i++)
        {
            Rational[] point = [.. box.Select(range => i < 8 ? (random.Next(2) == 0 ? range.Low : range.High) : Inside(range, random))];
            Require(network.Evaluate(point).SequenceEqual(other.Evaluate(point)), point);
        }

        for (int i = 0; i < 6; i++)
        {
            Rational[] from = [.. box.Select(range => i < 2 ? (random.Next(2) == 0 ? range.Low : range.High) : Inside(range, random))];
            Rational[] to = [.. box.Select(range => i % 2 == 0 ? (random.Next(2) == 0 ? range.Low : range.High) : Inside(range, random))];
            Rational[] direction = [.. to.Zip(from, static (end, start) => end - start)];
            if (network.AlongLine(from, direction) is not { } one || other.AlongLine(from, direction) is not { } two) continue;
            Require(one.Zip(two).All(static pair => pair.First.RestrictTo(0, 1).Equals(pair.Second.RestrictTo(0, 1))), from);
        }

        void Require(bool holds, Rational[] point)
        {
            if (!holds) Xunit.Assert.Fail($"{message}: the networks differ at or on a line from ({string.Join(", ", point)}).");
        }
    }

    public static Rational Inside(InputRange range, Random random) =>
        range.Low + (Rational.Create(random.Next(0, 101), 100) * (range.High - range.Low));
}
