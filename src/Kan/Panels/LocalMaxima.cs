using System;
using System.Numerics;

namespace Kan.Panels;

/// <summary>
/// Chooses the input that each output of a maximum follows. Where several are the largest, it is the one that rises above the others when
/// the point moves as in <see cref="LocalSides"/>.
/// </summary>
internal static class LocalMaxima
{
    /// <summary>Chooses the inputs of a layer.</summary>
    /// <returns>Whether the move parts inputs that are equal and the largest.</returns>
    public static bool Choose<T, TNetwork>(ref LocalPoint<T, TNetwork> point, int layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        var window = TNetwork.Window(layer);
        var x = point.Inputs(layer);
        var largest = point.Largest(layer);
        Span<int> ties = stackalloc int[LocalSides.MostRows];
        int block = LocalSides.Rows(point.Widest), count = 0;
        bool parts = false;
        for (int output = 0; output < largest.Length; output++)
        {
            int first = -1;
            bool isTie = false;
            for (int tap = 0; tap < window.Taps; tap++)
            {
                int input = window.Input(output, tap);
                if (input < 0) continue;
                if (first < 0 || x[input] > x[first]) (first, isTie) = (input, false);
                else isTie |= x[input] == x[first];
            }

            largest[output] = first;
            if (!isTie) continue;
            ties[count++] = output;
            if (count < block) continue;
            parts |= Break(ref point, layer, ties[..count]);
            count = 0;
        }

        return count > 0 ? parts | Break(ref point, layer, ties[..count]) : parts;
    }

    /// <summary>Breaks the ties of some outputs, for all of them one pair of equal inputs after the other.</summary>
    private static bool Break<T, TNetwork>(ref LocalPoint<T, TNetwork> point, int layer, scoped ReadOnlySpan<int> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        var window = TNetwork.Window(layer);
        var x = point.Inputs(layer);
        var largest = point.Largest(layer);
        Span<int> taps = stackalloc int[LocalSides.MostRows], which = stackalloc int[LocalSides.MostRows],
            rising = stackalloc int[LocalSides.MostRows];
        Span<int> others = stackalloc int[LocalSides.MostRows], directions = stackalloc int[LocalSides.MostRows];
        taps.Clear();
        bool parts = false;
        while (true)
        {
            int count = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                int best = largest[outputs[i]];
                for (; taps[i] < window.Taps; taps[i]++)
                {
                    int input = window.Input(outputs[i], taps[i]);
                    if (input < 0 || input == best || x[input] != x[best]) continue;
                    (which[count], rising[count], others[count]) = (i, input, best);
                    count++;
                    taps[i]++;
                    break;
                }
            }

            if (count == 0) return parts;
            LocalSides.Directions(in point, layer, rising[..count], others[..count], directions);
            for (int i = 0; i < count; i++)
            {
                parts |= directions[i] != 0;
                if (directions[i] > 0) largest[outputs[which[i]]] = rising[i];
            }
        }
    }
}
