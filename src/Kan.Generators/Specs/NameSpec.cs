using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Equality;

namespace Kan.Generators.Specs;

/// <summary>What <c>[Input]</c> and <c>[Output]</c> say.</summary>
/// <param name="Inputs">The named inputs, in the order of the source.</param>
/// <param name="Outputs">The named outputs, in the order of the source.</param>
internal sealed record NameSpec(EquatableArray<NodeName> Inputs, EquatableArray<NodeName> Outputs)
{
    /// <summary>No names.</summary>
    public static NameSpec None { get; } = new(default, default);

    /// <summary>The names in the order of their indices.</summary>
    public static EquatableArray<string> Sorted(EquatableArray<NodeName> names) =>
        names.OrderBy(static name => name.Index).Select(static name => name.Name).ToImmutableArray();
}

/// <summary>What an attribute says of an input or an output.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Range">Its range, or null.</param>
internal sealed record NodeName(int Index, string Name, NodeRange? Range = null);

/// <summary>A closed range.</summary>
internal sealed record NodeRange(NumberBits Low, NumberBits High);

/// <summary>What must be known of a network to tell which names it needs, and which members these give it.</summary>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="HasInputNames">Whether every input has a name.</param>
/// <param name="HasOutputNames">Whether every output has a name.</param>
/// <param name="HasRanges">Whether every input has a range.</param>
/// <param name="HasClasses">Whether the outputs are the classes of a classifier.</param>
internal sealed record NetworkFacts(
    int Inputs, int Outputs, bool HasInputNames = false, bool HasOutputNames = false, bool HasRanges = false, bool HasClasses = false)
{
    /// <summary>The names of the inputs, or empty.</summary>
    public EquatableArray<string> InputNames { get; init; }

    /// <summary>The names of the outputs, or empty.</summary>
    public EquatableArray<string> OutputNames { get; init; }

    /// <summary>What the model applies to the outputs.</summary>
    public NetworkHead Head { get; init; }

    /// <summary>The declared range of each input, where there are ranges.</summary>
    public EquatableArray<InputRange> Ranges { get; init; }

    /// <summary>What a document says.</summary>
    public static NetworkFacts Of(KanDocument document) => new(
        document.Layers[0].InputCount, document.Layers[document.Layers.Length - 1].OutputCount,
        !document.InputNames.IsEmpty, !document.OutputNames.IsEmpty, !document.InputRanges.IsEmpty, !document.Labels.IsEmpty)
    {
        InputNames = document.InputNames,
        OutputNames = document.OutputNames,
        Head = document.Head,
        Ranges = document.InputRanges.Length == 1
            ? [.. Enumerable.Repeat(document.InputRanges[0], document.Layers[0].InputCount)]
            : document.InputRanges,
    };

    /// <summary>What holds when the names of attributes, which fit, are added.</summary>
    public NetworkFacts With(NameSpec names) => this with
    {
        HasInputNames = HasInputNames || names.Inputs.Count > 0,
        HasOutputNames = HasOutputNames || names.Outputs.Count > 0,
        HasRanges = HasRanges || Has(names),
        InputNames = Merge(InputNames, names.Inputs, Inputs),
        OutputNames = Merge(OutputNames, names.Outputs, Outputs),
        Ranges = Merge(Ranges, names.Inputs, Inputs),
    };

    private static EquatableArray<InputRange> Merge(EquatableArray<InputRange> known, EquatableArray<NodeName> names, int count)
    {
        if (names.All(static name => name.Range is null)) return known;
        InputRange[] all = known.Count == count ? [.. known] : new InputRange[count];
        foreach (var name in names)
        {
            if (name.Range is { } range && name.Index >= 0 && name.Index < count)
                all[name.Index] = new InputRange(Rational.FromDouble(range.Low.Value), Rational.FromDouble(range.High.Value));
        }

        return ImmutableArray.Create(all);
    }

    private static EquatableArray<string> Merge(EquatableArray<string> known, EquatableArray<NodeName> names, int count)
    {
        if (names.Count == 0) return known;
        string[] all = known.Count == count ? [.. known] : [.. Enumerable.Repeat("", count)];
        foreach (var name in names)
        {
            if (name.Index >= 0 && name.Index < count) all[name.Index] = name.Name;
        }

        return ImmutableArray.Create(all);
    }

    private static bool Has(NameSpec names)
    {
        foreach (var input in names.Inputs)
        {
            if (input.Range is not null) return true;
        }

        return false;
    }
}
