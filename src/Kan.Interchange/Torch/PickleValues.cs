using System;
using System.Collections.Generic;

namespace Kan.Interchange.Torch;

/// <summary>A list of a pickle.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A tuple of a pickle.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public object?[] Items { get; } = items;
}

/// <summary>A dictionary of a pickle, in order. Keys that are not strings are kept without a name: nothing here looks them up.</summary>
internal sealed class PickleDictionary
{
    // Made where it is needed: a pickle may hold millions of empty dictionaries.
    private HashSet<string>? _names;

    public List<KeyValuePair<object?, object?>> Entries { get; } = [];

    /// <summary>Adds an entry; false if a string key is there already.</summary>
    public bool TryAdd(object? key, object? value)
    {
        if (key is string name && !(_names ??= new(StringComparer.Ordinal)).Add(name)) return false;
        Entries.Add(new(key, value));
        return true;
    }
}

/// <summary>A name that a pickle would import: one of those that are known, and of which only the meaning is used.</summary>
/// <param name="Name">The module and the name in it.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Element">The type of the numbers of a storage.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ElementType Element = default);

/// <summary>What a known name means.</summary>
internal enum PickleGlobalKind
{
    /// <summary>Makes a dictionary.</summary>
    Dictionary,

    /// <summary>Makes a view of a storage.</summary>
    Tensor,

    /// <summary>Passes the tensor it is given.</summary>
    Parameter,

    /// <summary>A type of storage.</summary>
    Storage,

    /// <summary>Something other than weights, such as a NumPy number, of which nothing is read.</summary>
    Opaque,
}

/// <summary>What a name of no interest would make.</summary>
internal sealed class PickleOpaque;

/// <summary>Numbers of one type in an entry of the archive.</summary>
/// <param name="Element">The type.</param>
/// <param name="Key">The name of the entry below <c>data/</c>.</param>
internal sealed record PickleStorage(ElementType Element, string Key);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Where the first number is.</param>
/// <param name="Sizes">The shape.</param>
/// <param name="Strides">How far apart neighbors along each axis are.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Sizes, long[] Strides);
