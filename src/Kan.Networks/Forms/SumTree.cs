using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>
/// The order in which the partial sums of an output are combined: for h = S/2, S/4 ... 1, partial sum i adds partial sum i + h.
/// Partial sum 0 then holds the whole.
/// </summary>
internal static class SumTree
{
    /// <summary>The additions, in order.</summary>
    /// <param name="sums">S, a power of two.</param>
    public static ImmutableArray<SumAddition> Additions(int sums)
    {
        var additions = ImmutableArray.CreateBuilder<SumAddition>(sums - 1);
        for (int half = sums / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++) additions.Add(new SumAddition(i, half));
        }

        return additions.MoveToImmutable();
    }

    /// <summary>The whole of some partial sums, which are used up.</summary>
    /// <param name="ops">The addition.</param>
    /// <param name="sums">The partial sums, S of them from <paramref name="start"/>.</param>
    /// <param name="additions"><see cref="Additions"/> of S.</param>
    /// <param name="start">Where partial sum 0 stands.</param>
    public static T Total<T, TOps>(TOps ops, IList<T> sums, ImmutableArray<SumAddition> additions, int start = 0)
        where TOps : IAddition<T>
    {
        foreach (var addition in additions) sums[start + addition.To] = ops.Add(sums[start + addition.To], sums[start + addition.From]);
        return sums[start];
    }

    /// <summary>The same additions as loops, in a language with the loops of C.</summary>
    /// <param name="sums">S.</param>
    /// <param name="half">The name of h.</param>
    /// <param name="index">The name of i.</param>
    public static ImmutableArray<string> Loops(int sums, string half, string index) =>
        [$"for (int {half} = {sums / 2}; {half} > 0; {half} /= 2)", $"for (int {index} = 0; {index} < {half}; {index}++)"];
}

/// <summary>An addition of two partial sums.</summary>
/// <param name="To">The one that adds the other.</param>
/// <param name="Half">The distance of the other, h.</param>
internal readonly record struct SumAddition(int To, int Half)
{
    /// <summary>The one that is taken up.</summary>
    public int From => To + Half;
}
