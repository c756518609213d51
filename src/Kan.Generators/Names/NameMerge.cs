using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Equality;
using Kan.Generators.Specs;

namespace Kan.Generators.Names;

/// <summary>Puts the names of attributes over those of a document.</summary>
internal static class NameMerge
{
    /// <summary>The document with the names, which fit it.</summary>
    public static KanDocument Apply(KanDocument document, NameSpec names)
    {
        var facts = NetworkFacts.Of(document);
        return document with
        {
            InputNames = Names(document.InputNames, names.Inputs, facts.Inputs),
            OutputNames = Names(document.OutputNames, names.Outputs, facts.Outputs),
            InputRanges = Ranges(document.InputRanges, names.Inputs, facts.Inputs),
        };
    }

    private static ImmutableArray<string> Names(ImmutableArray<string> known, EquatableArray<NodeName> names, int count)
    {
        if (names.Count == 0) return known;
        string[] all = known.IsEmpty ? new string[count] : [.. known];
        foreach (var name in names) all[name.Index] = name.Name;
        return [.. all];
    }

    private static ImmutableArray<InputRange> Ranges(ImmutableArray<InputRange> known, EquatableArray<NodeName> names, int count)
    {
        if (names.All(static name => name.Range is null)) return known;
        InputRange[] all = known.Length == count ? [.. known] : [.. Enumerable.Repeat(known.IsEmpty ? default : known[0], count)];
        foreach (var name in names)
        {
            if (name.Range is not { } range) continue;
            all[name.Index] = new InputRange(Rational.FromDouble(range.Low.Value), Rational.FromDouble(range.High.Value));
        }

        return [.. all];
    }
}
