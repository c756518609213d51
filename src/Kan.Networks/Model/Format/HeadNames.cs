using System;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>How a file spells heads.</summary>
internal static class HeadNames
{
    private static readonly ImmutableArray<string> s_names = ["none", "softmax", "logSoftmax", "sigmoid", "argMax"];

    /// <summary>All but the first, none, which a file leaves out.</summary>
    public static ImmutableArray<string> All { get; } = s_names.RemoveAt(0);

    /// <summary>The name of a head.</summary>
    public static string Of(NetworkHead head) => s_names[(int)head];

    /// <summary>The head of a name; null if there is none of it.</summary>
    public static NetworkHead? Find(string name)
    {
        int index = s_names.IndexOf(name, 1, StringComparer.Ordinal);
        return index < 0 ? null : (NetworkHead)index;
    }
}
